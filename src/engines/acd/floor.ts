import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import { PLAIN_QUEUE, type AcdCommand } from './acd-events.js';
import type { Agent } from './agent.js';
import { candidateOf } from './choose.js';
import {
  HeadRanks,
  isServedBefore,
  Line,
  type Bucket,
  type Candidate,
  type Waiter,
} from './line.js';
import type { SkillNames } from './reasons.js';
import { Timers } from './timers.js';

/** What the whole engine is told once. */
export interface AcdOptions {
  /** What one point of priority is worth in waiting time: a call overtakes those who came up to so much earlier. */
  readonly pointMs: number;
  /** Starts the engine's own series of random numbers: the same events with the same seed give the same decisions. */
  readonly seed: number;
}

/** Everybody: agents, lines and those who wait in them, and what one event left to be matched. */
export class Floor {
  readonly agents = new Map<AgentId, Agent>();
  readonly lines = new Map<QueueId, Line>();
  readonly waiters = new Map<CallId, Waiter>();
  readonly timers = new Timers<Agent | Waiter>();
  readonly heads = new HeadRanks();
  /** Those who look for an agent, in the order of their ranks. */
  readonly ready: Waiter[] = [];
  /** Agents who became available. */
  readonly freed: Agent[] = [];
  /** Lines under whose limit there is room again. */
  readonly roomy: Line[] = [];
  commands: AcdCommand[] = [];
  skillNames: SkillNames = new Map();
  /** Where everybody is placed anew, nobody is told that they wait. */
  isQuiet = false;
  #random: number;

  constructor(readonly options: AcdOptions) {
    this.#random = options.seed >>> 0 || 1;
  }

  lineFor(queue: QueueId): Line {
    let line = this.lines.get(queue);
    if (line === undefined)
      this.lines.set(queue, (line = new Line(queue, { id: queue, ...PLAIN_QUEUE }, this.heads)));
    return line;
  }

  rankAndAdd(waiter: Waiter): void {
    const points = waiter.priority + waiter.line.config.weight;
    waiter.rank = waiter.enteredAt - points * this.options.pointMs;
    waiter.line.all.add(waiter);
    if (waiter.offers.length > 0 && waiter.line.config.strategy === 'ring-all')
      waiter.line.ringing.add(waiter);
  }

  forget(waiter: Waiter): void {
    this.takeFromPlace(waiter);
    waiter.line.all.remove(waiter);
    waiter.line.ringing.remove(waiter);
    waiter.isInLine = false;
    this.waiters.delete(waiter.call);
    this.reportLine(waiter.line);
  }

  backIntoLine(waiter: Waiter): void {
    waiter.line.ringing.remove(waiter);
    this.leaveService(waiter.line);
    this.ready.push(waiter);
  }

  leaveService(line: Line): void {
    line.inService = Math.max(0, line.inService - 1);
    if (line.config.maxTalking === 0 || line.isRoomy) return;
    line.isRoomy = true;
    this.roomy.push(line);
  }

  takeFromPlace(waiter: Waiter): void {
    waiter.line.unplace(waiter);
    waiter.waitsFor?.personal?.remove(waiter);
    waiter.waitsFor = undefined;
  }

  reportLine(line: Line): void {
    this.commands.push({ kind: 'report-queue', queue: line.id });
  }

  list(agent: Agent): void {
    for (const line of agent.lines)
      for (const bucket of line.buckets) if (bucket.fits(agent)) this.enlist(bucket, agent);
  }

  enlist(bucket: Bucket, agent: Agent): void {
    const candidate: Candidate = candidateOf(bucket, agent);
    bucket.idle.add(candidate);
    agent.candidates.push(candidate);
  }

  unlist(agent: Agent): void {
    if (agent.candidates.length === 0) return;
    for (const candidate of agent.candidates)
      if (candidate.bucket.isAlive) candidate.bucket.idle.remove(candidate);
    agent.candidates = [];
  }

  fill(bucket: Bucket): void {
    for (const { agent } of bucket.line.plain.idle)
      if (bucket.fits(agent)) this.enlist(bucket, agent);
  }

  releasePersonal(agent: Agent): void {
    for (const waiter of [...(agent.personal ?? [])]) this.ready.push(waiter);
  }

  orderReady(): void {
    if (this.ready.length > 1) this.ready.sort((a, b) => (isServedBefore(a, b) ? -1 : 1));
  }

  /** xorshift32 (Marsaglia 2003). */
  nextRandom(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#random = x >>> 0;
    return this.#random / 4_294_967_296;
  }
}
