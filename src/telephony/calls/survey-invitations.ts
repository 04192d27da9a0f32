import { isDrawn } from '../../engines/survey/drawing-lots.js';
import type { Clock } from '../../kernel/clock.js';
import { withinLimit } from '../caller-history.js';
import type { SurveyRule } from '../directory.js';
import type { SurveyHistory } from '../survey-history.js';
import type { Call } from './call.js';
import type { CallLog } from './services.js';

/** A caller whose agent has hung up waits at most so long until it is known when the number was asked last. */
const RECALL_LIMIT_MS = 300;
/** So long a number that was asked is remembered here: until then the ledger has written it down. */
const REMEMBER_MS = 15 * 60_000;
const DAY_MS = 86_400_000;

/** Why a caller is not asked: `survey.skipped.<code>` in the catalog. */
export type SkipReason = 'not-drawn' | 'asked-lately' | 'history-away';

/** Decides who is asked after a talk. A withheld number cannot be known again: only the lot decides. */
export class SurveyInvitations {
  readonly #asked = new Map<string, number>();

  constructor(
    private readonly deps: {
      readonly clock: Clock;
      readonly log: CallLog;
      readonly history: SurveyHistory;
    },
  ) {}

  /** Undefined: the caller is to be asked. Rather nobody is asked than somebody too often. */
  async whyNot({ id, facts }: Call, rule: SurveyRule): Promise<SkipReason | undefined> {
    if (!isDrawn(id, rule.share)) return 'not-drawn';
    if (rule.minDays === 0 || facts.from === '') return undefined;
    const { clock } = this.deps;
    if (this.#asked.has(facts.from)) return 'asked-lately';
    // Before anything is awaited: of two calls of one number that end together one is asked.
    this.#note(facts.from);
    const since = clock.now() - rule.minDays * DAY_MS;
    const known = await this.#askedSince(facts.from, since);
    if (known === false) return undefined;
    this.#asked.delete(facts.from);
    return known === true ? 'asked-lately' : 'history-away';
  }

  #note(number: string): void {
    const now = this.deps.clock.now();
    for (const [known, at] of this.#asked) if (now - at > REMEMBER_MS) this.#asked.delete(known);
    this.#asked.set(number, now);
  }

  async #askedSince(number: string, since: number): Promise<boolean | 'unknown'> {
    const { clock, log, history } = this.deps;
    try {
      const known = await withinLimit(clock, RECALL_LIMIT_MS, history.askedSince(number, since));
      if (known !== 'late') return known;
      log.warn({ limitMs: RECALL_LIMIT_MS }, 'earlier surveys were not found in time');
    } catch (error) {
      log.warn({ err: error }, 'earlier surveys cannot be looked up');
    }
    return 'unknown';
  }
}
