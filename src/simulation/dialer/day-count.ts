import type { AbandonmentRule } from '../../engines/dialer/abandonment.js';

export const SLOT_MS = 300_000;

/** Five minutes of a simulated day. */
export interface Slot {
  /** Agents' time in talk and wrap-up, and at work at all. */
  readonly busyMs: number;
  readonly presentMs: number;
  readonly answered: number;
  readonly abandoned: number;
}

/** What one simulated day gave. Shares from 0 to 1. */
export interface DialerResult {
  /** Talk and wrap-up of the time that agents were logged in. */
  readonly utilisation: number;
  readonly started: number;
  /** By people; those whom machine detection took for machines are not among them. */
  readonly answered: number;
  readonly abandoned: number;
  readonly takenForMachine: number;
  readonly givenUp: number;
  /** Idle seconds of agents for each call that an agent had. */
  readonly idlePerCallS: number;
  /** Most lines that rang, waited or talked at one time, and as many as were enough for 99 % of the time. */
  readonly mostLines: number;
  readonly linesP99: number;
  /** Shortest ring of a line that was given up, in ms; Infinity where none was. */
  readonly shortestGivenUpMs: number;
  /** Longest time that somebody waited who was not abandoned, and shortest of one who was; in ms. */
  readonly longestWaitMs: number;
  readonly shortestAbandonedMs: number;
  /** By how many calls the limit was passed at worst, in any rolling window of the rule; 0 where it never was. */
  readonly mostOver: number;
  /** Callers on the line who were answered, and how long they waited on average. */
  readonly callers: number;
  readonly callersWaitMs: number;
  readonly slots: readonly Slot[];
  /** Processor time of decisions, in µs, 99th percentile. */
  readonly decisionP99us: number;
}

type Counter = 'started' | 'answered' | 'abandoned' | 'takenForMachine' | 'givenUp' | 'connected';

/** Counts a day while it is played. */
export class DayCount {
  readonly #counts: Record<Counter, number> = {
    ...{ started: 0, answered: 0, abandoned: 0, takenForMachine: 0, givenUp: 0, connected: 0 },
  };
  readonly #slots: { -readonly [K in keyof Slot]: Slot[K] }[] = [];
  /** Answers of the rolling window, oldest first; those before the first place have left it. */
  readonly #window: { readonly at: number; readonly abandoned: number }[] = [];
  #first = 0;
  #windowAnswered = 0;
  #windowAbandoned = 0;
  #mostOver = 0;
  /** How long so many lines were in use, in ms. */
  readonly #linesMs: number[] = [];
  #shortestGivenUp = Infinity;
  #longestWait = 0;
  #shortestAbandoned = Infinity;
  #callers = 0;
  #callersWaitMs = 0;
  readonly #times: number[] = [];

  constructor(private readonly rule: AbandonmentRule) {}

  get started(): number {
    return this.#counts.started;
  }

  add(what: Counter): void {
    this.#counts[what]++;
  }

  /** A decision took so much processor time. */
  decided(us: number): void {
    this.#times.push(us);
  }

  gaveUp(rangMs: number): void {
    this.#counts.givenUp++;
    this.#shortestGivenUp = Math.min(this.#shortestGivenUp, rangMs);
  }

  waited(ms: number): void {
    this.#longestWait = Math.max(this.#longestWait, ms);
  }

  callerAnswered(waitedMs: number): void {
    this.#callers++;
    this.#callersWaitMs += waitedMs;
  }

  /** A person answered. */
  answered(at: number): void {
    this.#counts.answered++;
    this.#slotAt(at).answered++;
    this.#note(at, 0);
  }

  /** A person who waited so long found nobody. */
  abandoned(at: number, waitedMs: number): void {
    this.#counts.abandoned++;
    this.#slotAt(at).abandoned++;
    this.#shortestAbandoned = Math.min(this.#shortestAbandoned, waitedMs);
    this.#note(at, 1);
  }

  /** Time goes by with so many agents and lines. */
  pass(from: number, to: number, now: { busy: number; present: number; lines: number }): void {
    this.#linesMs[now.lines] = (this.#linesMs[now.lines] ?? 0) + to - from;
    for (let at = from; at < to;) {
      const end = Math.min(to, (Math.floor(at / SLOT_MS) + 1) * SLOT_MS);
      const slot = this.#slotAt(at);
      slot.busyMs += now.busy * (end - at);
      slot.presentMs += now.present * (end - at);
      at = end;
    }
  }

  get result(): DialerResult {
    const sum = (of: (slot: Slot) => number): number =>
      this.#slots.reduce((total, slot) => total + of(slot), 0);
    const busyMs = sum((slot) => slot.busyMs);
    const presentMs = sum((slot) => slot.presentMs);
    const sorted = this.#times.sort((a, b) => a - b);
    const { connected, ...counts } = this.#counts;
    return {
      ...counts,
      utilisation: presentMs > 0 ? busyMs / presentMs : 0,
      idlePerCallS: (presentMs - busyMs) / 1_000 / Math.max(1, connected),
      ...this.#lines(),
      shortestGivenUpMs: this.#shortestGivenUp,
      longestWaitMs: this.#longestWait,
      shortestAbandonedMs: this.#shortestAbandoned,
      mostOver: this.#mostOver,
      callers: this.#callers,
      callersWaitMs: this.#callersWaitMs / Math.max(1, this.#callers),
      slots: this.#slots,
      decisionP99us: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    };
  }

  #lines(): Pick<DialerResult, 'mostLines' | 'linesP99'> {
    const all = this.#linesMs.reduce((sum, ms) => sum + ms, 0);
    let left = 0.99 * all;
    let enough = 0;
    for (; enough < this.#linesMs.length; enough++) {
      left -= this.#linesMs[enough] ?? 0;
      if (left <= 0) break;
    }
    return { mostLines: Math.max(0, this.#linesMs.length - 1), linesP99: enough };
  }

  #slotAt(at: number): { -readonly [K in keyof Slot]: Slot[K] } {
    const place = Math.floor(at / SLOT_MS);
    return (this.#slots[place] ??= { busyMs: 0, presentMs: 0, answered: 0, abandoned: 0 });
  }

  #note(at: number, abandoned: number): void {
    this.#window.push({ at, abandoned });
    this.#windowAnswered += 1 - abandoned;
    this.#windowAbandoned += abandoned;
    for (;;) {
      const first = this.#window[this.#first];
      if (first === undefined || first.at > at - this.rule.windowMs) break;
      this.#windowAnswered -= 1 - first.abandoned;
      this.#windowAbandoned -= first.abandoned;
      this.#first++;
    }
    const over = this.#windowAbandoned - this.rule.limit * this.#windowAnswered;
    this.#mostOver = Math.max(this.#mostOver, over);
  }
}
