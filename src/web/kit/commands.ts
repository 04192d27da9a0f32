import type { PageContext } from './page-context.js';

/** Row ids in a value of a list. */
export const idsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' && value !== '' ? value.split(' ') : [];

/** A text field of a form, '' where it is missing or came more than once. */
export const field = (page: PageContext, name: string): string => {
  const value = page.body[name];
  return typeof value === 'string' ? value : '';
};

/** Scripts ask for JSON: they learn that the command was taken, or why not. */
export const wantsJson = (page: PageContext): boolean =>
  page.req.accepts(['html', 'json']) === 'json';
