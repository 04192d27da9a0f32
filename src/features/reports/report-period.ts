import { spanBefore, type TimeSpan } from '../../engines/reporting/time-spans.js';
import { siteDayOf } from '../../kernel/site-day.js';
import type { PageContext } from '../../web/kit/index.js';
import { PERIODS, timeRange } from '../calls/index.js';

const USUAL_PERIOD = 'last-7d';

/** What time a report is about, as asked for in the address, and the time that it is compared with. */
export interface ReportPeriod {
  readonly period: string;
  /** First and last day, both included, as typed. */
  readonly from: string;
  readonly to: string;
  readonly span: TimeSpan;
  /** undefined where nothing is compared. */
  readonly before: TimeSpan | undefined;
}

/** Nothing lies behind the end of today. Without anything asked for: the last seven days. */
export function readPeriod(
  { query, zone }: Pick<PageContext, 'query' | 'zone'>,
  now: number,
): ReportPeriod {
  const [from, to] = [query['from'] ?? '', query['to'] ?? ''];
  const isNamed = PERIODS.some((known) => known === query['period']);
  const period = isNamed ? (query['period'] ?? '') : from === '' && to === '' ? USUAL_PERIOD : '';
  const range = timeRange({ period, from, to }, now, zone);
  const endAt = Math.min(range.toAt ?? Infinity, siteDayOf(now, zone).endAt);
  const startAt = Math.min(range.fromAt ?? endAt, endAt);
  const span = { startAt, endAt };
  const before = query['compare'] === 'none' ? undefined : spanBefore(span, zone);
  return { period, from, to, span, before };
}
