import type { AgentId, QueueId, SkillId } from '../../kernel/ids.js';
import type { AcdQueue, QueuedCall } from './acd-events.js';
import type { Agent } from './agent.js';
import { levelAfter, MAX_LEVEL, type SkillRequirement } from './requirement.js';
import { SortedList } from './sorted-list.js';

/** Kinds of demands of one queue that are kept although nobody waits with them. */
const SPARE_BUCKETS = 12;

/** A requirement at one moment of the wait. */
export interface Demand {
  readonly skill: SkillId;
  readonly minLevel: number;
  readonly isRequired: boolean;
}

/** Somebody in line, with what the engine knows of it. */
export interface Waiter extends QueuedCall {
  priority: number;
  sticky?: { readonly agent: AgentId; readonly until: number } | undefined;
  notBefore: number;
  readonly line: Line;
  /** The order key: time of entry, moved forward by the worth of priority. Smaller is served first. */
  rank: number;
  /** Where it waits to be matched; undefined while it is offered, or held back until `notBefore`. */
  bucket: Bucket | undefined;
  /** The agent whose return it waits for. */
  waitsFor: Agent | undefined;
  isInLine: boolean;
  /** Agents at whom it rings now. */
  offers: readonly Agent[];
  /** Until when an agent is passed over for this call. */
  rejected: Map<AgentId, number> | undefined;
}

const rankOf = (waiter: Waiter): number => waiter.rank;
const byRank = (a: Waiter, b: Waiter): number =>
  a.rank - b.rank ||
  a.enteredAt - b.enteredAt ||
  (a.call < b.call ? -1 : a.call === b.call ? 0 : 1);

export const isServedBefore = (a: Waiter, b: Waiter): boolean => byRank(a, b) < 0;
export const newRankedList = (): SortedList<Waiter> => new SortedList<Waiter>(rankOf, byRank);

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

/** Those who wait for the same skills, and the available agents who have them. */
export class Bucket {
  readonly waiting = newRankedList();
  readonly idle = new SortedList<Candidate>(tierOf, byKey);
  /** Place among the line's buckets. */
  index = 0;
  isAlive = true;

  constructor(
    readonly line: Line,
    readonly demands: readonly Demand[],
  ) {}

  /** True where the agent has all that is required. */
  fits(agent: Agent): boolean {
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
}

/** The rank of the first who waits in each line, by the line's index, close together: agents of many lines look here first. */
export class HeadRanks {
  values = new Float64Array(64).fill(Infinity);
  #used = 0;

  next(): number {
    if (this.#used === this.values.length) {
      const larger = new Float64Array(this.values.length * 2).fill(Infinity);
      larger.set(this.values);
      this.values = larger;
    }
    return this.#used++;
  }
}

/** One queue: everybody in it in order, and the same people by what they ask for. */
export class Line {
  /** Callers and callbacks in the order in which they are served, offered ones too. */
  readonly all = newRankedList();
  /** Those who ring at everybody: agents who get free join in. */
  readonly ringing = newRankedList();
  readonly plain: Bucket;
  readonly #buckets = new Map<number | string, Bucket>();
  #bucketList: readonly Bucket[] = [];
  /** Rank of the first who waits in each bucket, in their order; Infinity where nobody does. */
  #headRanks: number[] = [];
  readonly index: number;
  readonly members = new Set<Agent>();
  /** Calls offered or talking now. */
  inService = 0;
  /** Room appeared under the limit, and nobody has looked yet. */
  isRoomy = false;
  /** Position of whoever was tried last. */
  pointer = -1;
  #plainFor: readonly SkillRequirement[] | undefined;
  #plainStages: readonly Asked[] = [];

  constructor(
    readonly id: QueueId,
    public config: AcdQueue,
    private readonly heads: HeadRanks,
  ) {
    this.plain = new Bucket(this, []);
    this.#buckets.set('', this.plain);
    this.index = heads.next();
    this.#listBuckets();
  }

  get buckets(): readonly Bucket[] {
    return this.#bucketList;
  }

  /** Lets a waiter wait with those who ask for the same. */
  place(waiter: Waiter, bucket: Bucket): void {
    bucket.waiting.add(waiter);
    waiter.bucket = bucket;
    const { rank } = waiter;
    if (rank >= this.headRank(bucket.index)) return;
    this.#headRanks[bucket.index] = rank;
    const { values } = this.heads;
    if (rank < (values[this.index] ?? Infinity)) values[this.index] = rank;
  }

  /** Rank of the first who waits in a bucket, by the bucket's place. */
  headRank(place: number): number {
    return this.#headRanks[place] ?? Infinity;
  }

