import type { AgentNumbers } from './agent-numbers.js';
import { isPassedOver, keyOf, RING_ALL_LIMIT, secondKeyOf, type Found } from './choose.js';
import type { Agent } from './agent.js';
import type { Bucket, Candidate } from './bucket.js';
import type { Waiter } from './waiter.js';
import { NAMED_CANDIDATES } from './reasons.js';

/** Greater than every position of a member. */
const ONE_ROUND = 2 ** 40;

/** The first few of those looked at, in order; numbers only, since most who are looked at are not among them. */
class FirstFew {
  readonly #agents: Agent[] = [];
  readonly #preferred: number[] = [];
  readonly #keys: number[] = [];
  readonly #secondKeys: number[] = [];
  #limit = 0;

  begin(limit: number): void {
    this.#limit = limit;
    for (const list of [this.#agents, this.#preferred, this.#keys, this.#secondKeys])
      list.length = 0;
  }

  offer(agent: Agent, preferred: number, key: number, secondKey: number): void {
    let place = this.#agents.length;
    while (place > 0 && this.#isBefore(place - 1, agent, preferred, key, secondKey)) place--;
    if (place >= this.#limit) return;
    this.#agents.splice(place, 0, agent);
    this.#preferred.splice(place, 0, preferred);
    this.#keys.splice(place, 0, key);
    this.#secondKeys.splice(place, 0, secondKey);
    if (this.#agents.length > this.#limit)
      for (const list of [this.#agents, this.#preferred, this.#keys, this.#secondKeys]) list.pop();
  }

  candidates(bucket: Bucket): readonly Candidate[] {
    return this.#agents.map((agent, place) => ({
      agent,
      bucket,
      preferred: this.#preferred[place] ?? 0,
      key: this.#keys[place] ?? 0,
      key2: this.#secondKeys[place] ?? 0,
    }));
  }

  /** Whether the new one comes before whoever stands at a place. */
  #isBefore(place: number, agent: Agent, preferred: number, key: number, second: number): boolean {
    const order =
      (this.#preferred[place] ?? 0) - preferred ||
      key - (this.#keys[place] ?? 0) ||
      second - (this.#secondKeys[place] ?? 0) ||
      agent.id - (this.#agents[place]?.id ?? 0);
    return order < 0;
  }
}

const few = new FirstFew();

/** Who is offered the call now, in a line whose members are looked through. `random` is from 0 to below 1. */
export function lookThrough(
  bucket: Bucket,
  waiter: Waiter,
  at: number,
  numbers: AgentNumbers,
  random: () => number,
): Found {
  const { line } = bucket;
  const { memberNumbers, memberPositions, memberList } = line;
  const { available } = numbers;
  const offered = line.isRingAll ? RING_ALL_LIMIT : 1;
  few.begin(offered + NAMED_CANDIDATES);
  let fitting = 0;
  for (let place = 0; place < memberNumbers.length; place++) {
    if (available[memberNumbers[place] ?? 0] !== 1) continue;
    const agent = memberList[place];
    if (agent === undefined || !bucket.fits(agent)) continue;
    fitting++;
    if (isPassedOver(waiter, agent, at)) continue;
    const position = memberPositions[place] ?? 0;
    few.offer(
      agent,
      bucket.preferredOf(agent),
      turnOf(bucket, agent, position, random),
      secondKeyOf(bucket, agent),
    );
  }
  const best = fitting === 0 ? [] : few.candidates(bucket);
  return { chosen: best.slice(0, offered), fitting, next: best };
}

/** The key by which the first is offered the call now. */
function turnOf(bucket: Bucket, agent: Agent, position: number, random: () => number): number {
  const { line } = bucket;
  // Behind whoever was tried last, then around.
  if (line.isRoundRobin) return position > line.pointer ? position : position + ONE_ROUND;
  return line.config.strategy === 'random' ? random() : keyOf(bucket, agent, position);
}
