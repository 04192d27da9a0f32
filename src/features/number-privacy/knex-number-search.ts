import type { Knex } from 'knex';
import { likePattern, type ListQuery } from '../../kernel/list.js';
import { normaliseNumber } from '../../kernel/numbers.js';

const NUMBER = /^[\d\s()+./-]+$/;

/** How a search reads, and in which columns it looks. */
export interface NumberSearch {
  readonly query: Pick<ListQuery, 'search' | 'wholeNumbersOnly'>;
  /** Columns of numbers, and of names and the like. */
  readonly numbers: readonly string[];
  readonly texts: readonly string[];
  /** ISO country whose numbering plan national numbers follow. */
  readonly country: string;
}

/**
 * Adds what a search means to the alternatives of a `where`: a number in any way of writing it or a part of one, or a part of a
 * text. Whoever may not see numbers whole finds them by the whole number only: parts, tried one after the other, would tell it.
 */
export function orNumberOrText(
  either: Knex.QueryBuilder,
  { query: { search, wholeNumbersOnly }, numbers, texts, country }: NumberSearch,
): void {
  for (const column of texts) void either.orWhere(column, 'like', likePattern(search));
  const patterns = numberPatterns(search, country, wholeNumbersOnly);
  for (const column of numbers)
    for (const pattern of patterns) void either.orWhere(column, 'like', pattern);
  // No alternative at all would find everything.
  if (texts.length === 0 && patterns.size === 0) void either.orWhereRaw('FALSE');
}

/** LIKE patterns that find a number in any way of writing it, or what has a part of it; with `wholeOnly` only the whole one. */
export function numberPatterns(
  text: string,
  country: string,
  wholeOnly = false,
): ReadonlySet<string> {
  const number = NUMBER.test(text) ? normaliseNumber(text, country) : '';
  if (wholeOnly) return new Set(number === '' ? [] : [number]);
  const patterns = new Set([likePattern(text)]);
  if (number !== '') patterns.add(likePattern(number));
  // A trunk prefix is not part of the stored number: (020) 7946 finds +442079460123.
  const digits = NUMBER.test(text) ? text.replace(/\D/g, '').replace(/^0+/, '') : '';
  if (digits !== '') patterns.add(likePattern(digits));
  return patterns;
}
