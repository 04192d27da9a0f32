import { z } from 'zod';
import type { OpeningPeriod } from '../../../engines/ivr/opening-hours.js';
import { choiceField, parseFields } from '../../../kernel/fields.js';
import { conditionForm } from './condition-form.js';
import {
  exit,
  optionalReference,
  own,
  plainForm,
  reference,
  template,
  variable,
  withKind,
  type StepForm,
} from './fields.js';
import { hoursValues, parseHours } from './hours-form.js';
import type { Table } from './rows.js';
import { tableForm } from './table-form.js';

const hoursSchema = z.object({
  ...own,
  ...{ calendar: optionalReference, open: exit, closed: exit },
  periods: z.custom<OpeningPeriod[]>(),
  closedDates: z.custom<string[]>(),
});

const hours: StepForm<'hours'> = {
  parse: (body) => {
    const { periods, closedDates, problems } = parseHours(body);
    return withKind('hours', parseFields(hoursSchema, { ...body, periods, closedDates }), problems);
  },
  values: (step) => ({ ...step, ...hoursValues(step) }),
};

/** What a step sets. */
export const ASSIGNMENTS: Table = {
  name: 'assign',
  columns: ['variable', 'operation', 'value'],
  telling: ['variable', 'value'],
};

/** A step that sets nothing yet: drafts may have it. */
const NOTHING = { variable: '', value: '', operation: 'set' as const };

const setSchema = z.object({
  ...own,
  assign: z
    .array(
      z.object({
        variable,
        value: template(),
        operation: choiceField(['set', 'add', 'subtract']),
      }),
    )
    .max(20, 'flow.problem.too-many-rows')
    .transform((rows) => (rows.length === 0 ? [NOTHING] : rows)),
  next: exit,
});

/** Forms of steps that callers do not hear. */
export const DECIDING_FORMS = {
  hours,
  set: tableForm('set', [ASSIGNMENTS], setSchema),
  condition: conditionForm,
  'sub-flow': plainForm('sub-flow', z.object({ ...own, flow: reference, next: exit })),
  return: plainForm('return', z.object(own)),
};
