import {
  Acd,
  type AcdAgent,
  type AcdCommand,
  type AcdEvent,
  type QueuedCall,
  type SavedAgent,
  type SavedPointer,
} from '../../engines/acd/acd.js';
import { findStalls } from '../../engines/acd/explain.js';
import {
  WaitEstimate,
  type EstimateBand,
  type LearnedEstimate,
} from '../../engines/acd/wait-estimate.js';
import type { Clock } from '../../kernel/clock.js';
import type { AgentId, CallId, PromptId, QueueId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { DirectorySnapshot } from '../directory.js';
import type { LiveDecision } from '../live.js';
import { acdConfiguration } from './acd-configuration.js';
import type { CallLog } from './services.js';

/** What the line tells a waiting call. */
export type LineNews =
  | { readonly kind: 'offer'; readonly agent: AgentId; readonly reasons: readonly string[] }
  | {
      readonly kind: 'withdrawn';
      readonly agent: AgentId;
      readonly reason: Extract<AcdCommand, { kind: 'withdraw-offer' }>['reason'];
    }
  | { readonly kind: 'keep-waiting'; readonly reasons: readonly string[] }
  /** A supervisor changed what the caller asks for; what is absent stays. */
  | {
      readonly kind: 'changed';
      readonly priority?: number;
      readonly sticky?: { readonly agent: AgentId; readonly until: number };
    }
  /** A supervisor sends the caller to another queue. */
  | { readonly kind: 'steered'; readonly queue: QueueId }
  /** The wait is over: why. */
  | { readonly kind: 'send-on'; readonly reason: string }
  /** A supervisor has something said to those in line. */
  | { readonly kind: 'announce'; readonly prompt: PromptId }
  /** The rules of queues may have changed: whoever waits looks whether the wait goes on. */
  | { readonly kind: 'rules-changed' };

/** Somebody who joins a line, and how pages show that person. */
export type JoiningCall = Pick<QueuedCall, 'call' | 'queue' | 'priority' | 'enteredAt'> &
  Partial<Omit<QueuedCall, 'call' | 'queue' | 'priority' | 'enteredAt'>>;

/** What was learned of waits in a queue. */
export interface SavedEstimate extends LearnedEstimate {
  readonly queue: QueueId;
}

/** Keeps what must outlive the process: agents' states, where round robin stands, what estimates have learned. Writing never fails and never waits. */
interface RunnerDependencies {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly onAgent: (agent: AgentId, at: number) => void;
  readonly onPointer: (pointer: SavedPointer) => void;
  readonly onEstimate: (estimate: SavedEstimate) => void;
  readonly onDecision: (decision: Omit<LiveDecision, 'from' | 'name'>) => void;
  readonly onChange: () => void;
}

/** How often the watchman looks for callers who wait although an agent who fits is available. */
const STALL_CHECK_MS = 1_000;
/** A stall that lasts so long is an alarm. */
export const STALL_ALARM_MS = 3_000;

/**
 * Runs the engine of distribution: one mailbox (the event loop: engine calls are synchronous), its timer, the news for
 * waiting calls, the estimates of waits, and the watchman for stalls.
 */
export class AcdRunner {
  readonly engine = new Acd();
  readonly #listeners = new Map<CallId, (news: LineNews) => void>();
  readonly #estimates = new Map<QueueId, WaitEstimate>();
  /** What was expected of a wait, and from when on: callbacks and callers who were moved have waited elsewhere before. */
  readonly #expected = new Map<CallId, { readonly ms: number; readonly from: number }>();
  readonly #decisions = new Map<QueueId, number>();
  readonly #stalledSince = new Map<CallId, number>();
  readonly #alarmed = new Set<CallId>();
  #wakeAt = Infinity;

  constructor(
    private readonly scope: Scope,
    private readonly deps: RunnerDependencies,
  ) {
    scope.fork('stall watch', async (s) => {
      for (;;) {
        await deps.clock.sleep(STALL_CHECK_MS, s.signal);
        this.#watch(deps.clock.now());
      }
    });
  }

  configure(directory: DirectorySnapshot): void {
    this.handle(acdConfiguration(directory, this.deps.clock.now()));
  }

  restore(
    saved: readonly SavedAgent[],
    pointers: readonly SavedPointer[],
    estimates: readonly SavedEstimate[],
  ): void {
    const at = this.deps.clock.now();
    for (const { queue, ...learned } of estimates)
      this.#estimates.set(queue, new WaitEstimate(learned));
    this.engine.restore(saved, at, pointers);
    this.handle({ kind: 'time-passed', at });
  }

  /** Puts somebody into a line; `onNews` is told what happens there until `leave`. */
  join(call: JoiningCall, onNews: (news: LineNews) => void): void {
    this.#listeners.set(call.call, onNews);
    const { queue } = call;
    this.handle({ kind: 'call-queued', ...call, at: this.deps.clock.now() });
    const expected = this.expectedMs(queue, this.engine.placeOf(call.call));
    if (expected !== undefined && call.isCallback !== true)
      this.#expected.set(call.call, { ms: expected, from: this.deps.clock.now() });
  }

  /** Takes a call out of its line, offered or not; a call that is not in line is no matter. */
  leave(call: CallId): void {
    if (!this.#listeners.delete(call)) return;
    const at = this.deps.clock.now();
    const waiter = this.engine.waiter(call);
    const expected = this.#expected.get(call);
    // Whoever gave up after more than was expected waited for longer still; one who left before says nothing.
    if (waiter !== undefined && expected !== undefined && at - expected.from > expected.ms)
      this.#learn(waiter.queue, (estimate) => {
        estimate.settle(expected.ms, at - expected.from);
      });
    this.#forget(call);
    this.handle({ kind: 'caller-left', call, at });
  }

  /** The agent's phone was lifted: no other rings any more. False where the offer was withdrawn in the same moment. */
  lifted(call: CallId, agent: AgentId): boolean {
    const state = this.engine.agent(agent);
    if (state?.state !== 'ringing' || state.call !== call) return false;
    this.handle({ kind: 'offer-lifted', call, agent, at: this.deps.clock.now() });
    return true;
  }

  /** Agent and caller are connected. False where the offer was withdrawn in the same moment: nobody has the call then. */
  answered(call: CallId, agent: AgentId): boolean {
    const waiter = this.engine.waiter(call);
    const at = this.deps.clock.now();
    this.handle({ kind: 'offer-answered', call, agent, at });
    const state = this.engine.agent(agent);
    const hasWon = state?.state === 'talking' && state.call === call;
    if (hasWon && this.#listeners.delete(call)) {
      if (waiter !== undefined) {
        const expected = this.#expected.get(call);
        this.#learn(waiter.queue, (estimate) => {
          if (expected !== undefined) estimate.settle(expected.ms, at - expected.from);
          estimate.served(at, this.engine.line(waiter.queue)?.length ?? 0);
        });
      }
      this.#forget(call);
    }
    return hasWon;
  }

  /** Tells a waiting call; false for one that is in no line. */
  tell(call: CallId, news: LineNews): boolean {
    const listener = this.#listeners.get(call);
    listener?.(news);
    return listener !== undefined;
  }

  tellEverybody(news: LineNews): void {
    for (const listener of [...this.#listeners.values()]) listener(news);
  }

  expectedMs(queue: QueueId, place: number): number | undefined {
    return this.#estimateOf(queue).expectedMs(place);
  }
  bandOf(queue: QueueId): EstimateBand {
    return this.#estimateOf(queue).band;
  }
  decisionsOf(queue: QueueId): number {
    return this.#decisions.get(queue) ?? 0;
  }
  /** How long the worst stall of a queue has lasted; 0 for none. */
  stalledMs(queue: QueueId, at: number): number {
    let worst = 0;
    for (const [call, since] of this.#stalledSince)
      if (this.engine.waiter(call)?.queue === queue) worst = Math.max(worst, at - since);
    return worst;
  }
  agent(id: AgentId): AcdAgent | undefined {
    return this.engine.agent(id);
  }

  handle(event: AcdEvent): void {
    for (const command of this.engine.handle(event)) this.#carryOut(command, event.at);
  }

  #carryOut(command: AcdCommand, at: number): void {
    switch (command.kind) {
      case 'offer-call': {
        const { call, agent, queue, reasons } = command;
        this.#decided({ at, callId: call, queueId: queue, agentId: agent, reasons });
        this.tell(call, { kind: 'offer', agent, reasons });
        const position = this.engine.line(queue)?.pointer ?? -1;
        if (position >= 0) this.deps.onPointer({ queue, position });
        return;
      }
      case 'keep-waiting':
        this.#keepWaiting(command.call, at);
        return;
      case 'withdraw-offer':
        this.tell(command.call, {
          kind: 'withdrawn',
          agent: command.agent,
          reason: command.reason,
        });
        return;
      case 'report-agent':
        this.deps.onAgent(command.agent, at);
        this.deps.onChange();
        return;
      case 'report-queue':
        this.deps.onChange();
        return;
      case 'wake-at':
        this.#wake(command.at);
        return;
    }
  }

  #keepWaiting(call: CallId, at: number): void {
    const waiter = this.engine.waiter(call);
    if (waiter === undefined) return;
    const reasons = this.engine.whyWaiting(call, at);
    this.#decided({ at, callId: call, queueId: waiter.queue, reasons });
    this.tell(call, { kind: 'keep-waiting', reasons });
  }

  #decided(decision: Omit<LiveDecision, 'from' | 'name'>): void {
    this.#decisions.set(decision.queueId, this.decisionsOf(decision.queueId) + 1);
    this.deps.onDecision(decision);
  }

  #estimateOf(queue: QueueId): WaitEstimate {
    let estimate = this.#estimates.get(queue);
    if (estimate === undefined) this.#estimates.set(queue, (estimate = new WaitEstimate()));
    return estimate;
  }

  #learn(queue: QueueId, from: (estimate: WaitEstimate) => void): void {
    const estimate = this.#estimateOf(queue);
    from(estimate);
    this.deps.onEstimate({ queue, ...estimate.learned });
  }

  #forget(call: CallId): void {
    this.#expected.delete(call);
    this.#stalledSince.delete(call);
    this.#alarmed.delete(call);
  }

  /** What must never be: told once, and shown while it lasts. Trying the line again is all that can help. */
  #watch(at: number): void {
    const stalls = findStalls(this.engine, at);
    const now = new Set(stalls.map(({ call }) => call));
    for (const call of [...this.#stalledSince.keys()])
      if (!now.has(call)) {
        this.#stalledSince.delete(call);
        this.#alarmed.delete(call);
      }
    for (const { call, queue, agents } of stalls) {
      const since = this.#stalledSince.get(call) ?? at;
      this.#stalledSince.set(call, since);
      if (at - since < STALL_ALARM_MS || this.#alarmed.has(call)) continue;
      this.#alarmed.add(call);
      this.deps.log.error(
        { callId: call, queueId: queue, agents },
        'a caller waits although an agent who fits is available',
      );
      this.handle({ kind: 'call-changed', call, at });
      this.deps.onChange();
    }
  }

  #wake(at: number): void {
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    this.scope.fork('acd timer', async (s) => {
      await this.deps.clock.sleep(Math.max(0, at - this.deps.clock.now()), s.signal);
      if (this.#wakeAt === at) this.#wakeAt = Infinity;
      this.handle({ kind: 'time-passed', at: this.deps.clock.now() });
    });
  }
}
