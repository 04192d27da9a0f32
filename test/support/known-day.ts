import type { AgentStateChange } from '../../src/kernel/agent-state-change.js';
import type { CallEvent, CallResult, QueueOutcome } from '../../src/kernel/call-event.js';
import {
  newId,
  newChannelId,
  newEventId,
  newRecordingId,
  type AgentId,
  type CallbackId,
  type CallId,
  type QueueId,
} from '../../src/kernel/ids.js';
import { randomSeries, type Random } from '../../src/simulation/random.js';
import { CallScript } from './call-events.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const QUEUES = [1, 2, 3] as const;
const AGENTS = 40;

/** What became of the callers of a queue on the day, known because it was made so. */
export type QueueTruth = Record<QueueOutcome | 'offered', number>;

const noTruth = (): QueueTruth => ({
  ...{ offered: 0, answered: 0, abandoned: 0, overflowed: 0, callback: 0, closed: 0 },
});

/**
 * A day of a site with known truth: calls with transfers, callbacks, overflows, closed queues, restarts, tests, pauses of
 * recordings, and calls over both midnights; and agents who come, work and go. The same seed gives the same day.
 */
export class KnownDay {
  readonly events: CallEvent[] = [];
  readonly changes: AgentStateChange[] = [];
  readonly queues = new Map<number, QueueTruth>(QUEUES.map((id) => [id, noTruth()]));
  readonly signedInMs = new Map<number, number>();
  /** Of calls that began on the day; those over midnight that had begun before are not among them. */
  calls = 0;
  recordedCalls = 0;
  toRecordMs = 0;
  readonly #random: Random;
  #call = new CallScript(0);
  #isCounted = true;

  constructor(
    private readonly startAt: number,
    private readonly endAt: number,
    calls: number,
    seed = 1,
  ) {
    this.#random = randomSeries(seed, 1);
    for (let n = 0; n < calls; n++) this.#oneCall(this.#within(startAt, endAt - 2 * HOUR_MS));
    // Over the midnight before, and over the one behind.
    for (let n = 0; n < 20; n++) this.#oneCall(startAt - this.#within(1_000, 90_000));
    for (let n = 0; n < 20; n++) this.#oneCall(endAt - this.#within(1_000, 90_000));
    for (let agent = 1; agent <= AGENTS; agent++) this.#oneAgent(agent);
    this.events.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  }

  #within = (from: number, to: number): number => Math.floor(from + this.#random() * (to - from));
  #one = <T>(all: readonly T[]): T => all[this.#within(0, all.length)] as T;

  #oneCall(at: number): void {
    const draw = this.#random();
    const kind = draw < 0.03 ? 'internal' : draw < 0.12 ? 'outbound' : 'inbound';
    this.#isCounted = kind === 'inbound' && this.#random() > 0.02;
    this.#call = new CallScript(at);
    const { caller } = this.#call;
    this.#call.happens(0, {
      ...{ kind: 'call-arrived', direction: kind, fromName: '', node: 'pbx-1' },
      ...{ from: kind === 'inbound' ? this.#number() : '2001', to: this.#number() },
      ...(kind === 'inbound' && !this.#isCounted ? { test: true } : {}),
    });
    this.#call.happens(1, { kind: 'leg-started', leg: caller, role: 'caller', number: '' });
    if (kind !== 'inbound') this.#end(this.#talk(0.5), 'answered');
    else this.#inbound();
    if (at >= this.startAt && at < this.endAt) this.calls += 1;
    this.events.push(...this.#call.events);
  }

  #number = (): string => `+4420794${String(this.#within(10_000, 99_999))}`;

