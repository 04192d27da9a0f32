import type { SkillId } from '../../kernel/ids.js';
import type { Agent } from './agent.js';
import { nameOf, type Demand, type SkillNames } from './asked.js';
import type { Line } from './line.js';
import { SortedList } from './sorted-list.js';
import { byRank, rankOf, type Waiter } from './waiter.js';

/**
 * An available agent as one kind of demand sees it: those with more of the preferred skills first, then by the key of the
 * queue's strategy.
 */
export interface Candidate {
  readonly agent: Agent;
  readonly bucket: Bucket;
  readonly preferred: number;
  readonly key: number;
  readonly key2: number;
}

const tierOf = (candidate: Candidate): number => -candidate.preferred;
const byKey = (a: Candidate, b: Candidate): number =>
  b.preferred - a.preferred || a.key - b.key || a.key2 - b.key2 || a.agent.id - b.agent.id;

/** What a bucket asks for, where that is one required skill or nothing: read without going through lists. */
export const ASKS_MORE = -1;

/** Those who wait for the same skills, in order, and the available agents who have them. */
export class Bucket extends SortedList<Waiter> {
  /** The one skill that is required; 0 where nothing is. */
  readonly skill: SkillId | 0 | typeof ASKS_MORE;
  readonly level: number;
  /** Place among the line's buckets. */
  index = 0;
  /** Whoever waits first. */
  next: Waiter | undefined;
  isAlive = true;
  #textsFor: SkillNames | undefined;
  #texts: readonly string[] = [];
  /** The same for the same demands: see `nameOf`. */
  readonly name: number | string;
  #idle: SortedList<Candidate> | undefined;

  constructor(
    readonly line: Line,
    readonly demands: readonly Demand[],
  ) {
    super(rankOf, byRank);
    this.name = nameOf(demands);
    const [first] = demands;
    this.skill =
      first === undefined ? 0 : demands.length === 1 && first.isRequired ? first.skill : ASKS_MORE;
    this.level = first?.minLevel ?? 0;
  }

  /** Available agents who have what is asked for, where the line keeps them sorted. */
  get idle(): SortedList<Candidate> {
    return (this.#idle ??= new SortedList<Candidate>(tierOf, byKey));
  }

  /** True where this waiter is the first now. */
  enter(waiter: Waiter): boolean {
    this.add(waiter);
    this.next = this.first;
    return this.next === waiter;
  }

  /** True where this waiter was the first. */
  leave(waiter: Waiter): boolean {
    this.remove(waiter);
    if (this.next !== waiter) return false;
    this.next = this.first;
    return true;
  }

  /** True where the agent has all that is required. */
  fits(agent: Agent): boolean {
    if (this.skill === 0) return true;
    if (this.skill !== ASKS_MORE) return agent.levelOf(this.skill) >= this.level;
    for (const { skill, minLevel, isRequired } of this.demands)
      if (isRequired && agent.levelOf(skill) < minLevel) return false;
    return true;
  }

  /** How many of the preferred skills the agent has. */
  preferredOf(agent: Agent): number {
    let count = 0;
    for (const { skill, minLevel, isRequired } of this.demands)
      if (!isRequired && agent.levelOf(skill) >= minLevel) count++;
    return count;
  }

  /** Mean level of the skills asked for; 0 where none is. */
  levelOf(agent: Agent): number {
    if (this.demands.length === 0) return 0;
    let sum = 0;
    for (const { skill } of this.demands) sum += agent.levelOf(skill);
    return sum / this.demands.length;
  }

  /** What is asked for in words, made once for all who ask for it. */
  askedTexts(
    names: SkillNames,
    make: (demands: readonly Demand[], names: SkillNames) => readonly string[],
  ): readonly string[] {
    if (this.#textsFor !== names) {
      this.#textsFor = names;
      this.#texts = make(this.demands, names);
    }
    return this.#texts;
  }
}
