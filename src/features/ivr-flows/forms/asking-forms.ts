import { z } from 'zod';
import { HTTP_METHODS } from '../../../engines/ivr/schema/asking-steps.js';
import { choiceField, flagField, patternField, textField } from '../../../kernel/fields.js';
import {
  exit,
  optionalReference,
  own,
  plainForm,
  reference,
  secondsAsMs,
  template,
  variable,
} from './fields.js';
import type { Table } from './rows.js';
import { tableForm } from './table-form.js';

export const HEADERS: Table = {
  name: 'headers',
  columns: ['name', 'value'],
  telling: ['name', 'value'],
};
/** Fields of an answer in JSON, and columns of a row. */
export const HTTP_ANSWERS: Table = {
  name: 'answers',
  columns: ['variable', 'path'],
  telling: ['variable', 'path'],
};
export const SQL_ANSWERS: Table = {
  name: 'answers',
  columns: ['variable', 'column'],
  telling: ['variable', 'column'],
};

const MAX_ROWS = 20;
const MAX_BODY = 10_000;
const MAX_QUERY = 4_000;
/** A seconds' field shows what it takes. */
const seconds = (ms: number): string => String(ms / 1_000);

const optionalBody = template(MAX_BODY).transform((text) => (text === '' ? undefined : text));

const httpSchema = z.object({
  ...own,
  ...{ method: choiceField(HTTP_METHODS), url: template() },
  headers: z
    .array(
      z.object({
        name: patternField(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/, 'flow.problem.header'),
        value: template(),
      }),
    )
    .max(MAX_ROWS, 'flow.problem.too-many-rows'),
  body: optionalBody,
  contentType: choiceField(['application/json', 'application/x-www-form-urlencoded', 'text/plain']),
  timeoutMs: secondsAsMs(500, 30_000),
  idempotent: flagField(),
  answers: z
    .array(z.object({ variable, path: textField({ min: 0, max: 200 }) }))
    .max(MAX_ROWS, 'flow.problem.too-many-rows'),
  holdPrompt: optionalReference,
  ...{ next: exit, error: exit },
});

const sqlSchema = z.object({
  ...own,
  ...{ connection: reference, query: template(MAX_QUERY), timeoutMs: secondsAsMs(100, 30_000) },
  answers: z
    .array(z.object({ variable, column: textField({ min: 0, max: 100 }) }))
    .max(MAX_ROWS, 'flow.problem.too-many-rows'),
  ...{ found: exit, empty: exit, error: exit },
});

/** Forms of steps that ask other systems or tell them something. */
export const ASKING_FORMS = {
  http: tableForm('http', [HEADERS, HTTP_ANSWERS], httpSchema, (step) => ({
    timeoutMs: seconds(step.timeoutMs),
  })),
  sql: tableForm('sql', [SQL_ANSWERS], sqlSchema, (step) => ({
    timeoutMs: seconds(step.timeoutMs),
  })),
  customer: plainForm('customer', z.object({ ...own, by: template(), found: exit, unknown: exit })),
  webhook: plainForm(
    'webhook',
    z.object({ ...own, url: template(), body: template(MAX_BODY), next: exit }),
  ),
};
