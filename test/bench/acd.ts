import { performance } from 'node:perf_hooks';
import {
  Acd,
  PLAIN_QUEUE,
  type AcdQueue,
  type AgentMembership,
} from '../../src/engines/acd/acd.js';
import type { SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId, SkillId } from '../../src/kernel/ids.js';
import { PlainScan } from './acd-plain-scan.js';

/**
 * npm run bench:acd [-- --seconds 3]
 *
 * Drives the engine of distribution with a saturated site: every agent talks, everybody else waits in line, and for each
 * talk that ends the next caller is chosen by all rules (skills, priorities, limits, strategies), rings and answers, and a
 * new caller comes. Speed is decisions per second of processor time, everything counted: the series of events, garbage
 * collection, and what the engine does between decisions; so it holds on a busy machine too. A decision is an event that the engine has to answer with "who" or "wait": a caller who comes, and an
 * agent who gets free. Beside it the same work by a plain scan over callers and agents. Prints one JSON line last.
 */
const SKILLS_PER_AGENT = 10;
const SKILLS = 60;
const QUEUES_PER_AGENT = 10;
const MEAN_TALK_MS = 180_000;
/** Instants as they really are: too large for small integers. */
const STARTED_AT = 1_800_000_000_000;

interface Size {
  readonly agents: number;
  readonly queues: number;
  readonly waiting: number;
}

const SIZES: readonly Size[] = process.env.BIG
  ? [{ agents: 10_000, queues: 1_000, waiting: 20_000 }]
  : [
      { agents: 100, queues: 10, waiting: 200 },
      { agents: 1_000, queues: 100, waiting: 2_000 },
      { agents: 10_000, queues: 1_000, waiting: 20_000 },
    ];

