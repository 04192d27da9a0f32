import { VARIABLE_NAME } from './variable-name.js';

/**
 * Quoted texts, quoted names and comments, as MariaDB and MySQL read them: what stands in them is no part of the statement.
 * `--` begins a comment only before a blank or at the end of a line: `5--1` is a sum.
 */
const QUOTED = [
  String.raw`'(?:[^'\\]|\\[\s\S]|'')*'`,
  String.raw`"(?:[^"\\]|\\[\s\S]|"")*"`,
  '`[^`]*`',
];
const COMMENTS = [
  String.raw`--(?=[ \t\r\n]|$)[^\n]*`,
  String.raw`#[^\n]*`,
  String.raw`\/\*[\s\S]*?\*\/`,
];
/** The same for databases that are set so that `\` is a character like others. */
const QUOTED_PLAINLY = ["'[^']*'", '"[^"]*"', '`[^`]*`'];

const INERT = [
  new RegExp([...QUOTED, ...COMMENTS].join('|'), 'g'),
  new RegExp([...QUOTED_PLAINLY, ...COMMENTS].join('|'), 'g'),
];
/** What is inert, casts, and `:name`. */
const PARTS = new RegExp(
  [...QUOTED, ...COMMENTS, String.raw`::\w+`, `:(${VARIABLE_NAME})\\b`].join('|'),
  'g',
);

/** `/*!` and `/*M!`: MariaDB runs what stands in such a comment. */
const RUNNING_COMMENT = /\/\*M?!/;
/** Characters that databases take for blanks, each in its own way. */
const CONTROL = /[^\P{Cc}\t\r\n]/u;
/** Writes a file or a variable, reads a file of the server, locks rows. */
const NOT_ONLY_READING = [
  /\binto\b/i,
  /\bload_file\b/i,
  /\bfor\s+(?:update|share)\b/i,
  /\block\s+in\s+share\s+mode\b/i,
];

/**
 * True for one SELECT that only reads: no second statement, nothing written to files or variables, no file of the server
 * read, no row locked. The editor and the call ask the same; the read-only transaction in which it runs refuses what this
 * does not see, except files.
 */
export const isOneSelect = (query: string): boolean =>
  !RUNNING_COMMENT.test(query) &&
  !CONTROL.test(query) &&
  INERT.every((inert) => onlyReads(query.replace(inert, ' ').trim().replace(/;\s*$/, '')));

const onlyReads = (bare: string): boolean =>
  /^(?:select|with)\b/i.test(bare) &&
  !bare.includes(';') &&
  NOT_ONLY_READING.every((pattern) => !pattern.test(bare));

/** A query with `?` for each `:name`, and the names in their order. Texts, names and comments stay as they are. */
export function bindNames(query: string): {
  readonly query: string;
  readonly names: readonly string[];
} {
  const names: string[] = [];
  const bound = query.replace(PARTS, (part: string, name: string | undefined) => {
    if (name === undefined) return part;
    names.push(name);
    return '?';
  });
  return { query: bound, names };
}
