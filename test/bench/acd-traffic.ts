import { performance } from 'node:perf_hooks';
import type { SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId } from '../../src/kernel/ids.js';
import { makeSite, series, type Site, type Size } from './acd-site.js';

const MEAN_TALK_MS = 180_000;
/** Instants as they really are: too large for small integers. */
const STARTED_AT = 1_800_000_000_000;

/** What the bench needs of the engine, and of what it is compared with. */
export interface Distributor {
  /** A caller comes; the agent who is offered the call at once, if any. */
  queue(
    call: CallId,
    queue: QueueId,
    priority: number,
    asks: readonly SkillRequirement[],
    at: number,
  ): AgentId | undefined;
  /** The agent's talk ends; the call that the agent is offered next, if any. */
  free(agent: AgentId, at: number): CallId | undefined;
  answer(call: CallId, agent: AgentId, at: number): void;
  /** What is due is looked at. */
  pass(at: number): void;
}

export interface Outcome {
  readonly decisionsPerSecond: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly offers: number;
}

/** How many decisions of the end are kept for the quantiles. */
const TIMES_KEPT = 1 << 21;
/** So often the processor's clock is looked at. */
const STEPS_A_LOOK = 512;

/** So many of the agents talk in a site where nobody waits. */
const BUSY_SHARE = 0.6;

/** One site in motion: agents' talks end by chance, callers come by chance. */
export class Traffic {
  /** Agents who talk, where nobody waits. */
  readonly #talking: AgentId[] = [];
  readonly #random: () => number;
  readonly #site: Site;
  readonly #distributor: Distributor;
  readonly #times = new Float64Array(TIMES_KEPT);
  #at = STARTED_AT;
  #number = 0;
  #decisions = 0;
  #offers = 0;

  constructor(
    private readonly size: Size,
    make: (site: Site, at: number) => Distributor,
  ) {
    this.#random = series(size.agents);
    this.#site = makeSite(size, this.#random);
    this.#distributor = make(this.#site, this.#at);
    if (size.waiting === 0) for (const { id } of this.#site.agents) this.#talking.push(id);
    for (let i = 0; i < size.waiting; i++) {
      this.#at += 3;
      this.#queueOne();
    }
  }

  /** Runs until so much processor time is used, and says what that gave. */
  run(limitMs: number): Outcome {
    this.#decisions = 0;
    this.#offers = 0;
    const before = process.cpuUsage();
    let usedUs = 0;
    while (usedUs < limitMs * 1_000) {
      for (let step = 0; step < STEPS_A_LOOK; step++)
        if (this.size.waiting > 0) this.#step();
        else this.#quietStep();
      const { user, system } = process.cpuUsage(before);
      usedUs = user + system;
    }
    const times = this.#times.slice(0, Math.min(this.#decisions, TIMES_KEPT)).sort();
    const quantile = (q: number): number =>
      Math.round((times[Math.floor(times.length * q)] ?? NaN) * 100_000) / 100;
    return {
      decisionsPerSecond: Math.round((this.#decisions / usedUs) * 1_000_000),
      p50us: quantile(0.5),
      p99us: quantile(0.99),
      offers: this.#offers,
    };
  }

  #step(): void {
    this.#at += MEAN_TALK_MS / this.size.agents;
    const agent = (1 + Math.floor(this.#random() * this.size.agents)) as AgentId;
    // Timers belong to the cost, but are no decision of their own.
    this.#distributor.pass(this.#at);
    const from = performance.now();
    const call = this.#distributor.free(agent, this.#at);
    this.#decided(from);
    if (call === undefined) return;
    this.#offers++;
    this.#distributor.answer(call, agent, this.#at);
    this.#queueOne();
  }

  /** A caller comes, and as many talks end as keeps the same share of agents talking. */
  #quietStep(): void {
    this.#at += MEAN_TALK_MS / (this.size.agents * BUSY_SHARE);
    this.#distributor.pass(this.#at);
    this.#queueOne();
    while (this.#talking.length > this.size.agents * BUSY_SHARE) {
      const chosen = Math.floor(this.#random() * this.#talking.length);
      const agent = this.#talking[chosen];
      const last = this.#talking.pop();
      if (agent === undefined || last === undefined) return;
      if (last !== agent) this.#talking[chosen] = last;
      const from = performance.now();
      const call = this.#distributor.free(agent, this.#at);
      this.#decided(from);
      if (call !== undefined) this.#talk(call, agent);
    }
  }

  #talk(call: CallId, agent: AgentId): void {
    this.#offers++;
    this.#distributor.answer(call, agent, this.#at);
    this.#talking.push(agent);
  }

  #queueOne(): void {
    const queue = (1 + Math.floor(this.#random() * this.size.queues)) as QueueId;
    const call = `call ${String(this.#number++)}` as CallId;
    const priority = this.#random() < 0.1 ? 3 : 0;
    const asks = this.#site.asks(queue, this.#random);
    const from = performance.now();
    const agent = this.#distributor.queue(call, queue, priority, asks, this.#at);
    this.#decided(from);
    if (agent !== undefined) this.#talk(call, agent);
  }

  #decided(from: number): void {
    this.#times[this.#decisions++ % TIMES_KEPT] = performance.now() - from;
  }
}
