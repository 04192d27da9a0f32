import { CsvError, parse } from 'csv-parse/sync';
import { ScenarioError } from './problems.js';
import { traceRow, type TraceRow } from './scenario-file.js';

/** What csv-parse gives with `info`. */
interface CsvRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** A row of a trace and `calls.csv:7`, where it stands. */
export interface PlacedRow {
  readonly row: TraceRow;
  readonly place: string;
}

const COLUMNS = ['at', 'queue', 'number', 'priority', 'handling', 'patience', 'skills'] as const;
const NEEDED = ['at', 'queue'] as const;
const NUMERIC = {
  priority: 'priority',
  handling: 'handlingSeconds',
  patience: 'patienceSeconds',
} as const;

/**
 * Reads a call trace: CSV with a heading. `at` is a time of day or seconds from the start, `handling` and `patience` are
 * seconds, `skills` is like `english>=30 billing>=1`. @throws {ScenarioError} naming file, line and column.
 */
export function parseTrace(text: string, fileName: string): readonly PlacedRow[] {
  const rows = readRows(text, fileName);
  const problems: string[] = [];
  const result: PlacedRow[] = [];
  for (const { record, info } of rows) {
    const place = `${fileName}:${String(info.lines)}`;
    const parsed = traceRow.safeParse(fieldsOf(record));
    if (parsed.success) result.push({ row: parsed.data, place });
    else
      for (const issue of parsed.error.issues) {
        const field = String(issue.path[0] ?? '')
          .replace('Seconds', '')
          .replace('requirements', 'skills');
        const value = record[field] ?? '';
        problems.push(
          `${place}: ${field}: ${value === '' ? 'is missing' : `"${value}" is not valid`}`,
        );
      }
    if (problems.length > 20) break;
  }
  if (problems.length > 0) throw new ScenarioError(problems);
  return result;
}

function readRows(text: string, fileName: string): readonly CsvRow[] {
  try {
    const rows: CsvRow[] = parse(text, {
      bom: true,
      columns: (header: string[]) => checkedHeader(header, fileName),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? `:${String(error.lines)}` : '';
    throw new ScenarioError([`${fileName}${line}: ${error.message}`]);
  }
}

function checkedHeader(header: readonly string[], fileName: string): string[] {
  const unknown = header.filter((column) => !COLUMNS.some((known) => known === column));
  const missing = NEEDED.filter((column) => !header.includes(column));
  const problems = [
    ...unknown.map(
      (column) => `${fileName}:1: there is no column "${column}"; there are: ${COLUMNS.join(', ')}`,
    ),
    ...missing.map((column) => `${fileName}:1: the column "${column}" is missing`),
  ];
  if (problems.length > 0) throw new ScenarioError(problems);
  return [...header];
}

/** Fields of one row by the names that they have in a scenario; empty ones are absent. */
function fieldsOf(record: Readonly<Record<string, string>>): Record<string, unknown> {
  const { at = '', queue = '', number = '', skills = '' } = record;
  const fields: Record<string, unknown> = { queue };
  if (at !== '') fields.at = Number.isNaN(Number(at)) ? at : Number(at);
  if (number !== '') fields.number = number;
  for (const [column, field] of Object.entries(NUMERIC))
    if ((record[column] ?? '') !== '') fields[field] = Number(record[column]);
  if (skills !== '')
    fields.requirements = skills.split(/\s+/).map((part) => {
      const [, skill, level = '1'] = /^(.+?)(?:>=(\d+))?$/.exec(part) ?? [];
      return { skill, minLevel: Number(level) };
    });
  return fields;
}
