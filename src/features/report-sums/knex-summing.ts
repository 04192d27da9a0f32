import type { Knex } from 'knex';
import type { SiteDay } from '../../kernel/site-day.js';
import {
  ALL_ITEMS,
  columnOf,
  measureSql,
  rowsSql,
  summedSql,
  type ReportSource,
} from './source.js';
import type { Stretch } from './stretches.js';

const BASE = "TIMESTAMP'1970-01-01 00:00:00'";
/** The quarter of an hour in which an instant lies, whatever the zone of the server. */
const quarterSql = (at: string): string =>
  `TIMESTAMPADD(MINUTE, TIMESTAMPDIFF(MINUTE, ${BASE}, ${at}) DIV 15 * 15, ${BASE})`;

const columnsOf = ({ measures }: ReportSource): string =>
  Object.keys(measures).map(columnOf).join(', ');
const measured = ({ measures }: ReportSource): string =>
  Object.values(measures).map(measureSql).join(', ');
const summed = ({ measures }: ReportSource): string =>
  Object.entries(measures)
    .map(([name, measure]) => summedSql(name, measure))
    .join(', ');

/** Makes the sums of whole quarters of one subject anew. */
export async function sumQuarters(
  trx: Knex.Transaction,
  source: ReportSource,
  subject: string,
  { fromAt, toAt }: Stretch,
): Promise<void> {
  const { table, at = '' } = source;
  const bindings = { subject, from: new Date(fromAt), to: new Date(toAt), all: ALL_ITEMS };
  const described = source.subjects[subject];
  if (described === undefined) return;
  const own = `subject = :subject AND grain = 'quarter' AND at >= :from AND at < :to`;
  await trx.raw(`DELETE FROM ${table} WHERE ${own}`, bindings);
  await trx.raw(
    `INSERT INTO ${table} (subject, grain, at, item, ${columnsOf(source)})
     SELECT :subject, 'quarter', ${quarterSql(at)} AS of_quarter, ${described.item} AS of_item, ${measured(source)}
     ${rowsSql(source, described)} GROUP BY of_quarter, of_item`,
    bindings,
  );
  await trx.raw(
    `INSERT INTO ${table} (subject, grain, at, item, ${columnsOf(source)})
     SELECT :subject, 'quarter', at, :all, ${summed(source)} FROM ${table} WHERE ${own} GROUP BY at`,
    bindings,
  );
}

/** Makes the sums of a day of one subject anew: from its quarters, or from rows that are cut to the day. */
export async function sumDay(
  trx: Knex.Transaction,
  source: ReportSource,
  subject: string,
  { startAt, endAt }: SiteDay,
): Promise<void> {
  const { table } = source;
  const bindings = { subject, from: new Date(startAt), to: new Date(endAt), all: ALL_ITEMS };
  const described = source.subjects[subject];
  if (described === undefined) return;
  const insert = `INSERT INTO ${table} (subject, grain, at, item, ${columnsOf(source)})`;
  await trx.raw(
    `DELETE FROM ${table} WHERE subject = :subject AND grain = 'day' AND at = :from`,
    bindings,
  );
  if (source.at !== undefined) {
    await trx.raw(
      `${insert} SELECT :subject, 'day', :from, item, ${summed(source)} FROM ${table}
       WHERE subject = :subject AND grain = 'quarter' AND at >= :from AND at < :to GROUP BY item`,
      bindings,
    );
    return;
  }
  await trx.raw(
    `${insert} SELECT :subject, 'day', :from, ${described.item} AS of_item, ${measured(source)}
     ${rowsSql(source, described)} GROUP BY of_item`,
    bindings,
  );
  await trx.raw(
    `${insert} SELECT :subject, 'day', :from, :all, ${summed(source)} FROM ${table}
     WHERE subject = :subject AND grain = 'day' AND at = :from HAVING COUNT(*) > 0`,
    bindings,
  );
}
