import type { ClearedLead } from '../../campaigns.js';

/** What flow variables may be called; other keys of a site's fields are spelled so. */
const NOT_IN_NAMES = /[^a-z0-9_]/g;
const MAX_NAME = 32;

/** A site's field as a variable of flows: `Due date` is `due_date`. '' where nothing is left. */
export const variableName = (key: string): string =>
  key
    .toLowerCase()
    .replaceAll(NOT_IN_NAMES, '_')
    .replace(/^[0-9_]+/, '')
    .slice(0, MAX_NAME);

/** What is known of the called person, as variables of flows: `name`, `number`, and the site's own fields. */
export function variablesOf({
  name,
  number,
  fields,
}: Pick<ClearedLead, 'name' | 'number' | 'fields'>): Readonly<Record<string, string>> {
  const own = Object.entries(fields).flatMap(([key, value]) => {
    const variable = variableName(key);
    return variable === '' || value === '' ? [] : [[variable, value] as const];
  });
  return { ...Object.fromEntries(own), ...(name === '' ? {} : { name }), number };
}

/** Variables by which the flow of a notification says what came of it: `set` steps set them. */
const OUTCOME = 'outcome';
const OPT_OUT = 'opt_out';
const MAX_OUTCOME = 80;
const NO: ReadonlySet<string> = new Set(['', '0', 'no', 'false']);

/** What the flow of a notification ended with: its own word for it, and whether the person wants no more calls. */
export const endOfNotice = (
  variables: Readonly<Record<string, string>>,
): { readonly outcome?: string; readonly isOptOut: boolean } => {
  const outcome = (variables[OUTCOME] ?? '').slice(0, MAX_OUTCOME);
  return {
    ...(outcome === '' ? {} : { outcome }),
    isOptOut: !NO.has((variables[OPT_OUT] ?? '').toLowerCase()),
  };
};