  #inbound(): void {
    this.#call.happens(this.#within(500, 20_000), { kind: 'leg-answered', leg: this.#call.caller });
    const draw = this.#random();
    if (draw < 0.05) this.#end(0, 'contained');
    else this.#queue(this.#one(QUEUES), 0);
  }

  /** Stands in a queue, and goes on from there; at most four times. */
  #queue(queue: number, depth: number): void {
    const queueId = queue as QueueId;
    const draw = depth >= 3 ? this.#random() * 0.8 : this.#random();
    this.#call.happens(this.#within(0, 50), {
      ...{ kind: 'queue-entered', queueId, name: `Queue ${String(queue)}`, place: 1, priority: 0 },
    });
    const enteredAt = this.#at;
    const outcome: QueueOutcome =
      draw < 0.62
        ? 'answered'
        : draw < 0.74
          ? 'abandoned'
          : draw < 0.78
            ? 'closed'
            : draw < 0.8
              ? 'callback'
              : 'overflowed';
    const waitedMs = outcome === 'closed' ? 0 : this.#within(0, 180_000);
    this.#count(queue, enteredAt, outcome);
    if (outcome === 'callback')
      this.#call.happens(0, {
        ...{
          kind: 'callback-asked',
          callbackId: newId() as CallbackId,
          queueId,
          number: '+442079410000',
        },
      });
    this.#call.happens(waitedMs, { kind: 'queue-left', queueId, outcome, reason: '', waitedMs });
    switch (outcome) {
      case 'answered':
        this.#answered(queue, depth);
        return;
      case 'overflowed':
        this.#queue(this.#other(queue), depth + 1);
        return;
      default:
        this.#end(0, outcome);
    }
  }

  #answered(queue: number, depth: number): void {
    const recordedMs = this.#talk(queue === 3 ? 0 : 1);
    if (depth < 3 && this.#random() < 0.12) {
      const by = newChannelId('agent');
      this.#call.happens(5, {
        ...{ kind: 'transferred', how: 'blind', via: 'page', by },
        to: { kind: 'queue', id: this.#other(queue), number: '', name: '' },
      });
      this.#total += recordedMs;
      this.#queue(this.#other(queue), depth + 1);
      return;
    }
    this.#end(recordedMs, 'answered');
  }

  #other = (queue: number): number => (queue % QUEUES.length) + 1;
  #total = 0;
  #isRecorded = false;

  get #at(): number {
    return this.#call.events.at(-1)?.at ?? 0;
  }

  #count(queue: number, at: number, outcome: QueueOutcome): void {
    const truth = this.queues.get(queue);
    if (!this.#isCounted || at < this.startAt || at >= this.endAt || truth === undefined) return;
    truth.offered += 1;
    truth[outcome] += 1;
  }

  /** A talk with a part of it asked for, paused, taken up by another process; how long of it had to be recorded. */
  #talk(recordedShare: number): number {
    const leg = newChannelId('agent');
    const agentId = this.#within(1, AGENTS + 1) as AgentId;
    this.#call
      .happens(5, { kind: 'leg-started', leg, role: 'agent', number: '2001', agentId })
      .happens(2_000, { kind: 'leg-answered', leg })
      .happens(0, { kind: 'connected', leg, agentId });
    const beganAt = this.#at;
    const isRecorded = this.#random() < recordedShare;
    this.#call.happens(2, {
      ...{ kind: 'recording-decided', mode: isRecorded ? 'always' : 'never', why: [] },
    });
    const ms = this.#within(5_000, 300_000);
    let pausedMs = 0;
    if (isRecorded) this.#isRecorded = true;
    const begin = isRecorded ? this.#record() : undefined;
    if (isRecorded && this.#random() < 0.1) {
      pausedMs = this.#within(1_000, 60_000);
      begin?.(ms);
      this.#call.happens(0, { kind: 'recording-paused', until: 0, via: 'page', by: leg });
      this.#call.happens(pausedMs, { kind: 'recording-resumed', why: 'asked', pausedMs });
      const again = this.#record();
      this.#call.happens(4_000, { kind: 'held', leg }).happens(3_000, { kind: 'resumed', leg });
      again();
    } else {
      if (this.#random() < 0.05) this.#adopt();
      if (this.#random() < 0.1) this.#consult(leg);
      this.#call.happens(ms, { kind: 'party-left', leg });
      begin?.();
    }
    const talkedMs = this.#at - beganAt;
    this.#call.happens(0, { kind: 'disconnected', talkedMs });
    this.#call.happens(0, { kind: 'leg-ended', leg, cause: 16 });
    return isRecorded ? talkedMs - pausedMs : 0;
  }

  /** A part of a recording; what is returned ends it. The listener begins a little later than the talk. */
  #record(): (afterMs?: number) => void {
    const recordingId = newRecordingId();
    this.#call.happens(this.#within(5, 60), { kind: 'recording-started', recordingId });
    const startedAt = this.#at;
    return (afterMs = 0) => {
      this.#call.happens(afterMs, {
        ...{ kind: 'recording-ended', recordingId, node: 'pbx-1' },
        recordedMs: this.#at + afterMs - startedAt,
        files: [`${recordingId}-a`, `${recordingId}-b`],
      });
    };
  }

  #consult(by: ReturnType<typeof newChannelId>): void {
    const asked = newChannelId('agent');
    this.#call
      .happens(1_000, { kind: 'consult-started', leg: asked, by })
      .happens(5, { kind: 'leg-started', leg: asked, role: 'agent', number: '2002' })
      .happens(3_000, { kind: 'consult-answered', leg: asked })
      .happens(9_000, { kind: 'consult-ended', leg: asked, outcome: 'completed' })
      .happens(0, { kind: 'connected', leg: asked })
      .happens(0, { kind: 'leg-ended', leg: asked, cause: 16 });
  }

  /** Another process takes the call up: numbers go on with a gap. */
  #adopt(): void {
    this.#call.skip(1_000);
    this.#call.happens(1_500, { kind: 'adopted', stage: 'talk', awayMs: 1_500 });
  }

  #end(recordedMs: number, result: CallResult): void {
    this.#call
      .happens(1, { kind: 'leg-ended', leg: this.#call.caller, cause: 16 })
      .happens(0, { kind: 'call-ended', result, endedBy: 'caller', cause: 16, reason: '' });
    const { startedAt } = this.#call;
    if (this.#isRecorded && startedAt >= this.startAt && startedAt < this.endAt) {
      this.recordedCalls += 1;
      this.toRecordMs += this.#total + recordedMs;
    }
    this.#total = 0;
    this.#isRecorded = false;
  }

  /** Comes, works in turns, goes; some are there over midnight. */
  #oneAgent(agent: number): void {
    const nightly = agent % 10 === 0;
    let at = nightly
      ? this.startAt - HOUR_MS
      : this.#within(this.startAt, this.startAt + 9 * HOUR_MS);
    const until = at + this.#within(HOUR_MS, 10 * HOUR_MS);
    const from = Math.max(at, this.startAt);
    while (at < until) {
      const state = this.#one(['available', 'ringing', 'talking', 'wrap-up', 'not-ready'] as const);
      this.#state(agent, at, state);
      at += this.#within(1, 20 * MINUTE_MS);
    }
    this.#state(agent, at, 'signed-out');
    this.signedInMs.set(agent, at - from);
  }

  #state(agent: number, at: number, state: string): void {
    this.changes.push({ id: newEventId(), agentId: agent as AgentId, at, state, reason: '' });
  }

  /** Ids of some calls, for those who want to spoil them. */
  callWith(kind: CallEvent['kind']): CallId {
    const found = this.events.find(
      (event) => event.kind === kind && event.at > this.startAt + HOUR_MS,
    );
    if (found === undefined) throw new Error(`no call has ${kind}`);
    return found.callId;
  }
}
