import type { RuleSet } from '../../engines/outbound/rule-set.js';
import type { WeeklyPeriod } from '../../engines/routing/calendar.js';
import { formatDuration, formatPercent, type PageContext } from '../../web/kit/index.js';
import { clockText, daysText } from '../configuration/index.js';
import { ruleSetsOf } from './campaign-rules.js';
import type { CampaignSettings } from './campaign.js';

type Words = Pick<PageContext, 't' | 'language' | 'hasText'>;

/** `Mon–Fri 9:00–18:00, Sat 10:00–14:00` */
export const hoursText = (weekly: readonly WeeklyPeriod[], { t }: Pick<PageContext, 't'>): string =>
  weekly
    .map(
      ({ days, fromMinute, toMinute }) =>
        `${daysText(days, t)} ${clockText(fromMinute)}–${clockText(toMinute)}`,
    )
    .join(', ');

/** A rule set as pages show it: what it asks, and what says so. */
export interface RuleSetView {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly words: readonly string[];
  readonly sources: RuleSet['sources'];
}

/** What each rule set of a campaign asks, whatever the campaign says. */
export const limitWords = (
  page: Words,
  settings: Pick<CampaignSettings, 'ruleSet'>,
): readonly RuleSetView[] => ruleSetsOf(settings).map((set) => ruleSetView(page, set));

function ruleSetView(page: Words, set: RuleSet): RuleSetView {
  const { t, language } = page;
  const days = (ms: number): number => Math.round(ms / 3_600_000);
  return {
    id: set.id,
    name: t(`campaigns.rule-set.${set.id}`),
    version: set.version,
    words: [
      t(`campaigns.limit.hours-${set.windowBasis}`, { hours: hoursText(set.weekly, page) }),
      t(`campaigns.limit.consent-${set.consent}`),
      t('campaigns.limit.ring', { time: formatDuration(set.minRingMs) }),
      ...(set.abandonLimit < 1
        ? [
            t('campaigns.limit.abandon', {
              share: formatPercent(set.abandonLimit, language),
              hours: days(set.abandonWindowMs),
            }),
          ]
        : []),
      ...(set.attemptsADay > 0 ? [t('campaigns.limit.a-day', { count: set.attemptsADay })] : []),
      ...(set.afterAbandonedMs > 0
        ? [t('campaigns.limit.after-abandoned', { hours: days(set.afterAbandonedMs) })]
        : []),
      ...(set.afterMachineMs > 0
        ? [t('campaigns.limit.after-machine', { hours: days(set.afterMachineMs) })]
        : []),
    ],
    sources: set.sources,
  };
}
