import { Temporal } from 'temporal-polyfill';
import {
  meanOfCounts,
  wilsonInterval,
  type Counts,
  type Interval,
} from '../../engines/reporting/intervals.js';
import { textIn, type SurveyQuestion } from '../../engines/survey/survey.js';
import { formatPercent, type PageContext } from '../../web/kit/index.js';
import type { GroupLine, QuestionAnswers, ResultGroup, RunCounts } from './survey-results.js';

type Page = Pick<PageContext, 't' | 'language' | 'zone'>;
/** Makes the address of the answers behind a number. */
export type ToRuns = (changes: Readonly<Record<string, string>>) => string;

/** Width of the longest bar in pixels. */
const BAR = 160;

/** A share with its 95 % interval, in words. */
export interface RateView {
  readonly share: string;
  readonly interval: string;
}

export function rateView(page: Page, hits: number, cases: number): RateView {
  const interval = wilsonInterval(hits, cases);
  if (interval === undefined) return { share: '–', interval: '' };
  const [low, high] = interval.map((bound) => formatPercent(bound, page.language));
  return {
    share: formatPercent(hits / cases, page.language),
    interval: page.t('survey.interval', { low: low ?? '', high: high ?? '' }),
  };
}

const decimals = (page: Page, value: number): string =>
  new Intl.NumberFormat(page.language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  }).format(value);

const meanText = (page: Page, interval: Interval | undefined): string =>
  interval === undefined
    ? ''
    : page.t('survey.interval', {
        low: decimals(page, interval[0]),
        high: decimals(page, interval[1]),
      });

const sumOf = (counts: Counts): number =>
  [...counts.values()].reduce((sum, count) => sum + count, 0);

/** What a question came to: the mean of a scale, the share of yes. Nothing for choices and comments. */
export function ratingView(page: Page, question: SurveyQuestion, counts: Counts) {
  const cases = sumOf(counts);
  if (question.kind === 'score') {
    const mean = meanOfCounts(counts, [question.from, question.to]);
    if (mean === undefined) return undefined;
    return { value: decimals(page, mean.mean), interval: meanText(page, mean.interval), cases };
  }
  if (question.kind !== 'yes-no' || cases === 0) return undefined;
  const { share, interval } = rateView(page, counts.get(1) ?? 0, cases);
  return { value: share, interval, cases };
}

/** What a value is called. */
export function valueText(page: Page, question: SurveyQuestion, value: number): string {
  if (question.kind === 'yes-no') return page.t(value === 1 ? 'survey.yes' : 'survey.no');
  const choice = question.kind === 'choice' ? question.choices[value - 1] : undefined;
  return choice === undefined ? String(value) : textIn(choice, page.language);
}

/** Every value that a question allows, in the order in which pages show them. */
function valuesOf(question: SurveyQuestion): readonly number[] {
  const span = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, at) => from + at);
  switch (question.kind) {
    case 'score':
      return span(question.from, question.to).reverse();
    case 'yes-no':
      return [1, 0];
    case 'choice':
      return span(1, question.choices.length);
    case 'comment':
      return [];
  }
}

/** One question: how often each answer was given, and what that comes to. */
export function questionView(
  page: Page,
  { question, isAsked, counts, comments }: QuestionAnswers,
  toRuns: ToRuns,
) {
  const cases = sumOf(counts);
  const most = Math.max(1, ...counts.values());
  const id = String(question.id);
  return {
    ...{ id, isAsked, cases, comments, kind: question.kind },
    text: textIn(question.texts, page.language),
    kindText: page.t(`surveys.kind.${question.kind}`),
    rating: ratingView(page, question, counts),
    isScore: question.kind === 'score',
    casesHref: toRuns({ question: id }),
    values: valuesOf(question).map((value) => {
      const count = counts.get(value) ?? 0;
      return {
        label: valueText(page, question, value),
        count,
        ...rateView(page, count, cases),
        width: Math.round((BAR * count) / most),
        href: toRuns({ question: id, value: String(value) }),
      };
    }),
  };
}

/** The four counts as links. */
export function countViews(page: Page, counts: RunCounts, toRuns: ToRuns) {
  return (['offered', 'begun', 'answered', 'completed'] as const).map((name) => ({
    name,
    label: page.t(`survey.count.${name}`),
    about: page.t(`survey.count.${name}.about`),
    value: counts[name],
    href: toRuns(name === 'offered' ? {} : { what: name }),
  }));
}

/** A table of groups; days are put together of their quarters of an hour in the site's zone, the latest first. */
export function groupViews(
  page: Page,
  by: ResultGroup,
  lines: readonly GroupLine[],
  main: SurveyQuestion | undefined,
  toRuns: ToRuns,
) {
  const whole = by === 'day' ? byDay(lines, page.zone) : byName(lines);
  return whole.map(({ key, name, at, ...line }) => {
    const own: Readonly<Record<string, string>> =
      by === 'day' ? { period: '', from: key, to: key } : { [by]: key };
    const isNobody = by !== 'day' && key === '0';
    const to: ToRuns = (changes) => toRuns({ ...own, ...changes });
    return {
      ...{ name: isNobody ? page.t('survey.in-flow') : name, at },
      // What a flow asked has neither queue nor agent to narrow by.
      counts: countViews(page, line, to).map((count) =>
        isNobody ? { ...count, href: undefined } : count,
      ),
      rate: rateView(page, line.answered, line.offered),
      rating: main && ratingView(page, main, line.counts),
    };
  });
}

type WholeLine = Omit<GroupLine, 'key'> & { readonly key: string; readonly at: number | undefined };

const byName = (lines: readonly GroupLine[]): readonly WholeLine[] =>
  lines
    .map((line) => ({ ...line, key: String(line.key), at: undefined }))
    .sort((a, b) => b.offered - a.offered || (a.name < b.name ? -1 : 1));

function byDay(lines: readonly GroupLine[], zone: string): readonly WholeLine[] {
  const days = new Map<string, WholeLine>();
  for (const line of lines) {
    const at = Temporal.Instant.fromEpochMilliseconds(line.key).toZonedDateTimeISO(zone);
    const key = at.toPlainDate().toString();
    const day = days.get(key);
    days.set(key, {
      ...{ key, name: '', at: at.startOfDay().epochMilliseconds },
      offered: (day?.offered ?? 0) + line.offered,
      begun: (day?.begun ?? 0) + line.begun,
      answered: (day?.answered ?? 0) + line.answered,
      completed: (day?.completed ?? 0) + line.completed,
      counts: added(day?.counts ?? new Map(), line.counts),
    });
  }
  return [...days.values()].sort((a, b) => (a.key < b.key ? 1 : -1));
}

function added(one: Counts, other: Counts): Counts {
  const sum = new Map(one);
  for (const [value, count] of other) sum.set(value, (sum.get(value) ?? 0) + count);
  return sum;
}
