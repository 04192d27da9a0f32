import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Language } from '../../../kernel/call-event.js';
import {
  choiceField,
  flagField,
  integerField,
  problem,
  textField,
} from '../../../kernel/fields.js';
import type { UserId } from '../../../kernel/ids.js';
import { isMailAddress } from '../../mail/index.js';

/** daily: every day; weekdays: Monday to Friday; weekly: on Mondays; monthly: on the first. */
export const MAIL_TIMES = ['never', 'daily', 'weekdays', 'weekly', 'monthly'] as const;
export const FORMATS = ['xlsx', 'csv'] as const;
const MAX_RECIPIENTS = 20;

export type SavedReportId = number & { readonly __brand: 'SavedReportId' };

/** Addresses with spaces, commas or lines between, each once. */
export const addressesIn = (text: string): readonly string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((part) => part !== '')),
];

export const savedReportSchema = z
  .object({
    name: textField({ max: 80 }),
    shared: flagField(),
    mailWhen: choiceField(MAIL_TIMES),
    mailHour: integerField(0, 23),
    mailTo: textField({ min: 0, max: 1_000 }),
    format: choiceField(FORMATS),
  })
  .superRefine(({ mailWhen, mailTo }, context) => {
    const addresses = addressesIn(mailTo);
    const wrong = addresses.find((address) => !isMailAddress(address));
    const refuse = (issue: ReturnType<typeof problem>): void => {
      context.addIssue({ ...issue, path: ['mailTo'] });
    };
    if (wrong !== undefined)
      refuse(problem('reports.saved.problem.address', { value: wrong.slice(0, 60) }));
    else if (addresses.length > MAX_RECIPIENTS)
      refuse(problem('reports.saved.problem.too-many', { max: MAX_RECIPIENTS }));
    else if (mailWhen !== 'never' && addresses.length === 0) refuse(problem('form.problem.needed'));
  });

export type SavedReportDraft = z.output<typeof savedReportSchema>;

export interface SavedReport extends SavedReportDraft {
  readonly id: SavedReportId;
  readonly userId: UserId;
  readonly userName: string;
  readonly slug: string;
  /** As it stands in the address, without `?`. */
  readonly query: string;
  readonly language: Language;
  readonly nextMailAt: number | undefined;
  readonly lastMailedAt: number | undefined;
}

export type NewSavedReport = SavedReportDraft &
  Pick<SavedReport, 'slug' | 'query' | 'language' | 'userId' | 'nextMailAt'>;

export interface SavedReportStore {
  /** Own ones, and those that others share; by name. */
  list(user: UserId): Promise<readonly SavedReport[]>;
  find(id: SavedReportId): Promise<SavedReport | undefined>;
  add(report: NewSavedReport): Promise<SavedReportId>;
  change(
    id: SavedReportId,
    change: SavedReportDraft & Pick<SavedReport, 'language' | 'nextMailAt'>,
  ): Promise<void>;
  remove(id: SavedReportId): Promise<void>;
}

const isDue = (day: Temporal.PlainDate, when: SavedReportDraft['mailWhen']): boolean =>
  when === 'daily' ||
  (when === 'weekdays' && day.dayOfWeek <= 5) ||
  (when === 'weekly' && day.dayOfWeek === 1) ||
  (when === 'monthly' && day.day === 1);

/** The first moment behind `at` at which a report is mailed, by the clock of the site; undefined where it never is. */
export function nextMailAt(
  { mailWhen, mailHour }: Pick<SavedReportDraft, 'mailWhen' | 'mailHour'>,
  at: number,
  zone: string,
): number | undefined {
  if (mailWhen === 'never') return undefined;
  let day = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate();
  for (;;) {
    // In a night in which the clocks skip the hour it is the one behind.
    const moment = day.toZonedDateTime({ timeZone: zone, plainTime: { hour: mailHour } });
    if (isDue(day, mailWhen) && moment.epochMilliseconds > at) return moment.epochMilliseconds;
    day = day.add({ days: 1 });
  }
}
