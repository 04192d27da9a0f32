import type { Knex } from 'knex';
import { spansOf, weekdayAndHour, type TimeSpan } from '../../engines/reporting/time-spans.js';
import type { FigureFilter } from './figure-filter.js';
import { groupsOf } from './groups.js';
import { conditionOf, rowsSql, type ReportSource } from './source.js';
import { SOURCES } from './sources.js';

/** Leaves calls that a figure counted, by the condition that counted them. */
export function withFigure(query: Knex.QueryBuilder, column: string, figure: FigureFilter): void {
  const { source: name, subject: by, item, measure, fromAt, toAt, weekHour } = figure;
  const source: ReportSource | undefined = SOURCES[name as keyof typeof SOURCES];
  const subject = source.subjects[groupsOf(by)?.of ?? by];
  const condition = conditionOf(source, measure);
  if (source.callId === undefined || subject === undefined || condition === undefined) return;
  const narrowed = item === undefined ? '' : `AND ${subject.item} ${ownItem(by)}`;
  const hours = weekHour === undefined ? [] : hoursOf({ startAt: fromAt, endAt: toAt }, weekHour);
  const within = weekHour === undefined ? '' : `AND ${inHours(source, hours)}`;
  void query.whereRaw(
    `${column} IN (SELECT ${source.callId} ${rowsSql(source, subject)} AND ${condition} ${narrowed} ${within})`,
    {
      ...{ from: new Date(fromAt), to: new Date(toAt), item: item ?? '' },
      ...Object.fromEntries(
        hours.flatMap(({ startAt, endAt }, n) => [
          [`from${String(n)}`, new Date(startAt)],
          [`to${String(n)}`, new Date(endAt)],
        ]),
      ),
    },
  );
}

/** The item `:item`, or what belongs to it where items are groups. */
export function ownItem(subject: string): string {
  const groups = groupsOf(subject);
  return groups === undefined
    ? '= :item'
    : `IN (SELECT ${groups.item} FROM ${groups.table} WHERE ${groups.group} = :item)`;
}

/** That hour of each week of a time. */
const hoursOf = (
  { startAt, endAt }: TimeSpan,
  { place, zone }: NonNullable<FigureFilter['weekHour']>,
): readonly TimeSpan[] =>
  spansOf(startAt, endAt, 'hour', zone).filter((span) => {
    const { weekday, hour } = weekdayAndHour(span.startAt, zone);
    return weekday * 24 + hour === place;
  });

const inHours = ({ at = 'NULL' }: ReportSource, hours: readonly TimeSpan[]): string =>
  hours.length === 0
    ? 'FALSE'
    : `(${hours.map((_, n) => `(${at} >= :from${String(n)} AND ${at} < :to${String(n)})`).join(' OR ')})`;
