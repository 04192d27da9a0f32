import { AbandonmentLedger, type AbandonmentRule } from './abandonment.js';

/** How calls are paced at this moment. */
export type PacingMode = 'predictive' | 'one-to-one';

/** Of the limit so much is used: answers come by chance, and the share must be below it at the end. */
const USED_SHARE = 0.96;
/** What is accepted while as much was abandoned as may be. */
const ACCEPTED_AT_FIRST = 0.03;
const ACCEPTED_LIMIT = 0.95;
const LEAST_LEVEL = -4;
const MOST_LEVEL = 2;
/** Half of the budget's error is worked off by what is accepted in the long run. */
const LEARNING = 0.5;
/** A budget is thought of as what so much time gives, in seconds. */
const BUDGET_HORIZON_S = 1_800;
/**
 * A new campaign may be over the limit by a tenth of what a day of its agents allows, and less with each answer: after that day
 * by nothing. Calls shorter than this make the day no longer.
 */
const DAY_S = 28_800;
const GRACE_SHARE = 0.1;
const LEAST_HANDLING_S = 60;
/** One call for each agent is kept up until so many calls more are allowed again. */
const RETURN_CALLS = 0.25;

/**
 * How much risk of finding nobody one more answer may have, so that the limit is used and not passed: an integral of the
 * count's error, and the error itself. Outside of both stands the guard: where one more abandoned call would pass the limit,
 * one call for each free agent is started and no more.
 */
export class AcceptedRisk {
  readonly ledger: AbandonmentLedger;
  mode: PacingMode = 'predictive';
  /** In the long run, as a power of e. */
  #level = 0;
  /** Since it was asked last. */
  #answered = 0;
  #abandoned = 0;

  constructor(rule: AbandonmentRule) {
    this.ledger = new AbandonmentLedger(rule);
  }

  answered(at: number): void {
    this.#answered++;
    this.ledger.addAnswered(at);
  }

  abandoned(at: number): void {
    this.#abandoned++;
    this.ledger.addAbandoned(at);
  }

  /** What is accepted now, from 0 to 1, with so many agents who have a call for so long on average; sets {@link mode}. */
  now(at: number, agents: number, handlingS: number): number {
    this.ledger.pass(at);
    const left = this.#left((agents * DAY_S) / Math.max(LEAST_HANDLING_S, handlingS));
    if (left < 1) this.mode = 'one-to-one';
    else if (left >= 1 + RETURN_CALLS) this.mode = 'predictive';
    const share = this.ledger.rule.limit * USED_SHARE;
    const unit = Math.max(2, (share * agents * BUDGET_HORIZON_S) / handlingS);
    this.#learn(share, unit);
    const budget = share * this.ledger.answered - this.ledger.abandoned;
    const error = budget / (unit + Math.sqrt(share * this.ledger.answered + 1));
    // As many calls before the guard as half an hour's count is off by chance, the risk that is accepted begins to fall.
    const brake = Math.log(Math.max(1e-6, (left - 1) / Math.sqrt(unit)));
    const power = this.#level + Math.max(-2, Math.min(1, error)) + Math.min(0, brake);
    return Math.min(ACCEPTED_LIMIT, ACCEPTED_AT_FIRST * Math.exp(power));
  }

  #learn(share: number, unit: number): void {
    const step = (LEARNING * (share * this.#answered - this.#abandoned)) / unit;
    this.#answered = 0;
    this.#abandoned = 0;
    // While the guard holds, that nobody is abandoned says nothing of the risk that was accepted.
    if (this.mode === 'predictive' || step < 0) this.#level += step;
    this.#level = Math.max(LEAST_LEVEL, Math.min(MOST_LEVEL, this.#level));
  }

  /** So many more calls may be abandoned. `day`: answers of a usual day. */
  #left(day: number): number {
    const { answered, abandoned, rule } = this.ledger;
    const grace = GRACE_SHARE * rule.limit * Math.max(0, day - answered);
    return rule.limit * answered + grace - abandoned;
  }
}
