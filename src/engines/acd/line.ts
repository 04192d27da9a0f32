import type { QueueId, SkillId } from '../../kernel/ids.js';
import type { AcdCommand, AcdQueue } from './acd-events.js';
import type { Agent } from './agent.js';
import { askedAt, nameOf, NOTHING, stagesOf, type Asked, type Demand } from './asked.js';
import { ASKS_MORE, Bucket } from './bucket.js';
import { LineNumbers } from './line-numbers.js';
import type { SkillRequirement } from './requirement.js';
import type { SortedList } from './sorted-list.js';
import { byRank, isServedBefore, newRankedList, type Waiter } from './waiter.js';

/** Kinds of demands of one queue that are kept although nobody waits with them. */
const SPARE_BUCKETS = 12;
/** Stands for demands that are no number. */
const NO_NUMBER = -1;
/** Numbers of one bucket among the heads. */
const HEAD_SIZE = 3;

/** A callback that is tried later: who comes after it is served before. */
const isHeldBack = ({ bucket, offers, waitsFor }: Waiter): boolean =>
  bucket === undefined && waitsFor === undefined && offers.length === 0;

/**
 * One queue: everybody in it in order, and the same people by what they ask for. What every decision reads stands first, so
 * that it lies together in memory.
 */
export class Line {
  readonly #numbers: LineNumbers;
  readonly index: number;
  #length = 0;
  /** Parts of the rules that each decision reads, kept here so that it need not go to them. */
  weight = 0;
  #asksNothing = true;
  isRingAll = false;
  isRoundRobin = false;
  /** Position of whoever was tried last. */
  pointer = -1;
  /**
   * Of each bucket, in their order: rank of the first who waits there, Infinity where nobody does; the one skill that is asked for;
   * and its level. Side by side: a decision goes to a bucket only where its first may be served.
   */
  #heads: number[] = [];
  #bucketList: readonly Bucket[] = [];
  /** What the queue asks for itself, one stage of the wait after the other. */
  #stages: readonly Asked[] = [];
  /** The first of those in line who are in no bucket: offered ones, callbacks whose time has not come, those who wait for one agent. */
  #apart: Waiter | undefined;
  #ringing: SortedList<Waiter> | undefined;
  readonly plain: Bucket;
  /** That the line's order or length changed. */
  readonly report: AcdCommand;
  /** What those of each bucket ask for, as a number where there is one. */
  #bucketNumbers: readonly number[] = [];
  /** Room appeared under the limit, and nobody has looked yet. */
  isRoomy = false;
  #config: AcdQueue;
  readonly members = new Set<Agent>();
  /** The members again, and their numbers, for looking through them. */
  memberList: readonly Agent[] = [];
  memberNumbers = new Uint32Array(0);
  memberPositions = new Float64Array(0);
  /** Available agents are kept sorted here; where there are few members, they are looked through instead. */
  isSorted = false;

  constructor(
    readonly id: QueueId,
    config: AcdQueue,
    numbers: LineNumbers,
  ) {
    this.#numbers = numbers;
    this.report = { kind: 'report-queue', queue: id };
    this.index = numbers.next();
    this.#config = config;
    this.config = config;
    this.plain = new Bucket(this, []);
    this.#listBuckets([this.plain]);
  }

  get config(): AcdQueue {
    return this.#config;
  }
  set config(config: AcdQueue) {
    this.#config = config;
    this.#numbers.limits[this.index] = config.maxTalking;
    this.#numbers.wrapUps[this.index] = config.wrapUp.ms > 0 || config.wrapUp.isUntilDone ? 1 : 0;
    this.weight = config.weight;
    this.#asksNothing = config.requirements.length === 0;
    this.#stages = stagesOf(config.requirements);
    this.isRingAll = config.strategy === 'ring-all';
    this.isRoundRobin = config.strategy === 'round-robin';
  }

  get buckets(): readonly Bucket[] {
    return this.#bucketList;
  }

  /** How many callers and callbacks are in line, offered ones too. */
  get length(): number {
    return this.#length;
  }

