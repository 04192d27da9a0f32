import type { CallEvent, Direction, QueueOutcome } from '../../kernel/call-event.js';
import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';

/** One time that a caller stood in a queue. A call that overflowed into another queue has two, each with its own outcome. */
export interface QueueVisitRow {
  readonly callId: CallId;
  /** Which visit of the call this is, from 0. */
  readonly n: number;
  readonly queueId: QueueId;
  readonly direction: Direction;
  readonly enteredAt: number;
  /** undefined while the caller waits. */
  readonly leftAt: number | undefined;
  /**
   * undefined while the caller waits. Where the call has ended and nothing says how this visit did, it stays so with `leftAt`
   * set: such a visit is a difference that reconciliation shows.
   */
  readonly outcome: QueueOutcome | undefined;
  readonly reason: string;
  /** As the queue counted it; up to the call's end where nothing says so. */
  readonly waitMs: number;
  /** The wait that was expected on entry; undefined where nothing could be expected. */
  readonly expectedMs: number | undefined;
  /** Who answered. */
  readonly agentId: AgentId | undefined;
  readonly test: boolean;
}

type Arrived = Extract<CallEvent, { readonly kind: 'call-arrived' }>;

/** The queues that a call stood in, in order, the one in which it stands now too. */
export function foldQueueVisits(ordered: readonly CallEvent[]): readonly QueueVisitRow[] {
  const arrived = ordered.find((event): event is Arrived => event.kind === 'call-arrived');
  if (arrived === undefined) return [];
  const rows: QueueVisitRow[] = [];
  /** The visit that is going on is the last row. */
  const change = (with_: Partial<QueueVisitRow>): void => {
    const last = rows.pop();
    if (last !== undefined) rows.push({ ...last, ...with_ });
  };
  const isOpenIn = (queue?: QueueId): boolean => {
    const last = rows.at(-1);
    return (
      last?.leftAt === undefined && last !== undefined && (queue ?? last.queueId) === last.queueId
    );
  };
  const close = (at: number): void => {
    if (isOpenIn())
      change({ leftAt: at, waitMs: Math.max(0, at - (rows.at(-1)?.enteredAt ?? at)) });
  };
  for (const event of ordered)
    switch (event.kind) {
      case 'queue-entered':
        close(event.at);
        rows.push({
          callId: event.callId,
          n: rows.length,
          queueId: event.queueId,
          direction: arrived.direction,
          enteredAt: event.at,
          leftAt: undefined,
          outcome: undefined,
          reason: '',
          waitMs: 0,
          expectedMs: event.expectedMs,
          agentId: undefined,
          test: arrived.test ?? false,
        });
        break;
      case 'offer-ended':
        if (event.outcome === 'answered' && isOpenIn(event.queueId))
          change({ agentId: event.agentId });
        break;
      case 'queue-left':
        if (isOpenIn(event.queueId)) change(ending(event));
        break;
      case 'call-ended':
        close(event.at);
        break;
      default:
    }
  return rows;
}

const ending = (event: Extract<CallEvent, { kind: 'queue-left' }>): Partial<QueueVisitRow> => ({
  leftAt: event.at,
  outcome: event.outcome,
  reason: event.reason,
  waitMs: Math.max(0, event.waitedMs),
  // Whoever had answered in the moment in which the caller left has not talked.
  ...(event.outcome === 'answered' ? {} : { agentId: undefined }),
});
