import type { Knex } from 'knex';
import type { ContactId } from '../../kernel/ids.js';
import { likePattern } from '../../kernel/list.js';
import { numberPatterns } from '../number-privacy/index.js';
import type { BookableContact } from './follow-up.js';
import type { ContactSearch } from './follow-up-store.js';

/** Fewer digits would find too much. */
const FEWEST_DIGITS = 4;

interface ContactRow {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly country: string;
  readonly time_zone: string;
}

/** Contacts in use with their numbers, in the order of the ids; those that are not there are left out. */
export async function contactsOf(
  db: Knex,
  ids: readonly ContactId[],
): Promise<readonly BookableContact[]> {
  const [rows, numbers] = await Promise.all([
    db('contacts')
      .whereIn('id', ids)
      .whereNull('archived_at')
      .select<ContactRow[]>('id', 'name', 'company', 'country', 'time_zone'),
    db('contact_numbers')
      .whereIn('contact_id', ids)
      .orderBy(['contact_id', 'position'])
      .select<{ contact_id: ContactId; position: number; number: string; dead_at: Date | null }[]>(
        ...['contact_id', 'position', 'number', 'dead_at'],
      ),
  ]);
  return ids.flatMap((id) => {
    const row = rows.find((one) => one.id === id);
    if (row === undefined) return [];
    const { name, company, country, time_zone: timeZone } = row;
    return [
      {
        ...{ id, name, company, country, timeZone },
        numbers: numbers
          .filter((one) => one.contact_id === id)
          .map(({ position, number, dead_at }) => ({ position, number, isDead: dead_at !== null })),
      },
    ];
  });
}

/** By the beginning of a name or company, or by a part of a number. Each asked by its own index. */
export async function searchContacts(
  db: Knex,
  { search, wholeNumbersOnly = false, limit }: ContactSearch,
  country: string,
): Promise<readonly BookableContact[]> {
  const begins = likePattern(search).slice(1);
  const named = ['name', 'company'].map((column) =>
    db('contacts')
      .whereNull('archived_at')
      .whereILike(column, begins)
      .orderBy([column, 'id'])
      .limit(limit)
      .select<{ id: ContactId }[]>('id'),
  );
  const digits = search.replace(/\D/g, '').length;
  const patterns =
    digits < FEWEST_DIGITS ? [] : [...numberPatterns(search, country, wholeNumbersOnly)];
  const dialled = patterns.map((pattern) =>
    db('contact_numbers')
      .whereILike('number', pattern)
      .orderBy('number')
      .limit(limit)
      .select<{ id: ContactId }[]>('contact_id as id'),
  );
  const found = (await Promise.all([...named, ...dialled])).flat().map(({ id }) => id);
  return contactsOf(db, [...new Set(found)].slice(0, limit));
}
