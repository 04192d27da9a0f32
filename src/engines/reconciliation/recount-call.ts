import type { CallEvent, CallResult, QueueOutcome } from '../../kernel/call-event.js';
import type { CallId, QueueId } from '../../kernel/ids.js';
import { expectedRecording } from './expected-recording.js';

/** One time in a queue, as the raw events say it. Instants in ms since the epoch. */
export interface RecountedVisit {
  readonly queueId: QueueId;
  readonly enteredAt: number;
  /** waiting: in line now · unknown: the call has ended, and nothing says how this visit did. */
  readonly outcome: QueueOutcome | 'waiting' | 'unknown';
}

/** What is wrong with the lines of a call themselves. */
export type LedgerFault = 'no-beginning' | 'no-end' | 'gap' | 'doubled';

/** A call counted from its raw events. Durations in ms. */
export interface RecountedCall {
  readonly callId: CallId;
  readonly beganAt: number;
  readonly endedAt: number | undefined;
  readonly result: CallResult | undefined;
  /** Counts in reports of queues: somebody called us, and it was no test. */
  readonly isCounted: boolean;
  readonly visits: readonly RecountedVisit[];
  readonly talkMs: number;
  /** How long it had to be recorded, and in how many parts; undefined where nobody has decided it. */
  readonly toRecordMs: number | undefined;
  readonly faults: readonly LedgerFault[];
}

/** A call whose last line is older than this and that has no end has been lost; a younger one may go on. */
const LOST_AFTER_MS = 12 * 3_600_000;

/**
 * Counts one call anew. It shares no code with the fold that fills the tables of the reports: what is looked for here is found
 * by position among the lines, there by going through states. `now`: what has no end yet may still go on.
 */
export function recountCall(events: readonly CallEvent[], now: number): RecountedCall | undefined {
  const lines = [...events].sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const begin = lines.find((line) => line.kind === 'call-arrived');
  const end = lines.find((line) => line.kind === 'call-ended');
  const isTest = begin?.kind === 'call-arrived' && begin.test === true;
  const isInbound = begin?.kind === 'call-arrived' && begin.direction === 'inbound';
  return {
    callId: first.callId,
    beganAt: first.at,
    endedAt: end?.at,
    result: end?.kind === 'call-ended' ? end.result : undefined,
    isCounted: isInbound && !isTest,
    visits: visitsIn(lines),
    talkMs: talksIn(lines).reduce((sum, { from, to }) => sum + to - from, 0),
    toRecordMs: expectedRecording(lines, talksIn(lines)),
    faults: faultsIn(lines, now - last.at > LOST_AFTER_MS),
  };
}

/** Each entering with the first leaving of the same queue before the next entering. */
function visitsIn(lines: readonly CallEvent[]): readonly RecountedVisit[] {
  const isOver = lines.some(({ kind }) => kind === 'call-ended');
  return lines.flatMap((line, index) => {
    if (line.kind !== 'queue-entered') return [];
    const { queueId, at: enteredAt } = line;
    const rest = lines.slice(index + 1);
    const border = rest.findIndex(({ kind }) => kind === 'queue-entered' || kind === 'call-ended');
    const left = (border === -1 ? rest : rest.slice(0, border)).find(
      (one) => one.kind === 'queue-left' && one.queueId === queueId,
    );
    const moved = rest.some(({ kind }) => kind === 'queue-entered');
    const outcome =
      left?.kind === 'queue-left' ? left.outcome : isOver || moved ? 'unknown' : 'waiting';
    return [{ queueId, enteredAt, outcome } as const];
  });
}

/** From when to when people heard each other; what is open ends with the call. */
export interface Talk {
  readonly from: number;
  readonly to: number;
}

function talksIn(lines: readonly CallEvent[]): readonly Talk[] {
  const talks: Talk[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index];
    if (line?.kind !== 'connected') continue;
    const over = lines.findIndex(
      ({ kind }, place) => place > index && (kind === 'disconnected' || kind === 'call-ended'),
    );
    if (over === -1) break;
    const to = lines[over]?.at ?? line.at;
    if (to > line.at) talks.push({ from: line.at, to });
    index = over;
  }
  return talks;
}

/** Another process that takes a call up leaves room for lines that were lost with the former one. */
function faultsIn(lines: readonly CallEvent[], isLost: boolean): readonly LedgerFault[] {
  const faults = new Set<LedgerFault>();
  if (lines[0]?.kind !== 'call-arrived') faults.add('no-beginning');
  if (isLost && !lines.some(({ kind }) => kind === 'call-ended')) faults.add('no-end');
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    const step = line.seq - (before?.seq ?? -1);
    if (before !== undefined && step === 0) faults.add('doubled');
    else if (step > 1 && line.kind !== 'adopted') faults.add('gap');
  });
  return [...faults];
}
