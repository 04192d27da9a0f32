import type { Clock } from '../../kernel/clock.js';
import type { AgentId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import type { FollowUpTimes } from './escalation-setting.js';

const EVERY_MS = 30_000;

/** What is due and nobody has done. */
export interface DueStore {
  /** Marks open ones that were due before then, once each; how many there were. */
  escalate(dueBefore: Date, at: Date): Promise<number>;
  /** Agents who have open ones that were due before then. */
  lateAgents(dueBefore: Date): Promise<readonly AgentId[]>;
  /** Gives what these agents should have done by then to their teams, where there is one; how many there were. */
  handOn(agents: readonly AgentId[], dueBefore: Date): Promise<number>;
}

export interface EscalationParts {
  readonly store: DueStore;
  readonly times: () => Promise<FollowUpTimes>;
  /** What happens now; undefined while nothing is known: then nobody counts as away. */
  readonly snapshot: () => LiveSnapshot | undefined;
  readonly clock: Clock;
  readonly log: Pick<CallLog, 'info' | 'warn'>;
}

/** One look: what is late is escalated, and what belongs to somebody who is away goes to the team. */
export async function lookAtDue({ store, times, snapshot, clock }: EscalationParts) {
  const now = clock.now();
  const { escalateMs, handOnMs } = await times();
  const escalated = await store.escalate(new Date(now - escalateMs), new Date(now));
  const picture = snapshot();
  if (picture === undefined) return { escalated, handedOn: 0 };
  const dueBefore = new Date(now - handOnMs);
  const late = await store.lateAgents(dueBefore);
  const away = late.filter((id) => isAway(picture, id));
  return { escalated, handedOn: away.length === 0 ? 0 : await store.handOn(away, dueBefore) };
}

const isAway = ({ agents }: LiveSnapshot, id: AgentId): boolean =>
  (agents.find((agent) => agent.id === id)?.state ?? 'signed-out') === 'signed-out';

/** Looks at what is due until the scope ends. */
export function watchDue(server: Scope, parts: EscalationParts): void {
  const { clock, log } = parts;
  server.fork('follow-ups that are due', async (scope) => {
    for (;;) {
      try {
        const done = await lookAtDue(parts);
        if (done.escalated + done.handedOn > 0) log.info(done, 'follow-ups that nobody has done');
      } catch (error) {
        if (scope.cancelled) return;
        log.warn({ err: error }, 'what is due could not be looked at; trying again');
      }
      await clock.sleep(EVERY_MS, scope.signal);
    }
  });
}