/** A repeatable series of numbers from 0 to below 1 (mulberry32). */
function series(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Site {
  readonly queues: readonly AcdQueue[];
  readonly agents: readonly AgentMembership[];
  /** What a caller of a queue asks for. */
  readonly asks: (queue: QueueId, random: () => number) => readonly SkillRequirement[];
}

const STRATEGIES = [
  'longest-idle',
  'least-recent',
  'fewest-calls',
  'round-robin',
  'weighted',
  'random',
] as const;

function makeSite({ agents, queues }: Size, random: () => number): Site {
  const pick = (limit: number): number => Math.floor(random() * limit);
  const skillOf = (queue: number): SkillId => ((queue % SKILLS) + 1) as SkillId;
  const requirement = (skill: SkillId, minLevel: number): SkillRequirement => ({
    skill,
    minLevel,
    isRequired: true,
    relax: [{ afterMs: 60_000, minLevel: 1 }],
  });
  return {
    queues: Array.from({ length: queues }, (_, at) => ({
      ...PLAIN_QUEUE,
      id: (at + 1) as QueueId,
      strategy: STRATEGIES[at % STRATEGIES.length] ?? 'longest-idle',
      weight: at % 3,
      maxTalking: at % 10 === 0 ? 2_000 : 0,
      requirements: at % 2 === 0 ? [requirement(skillOf(at), 20)] : [],
      wrapUp: { ...PLAIN_QUEUE.wrapUp, ms: 0 },
    })),
    agents: Array.from({ length: agents }, (_, at) => {
      const of = new Set<number>();
      while (of.size < Math.min(QUEUES_PER_AGENT, queues)) of.add(pick(queues));
      // An agent knows what the own queues ask for, and more.
      const skills = new Map<SkillId, number>();
      for (const queue of of) skills.set(skillOf(queue), 20 + pick(81));
      while (skills.size < SKILLS_PER_AGENT)
        skills.set((pick(SKILLS) + 1) as SkillId, 1 + pick(100));
      return {
        id: (at + 1) as AgentId,
        name: `Agent ${String(at + 1)}`,
        queues: [...of].map((queue) => ({ queue: (queue + 1) as QueueId, position: at })),
        skills,
        result: pick(101),
      };
    }),
    asks: (queue, chance) =>
      chance() < 0.3 ? [requirement(skillOf(queue - 1), 10 + 10 * Math.floor(chance() * 4))] : [],
  };
}

/** What the bench needs of the engine, and of what it is compared with. */
export interface Distributor {
  queue(
    call: CallId,
    queue: QueueId,
    priority: number,
    asks: readonly SkillRequirement[],
    at: number,
  ): void;
  /** The agent's talk ends; the call that the agent is offered next, if any. */
  free(agent: AgentId, at: number): CallId | undefined;
  answer(call: CallId, agent: AgentId, at: number): void;
  /** What is due is looked at. */
  pass(at: number): void;
}

class EngineDistributor implements Distributor {
  readonly acd = new Acd({ pointMs: 30_000, seed: 5 });
  /** By agent. */
  readonly #talks: CallId[] = [];

  constructor(site: Site, at: number) {
    this.acd.handle({ kind: 'configured', at, queues: site.queues, agents: site.agents });
    for (const { id } of site.agents) {
      this.acd.handle({ kind: 'agent-signed-in', agent: id, at });
      const talk = `first ${String(id)}` as CallId;
      this.acd.handle({ kind: 'agent-engaged', agent: id, call: talk, at });
      this.acd.handle({ kind: 'agent-available', agent: id, at });
      this.#talks[id] = talk;
    }
  }

  queue(
    call: CallId,
    queue: QueueId,
    priority: number,
    requirements: readonly SkillRequirement[],
    at: number,
  ): void {
    this.acd.handle({
      kind: 'call-queued',
      call,
      queue,
      priority,
      requirements,
      enteredAt: at,
      at,
    });
  }

  free(agent: AgentId, at: number): CallId | undefined {
    const call = this.#talks[agent];
    if (call === undefined) return undefined;
    for (const command of this.acd.handle({ kind: 'talk-ended', agent, call, at }))
      if (command.kind === 'offer-call') return command.call;
    return undefined;
  }

  answer(call: CallId, agent: AgentId, at: number): void {
    this.acd.handle({ kind: 'offer-answered', call, agent, at });
    this.#talks[agent] = call;
  }

  pass(at: number): void {
    this.acd.handle({ kind: 'time-passed', at });
  }
}

interface Outcome {
  readonly decisionsPerSecond: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly offers: number;
}

/** How many decisions of the end are kept for the quantiles. */
const TIMES_KEPT = 1 << 21;
/** So often the processor's clock is looked at. */
const STEPS_A_LOOK = 64;
/** Processor time of a run that is not counted: the line is filled and has turned over, and the compiler has settled. */
const WARM_UP_SHARE = 0.5;

/** One site in motion: agents' talks end by chance, callers come by chance. */
class Traffic {
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
      for (let step = 0; step < STEPS_A_LOOK; step++) this.#step();
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

  #queueOne(): void {
    const queue = (1 + Math.floor(this.#random() * this.size.queues)) as QueueId;
    const call = `call ${String(this.#number++)}` as CallId;
    const priority = this.#random() < 0.1 ? 3 : 0;
    const asks = this.#site.asks(queue, this.#random);
    const from = performance.now();
    this.#distributor.queue(call, queue, priority, asks, this.#at);
    this.#decided(from);
  }

  #decided(from: number): void {
    this.#times[this.#decisions++ % TIMES_KEPT] = performance.now() - from;
  }
}

/** Runs a site; `limitMs` is processor time. */
function run(size: Size, make: (site: Site, at: number) => Distributor, limitMs: number): Outcome {
  const traffic = new Traffic(size, make);
  traffic.run(limitMs * WARM_UP_SHARE);
  return traffic.run(limitMs);
}

function main(): void {
  const at = process.argv.indexOf('--seconds');
  const limitMs = (at > 0 ? Number(process.argv[at + 1]) : 4) * 1_000;
  const cases = SIZES.map((size) => {
    const engine = run(size, (site, start) => new EngineDistributor(site, start), limitMs);
    const scan = run(size, (site) => new PlainScan(site), limitMs / 2);
    process.stdout.write(
      `${String(size.agents)} agents, ${String(size.queues)} queues, ${String(size.waiting)} waiting: ` +
        `${String(engine.decisionsPerSecond)} decisions/s, p99 ${String(engine.p99us)} us; ` +
        `plain scan ${String(scan.decisionsPerSecond)}/s, p99 ${String(scan.p99us)} us\n`,
    );
    return {
      ...size,
      ...engine,
      scanDecisionsPerSecond: scan.decisionsPerSecond,
      scanP99us: scan.p99us,
    };
  });
  const cost = (one: { readonly decisionsPerSecond: number } | undefined): number =>
    1 / (one?.decisionsPerSecond ?? NaN);
  const growth = Math.round((cost(cases.at(-1)) / cost(cases[0])) * 100) / 100;
  process.stdout.write(`${JSON.stringify({ bench: 'acd', cases, growth })}\n`);
}

main();
