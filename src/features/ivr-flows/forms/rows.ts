import type { StepBody } from './fields.js';

/** Rows that a table of a form can send. */
const MAX_ROWS = 100;

/** Columns of a table in a form; a row without any of the `telling` ones is empty. */
export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly telling: readonly string[];
}

export interface Row {
  /** Its number in the form: fields are `assign.3.variable`. */
  readonly index: number;
  readonly values: Readonly<Record<string, string>>;
}

const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : Array.isArray(value)
      ? String(value[0] ?? '')
      : typeof value === 'number'
        ? String(value)
        : value === true
          ? 'on'
          : '';

/** Rows of a table as the fields of a form have them, those left out that are empty. */
export function rowsIn(fields: Readonly<Record<string, unknown>>, table: Table): readonly Row[] {
  const indexes = new Set<number>();
  for (const name of Object.keys(fields)) {
    if (!name.startsWith(`${table.name}.`)) continue;
    const index = /^(\d{1,3})\./.exec(name.slice(table.name.length + 1))?.[1];
    if (index !== undefined) indexes.add(Number(index));
  }
  return [...indexes]
    .sort((a, b) => a - b)
    .slice(0, MAX_ROWS)
    .map((index) => ({
      index,
      values: Object.fromEntries(
        table.columns.map((column) => [column, textOf(fields[fieldOf(table, index, column)])]),
      ),
    }))
    .filter((row) => table.telling.some((column) => (row.values[column] ?? '').trim() !== ''));
}

export const fieldOf = (table: Table, index: number, column: string): string =>
  `${table.name}.${String(index)}.${column}`;

/** What a form shows of a table. */
export const tableValues = (
  table: Table,
  rows: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    rows.flatMap((row, index) =>
      table.columns.map((column) => [
        fieldOf(table, index, column),
        typeof row[column] === 'number' ? String(row[column]) : (row[column] ?? ''),
      ]),
    ),
  );

/** Tables of what was sent, as arrays that a schema checks. */
export const readTables = (
  body: StepBody,
  tables: readonly Table[],
): Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> =>
  Object.fromEntries(
    tables.map((table) => [table.name, rowsIn(body, table).map((row) => row.values)]),
  );

/** The field of a problem that a schema found: its row's number in the form, where empty rows count. */
export function formField(body: StepBody, tables: readonly Table[], path: string): string {
  const [name = '', place, column] = path.split('.');
  const table = tables.find((known) => known.name === name);
  if (table === undefined) return path;
  const rows = rowsIn(body, table);
  const first = column ?? table.telling[0] ?? '';
  return fieldOf(table, place === undefined ? 0 : (rows[Number(place)]?.index ?? 0), first);
}
