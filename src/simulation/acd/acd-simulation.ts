import { Callers } from './callers.js';
import { Desks } from './desks.js';
import type { FlowFigures } from './flow-tally.js';
import type { Happening } from './happening.js';
import type { AcdPlan } from './plan.js';
import { figuresOf, type AgentTime, type Figures } from './tally.js';
import { World, type SimulationStep } from './world.js';

export type { SimulationStep } from './world.js';

/** So long after the last call came callers who cannot be served are waited for. */
const DRAIN_MS = 48 * 3_600_000;

/** What one replication gave. */
export interface ReplicationResult {
  readonly queues: readonly Figures[];
  readonly total: Figures;
  /** Undefined where callers go through no flow. */
  readonly flow: FlowFigures | undefined;
  readonly agents: readonly AgentTime[];
  /** All calls that came, those that do not count too. */
  readonly calls: number;
  /** Events that the engine refused: above 0 the simulation itself is wrong. */
  readonly illegalEvents: number;
}

/**
 * One replication: the engine that distributes real calls, on a virtual clock. Everything around it is played: callers who
 * come and give up, phones that ring, talks, the work after them, shifts and breaks. What the engine decides is taken as it
 * is. The same plan and seed give the same result, always.
 */
export class AcdSimulation {
  readonly #world: World;
  readonly #callers: Callers;
  readonly #desks: Desks;

  /** `observe` sees every step, for tests. */
  constructor(
    private readonly plan: AcdPlan,
    seed: number,
    observe?: (step: SimulationStep) => void,
  ) {
    this.#world = new World(plan, seed, observe);
    this.#callers = new Callers(this.#world);
    this.#desks = new Desks(this.#world, this.#callers);
    this.#world.obey = (command) => this.#desks.obey(command);
    // In a steady state the time that counts ends with the last call that comes.
    if (!plan.span.isDay) this.#callers.onClose = () => this.#closeDesks(this.#world.clock.now);
  }

  /** Runs to the end: until every call is over, or cannot be served any more. Once. */
  run(): ReplicationResult {
    this.#begin();
    const { clock } = this.#world;
    for (;;) {
      const nextAt = Math.min(clock.nextAt, this.#world.wakeAt);
      if (this.#isOver(nextAt)) break;
      if (!this.#callers.isWarm && nextAt >= this.plan.span.warmUpMs) this.#endWarmUp();
      if (this.#world.wakeAt <= clock.nextAt) this.#world.wake();
      else {
        const thing = clock.next();
        if (thing !== undefined) this.#happen(thing);
      }
    }
    this.#closeDesks(this.#callers.lastEndAt);
    return {
      queues: this.#callers.tallies.map(figuresOf),
      total: figuresOf(this.#callers.total),
      flow: this.#callers.flowFigures,
      agents: this.#desks.agents.map(({ time }) => time),
      calls: this.#callers.count,
      illegalEvents: this.#world.acd.illegalEvents,
    };
  }

  #begin(): void {
    const { queues, agents, skillNames } = this.plan;
    this.#world.send({
      kind: 'configured',
      at: 0,
      queues: queues.map(({ rules }) => rules),
      agents: agents.map(({ membership }) => membership),
      skillNames,
    });
    this.#desks.begin();
    this.#callers.begin();
  }

  #isOver(nextAt: number): boolean {
    if (nextAt === Infinity) return true;
    const { isOver, present, closedAt } = this.#callers;
    if (!isOver) return false;
    // A day ends when all have gone home.
    return (present === 0 && !this.plan.span.isDay) || nextAt > closedAt + DRAIN_MS;
  }

  #endWarmUp(): void {
    this.#callers.isWarm = true;
    for (const agent of this.#desks.agents) agent.reset(this.plan.span.warmUpMs);
  }

  #closeDesks(at: number): void {
    for (const agent of this.#desks.agents) agent.close(at);
  }

  #happen(thing: Happening): void {
    switch (thing.kind) {
      case 'arrival':
      case 'flow-left':
      case 'patience-over':
      case 'overflow-due':
        this.#callers.happen(thing);
        break;
      default:
        this.#desks.happen(thing);
    }
  }
}
