import type { Variables } from './effects.js';

/** The values of an answer, or `undefined` where one of them is missing or is no single value. */
export type Picked = Variables | undefined;

/** Picks values out of a JSON answer by dotted paths (`data.orders.0.status`). */
export function pickFromJson(
  answer: unknown,
  wanted: readonly { readonly variable: string; readonly path: string }[],
): Picked {
  return pick(wanted.map(({ variable, path }) => [variable, textOf(follow(answer, path))]));
}

/** Picks columns out of a row. */
export function pickFromRow(
  row: Readonly<Record<string, unknown>>,
  wanted: readonly { readonly variable: string; readonly column: string }[],
): Picked {
  return pick(
    wanted.map(({ variable, column }) => [
      variable,
      Object.hasOwn(row, column) ? textOf(row[column]) : undefined,
    ]),
  );
}

function pick(values: readonly (readonly [string, string | undefined])[]): Picked {
  const found: Record<string, string> = {};
  for (const [name, value] of values) {
    if (value === undefined) return undefined;
    found[name] = value;
  }
  return found;
}

function follow(value: unknown, path: string): unknown {
  let at = value;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[part];
  }
  return at;
}

/** One value as a text; nothing there is ''. Lists and objects are no value. */
function textOf(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  return value instanceof Date ? value.toISOString() : undefined;
}
