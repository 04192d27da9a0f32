/** `{{name}}` in a text. Anything else in braces is text. */
const VARIABLE = /\{\{\s*([a-z][a-z0-9_]{0,31})\s*\}\}/g;

/** The template with the values of its variables; `encode` makes each fit its place. */
export const fillIn = (
  template: string,
  valueOf: (name: string) => string,
  encode: (value: string) => string = (value) => value,
): string => template.replace(VARIABLE, (_, name: string) => encode(valueOf(name)));

/** Names of the variables that a template reads, in order. */
export const variablesIn = (template: string): readonly string[] =>
  Array.from(template.matchAll(VARIABLE), (match) => match[1] ?? '');

/** Half of a character that is written as two: no other program takes it. */
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
export const wellFormed = (text: string): string => text.replace(LONE, '\uFFFD');

/** As a part of a URL or of a form. */
export const inUrl = (value: string): string => encodeURIComponent(wellFormed(value));
/** Between the quotes of a JSON text. */
export const inJson = (value: string): string => JSON.stringify(wellFormed(value)).slice(1, -1);
/** In a header: one line without control characters. */
export const inHeader = (value: string): string =>
  Array.from(wellFormed(value))
    .filter((character) => character >= ' ' && character !== '\u007f')
    .join('');

/** Quoted texts, names and comments, casts, and `:name`. */
const SQL_PARTS =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|::\w+|:([a-z][a-z0-9_]{0,31})\b/g;

/** A query with `?` for each `:name`, and the names in their order. Texts, names and comments stay as they are. */
export function bindNames(query: string): {
  readonly query: string;
  readonly names: readonly string[];
} {
  const names: string[] = [];
  const bound = query.replace(SQL_PARTS, (part: string, name: string | undefined) => {
    if (name === undefined) return part;
    names.push(name);
    return '?';
  });
  return { query: bound, names };
}
