import type { Knex } from 'knex';
import { startOfDay, addDays } from '../../engines/routing/wall-clock.js';
import { formOf, type Condition, type SegmentFilter } from './segment-filter.js';

const COLUMNS: Readonly<Record<string, string>> = {
  name: 'c.name',
  company: 'c.company',
  key: 'c.external_key',
  language: 'c.language',
  country: 'c.country',
  zone: 'c.time_zone',
};

export interface SegmentParts {
  /** The site's zone: days begin in it. */
  readonly zone: string;
  readonly fields: readonly { readonly key: string; readonly kind: string }[];
}

/**
 * Ids (`id`) of people in use whom a filter means. Every value is a parameter; columns and paths come from what the product or
 * the site has defined, and a condition on something that is not there any more means nobody.
 */
export function segmentIds(
  db: Knex,
  { match, conditions }: SegmentFilter,
  parts: SegmentParts,
): Knex.QueryBuilder {
  const people = db('contacts as c').select('c.id').whereNull('c.archived_at');
  return people.where((all) => {
    for (const condition of conditions)
      if (match === 'all') void all.where((one) => narrow(db, one, condition, parts));
      else void all.orWhere((one) => narrow(db, one, condition, parts));
  });
}

function narrow(
  db: Knex,
  query: Knex.QueryBuilder,
  condition: Condition,
  parts: SegmentParts,
): void {
  const { field, operator, values } = condition;
  const [value = ''] = values;
  const isNot = operator === 'is-not';
  switch (formOf(field, parts.fields)) {
    case undefined:
      void query.whereRaw('1 = 0');
      return;
    case 'list':
      exists(query, isNot, inList(db, Number(field.slice('list:'.length))));
      return;
    case 'phone':
      exists(
        query,
        false,
        numbersOf(db).where((either) => {
          for (const prefix of values) void either.orWhereILike('n.number', `${prefix}%`);
        }),
      );
      return;
    case 'consent':
      consent(db, query, isNot, values);
      return;
    case 'flag':
      flag(db, query, field, (value === 'yes') !== isNot);
      return;
    case 'result':
      compareText(query, lastAttempt(db, 'a.result'), condition);
      return;
    case 'date':
      if (field.startsWith('field:')) compareText(query, ownField(db, field), condition);
      else compareInstant(query, instantOf(db, field), condition, parts.zone);
      return;
    case 'number':
      compareNumber(query, ownField(db, field), condition);
      return;
    case 'text':
      compareText(
        query,
        field.startsWith('field:')
          ? ownField(db, field)
          : db.raw('??', [COLUMNS[field] ?? 'c.name']),
        condition,
      );
  }
}

const exists = (query: Knex.QueryBuilder, isNot: boolean, rows: Knex.QueryBuilder): void => {
  void (isNot ? query.whereNotExists(rows) : query.whereExists(rows));
};

const numbersOf = (db: Knex): Knex.QueryBuilder =>
  db('contact_numbers as n').select(db.raw('1')).whereRaw('n.contact_id = c.id');

const inList = (db: Knex, list: number): Knex.QueryBuilder =>
  db('contact_list_members as m')
    .select(db.raw('1'))
    .whereRaw('m.contact_id = c.id')
    .where('m.list_id', list);

const ownField = (db: Knex, field: string): Knex.Raw =>
  db.raw('JSON_UNQUOTE(JSON_EXTRACT(c.fields, ?))', [`$."${field.slice('field:'.length)}"`]);

const lastAttempt = (db: Knex, column: 'a.at' | 'a.result'): Knex.Raw =>
  db.raw(
    `(SELECT ?? FROM attempts a WHERE a.contact_id = c.id AND a.kind = 'dial' ORDER BY a.id DESC LIMIT 1)`,
    [column],
  );

const instantOf = (db: Knex, field: string): Knex.Raw =>
  field === 'last-attempt' ? lastAttempt(db, 'a.at') : db.raw('c.created_at');

