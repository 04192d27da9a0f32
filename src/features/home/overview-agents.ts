import type { AgentState, LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import { reasonText, type LiveValue, type LiveViewer } from '../../web/kit/index.js';

/** States in the order of the list, with the class of their part of the bar. Signed-out agents are only counted. */
export const STATES_SHOWN = [
  { state: 'talking', bar: 'b' },
  { state: 'available', bar: 'ok' },
  { state: 'ringing', bar: 'w' },
  { state: 'wrap-up', bar: 'y' },
  { state: 'not-ready', bar: 'g' },
  { state: 'phone-lost', bar: 'bad' },
] as const satisfies readonly { readonly state: AgentState; readonly bar: string }[];

/** Names shown beside a state at most; more are counted. */
const NAMES_SHOWN = 3;
/** Gap between two parts of the bar, in percent of its width. */
const GAP = 0.6;

/** Agents by state, and the bar of their shares. */
export function agentValues(
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const agents = snapshot?.agents ?? [];
  const signedIn = agents.filter((agent) => agent.state !== 'signed-out');
  const values: Record<string, LiveValue> = {
    'agents.signed-in': viewer.t('home.signed-in', { count: signedIn.length }),
    'agents.none': signedIn.length === 0,
  };
  let x = 0;
  for (const { state } of STATES_SHOWN) {
    const inState = signedIn.filter((agent) => agent.state === state);
    const share = signedIn.length === 0 ? 0 : (inState.length / signedIn.length) * 100;
    values[`state:${state}.count`] = inState.length;
    values[`state:${state}.note`] = note(state, inState, viewer);
    values[`state:${state}.x`] = `${x.toFixed(2)}%`;
    values[`state:${state}.width`] = `${Math.max(0, share - GAP).toFixed(2)}%`;
    x += share;
  }
  return values;
}

/** Who they are; reasons for those who are not ready. */
function note(state: AgentState, agents: readonly LiveAgent[], viewer: LiveViewer): string {
  if (agents.length === 0) return '';
  if (state === 'not-ready') return reasons(agents, viewer);
  const longest = [...agents].sort((a, b) => a.since - b.since);
  const names = longest.slice(0, NAMES_SHOWN).map((agent) => agent.name);
  const more = agents.length - names.length;
  return more === 0
    ? viewer.t('home.names', { names: names.join(', ') })
    : viewer.t('home.names-more', { names: names.join(', '), more });
}

function reasons(agents: readonly LiveAgent[], viewer: LiveViewer): string {
  const counts = new Map<string, number>();
  for (const agent of agents) counts.set(agent.reason, (counts.get(agent.reason) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${reasonText(viewer.t, reason)} ${String(count)}`)
    .join(' · ');
}
