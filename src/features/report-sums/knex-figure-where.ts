import type { Knex } from 'knex';
import type { FigureFilter } from './figure-filter.js';
import { groupsOf } from './groups.js';
import { rowsSql, type ReportSource } from './source.js';
import { SOURCES } from './sources.js';

/** Leaves calls that a figure counted, by the condition that counted them. */
export function withFigure(
  query: Knex.QueryBuilder,
  column: string,
  { source: name, subject: by, item, measure: what, fromAt, toAt }: FigureFilter,
): void {
  const source: ReportSource | undefined = SOURCES[name as keyof typeof SOURCES];
  const groups = groupsOf(by);
  const [subject, measure] = [source.subjects[groups?.of ?? by], source.measures[what]];
  if (source.callId === undefined || subject === undefined || measure === undefined) return;
  const own =
    groups === undefined
      ? '= :item'
      : `IN (SELECT ${groups.item} FROM ${groups.table} WHERE ${groups.group} = :item)`;
  const narrowed = item === undefined ? '' : `AND ${subject.item} ${own}`;
  void query.whereRaw(
    `${column} IN (SELECT ${source.callId} ${rowsSql(source, subject)} AND ${measure.sql} ${narrowed})`,
    { from: new Date(fromAt), to: new Date(toAt), item: item ?? '' },
  );
}