  /** Callers and callbacks in the order in which they are served, offered ones too. */
  get everybody(): readonly Waiter[] {
    const all: Waiter[] = [];
    for (let one = this.#apart; one !== undefined; one = one.behind) all.push(one);
    for (const bucket of this.#bucketList) for (const waiter of bucket) all.push(waiter);
    return all.sort(byRank);
  }

  /** How many in line are served before this one; not those who are held back until later. */
  countBefore(waiter: Waiter): number {
    let count = 0;
    for (const bucket of this.#bucketList) count += bucket.countBefore(waiter);
    for (let one = this.#apart; one !== undefined; one = one.behind)
      if (!isHeldBack(one) && isServedBefore(one, waiter)) count++;
    return count;
  }

  /** Those who ring at everybody: agents who get free join in. */
  get ringing(): SortedList<Waiter> {
    return (this.#ringing ??= newRankedList());
  }
  /** It does not ring at everybody any more. */
  endRinging(waiter: Waiter): void {
    this.#ringing?.remove(waiter);
  }

  /** Calls offered or talking now. */
  get inService(): number {
    return this.#numbers.inService[this.index] ?? 0;
  }
  set inService(count: number) {
    this.#numbers.inService[this.index] = count;
  }

  /** Somebody comes, who takes a place at once: see `place` and `keepApart`. */
  enter(): void {
    this.#length++;
  }

  leave(waiter: Waiter): void {
    this.unplace(waiter);
    this.#takeApart(waiter);
    this.#length--;
  }

  /** Lets a waiter wait with those who ask for the same. */
  place(waiter: Waiter, bucket: Bucket): void {
    this.#takeApart(waiter);
    waiter.bucket = bucket;
    if (!bucket.enter(waiter)) return;
    const { rank } = waiter;
    this.#heads[bucket.index * HEAD_SIZE] = rank;
    const { heads } = this.#numbers;
    if (rank < (heads[this.index] ?? Infinity)) heads[this.index] = rank;
  }

  /** Rank of the first who waits in a bucket, by the bucket's place. */
  headRank(place: number): number {
    return this.#heads[place * HEAD_SIZE] ?? Infinity;
  }

  /** True where the agent has all that is required in a bucket, by its place: most are known without touching the bucket. */
  fits(place: number, agent: Agent): boolean {
    const skill = this.#heads[place * HEAD_SIZE + 1] ?? 0;
    if (skill === 0) return true;
    if (skill === ASKS_MORE) return this.buckets[place]?.fits(agent) === true;
    return agent.levelOf(skill as SkillId) >= (this.#heads[place * HEAD_SIZE + 2] ?? 0);
  }

  /** Takes a waiter from those who ask for the same; it is in no list of the line then. */
  unplace(waiter: Waiter): void {
    const { bucket } = waiter;
    if (bucket === undefined) return;
    waiter.bucket = undefined;
    if (!bucket.leave(waiter)) return;
    const { heads } = this.#numbers;
    const before = this.headRank(bucket.index);
    this.#heads[bucket.index * HEAD_SIZE] = bucket.firstKey;
    if (before !== heads[this.index]) return;
    let head = Infinity;
    for (let at = 0; at < this.#heads.length; at += HEAD_SIZE)
      head = Math.min(head, this.#heads[at] ?? Infinity);
    heads[this.index] = head;
  }

  /** Keeps somebody in line who is in no bucket. */
  keepApart(waiter: Waiter): void {
    if (waiter.isApart) return;
    waiter.isApart = true;
    const behind = this.#apart;
    this.#apart = waiter;
    if (behind === undefined) return;
    waiter.behind = behind;
    behind.before = waiter;
  }

  #takeApart(waiter: Waiter): void {
    if (!waiter.isApart) return;
    waiter.isApart = false;
    const { before, behind } = waiter;
    if (before === undefined) this.#apart = behind;
    else before.behind = behind;
    if (behind !== undefined) behind.before = before;
    waiter.before = undefined;
    waiter.behind = undefined;
  }

  /** The same members and turns under another rule, to ask what would be; nobody waits there. */
  as(config: AcdQueue): Line {
    const imagined = new Line(this.id, config, new LineNumbers());
    for (const agent of this.members) imagined.members.add(agent);
    imagined.inService = this.inService;
    imagined.pointer = this.pointer;
    return imagined;
  }

  get isFull(): boolean {
    return this.#numbers.isFull(this.index);
  }

  /**
   * What a waiter asks for now, and when that changes. Callers who ask for nothing themselves are many: for them it is the
   * same object all through a stage.
   */
  demandsOf(own: readonly SkillRequirement[], waitedMs: number): Asked {
    if (own.length > 0) return askedAt(this.#config.requirements, own, waitedMs);
    if (this.#asksNothing) return NOTHING;
    for (const stage of this.#stages)
      if (stage.nextChangeMs === undefined || waitedMs < stage.nextChangeMs) return stage;
    return NOTHING;
  }

  /** Takes the members anew; `limit`: with how many of them a line has them looked through. */
  setMembers(limit: number): void {
    this.memberList = [...this.members];
    this.memberNumbers = Uint32Array.from(this.memberList, ({ number }) => number);
    this.memberPositions = Float64Array.from(
      this.memberList,
      ({ positions }) => positions.get(this.id) ?? 0,
    );
    this.isSorted = this.members.size > limit;
  }

  /** The bucket of those who ask for this; `fill` puts the available agents into a new one. */
  bucketFor(asked: Asked, fill: (bucket: Bucket) => void): Bucket {
    if (asked === NOTHING) return this.plain;
    if (asked.bucket?.isAlive === true) return asked.bucket;
    const bucket = this.#findBucket(asked.demands) ?? this.#newBucket(asked.demands, fill);
    asked.bucket = bucket;
    return bucket;
  }

  #findBucket(demands: readonly Demand[]): Bucket | undefined {
    const name = nameOf(demands);
    return typeof name === 'number'
      ? this.#bucketList[this.#bucketNumbers.indexOf(name)]
      : this.#bucketList.find((bucket) => bucket.name === name);
  }

  #newBucket(demands: readonly Demand[], fill: (bucket: Bucket) => void): Bucket {
    const kept =
      this.#bucketList.length > SPARE_BUCKETS ? this.#withoutSpare() : [...this.#bucketList];
    const bucket = new Bucket(this, demands);
    this.#listBuckets([...kept, bucket]);
    fill(bucket);
    return bucket;
  }

  #withoutSpare(): readonly Bucket[] {
    return this.#bucketList.filter((bucket) => {
      bucket.isAlive = bucket === this.plain || bucket.length > 0;
      return bucket.isAlive;
    });
  }

  #listBuckets(buckets: readonly Bucket[]): void {
    this.#bucketList = buckets;
    this.#bucketNumbers = buckets.map(({ name }) => (typeof name === 'number' ? name : NO_NUMBER));
    this.#heads = buckets.flatMap(({ firstKey, skill, level }) => [firstKey, skill, level]);
    for (const [at, bucket] of buckets.entries()) bucket.index = at;
  }
}
