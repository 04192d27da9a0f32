import type { CallEvent, CallResult } from '../../kernel/call-event.js';
import type { CallId, FlowId } from '../../kernel/ids.js';

/**
 * How a visit of a step ended: `left` by an exit; `handed` to a queue, a person, a mailbox or a room, also where a message was
 * left or a callback taken on the way to the end; `ended` by the flow itself; `dropped` by a caller who hung up; `failed` where
 * the system ended the call.
 */
export type VisitOutcome = 'left' | 'handed' | 'ended' | 'dropped' | 'failed';

/** One step of a flow that a call went through. */
export interface VisitRow {
  readonly callId: CallId;
  /** Which visit of the call this is, from 0. */
  readonly n: number;
  readonly flowId: FlowId;
  /** Version of the flow; 0 where the ledger does not know it. */
  readonly version: number;
  readonly step: string;
  readonly stepKind: string;
  readonly label: string;
  /** When the call came in: a call counts in one period, whole. */
  readonly callAt: number;
  readonly enteredAt: number;
  /** Time in the step in ms; 0 for steps that only hand over. */
  readonly ms: number;
  readonly outcome: VisitOutcome;
  /** Name of the exit where `left`, else ''. */
  readonly exit: string;
  /**
   * Where this step handed the call to a queue and somebody answered: ms from then until the call went to another queue;
   * undefined where it stayed. Up to {@link MISROUTED_MS} the call counts as misrouted.
   */
  readonly movedAfterMs: number | undefined;
  readonly test: boolean;
}

/** A call that leaves the queue's agent for another queue within this time was sent to the wrong one. */
export const MISROUTED_MS = 60_000;

/** Kinds of steps that give the call to somebody or something outside the flow. */
const HANDING: ReadonlySet<string> = new Set([
  ...['queue', 'extension', 'ring', 'outside', 'voicemail', 'conference'],
]);
/** Kinds that end the flow by themselves. */
const ENDING: ReadonlySet<string> = new Set(['hangup', 'return']);

/** Results of calls that somebody has still to deal with, though the flow or the caller ended them. */
const KEPT: ReadonlySet<CallResult> = new Set(['voicemail', 'callback']);

type Entered = Extract<CallEvent, { readonly kind: 'step-entered' }>;

/** The steps that a call visited, in order. None while the call goes on: a visit is counted once, when all of it is known. */
export function foldVisits(ordered: readonly CallEvent[]): readonly VisitRow[] {
  const arrived = ordered.find((event) => event.kind === 'call-arrived');
  const ended = ordered.find((event) => event.kind === 'call-ended');
  if (arrived?.kind !== 'call-arrived' || ended?.kind !== 'call-ended') return [];
  const versions = new Map<FlowId, number>();
  const rows: VisitRow[] = [];
  ordered.forEach((event, at) => {
    if (event.kind === 'flow-entered') versions.set(event.flowId, event.version);
    if (event.kind !== 'step-entered') return;
    const later = ordered.slice(at + 1);
    rows.push({
      callId: event.callId,
      n: rows.length,
      flowId: event.flowId,
      version: versions.get(event.flowId) ?? 0,
      step: event.step,
      stepKind: event.stepKind,
      label: event.label,
      callAt: arrived.at,
      enteredAt: event.at,
      ...endOf(event, later, ended),
      movedAfterMs: event.stepKind === 'queue' ? movedAfter(later) : undefined,
      test: arrived.test ?? false,
    });
  });
  return rows.map((row) => (isOpenSubFlow(row) ? { ...row, ...lastOf(rows) } : row));
}

/** A sub-flow that never came back ended as the call did within it. */
const isOpenSubFlow = (row: VisitRow): boolean =>
  row.stepKind === 'sub-flow' && row.outcome !== 'left';

const lastOf = (rows: readonly VisitRow[]): Partial<VisitRow> => {
  const last = rows.findLast((row) => row.stepKind !== 'sub-flow');
  return last === undefined || last.outcome === 'left' ? {} : { outcome: last.outcome };
};

function endOf(
  entered: Entered,
  later: readonly CallEvent[],
  ended: Extract<CallEvent, { readonly kind: 'call-ended' }>,
): Pick<VisitRow, 'ms' | 'outcome' | 'exit'> {
  const isSame = (event: CallEvent): boolean =>
    (event.kind === 'step-left' || event.kind === 'step-entered') &&
    event.flowId === entered.flowId &&
    event.step === entered.step;
  const next = later.find(isSame);
  if (next?.kind === 'step-left')
    return { ms: Math.max(0, next.ms), outcome: 'left', exit: next.exit };
  if (HANDING.has(entered.stepKind)) return { ms: 0, outcome: 'handed', exit: '' };
  const isKept = KEPT.has(ended.result);
  if (ENDING.has(entered.stepKind))
    return { ms: 0, outcome: isKept ? 'handed' : 'ended', exit: '' };
  const ms = Math.max(0, ended.at - entered.at);
  if (ended.endedBy !== 'caller') return { ms, outcome: 'failed', exit: '' };
  return { ms, outcome: isKept ? 'handed' : 'dropped', exit: '' };
}

/** From the answer in the queue until the call stood in another one. */
function movedAfter(later: readonly CallEvent[]): number | undefined {
  const queue = later.find((event) => event.kind === 'queue-entered');
  if (queue?.kind !== 'queue-entered') return undefined;
  const rest = later.slice(later.indexOf(queue) + 1);
  const connected = rest.find((event) => event.kind === 'connected');
  if (connected === undefined) return undefined;
  const moved = rest.find(
    (event) =>
      event.kind === 'queue-entered' && event.queueId !== queue.queueId && event.at >= connected.at,
  );
  return moved === undefined ? undefined : moved.at - connected.at;
}
