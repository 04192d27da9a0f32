import type { Knex } from 'knex';
import type { ContactListId } from '../../kernel/ids.js';

/** Figures are made anew at least so often: numbers die, and people ask not to be called, without the list changing. */
const STALE_MS = 3_600_000;

/** A list whose figures are missing or old; undefined where there is none. */
export async function listToCount(db: Knex, now: number): Promise<ContactListId | undefined> {
  const row = await db('contact_lists')
    .whereNull('archived_at')
    .where((either) => {
      void either.whereNull('counted_at').orWhere('counted_at', '<', new Date(now - STALE_MS));
    })
    .orderBy('counted_at')
    .first<{ id: ContactListId } | undefined>('id');
  return row?.id;
}

/**
 * Counts members, and those whom somebody may call: in use, with a number that is alive and that not everybody must leave alone.
 * What a single campaign must not do is that campaign's figure.
 */
export async function countList(db: Knex, id: ContactListId, now: number): Promise<void> {
  const [members] = await db('contact_list_members')
    .where({ list_id: id })
    .count<{ n: number | string }[]>({ n: '*' });
  const [callable] = await db('contact_list_members as m')
    .join('contacts as c', 'c.id', 'm.contact_id')
    .where('m.list_id', id)
    .whereNull('c.archived_at')
    .whereExists(
      db('contact_numbers as n')
        .select(db.raw('1'))
        .whereRaw('n.contact_id = m.contact_id')
        .whereNull('n.dead_at')
        .whereNotExists(
          db('do_not_call as d')
            .select(db.raw('1'))
            .whereRaw('d.number = n.number')
            .where('d.campaign_id', 0),
        ),
    )
    .count<{ n: number | string }[]>({ n: '*' });
  await db('contact_lists')
    .where({ id })
    .update({
      members: Number(members?.n ?? 0),
      callable: Number(callable?.n ?? 0),
      counted_at: new Date(now),
    });
}
