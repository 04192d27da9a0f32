import type { QueueId } from '../../kernel/ids.js';
import type { TimeSpan } from '../reporting/time-spans.js';
import type { Finding, Line } from './finding.js';
import type { RecountedCall, RecountedVisit } from './recount-call.js';

/** What the tables of reports say of a call. Durations in ms. */
export interface TabledCall {
  readonly result: string | undefined;
  readonly talkMs: number;
  readonly queueId: QueueId | undefined;
  readonly visits: readonly RecountedVisit[];
  readonly recordings: readonly TabledRecording[];
}

export interface TabledRecording {
  /** lost: it had to be there, and nothing can be played · coming: it is on its way from the node. */
  readonly state: 'stored' | 'coming' | 'lost';
  readonly durationMs: number;
}

/** A listener begins a moment after the talk, and ends a moment before or behind it: so much for each part. */
export const RECORDING_TOLERANCE_MS = 1_500;
/** Times of one talk are noted one after the other. */
const TALK_TOLERANCE_MS = 1_000;

type Count = 'offered' | RecountedVisit['outcome'];
export type VisitCounts = Record<Count, number>;

export const noVisits = (): VisitCounts => ({
  ...{ offered: 0, answered: 0, abandoned: 0, overflowed: 0, callback: 0, closed: 0 },
  ...{ waiting: 0, unknown: 0 },
});

/** Compares calls one after the other, and adds up what queues and recordings come to. */
export class CallComparison {
  readonly findings: Finding[] = [];
  /** By queue and beginning of the interval. */
  readonly #visits = new Map<string, { queueId: QueueId; at: number; counts: VisitCounts }>();
  readonly #recorded = new Map<
    number,
    { calls: number; toRecordMs: number; recordedMs: number; off: number }
  >();
  calls = 0;
  open = 0;
  recorded = 0;

  /** `intervals` are those of the day, in order. */
  constructor(
    private readonly day: TimeSpan,
    private readonly intervals: readonly TimeSpan[],
  ) {}

  take(call: RecountedCall, tabled: TabledCall | undefined): void {
    this.#compareVisits(call, tabled?.visits ?? []);
    // What a call is like counts on the day on which it began.
    if (call.beganAt < this.day.startAt) return;
    this.calls += 1;
    const { callId, faults } = call;
    for (const code of faults) this.#find({ check: 'ledger', code, callId, expected: 0, found: 1 });
    if (call.endedAt === undefined) {
      this.open += 1;
      return;
    }
    this.#compareRow(call, tabled);
    this.#compareRecording(call, tabled);
  }

  get visited(): readonly { queueId: QueueId; at: number; counts: VisitCounts }[] {
    return [...this.#visits.values()];
  }

  /** What had to be recorded, by queue. */
  get recordingLines(): readonly Line[] {
    return [...this.#recorded].map(([subject, { off, ...figures }]) => ({
      ...{ check: 'recordings' as const, subject, at: this.day.startAt },
      ...{ figures, difference: off },
    }));
  }

  #compareVisits({ callId, isCounted, visits }: RecountedCall, tabled: readonly RecountedVisit[]) {
    if (!isCounted) return;
    const places = Math.max(visits.length, tabled.length);
    for (let n = 0; n < places; n++) {
      const [visit, row] = [visits[n], tabled[n]];
      const { queueId, enteredAt } = (visit ?? row) as RecountedVisit;
      if (enteredAt < this.day.startAt || enteredAt >= this.day.endAt) continue;
      const at = this.#intervalOf(enteredAt);
      if (visit !== undefined) this.#count(queueId, at, visit.outcome);
      const isSame =
        visit?.queueId === row?.queueId &&
        visit?.enteredAt === row?.enteredAt &&
        visit?.outcome === row?.outcome;
      const found = { check: 'queues', callId, queueId, at } as const;
      if (!isSame)
        this.#find({
          ...{ ...found, code: 'visit-differs' },
          ...{ expected: visit === undefined ? 0 : 1, found: row === undefined ? 0 : 1 },
        });
      else if (visit?.outcome === 'unknown')
        this.#find({ ...found, code: 'no-outcome', expected: 1, found: 0 });
    }
  }

  #intervalOf(at: number): number {
    return this.intervals.findLast(({ startAt }) => startAt <= at)?.startAt ?? this.day.startAt;
  }

  #count(queueId: QueueId, at: number, outcome: Count): void {
    const key = `${String(queueId)} ${String(at)}`;
    const entry = this.#visits.get(key) ?? { queueId, at, counts: noVisits() };
    entry.counts.offered += 1;
    entry.counts[outcome] += 1;
    this.#visits.set(key, entry);
  }

  #compareRow({ callId, result, talkMs }: RecountedCall, tabled: TabledCall | undefined): void {
    const isSame = tabled !== undefined && tabled.result === result;
    const offMs = Math.abs(talkMs - (tabled?.talkMs ?? 0));
    if (isSame && offMs <= TALK_TOLERANCE_MS) return;
    this.#find({
      ...{ check: 'ledger', code: 'call-differs', callId },
      ...{ expected: talkMs, found: tabled?.talkMs ?? 0 },
    });
  }

  #compareRecording({ callId, toRecordMs }: RecountedCall, tabled: TabledCall | undefined): void {
    const parts = tabled?.recordings ?? [];
    if (toRecordMs === undefined || (toRecordMs === 0 && parts.length === 0)) return;
    const recordedMs = parts.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const off = toRecordMs - recordedMs;
    const isOff = Math.abs(off) > RECORDING_TOLERANCE_MS * Math.max(1, parts.length);
    const isLost = parts.some(({ state }) => state === 'lost');
    const queue = tabled?.queueId ?? (0 as QueueId);
    const sum = this.#recorded.get(queue) ?? { calls: 0, toRecordMs: 0, recordedMs: 0, off: 0 };
    this.#recorded.set(queue, {
      calls: sum.calls + 1,
      toRecordMs: sum.toRecordMs + toRecordMs,
      recordedMs: sum.recordedMs + recordedMs,
      off: sum.off + (isOff || isLost ? 1 : 0),
    });
    this.recorded += 1;
    if (!isOff && !isLost) return;
    const isNone = recordedMs === 0 || isLost;
    this.#find({
      ...{ check: 'recordings', callId, expected: toRecordMs, found: recordedMs },
      code: isNone ? 'not-recorded' : off > 0 ? 'too-short' : 'too-long',
      ...(queue === 0 ? {} : { queueId: queue }),
    });
  }

  #find(finding: Finding): void {
    this.findings.push(finding);
  }
}
