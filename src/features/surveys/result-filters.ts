import type { AgentId, QueueId, SurveyId, SurveyQuestionId } from '../../kernel/ids.js';
import type { PageContext } from '../../web/kit/index.js';
import { PERIODS, timeRange } from '../calls/index.js';
import {
  RUN_FILTERS,
  type ResultChoice,
  type ResultPeriod,
  type ResultScope,
  type RunFilters,
} from './survey-results.js';

/** Results are shown of so long unless the address says something else. */
const USUAL_PERIOD = 'last-30d';

/** Parameters of the address that narrow results, and that links of the pages keep. */
export const SCOPE_FILTERS = ['period', 'from', 'to', 'queue', 'agent'] as const;
export const RUN_FILTER_NAMES = [...SCOPE_FILTERS, 'what', 'question', 'value'] as const;

type Query = Readonly<Partial<Record<string, string>>>;

/** What is in the address; the usual period where it names none. */
export function askedOf(query: Query): Query {
  const isDated = ['period', 'from', 'to'].some((name) => (query[name] ?? '') !== '');
  return isDated ? query : { ...query, period: USUAL_PERIOD };
}

export function periodOf(page: PageContext, now: number): ResultPeriod {
  const { period, from, to } = askedOf(page.query);
  return timeRange({ period, from, to }, now, page.zone);
}

const numberIn = <Id extends number>(query: Query, name: string): Id | undefined => {
  const value = query[name] ?? '';
  return /^\d{1,9}$/.test(value) ? (Number(value) as Id) : undefined;
};

/** What makes no sense narrows nothing. */
export const scopeOf = (page: PageContext, survey: SurveyId, now: number): ResultScope => ({
  survey,
  ...periodOf(page, now),
  queueId: numberIn<QueueId>(page.query, 'queue'),
  agentId: numberIn<AgentId>(page.query, 'agent'),
});

export function runFiltersOf(page: PageContext, survey: SurveyId, now: number): RunFilters {
  const question = numberIn<SurveyQuestionId>(page.query, 'question');
  return {
    ...scopeOf(page, survey, now),
    what: RUN_FILTERS.find((known) => known === page.query['what']),
    question,
    value: question === undefined ? undefined : numberIn(page.query, 'value'),
  };
}

/** An address with the filters of this page, changed. */
export function withFilters(
  page: PageContext,
  path: string,
  names: readonly string[],
  changes: Readonly<Record<string, string>> = {},
): string {
  const asked = askedOf(page.query);
  const kept = Object.fromEntries(names.map((name) => [name, asked[name] ?? '']));
  const entries = Object.entries({ ...kept, ...changes }).filter(([, value]) => value !== '');
  const text = new URLSearchParams(entries).toString();
  return text === '' ? path : `${path}?${text}`;
}

/** One chip of the filter bar. */
interface FilterView {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** Period, queue and agent. */
export function scopeViews(
  page: PageContext,
  choices: { readonly queues: readonly ResultChoice[]; readonly agents: readonly ResultChoice[] },
): readonly FilterView[] {
  const named = (list: readonly ResultChoice[]) =>
    list.map(({ id, name }) => ({ value: String(id), label: name }));
  const any = page.t('list.any');
  return [
    periodView(page),
    { name: 'queue', label: page.t('survey.queue'), any, options: named(choices.queues) },
    { name: 'agent', label: page.t('survey.agent'), any, options: named(choices.agents) },
  ].filter(({ options }) => options.length > 0);
}

/** Days that are typed count without a period. */
export const periodView = (page: PageContext): FilterView => ({
  name: 'period',
  label: page.t('survey.period'),
  any: page.t('survey.period.days'),
  options: PERIODS.map((value) => ({ value, label: page.t(`calls.period.${value}`) })),
});
