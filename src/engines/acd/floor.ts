import type { AgentId, QueueId } from '../../kernel/ids.js';
import { PLAIN_QUEUE, type AcdCommand } from './acd-events.js';
import type { Agent } from './agent.js';
import { AgentNumbers } from './agent-numbers.js';
import { ByNumber } from './by-number.js';
import { CallTable } from './call-table.js';
import { candidateOf, choose, NOBODY, type Found } from './choose.js';
import type { Bucket, Candidate } from './bucket.js';
import { Gathered } from './gathered.js';
import { Line } from './line.js';
import { LineNumbers } from './line-numbers.js';
import { isServedBefore, type Waiter } from './waiter.js';
import { Waiters } from './waiters.js';
import { lookThrough } from './look-through.js';
import type { SkillNames } from './asked.js';
import { Timers } from './timers.js';

/** What the whole engine is told once. */
export interface AcdOptions {
  /** What one point of priority is worth in waiting time: a call overtakes those who came up to so much earlier. */
  readonly pointMs: number;
  /** Starts the engine's own series of random numbers: the same events with the same seed give the same decisions. */
  readonly seed: number;
  /**
   * Lines with at most so many members have them looked through for each caller; in larger ones available agents are kept
   * sorted. Sorting in every line would cost an agent of many small queues far more, at each change of state.
   */
  readonly lookedThrough: number;
}

/** Everybody: agents, lines and those who wait in them, and what one event left to be matched. */
export class Floor {
  readonly agents = new ByNumber<AgentId, Agent>();
  readonly lines = new ByNumber<QueueId, Line>();
  readonly waiters = new CallTable();
  readonly left = new Waiters();
  readonly timers = new Timers<Agent | Waiter>();
  readonly lineNumbers = new LineNumbers();
  readonly numbers = new AgentNumbers();
  /** By index. */
  readonly lineList: Line[] = [];
  /** Those who look for an agent, in the order of their ranks. */
  readonly ready: Waiter[] = [];
  /** Agents who became available. */
  readonly freed: Agent[] = [];
  /** Lines under whose limit there is room again. */
  readonly roomy: Line[] = [];
  readonly commands = new Gathered<AcdCommand>();
  skillNames: SkillNames = new Map();
  /** Where everybody is placed anew, nobody is told that they wait. */
  isQuiet = false;
  #random: number;

  constructor(readonly options: AcdOptions) {
    this.#random = options.seed >>> 0 || 1;
  }

  lineFor(queue: QueueId): Line {
    let line = this.lines.get(queue);
    if (line === undefined) {
      line = new Line(queue, { id: queue, ...PLAIN_QUEUE }, this.lineNumbers);
      this.lines.set(queue, line);
      this.lineList[line.index] = line;
    }
    return line;
  }

  /** Whoever is offered to nobody looks for an agent next, and takes a place in line by that. */
  rankAndAdd(waiter: Waiter): void {
    const points = waiter.priority + waiter.line.weight;
    waiter.rank = waiter.enteredAt - points * this.options.pointMs;
    waiter.line.enter();
    if (waiter.offers.length === 0) return;
    waiter.line.keepApart(waiter);
    if (waiter.line.isRingAll && !waiter.isLifted) waiter.line.ringing.add(waiter);
  }

  forget(waiter: Waiter): void {
    const { line } = waiter;
    this.takeFromPlace(waiter);
    line.leave(waiter);
    line.endRinging(waiter);
    waiter.isInLine = false;
    this.waiters.remove(waiter);
    this.left.takeBack(waiter);
    this.commands.push(line.report);
  }

  /** Somebody is looked at again at this time. */
  remind(waiter: Waiter, at: number): void {
    waiter.timers++;
    this.timers.set(at, waiter);
  }

  timerEnded(waiter: Waiter): void {
    waiter.timers--;
    if (waiter.isInLine) this.ready.push(waiter);
    else this.left.takeBack(waiter);
  }

  backIntoLine(waiter: Waiter): void {
    waiter.isLifted = false;
    waiter.line.endRinging(waiter);
    this.leaveService(waiter.line.index);
    this.ready.push(waiter);
  }

  /** An offer or a talk of the line with this index is over. */
  leaveService(index: number): void {
    const { inService, limits } = this.lineNumbers;
    const count = inService[index] ?? 0;
    if (count > 0) inService[index] = count - 1;
    if (limits[index] === 0) return;
    const line = this.lineList[index];
    if (line === undefined || line.isRoomy) return;
    line.isRoomy = true;
    this.roomy.push(line);
  }

  takeFromPlace(waiter: Waiter): void {
    waiter.line.unplace(waiter);
    waiter.waitsFor?.personal?.remove(waiter);
    waiter.waitsFor = undefined;
  }

  list(agent: Agent): void {
    agent.isListed = true;
    this.#count(agent, 1);
    for (const line of agent.sortedLines)
      for (const bucket of line.buckets) if (bucket.fits(agent)) this.enlist(bucket, agent);
  }

  #count({ firstLine, lineCount }: Agent, change: 1 | -1): void {
    const { lines } = this.numbers;
    const { available } = this.lineNumbers;
    for (let place = firstLine; place < firstLine + lineCount; place++) {
      const line = lines[place] ?? 0;
      available[line] = (available[line] ?? 0) + change;
    }
  }

  enlist(bucket: Bucket, agent: Agent): void {
    const candidate: Candidate = candidateOf(bucket, agent);
    bucket.idle.add(candidate);
    agent.candidates.push(candidate);
  }

  unlist(agent: Agent): void {
    if (!agent.isListed) return;
    agent.isListed = false;
    this.#count(agent, -1);
    for (const candidate of agent.candidates)
      if (candidate.bucket.isAlive) candidate.bucket.idle.remove(candidate);
    agent.candidates = [];
  }

  /** Who is offered a call that asks for this now. */
  find(bucket: Bucket, waiter: Waiter, at: number): Found {
    const { line } = bucket;
    if (line.isFull || this.lineNumbers.available[line.index] === 0) return NOBODY;
    const random = (): number => this.nextRandom();
    return line.isSorted
      ? choose(bucket, waiter, at, random)
      : lookThrough(bucket, waiter, at, this.numbers, random);
  }

  /** Whether an available agent has what is asked for. */
  hasAvailable(bucket: Bucket): boolean {
    if (this.lineNumbers.available[bucket.line.index] === 0) return false;
    if (bucket.line.isSorted) return bucket.idle.length > 0;
    return bucket.line.memberList.some((agent) => agent.isListed && bucket.fits(agent));
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
