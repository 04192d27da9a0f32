import type { Knex } from 'knex';
import { likePattern } from '../../kernel/list.js';
import { COUNT_AT_MOST, type ContactQuery } from './contact-reports.js';
import { numberPrefixes } from './number-prefixes.js';

/**
 * Ids of people whom a search means, at most {@link COUNT_AT_MOST} and one of each way: by name or company anywhere in it, by the
 * beginning of the external key or of a number. Each way reads an index only, so a million people take a fraction of a second.
 */
export function searchedIds(
  db: Knex,
  query: Pick<ContactQuery, 'search' | 'archived' | 'wholeNumbersOnly'>,
  country: string,
): Knex.QueryBuilder {
  const most = COUNT_AT_MOST + 1;
  const pattern = likePattern(query.search);
  const named = (column: 'name' | 'company'): Knex.QueryBuilder => {
    const rows = db('contacts').select('id').whereILike(column, pattern).limit(most);
    return query.archived ? rows.whereNotNull('archived_at') : rows.whereNull('archived_at');
  };
  const ways: Knex.QueryBuilder[] = [
    named('name'),
    named('company'),
    db('contacts').select('id').whereILike('external_key', pattern.slice(1)).limit(most),
  ];
  for (const prefix of numberPrefixes(query.search, country)) {
    const numbers = db('contact_numbers').select('contact_id as id').limit(most);
    ways.push(
      query.wholeNumbersOnly
        ? numbers.where('number', prefix)
        : numbers.whereILike('number', `${prefix}%`),
    );
  }
  return db.union(ways, true);
}
