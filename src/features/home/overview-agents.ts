import type { AgentState, LiveAgent, LiveSnapshot } from '../../telephony/live.js';
import { AGENT_LOOKS, someNames, type LiveValue, type LiveViewer } from '../../web/kit/index.js';
import { isOverLimit, reasonName, type ReasonParts } from '../not-ready-reasons/index.js';

/** States in the order of the list, with the class of their part of the bar. Signed-out agents are only counted. */
export const STATES_SHOWN = [
  { state: 'talking', bar: 'b' },
  { state: 'available', bar: 'ok' },
  { state: 'preview', bar: 'v' },
  { state: 'ringing', bar: 'w' },
  { state: 'wrap-up', bar: 'y' },
  { state: 'not-ready', bar: 'g' },
  { state: 'phone-lost', bar: 'bad' },
] as const satisfies readonly { readonly state: AgentState; readonly bar: string }[];

/** Names shown beside a state at most; more are counted. */
/** Gap between two parts of the bar, in percent of its width. */
const GAP = 0.6;

/** Agents by state, and the bar of their shares. */
export function agentValues(
  snapshot: LiveSnapshot | undefined,
  viewer: LiveViewer,
  reasons: ReasonParts,
): Record<string, LiveValue> {
  const agents = snapshot?.agents ?? [];
  const signedIn = agents.filter((agent) => agent.state !== 'signed-out');
  const values: Record<string, LiveValue> = {
    'agents.signed-in': viewer.t('home.signed-in', { count: signedIn.length }),
    'agents.none': signedIn.length === 0,
  };
  const over = signedIn.filter((agent) => isOverLimit(reasons, agent, snapshot?.at ?? 0));
  let x = 0;
  for (const { state } of STATES_SHOWN) {
    const inState = signedIn.filter((agent) => agent.state === state);
    const share = signedIn.length === 0 ? 0 : (inState.length / signedIn.length) * 100;
    values[`state:${state}.count`] = inState.length;
    values[`state:${state}.note`] =
      state === 'not-ready' ? reasonsNote(inState, over, viewer, reasons) : note(inState, viewer);
    const isAlarm = state === 'not-ready' && over.length > 0;
    values[`state:${state}.tone`] = isAlarm ? 'alarm' : AGENT_LOOKS[state].tone;
    values[`state:${state}.icon`] = isAlarm ? 'alert-triangle' : AGENT_LOOKS[state].icon;
    values[`state:${state}.x`] = `${x.toFixed(2)}%`;
    values[`state:${state}.width`] = `${Math.max(0, share - GAP).toFixed(2)}%`;
    x += share;
  }
  return values;
}

/** Who they are, the longest in this state first. */
function note(agents: readonly LiveAgent[], viewer: LiveViewer): string {
  const longest = [...agents].sort((a, b) => a.since - b.since);
  return someNames(
    longest.map((agent) => agent.name),
    viewer.t,
  );
}

/** Reasons of those who are not ready; first, by name, who is over a limit. */
function reasonsNote(
  agents: readonly LiveAgent[],
  over: readonly LiveAgent[],
  viewer: LiveViewer,
  { directory }: ReasonParts,
): string {
  const counts = new Map<string, number>();
  for (const agent of agents) counts.set(agent.reason, (counts.get(agent.reason) ?? 0) + 1);
  const nameOf = (code: string): string =>
    reasonName(viewer, directory.current.notReadyReasons, code);
  const parts = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${nameOf(reason)} ${String(count)}`);
  if (over.length > 0) parts.unshift(viewer.t('home.over-limit', { names: note(over, viewer) }));
  return parts.join(' · ');
}
