import { overLimitAt } from '../../engines/reporting/not-ready-time.js';
import type { Directory, NotReadyReasonConfig } from '../../telephony/directory.js';
import type { LiveAgent } from '../../telephony/live.js';
import { reasonText, type LiveViewer } from '../../web/kit/index.js';
import type { NotReadyToday } from './not-ready-today.js';

/** What the words of a reason come from. */
export interface ReasonParts {
  readonly directory: Pick<Directory, 'current'>;
  readonly today: Pick<NotReadyToday, 'usedBefore' | 'countedFrom'>;
}

/** A reason in the reader's words: as the administrator named it, else the product's own, else as it is. */
export function reasonName(
  viewer: Pick<LiveViewer, 't' | 'language'>,
  reasons: ReadonlyMap<string, NotReadyReasonConfig>,
  code: string,
): string {
  return reasons.get(code)?.names[viewer.language] ?? reasonText(viewer.t, code);
}

/** Reasons that agents can choose, in their order. */
export const choosableReasons = (
  reasons: ReadonlyMap<string, NotReadyReasonConfig>,
): readonly NotReadyReasonConfig[] =>
  [...reasons.values()].filter((reason) => reason.isActive && reason.agentsMayChoose);

/** When an agent passes a limit of the present reason; undefined while it has none, or the agent is in another state. */
export function agentOverAt(parts: ReasonParts, agent: LiveAgent): number | undefined {
  if (agent.state !== 'not-ready') return undefined;
  const reason = parts.directory.current.notReadyReasons.get(agent.reason);
  if (!reason || (reason.limitMs === 0 && reason.dayLimitMs === 0)) return undefined;
  return overLimitAt(reason, {
    since: agent.since,
    countedFrom: parts.today.countedFrom(agent.since),
    usedMs: parts.today.usedBefore(agent).get(agent.reason) ?? 0,
  });
}

/** True at and after the moment in which the limit was passed. */
export function isOverLimit(parts: ReasonParts, agent: LiveAgent, at: number): boolean {
  const over = agentOverAt(parts, agent);
  return over !== undefined && at >= over;
}
