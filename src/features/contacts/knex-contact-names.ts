import type { Knex } from 'knex';
import { fromJson } from './json-column.js';

/** Whom a number belongs to: the name, and the site's own fields. Of several people the one who was changed last. */
export async function findContact(
  db: Knex,
  number: string,
): Promise<
  | {
      readonly id: number;
      readonly name: string;
      readonly company: string;
      readonly fields: Readonly<Record<string, string>>;
    }
  | undefined
> {
  const row = await db('contact_numbers as n')
    .join('contacts as c', 'c.id', 'n.contact_id')
    .where('n.number', number)
    .whereNull('c.archived_at')
    .orderBy([
      { column: 'c.updated_at', order: 'desc' },
      { column: 'c.id', order: 'desc' },
    ])
    .first<{ id: number; name: string; company: string; fields: unknown } | undefined>(
      'c.id',
      'c.name',
      'c.company',
      'c.fields',
    );
  return row && { ...row, fields: fromJson<Record<string, string>>(row.fields) };
}
