import type { Random } from '../random.js';
import type { DayCount } from './day-count.js';
import type { World } from './world.js';

const HOUR_MS = 3_600_000;
/** Where nobody calls, it is looked again after so long. */
const QUIET_MS = 60_000;
/** Longer than any day. */
const LONGEST_MS = 241 * HOUR_MS;

export interface SimulatedCaller {
  readonly at: number;
  readonly talkMs: number;
  readonly patienceMs: number;
}

/** People who call in and need the agents of a campaign, first come first served. */
export class InboundCallers {
  readonly #line: SimulatedCaller[] = [];

  constructor(
    private readonly inbound: NonNullable<World['inbound']>,
    private readonly random: Random,
    private readonly count: DayCount,
  ) {}

  /** When the next one calls. */
  nextAfter(at: number): number {
    for (let from = at; from < at + LONGEST_MS; from += QUIET_MS) {
      const perHour = this.inbound.callsPerHourAt(from);
      if (perHour === 0) continue;
      const after = (-Math.log(this.random()) * HOUR_MS) / perHour;
      // The rate may be another one then: what is drawn holds for a minute, and is forgotten.
      if (after < QUIET_MS) return from + after;
    }
    return Infinity;
  }

  come(at: number): SimulatedCaller {
    const talkMs = this.inbound.talk.draw(this.random);
    const caller = { at, talkMs, patienceMs: this.inbound.patience.draw(this.random) };
    this.#line.push(caller);
    return caller;
  }

  next(at: number): SimulatedCaller | undefined {
    const caller = this.#line.shift();
    if (caller !== undefined) this.count.callerAnswered(at - caller.at);
    return caller;
  }

  giveUp(caller: SimulatedCaller): void {
    const place = this.#line.indexOf(caller);
    if (place >= 0) this.#line.splice(place, 1);
  }
}
