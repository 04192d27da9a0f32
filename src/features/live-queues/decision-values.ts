import type { LiveAgent, LiveDecision } from '../../telephony/live.js';
import { formatPhone, formatWhen, type LiveValue, type LiveViewer } from '../../web/kit/index.js';
import { decisionText } from '../calls/index.js';
import { agentPath } from './board.js';

/** Decisions on a board; the others of today have a page. */
export const DECISIONS_SHOWN = 50;

/** Decisions of a queue as they are given, newest first. */
export function decisionValues(
  decisions: readonly LiveDecision[],
  agents: readonly LiveAgent[],
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const shown = withIds(decisions);
  const values: Record<string, LiveValue> = {
    decisions: shown.map(({ id }) => id).join(' '),
    'decisions.none': shown.length === 0,
    'decisions.some': shown.length > 0,
  };
  const byName = new Map(agents.map((agent) => [agent.name, agent.id]));
  for (const { id, decision } of shown) {
    const key = `decision:${id}`;
    values[`${key}.at`] = formatWhen(decision.at, 'seconds', viewer);
    values[`${key}.title`] = titleOf(decision, viewer);
    values[`${key}.icon`] = decision.agentId === undefined ? 'hourglass' : 'bell-ringing';
    values[`${key}.reasons`] = decision.reasons
      .map((reason) => decisionText(viewer.t, reason))
      .join(' · ');
    values[`${key}.href`] = `/calls/${decision.callId}`;
    values[`${key}.about`] = aboutWhom(decision, byName);
    const { agentId } = decision;
    values[`${key}.agentHref`] = agentId === undefined ? null : agentPath(agentId);
    values[`${key}.agentLabel`] =
      agentId === undefined
        ? ''
        : viewer.t('live-queues.day-of', { name: decision.agentName ?? '' });
  }
  return values;
}

/** Two decisions of one moment about one call have the same id but for a number at its end. */
function withIds(decisions: readonly LiveDecision[]) {
  const seen = new Map<string, number>();
  return decisions.map((decision) => {
    const id = [decision.at, decision.callId, decision.agentId ?? 0].join('-');
    const times = seen.get(id) ?? 0;
    seen.set(id, times + 1);
    return { id: times === 0 ? id : `${id}-${String(times)}`, decision };
  });
}

function titleOf(decision: LiveDecision, viewer: LiveViewer): string {
  const { t } = viewer;
  const number =
    decision.from === '' ? t('live-queues.anonymous') : formatPhone(decision.from, viewer);
  const who = decision.name === '' ? number : decision.name;
  return decision.agentId === undefined
    ? t('live-queues.decision.waits', { who })
    : t('live-queues.decision.offered', { who, agent: decision.agentName ?? '' });
}

/** Ids of the agents whom a decision names: who is offered the call, and who was passed over. */
function aboutWhom(decision: LiveDecision, byName: ReadonlyMap<string, number>): string {
  const passedOver = decision.reasons.flatMap((reason) => {
    const [code = '', ...rest] = reason.split(':');
    return code.startsWith('skipped-') ? (byName.get(rest.join(':')) ?? []) : [];
  });
  return [...(decision.agentId === undefined ? [] : [decision.agentId]), ...passedOver].join(' ');
}
