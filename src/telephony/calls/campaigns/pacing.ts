import { AbandonmentLedger, type AbandonmentRule } from '../../../engines/dialer/abandonment.js';
import { Connecting } from '../../../engines/dialer/connecting.js';
import type { LineEnd } from '../../../engines/dialer/laws.js';
import type { AgentId, AttemptId } from '../../../kernel/ids.js';

/** No line is given up before it rang so long (47 CFR 64.1200(a)(6): 15 s or four rings). */
export const MINIMUM_RING_MS = 15_000;
/** So long an answered call waits for an agent before it is abandoned (47 CFR 64.1200(a)(7): two seconds). */
export const PATIENCE_MS = 2_000;
const SECOND_MS = 1_000;

/** An agent who works for a campaign now. */
export interface PacedAgent {
  readonly id: AgentId;
  readonly state: 'idle' | 'talking' | 'wrap-up';
}

export interface PacingAnswer {
  /** So many calls are started now. */
  readonly start: number;
  /** Ringing lines to give up now; all of them rang at least {@link MINIMUM_RING_MS}. */
  readonly giveUp: readonly AttemptId[];
  readonly mode: 'one-to-one' | 'predictive';
}

export interface PacingFigures {
  readonly mode: PacingAnswer['mode'];
  /** Of the campaign's window. */
  readonly answered: number;
  readonly abandoned: number;
  /** Share of lines that are answered, as it is expected now; from 0 to 1. */
  readonly answerRate: number;
  /** The limit is passed, and the last agent who was free for an answer came too late: one call a minute. */
  readonly arePhonesLate: boolean;
  /** What predictive pacing goes by; absent where a line is dialled for each free agent. */
  readonly forecast?: {
    /** Expected within so long: agents who get free, and ringing lines that are answered. */
    readonly aheadMs: number;
    readonly free: number;
    readonly answers: number;
    /** Chance that one more answer would find nobody, and how much of it is accepted; from 0 to 1. */
    readonly risk: number;
    readonly accepted: number;
  };
}

/**
 * How many lines a campaign dials. It is told everything that happens and asked about twice a second, and at once when
 * something happened. Instants in ms.
 */
export interface Pacing {
  /** The agents who work for the campaign at this moment. */
  see(agents: readonly PacedAgent[], at: number): void;
  /** `score`: how likely somebody answers, beside other leads; undefined where that is not known. */
  started(line: AttemptId, at: number, score?: number): void;
  /** It was answered, and it is not known yet whether by a person. */
  detecting(line: AttemptId): void;
  /** It does not ring any more. An answered one waits for an agent until it is connected or lost. */
  ended(line: AttemptId, end: LineEnd, at: number): void;
  connected(line: AttemptId, at: number): void;
  /** An answered line is over without an agent: `abandoned` where that was our fault. */
  lost(line: AttemptId, why: 'abandoned' | 'hung-up', at: number): void;
  /** Answered and abandoned before a restart, oldest first. */
  restore(past: readonly { readonly at: number; readonly abandoned: boolean }[]): void;
  decide(at: number, room: number): PacingAnswer;
  readonly figures: PacingFigures;
}

/** How fast old lines are forgotten for the answer rate that is shown: the last hundred count. */
const REMEMBERED_LINES = 100;

/** One line for each free agent: nobody who answers finds nobody, but for agents who leave meanwhile. */
export class OneToOne implements Pacing {
  readonly ledger: AbandonmentLedger;
  readonly #lines = new Map<AttemptId, number>();
  readonly #waiting = new Map<AttemptId, number>();
  readonly #connecting = new Connecting(PATIENCE_MS / SECOND_MS);
  #idle = 0;
  #ended = 0;
  #answered = 0;

  constructor(rule: AbandonmentRule) {
    this.ledger = new AbandonmentLedger(rule);
  }

  see(agents: readonly PacedAgent[]): void {
    this.#idle = agents.filter(({ state }) => state === 'idle').length;
  }

  started(line: AttemptId, at: number): void {
    this.#lines.set(line, at);
  }

  detecting(line: AttemptId): void {
    // It has an agent reserved as any other, and cannot be given up.
    this.#lines.set(line, Infinity);
  }

  ended(line: AttemptId, end: LineEnd, at: number): void {
    this.#lines.delete(line);
    const kept = this.#ended < REMEMBERED_LINES ? 1 : 1 - 1 / REMEMBERED_LINES;
    this.#ended = this.#ended * kept + 1;
    this.#answered = this.#answered * kept + (end === 'answered' ? 1 : 0);
    if (end !== 'answered') return;
    this.#waiting.set(line, at);
    this.ledger.addAnswered(at);
  }

  connected(line: AttemptId, at: number): void {
    const since = this.#waiting.get(line);
    if (since !== undefined) this.#connecting.inTime((at - since) / SECOND_MS);
    this.#waiting.delete(line);
  }

  lost(line: AttemptId, why: 'abandoned' | 'hung-up', at: number): void {
    this.#waiting.delete(line);
    if (why === 'hung-up') return;
    this.#connecting.tooLate(at);
    this.ledger.addAbandoned(at);
  }

  restore(past: readonly { readonly at: number; readonly abandoned: boolean }[]): void {
    restoreLedger(this.ledger, past);
  }

  decide(at: number, room: number): PacingAnswer {
    this.ledger.pass(at);
    const free = this.#idle - this.#waiting.size - this.#lines.size;
    if (free >= 0) {
      const wanted = Math.min(free, room);
      const start = this.#isOver ? this.#connecting.startOf(wanted, at) : wanted;
      return { start, giveUp: [], mode: 'one-to-one' };
    }
    const old = [...this.#lines].filter(([, since]) => at - since >= MINIMUM_RING_MS);
    // Lines stand in the order of their starts.
    const giveUp = old.slice(0, -free).map(([line]) => line);
    for (const line of giveUp) this.#lines.delete(line);
    return { start: 0, giveUp, mode: 'one-to-one' };
  }

  get figures(): PacingFigures {
    const { answered, abandoned } = this.ledger;
    const answerRate = this.#ended === 0 ? 0 : this.#answered / this.#ended;
    const arePhonesLate = this.#isOver && this.#connecting.isLate;
    return { mode: 'one-to-one', answered, abandoned, answerRate, arePhonesLate };
  }

  get #isOver(): boolean {
    return this.ledger.share > this.ledger.rule.limit;
  }
}

/** Counts what happened before a restart. */
export function restoreLedger(
  ledger: AbandonmentLedger,
  past: readonly { readonly at: number; readonly abandoned: boolean }[],
): void {
  for (const { at, abandoned } of past) {
    ledger.addAnswered(at);
    if (abandoned) ledger.addAbandoned(at);
  }
}
