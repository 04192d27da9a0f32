/** Quoted texts, quoted names and comments: what stands in them is no part of the statement. */
const INERT =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\//g;
/** `/*!` and `/*M!`: MariaDB runs what stands in such a comment. */
const RUNNING_COMMENT = /\/\*M?!/;

/**
 * True for one SELECT that only reads: no second statement, nothing written to files or variables, no row locked. The
 * read-only transaction in which it runs refuses whatever this does not see.
 */
export function isOneSelect(query: string): boolean {
  if (RUNNING_COMMENT.test(query)) return false;
  const bare = query.replace(INERT, ' ').trim().replace(/;\s*$/, '');
  return (
    /^(?:select|with)\b/i.test(bare) &&
    !bare.includes(';') &&
    !/\binto\b/i.test(bare) &&
    !/\bfor\s+update\b|\block\s+in\s+share\s+mode\b/i.test(bare)
  );
}
