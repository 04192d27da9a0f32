import type { Knex } from 'knex';

/** A gap that somebody else has stepped into is left; so often in a row it is no accident. */
const TRIES = 5;

/**
 * Sets ids aside for `count` new contacts and gives the first: rows of other tables can then be written with them in bulk.
 * A row with the last id makes the table count on from there; what others took in between, before or after their commit, is seen
 * because the look waits for it. Nothing of it stays but the counter.
 */
export async function reserveContactIds(tx: Knex, count: number): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [first = 0] = await tx('contacts').insert({ name: '' });
    await tx('contacts').insert({ id: first + count, name: '' });
    await tx('contacts')
      .whereIn('id', [first, first + count])
      .delete();
    const taken = await tx('contacts')
      .where('id', '>', first)
      .where('id', '<', first + count)
      .forUpdate()
      .first<{ id: number } | undefined>('id');
    if (taken === undefined) return first + 1;
  }
  throw new Error('no ids could be set aside for contacts');
}
