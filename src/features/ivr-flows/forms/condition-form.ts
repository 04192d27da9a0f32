import { z } from 'zod';
import type { StepOf } from '../../../engines/ivr/flow.js';
import { OPERATORS } from '../../../engines/ivr/schema/deciding-steps.js';
import { choiceField, parseFields, textField } from '../../../kernel/fields.js';
import { exit, own, template, withKind, type StepBody, type StepForm } from './fields.js';
import { rowsIn, tableValues, type Row, type Table } from './rows.js';

/** Branches of a condition; a branch with only a name is not empty. */
const BRANCHES: Table = {
  name: 'branches',
  columns: ['label', 'next'],
  telling: ['label', 'next'],
};

/** The comparisons of one branch. */
export const comparisonsOf = (branch: number): Table => ({
  name: `branches.${String(branch)}.all`,
  columns: ['left', 'operator', 'right'],
  telling: ['left', 'right'],
});

const MAX_BRANCHES = 20;

export interface BranchRow extends Row {
  readonly comparisons: readonly Row[];
}

/** Branches as the fields of a form have them, without those in which nothing is written. */
export function branchesIn(fields: Readonly<Record<string, unknown>>): readonly BranchRow[] {
  const indexes = new Set<number>();
  for (const name of Object.keys(fields)) {
    const index = /^branches\.(\d{1,3})\./.exec(name)?.[1];
    if (index !== undefined) indexes.add(Number(index));
  }
  const named = new Map(rowsIn(fields, BRANCHES).map((row) => [row.index, row]));
  return [...indexes]
    .sort((a, b) => a - b)
    .slice(0, MAX_BRANCHES)
    .map((index) => ({
      index,
      values: named.get(index)?.values ?? { label: '', next: '' },
      comparisons: rowsIn(fields, comparisonsOf(index)),
    }))
    .filter((branch) => named.has(branch.index) || branch.comparisons.length > 0);
}

/** A branch that compares nothing yet: drafts may have it. */
const NOTHING = { left: '', operator: 'equals' as const, right: '' };

const schema = z.object({
  ...own,
  branches: z
    .array(
      z.object({
        label: textField({ max: 80 }),
        all: z
          .array(
            z.object({
              left: template(),
              operator: choiceField(OPERATORS),
              right: template(),
            }),
          )
          .max(20, 'flow.problem.too-many-rows')
          .transform((rows) => (rows.length === 0 ? [NOTHING] : rows)),
        next: exit,
      }),
    )
    .min(1, 'flow.problem.no-branch'),
  otherwise: exit,
});

/** `branches.0.all.1.left`, counted in what is written, as the form counts it. */
function formField(rows: readonly BranchRow[], path: string): string {
  const [name, place, column, at, part] = path.split('.');
  if (name !== 'branches') return path;
  const branch = rows[Number(place)];
  const number = String(branch?.index ?? 0);
  if (column === undefined) return `branches.${number}.label`;
  if (column !== 'all') return `branches.${number}.${column}`;
  const row = at === undefined ? 0 : (branch?.comparisons[Number(at)]?.index ?? 0);
  return `branches.${number}.all.${String(row)}.${part ?? 'left'}`;
}

/** The form of a condition: branches with a name, comparisons that must all be true, and where they lead. */
export const conditionForm: StepForm<'condition'> = {
  parse: (body: StepBody) => {
    const rows = branchesIn(body);
    const branches = rows.map((row) => ({
      ...row.values,
      all: row.comparisons.map((comparison) => comparison.values),
    }));
    const parsed = parseFields(schema, { ...body, branches });
    if (parsed.ok) return withKind('condition', parsed);
    return {
      ok: false,
      problems: parsed.problems.map((found) => ({ ...found, field: formField(rows, found.field) })),
    };
  },
  values: (step: StepOf<'condition'>) =>
    Object.assign(
      { ...step },
      tableValues(BRANCHES, step.branches),
      ...step.branches.map((branch, index) => tableValues(comparisonsOf(index), branch.all)),
    ) as Record<string, unknown>,
};
