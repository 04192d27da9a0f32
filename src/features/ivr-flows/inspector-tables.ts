import type { StepKind } from '../../engines/ivr/flow.js';
import type { FormView } from '../../web/kit/index.js';
import { HEADERS, HTTP_ANSWERS, SQL_ANSWERS } from './forms/asking-forms.js';
import { branchesIn, comparisonsOf } from './forms/condition-form.js';
import { ASSIGNMENTS } from './forms/deciding-forms.js';
import { SKILLS, TAGS } from './forms/leading-forms.js';
import { fieldOf, rowsIn, type Row, type Table } from './forms/rows.js';

/** One field of a row. */
interface Cell {
  readonly field: string;
  readonly value: string;
  readonly problem: string | undefined;
}
interface RowView {
  readonly cells: Readonly<Record<string, Cell>>;
  /** What is wrong with any of its fields, once. */
  readonly problem: string | undefined;
  readonly isNew: boolean;
}

const TABLES: Readonly<Partial<Record<StepKind, readonly Table[]>>> = {
  set: [ASSIGNMENTS],
  http: [HEADERS, HTTP_ANSWERS],
  sql: [SQL_ANSWERS],
  queue: [SKILLS, TAGS],
};

/** The tables of a step's form by name: what is there, and one empty row for the next. */
export const tablesOf = (
  kind: StepKind,
  form: FormView,
): Readonly<Record<string, readonly RowView[]>> =>
  Object.fromEntries(
    (TABLES[kind] ?? []).map((table) => [
      table.name,
      tableRows(table, rowsIn(form.values, table), form),
    ]),
  );

const nextIndex = (rows: readonly Row[]): number =>
  Math.max(-1, ...rows.map((row) => row.index)) + 1;

function tableRows(table: Table, rows: readonly Row[], form: FormView): readonly RowView[] {
  const view = (index: number, values: Row['values'], isNew: boolean): RowView => {
    const cells = Object.fromEntries(
      table.columns.map((column): [string, Cell] => {
        const field = fieldOf(table, index, column);
        return [column, { field, value: values[column] ?? '', problem: form.problems[field] }];
      }),
    );
    const problem = Object.values(cells).find((cell) => cell.problem !== undefined)?.problem;
    return { cells, problem, isNew };
  };
  return [
    ...rows.map((row) => view(row.index, row.values, false)),
    view(nextIndex(rows), {}, true),
  ];
}

/** The branches of a condition, each with an empty comparison at its end, and one empty branch. */
export function branchRows(form: FormView) {
  const written = branchesIn(form.values);
  const index = nextIndex(written);
  const all = [...written, { index, values: { label: '', next: '' }, comparisons: [] }];
  return all.map((branch, place) => {
    const field = (name: string): string => `branches.${String(branch.index)}.${name}`;
    const cell = (name: 'label' | 'next'): Cell => ({
      field: field(name),
      value: branch.values[name] ?? '',
      problem: form.problems[field(name)],
    });
    return {
      number: place + 1,
      isNew: branch.index === index,
      label: cell('label'),
      next: cell('next'),
      comparisons: tableRows(comparisonsOf(branch.index), branch.comparisons, form),
    };
  });
}
