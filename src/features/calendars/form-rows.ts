import type { FormBody } from '../../web/kit/index.js';

/** Rows of a table in a form have fields called `<table>.<row>.<field>`, with rows counted from 0. */

/** Every text that was sent under a name. */
export const textsOf = (body: FormBody, name: string): readonly string[] => {
  const value = body[name];
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
};

/** The first text that was sent under a name, trimmed; '' where none was. */
export const textOf = (body: FormBody, name: string): string =>
  textsOf(body, name)[0]?.trim() ?? '';

/** Numbers of the rows that were sent with a certain field, ascending. */
export const rowNumbers = (body: FormBody, table: string, field: string): readonly number[] =>
  Object.keys(body)
    .flatMap((name) => {
      const [first, row = '', last] = name.split('.');
      return first === table && last === field && /^\d{1,3}$/.test(row) ? [Number(row)] : [];
    })
    .sort((a, b) => a - b);