/** The latest word of a person counts; `none` is nobody has said anything. */
function consent(
  db: Knex,
  query: Knex.QueryBuilder,
  isNot: boolean,
  values: readonly string[],
): void {
  const latest = db.raw(
    `COALESCE((SELECT k.kind FROM contact_consents k WHERE k.contact_id = c.id ORDER BY k.at DESC, k.id DESC LIMIT 1), 'none')`,
  );
  const marks = values.map(() => '?').join(', ');
  void query.whereRaw(`? ${isNot ? 'NOT IN' : 'IN'} (${marks})`, [latest, ...values]);
}

function flag(db: Knex, query: Knex.QueryBuilder, field: string, isYes: boolean): void {
  if (field === 'reachable') {
    exists(query, !isYes, numbersOf(db).whereNull('n.dead_at'));
    return;
  }
  if (field === 'do-not-call') {
    const blocked = numbersOf(db)
      .join('do_not_call as d', 'd.number', 'n.number')
      .where('d.campaign_id', 0);
    exists(query, !isYes, blocked);
    return;
  }
  void query.whereRaw(`COALESCE(?, 'no') = ?`, [ownField(db, field), isYes ? 'yes' : 'no']);
}

function compareText(
  query: Knex.QueryBuilder,
  column: Knex.Raw,
  { operator, values }: Condition,
): void {
  const [first = '', second = ''] = values;
  switch (operator) {
    case 'is':
      void query.whereRaw('? = ?', [column, first]);
      return;
    case 'is-not':
      void query.whereRaw(`COALESCE(?, '') <> ?`, [column, first]);
      return;
    case 'one-of':
      void query.whereRaw(`? IN (${values.map(() => '?').join(', ')})`, [column, ...values]);
      return;
    case 'begins':
      void query.whereRaw(`? LIKE ?`, [
        column,
        `${first.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`,
      ]);
      return;
    case 'between':
      void query.whereRaw('? BETWEEN ? AND ?', [column, first, second]);
      return;
    case 'empty':
      void query.whereRaw(`COALESCE(?, '') = ''`, [column]);
      return;
    case 'not-empty':
      void query.whereRaw(`COALESCE(?, '') <> ''`, [column]);
  }
}

function compareNumber(query: Knex.QueryBuilder, column: Knex.Raw, condition: Condition): void {
  const { operator, values } = condition;
  const [first = 0, second = 0] = values.map(Number);
  const number = 'CAST(? AS DECIMAL(30, 6))';
  switch (operator) {
    case 'is':
      void query.whereRaw(`${number} = ?`, [column, first]);
      return;
    case 'is-not':
      void query.whereRaw(`(? IS NULL OR ${number} <> ?)`, [column, column, first]);
      return;
    case 'one-of':
      void query.whereRaw(`${number} IN (${values.map(() => '?').join(', ')})`, [
        column,
        ...values.map(Number),
      ]);
      return;
    case 'between':
      void query.whereRaw(`${number} BETWEEN ? AND ?`, [column, first, second]);
      return;
    default:
      compareText(query, column, condition);
  }
}

/** Days of the site. */
function compareInstant(
  query: Knex.QueryBuilder,
  column: Knex.Raw,
  { operator, values }: Condition,
  zone: string,
): void {
  const [first = '', second = first] = values;
  if (operator === 'empty') {
    void query.whereRaw('? IS NULL', [column]);
    return;
  }
  if (operator === 'not-empty') {
    void query.whereRaw('? IS NOT NULL', [column]);
    return;
  }
  const from = new Date(startOfDay(first, zone));
  const to = new Date(startOfDay(addDays(operator === 'between' ? second : first, 1), zone));
  const within = '(? >= ? AND ? < ?)';
  const bindings = [column, from, column, to];
  if (operator === 'is-not') void query.whereRaw(`COALESCE(NOT ${within}, 1)`, bindings);
  else void query.whereRaw(within, bindings);
}
