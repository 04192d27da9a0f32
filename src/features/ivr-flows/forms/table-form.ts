import type { z } from 'zod';
import type { StepKind, StepOf } from '../../../engines/ivr/flow.js';
import { parseFields } from '../../../kernel/fields.js';
import { withKind, type StepForm } from './fields.js';
import { formField, readTables, tableValues, type Table } from './rows.js';

/** A form with tables: rows of fields, of which empty ones do not count. */
export const tableForm = <K extends StepKind>(
  kind: K,
  tables: readonly Table[],
  schema: z.ZodType<Omit<StepOf<K>, 'kind'>>,
  more: (step: StepOf<K>) => Readonly<Record<string, unknown>> = () => ({}),
): StepForm<K> => ({
  parse: (body) => {
    const parsed = parseFields(schema, { ...body, ...readTables(body, tables) });
    if (parsed.ok) return withKind(kind, parsed);
    return {
      ok: false,
      problems: parsed.problems.map((found) => ({
        ...found,
        field: formField(body, tables, found.field),
      })),
    };
  },
  values: (step) => {
    const fields: Readonly<Record<string, unknown>> = step;
    const rowsOf = (table: Table) => {
      const rows = fields[table.name];
      return Array.isArray(rows) ? (rows as readonly Readonly<Record<string, unknown>>[]) : [];
    };
    return Object.assign(
      { ...step },
      ...tables.map((table) => tableValues(table, rowsOf(table))),
      more(step),
    ) as Record<string, unknown>;
  },
});