  unplace(waiter: Waiter): void {
    const { bucket, rank } = waiter;
    if (bucket === undefined) return;
    bucket.waiting.remove(waiter);
    waiter.bucket = undefined;
    if (rank !== this.headRank(bucket.index)) return;
    this.#headRanks[bucket.index] = bucket.waiting.firstKey;
    const { values } = this.heads;
    if (rank !== values[this.index]) return;
    let head = Infinity;
    for (const one of this.#headRanks) if (one < head) head = one;
    values[this.index] = head;
  }

  /** The same members and turns under another rule, to ask what would be; nobody waits there. */
  as(config: AcdQueue): Line {
    const imagined = new Line(this.id, config, new HeadRanks());
    for (const agent of this.members) imagined.members.add(agent);
    imagined.inService = this.inService;
    imagined.pointer = this.pointer;
    return imagined;
  }

  get isFull(): boolean {
    return this.config.maxTalking > 0 && this.inService >= this.config.maxTalking;
  }

  /** What a waiter asks for now, and when that changes. */
  demandsOf(own: readonly SkillRequirement[], waitedMs: number): Asked {
    const { requirements } = this.config;
    if (own.length === 0) return requirements.length === 0 ? NOTHING : this.#plainAsked(waitedMs);
    return askedAt(requirements, own, waitedMs);
  }

  /** Callers who ask for nothing themselves are many: what the queue asks for them is worked out once a stage. */
  #plainAsked(waitedMs: number): Asked {
    const { requirements } = this.config;
    if (this.#plainFor !== requirements) {
      this.#plainFor = requirements;
      this.#plainStages = stagesOf(requirements);
    }
    for (const stage of this.#plainStages)
      if (stage.nextChangeMs === undefined || waitedMs < stage.nextChangeMs) return stage;
    return NOTHING;
  }

  /** The bucket for these demands; `fill` puts the available agents into a new one. */
  bucketFor(demands: readonly Demand[], fill: (bucket: Bucket) => void): Bucket {
    if (demands.length === 0) return this.plain;
    const name = nameOf(demands);
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    if (this.#buckets.size > SPARE_BUCKETS) this.#dropSpare();
    const bucket = new Bucket(this, demands);
    this.#buckets.set(name, bucket);
    this.#listBuckets();
    fill(bucket);
    return bucket;
  }

  #dropSpare(): void {
    for (const [name, bucket] of this.#buckets)
      if (bucket !== this.plain && bucket.waiting.length === 0) {
        bucket.isAlive = false;
        this.#buckets.delete(name);
      }
  }

  #listBuckets(): void {
    this.#bucketList = [...this.#buckets.values()];
    this.#headRanks = this.#bucketList.map(({ waiting }) => waiting.firstKey);
    for (const [at, bucket] of this.#bucketList.entries()) bucket.index = at;
  }
}

/** The same for the same demands; a number where there is one, as most often. */
function nameOf(demands: readonly Demand[]): number | string {
  const [first] = demands;
  if (first !== undefined && demands.length === 1) return numberOf(first);
  return demands.map(numberOf).join(' ');
}

const numberOf = ({ skill, minLevel, isRequired }: Demand): number =>
  (skill * (MAX_LEVEL + 1) + minLevel) * 2 + (isRequired ? 1 : 0);

/** What is asked for at one moment of the wait. */
interface Asked {
  /** In the order of the skills' ids, so that the same demands are one bucket. */
  readonly demands: readonly Demand[];
  /** When this changes, in ms after entry; undefined: never. */
  readonly nextChangeMs: number | undefined;
}
const NOTHING: Asked = { demands: [], nextChangeMs: undefined };

function askedAt(
  ofQueue: readonly SkillRequirement[],
  ofCall: readonly SkillRequirement[],
  waitedMs: number,
): Asked {
  const demands: Demand[] = [];
  let nextChangeMs: number | undefined;
  for (const requirements of [ofQueue, ofCall])
    for (const requirement of requirements) {
      const level = levelAfter(requirement, waitedMs);
      if (level.nextChangeMs !== undefined)
        nextChangeMs = Math.min(nextChangeMs ?? Infinity, level.nextChangeMs);
      if (level.minLevel > 0) addDemand(demands, requirement, level.minLevel);
    }
  if (demands.length > 1)
    demands.sort((a, b) => a.skill - b.skill || Number(b.isRequired) - Number(a.isRequired));
  return { demands, nextChangeMs };
}

/** What a queue asks for, one stage after the other. */
function stagesOf(requirements: readonly SkillRequirement[]): readonly Asked[] {
  const stages: Asked[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const stage = askedAt(requirements, [], from);
    stages.push(stage);
    from = stage.nextChangeMs;
  }
  return stages;
}

/** The same skill asked for twice counts once, at the higher level; required beats preferred. */
function addDemand(
  demands: Demand[],
  { skill, isRequired }: SkillRequirement,
  level: number,
): void {
  const at = demands.findIndex((d) => d.skill === skill && d.isRequired === isRequired);
  const known = demands[at];
  if (known === undefined) demands.push({ skill, minLevel: level, isRequired });
  else if (known.minLevel < level) demands[at] = { ...known, minLevel: level };
}
