import type { Finding, Line } from '../../engines/reconciliation/finding.js';
import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AuditLog } from '../audit/audit.js';
import type { CheckedDay, ReconciliationStore } from './reconciliation-store.js';
import { dayNameOf, daysBehind, spanOfDay } from '../../kernel/site-day.js';

export const RECONCILIATION_ACCESS = 'calls.read';
/** How many days the page lists. */
const SHOWN_DAYS = 31;
/** For so long a day that does not add up is marked in the menu. */
const MARKED_DAYS = 7;

/** A day with everything that its page tells. */
export interface DayStory {
  readonly day: string;
  readonly span: TimeSpan;
  /** undefined: nobody has counted it, or asked for that. */
  readonly checked: CheckedDay | undefined;
  readonly lines: readonly Line[];
  readonly findings: readonly Finding[];
}

/** Reading what was counted, and asking for a count. */
export class ReconciliationService {
  constructor(
    private readonly parts: {
      readonly store: ReconciliationStore;
      readonly audit: AuditLog;
      readonly clock: Clock;
      readonly zone: string;
    },
  ) {}

  /** The last days, today first; those that nobody has counted too. */
  async days(
    actor: Actor,
  ): Promise<readonly { readonly day: string; readonly checked: CheckedDay | undefined }[]> {
    requirePermission(actor, RECONCILIATION_ACCESS);
    const today = this.#today();
    const known = await this.parts.store.days(daysBehind(today, 1 - SHOWN_DAYS));
    const byDay = new Map(known.map((one) => [one.day, one]));
    return Array.from({ length: SHOWN_DAYS }, (_, back) => {
      const day = daysBehind(today, -back);
      return { day, checked: byDay.get(day) };
    });
  }

  /** Throws `not-found` for what is no day that has begun. */
  async story(actor: Actor, day: string): Promise<DayStory> {
    requirePermission(actor, RECONCILIATION_ACCESS);
    const { store } = this.parts;
    const span = this.#spanOf(day);
    const [checked, lines, findings] = await Promise.all([
      store.day(day),
      store.lines(day),
      store.findings(day),
    ]);
    return { day, span, checked, lines, findings };
  }

  /** Asks for a count of the day; the job does it within moments. */
  async want(actor: Actor, day: string): Promise<void> {
    requirePermission(actor, RECONCILIATION_ACCESS);
    this.#spanOf(day);
    const { store, audit, clock } = this.parts;
    await audit.record(actor, {
      ...{ action: 'reconciliation.want', objectKind: 'reconciliation' },
      ...{ objectId: day, objectName: '' },
    });
    await store.want(day, new Date(clock.now()));
  }

  /** Days of the last week that do not add up. */
  countDiffering(actor: Actor): Promise<number> {
    return can(actor, RECONCILIATION_ACCESS)
      ? this.parts.store.countDiffering(daysBehind(this.#today(), -MARKED_DAYS))
      : Promise.resolve(0);
  }

  #today(): string {
    return dayNameOf(this.parts.clock.now(), this.parts.zone);
  }

  #spanOf(day: string): TimeSpan {
    const span = spanOfDay(day, this.parts.zone, this.parts.clock.now());
    if (span === undefined) throw new AppError('not-found', 'no such day');
    return span;
  }
}
