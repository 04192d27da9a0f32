import type { Agent } from './agent.js';
import type { AgentStates } from './agent-states.js';
import { isPassedOver } from './choose.js';
import type { Bucket } from './bucket.js';
import type { Floor } from './floor.js';
import type { Line } from './line.js';
import { isServedBefore, type Waiter } from './waiter.js';
import { freedReasons, offerReasons } from './reasons.js';

/** Brings together who waits and who is available: exactly those whom the last event concerns. */
export class Matching {
  constructor(
    private readonly floor: Floor,
    private readonly states: AgentStates,
  ) {}

  readonly #fill = (bucket: Bucket): void => {
    this.floor.fill(bucket);
  };

  match(at: number): void {
    const { ready, freed, roomy } = this.floor;
    for (;;)
      if (ready.length > 0) {
        const waiter = ready.shift();
        if (waiter?.isInLine === true) this.#serve(waiter, at);
      } else if (freed.length > 0) {
        const agent = freed.shift();
        if (agent?.state === 'available' && !agent.isListed) this.#employ(agent, at);
      } else {
        const line = roomy.shift();
        if (line === undefined) return;
        line.isRoomy = false;
        this.#serveLine(line, at);
      }
  }

  /** Somebody in line looks for an agent, and waits at the right place if there is none. */
  #serve(waiter: Waiter, at: number): void {
    if (waiter.offers.length > 0) return;
    this.floor.takeFromPlace(waiter);
    const { line } = waiter;
    if (waiter.notBefore > at) {
      line.keepApart(waiter);
      this.floor.remind(waiter, waiter.notBefore);
      return;
    }
    if (!line.isFull && this.#serveSticky(waiter, at)) return;
    const asked = line.demandsOf(waiter.requirements, at - waiter.enteredAt);
    if (asked.nextChangeMs !== undefined)
      this.floor.remind(waiter, waiter.enteredAt + asked.nextChangeMs);
    const bucket = line.bucketFor(asked, this.#fill);
    const found = this.floor.find(bucket, waiter, at);
    if (found.chosen.length > 0) {
      const reasons = offerReasons(bucket, waiter, found, at, this.floor.skillNames);
      for (const { agent } of found.chosen) this.#offer(waiter, agent, at, reasons);
      return;
    }
    line.place(waiter, bucket);
    if (!this.floor.isQuiet) this.floor.commands.push({ kind: 'keep-waiting', call: waiter.call });
  }

  /** True where the call was offered to the agent that it is meant for, or waits for that agent's return. */
  #serveSticky(waiter: Waiter, at: number): boolean {
    const { sticky } = waiter;
    if (sticky === undefined || sticky.until <= at) return false;
    const agent = this.floor.agents.get(sticky.agent);
    if (agent?.isAtWork !== true) return false;
    if (agent.state === 'available') {
      this.#offer(waiter, agent, at, [`sticky:${agent.name}`]);
      return true;
    }
    agent.waitFor(waiter);
    waiter.line.keepApart(waiter);
    this.floor.remind(waiter, sticky.until);
    this.floor.commands.push({ kind: 'keep-waiting', call: waiter.call });
    return true;
  }

  /** An agent who became available takes whoever stands first of all whom the agent may serve, or is idle. */
  #employ(agent: Agent, at: number): void {
    const waiter = this.#firstFor(agent, at);
    if (waiter === undefined) {
      this.floor.list(agent);
      return;
    }
    const reasons =
      waiter.waitsFor === agent
        ? [`sticky:${agent.name}`]
        : freedReasons(waiter.bucket, waiter, at, this.floor.skillNames);
    this.#offer(waiter, agent, at, reasons);
  }

  #firstFor(agent: Agent, at: number): Waiter | undefined {
    let best = agent.personal?.find((waiter) => !waiter.line.isFull);
    // The lines in the order of who stands first in them: most often the first line decides.
    for (let place = -1; ;) {
      place = this.#nextLine(agent, place, best);
      if (place < 0) break;
      const index = this.floor.numbers.lines[agent.firstLine + place] ?? -1;
      if (this.floor.lineNumbers.isFull(index)) continue;
      const line = this.floor.lineList[index];
      if (line !== undefined) best = this.#firstIn(line, agent, at, best);
    }
    return best ?? this.#firstRinging(agent, at);
  }

  /** The place of the agent's line that comes after another one by whoever is first there, and before `best`; else -1. */
  #nextLine(agent: Agent, after: number, best: Waiter | undefined): number {
    const { heads } = this.floor.lineNumbers;
    const { lines } = this.floor.numbers;
    const { firstLine, lineCount } = agent;
    const afterHead = after < 0 ? -Infinity : headOf(heads, lines, firstLine + after);
    let first = -1;
    let firstHead = best?.rank ?? Number.MAX_VALUE;
    for (let place = 0; place < lineCount; place++) {
      const head = headOf(heads, lines, firstLine + place);
      if (head > firstHead || (head === firstHead && first >= 0)) continue;
      if (head < afterHead || (head === afterHead && place <= after)) continue;
      first = place;
      firstHead = head;
    }
    return first;
  }

  /** Whoever in this line stands before `best` and may be served by the agent; else `best`. */
  #firstIn(line: Line, agent: Agent, at: number, best: Waiter | undefined): Waiter | undefined {
    let first = best;
    const { buckets } = line;
    for (let place = 0; place < buckets.length; place++) {
      const head = line.headRank(place);
      // Ranks first: what a bucket asks for is looked at only where its first could win.
      if (head === Infinity || (first !== undefined && head > first.rank)) continue;
      if (!line.fits(place, agent)) continue;
      const bucket = buckets[place];
      let waiter = bucket?.next;
      if (waiter !== undefined && isPassedOver(waiter, agent, at))
        waiter = bucket?.find((one) => !isPassedOver(one, agent, at));
      if (waiter !== undefined && (first === undefined || isServedBefore(waiter, first)))
        first = waiter;
    }
    return first;
  }

  /** Nobody waits without an offer: where all phones ring, one more joins in. */
  #firstRinging(agent: Agent, at: number): Waiter | undefined {
    for (const line of agent.ringAllLines) {
      const waiter = line.ringing.find((one) => {
        const { demands } = line.demandsOf(one.requirements, at - one.enteredAt);
        const lacks = demands.some((d) => d.isRequired && agent.levelOf(d.skill) < d.minLevel);
        return !lacks && !isPassedOver(one, agent, at) && !this.#isForAnother(one, agent, at);
      });
      if (waiter !== undefined) return waiter;
    }
    return undefined;
  }

  /** It rings at the one agent whom the call is meant for. */
  #isForAnother({ sticky, offers }: Waiter, agent: Agent, at: number): boolean {
    if (sticky === undefined || sticky.until <= at || sticky.agent === agent.id) return false;
    return offers.some(({ id }) => id === sticky.agent);
  }

  #serveLine(line: Line, at: number): void {
    if (!this.floor.hasAvailable(line.plain)) return;
    for (const waiter of line.everybody) {
      if (line.isFull || !this.floor.hasAvailable(line.plain)) return;
      const isAgentThere = waiter.waitsFor?.state === 'available';
      if (isAgentThere || (waiter.bucket !== undefined && this.floor.hasAvailable(waiter.bucket)))
        this.#serve(waiter, at);
    }
  }

  #offer(waiter: Waiter, agent: Agent, at: number, reasons: readonly string[]): void {
    const { line } = waiter;
    this.floor.takeFromPlace(waiter);
    line.keepApart(waiter);
    if (waiter.offers.length === 0) {
      line.inService++;
      if (line.isRingAll) line.ringing.add(waiter);
    }
    waiter.offers = waiter.offers.length === 0 ? agent.alone : [...waiter.offers, agent];
    if (line.isRoundRobin) line.pointer = agent.positions.get(line.id) ?? line.pointer;
    this.states.ring(agent, waiter, at);
    this.floor.commands.push({
      kind: 'offer-call',
      call: waiter.call,
      agent: agent.id,
      queue: line.id,
      reasons,
    });
  }
}

const headOf = (heads: Float64Array, indexes: Uint32Array, place: number): number =>
  heads[indexes[place] ?? 0] ?? Infinity;
