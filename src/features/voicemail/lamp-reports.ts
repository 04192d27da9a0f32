import type { Knex } from 'knex';

/** What the lamp of a phone shows. */
export interface LampCount {
  /** The extension's number. */
  readonly number: string;
  readonly fresh: number;
  readonly old: number;
}

/** Messages of every extension that ever had one, also of those that have none any more. */
export async function readLampCounts(db: Knex): Promise<readonly LampCount[]> {
  const rows = await db('voicemails as v')
    .join('extensions as x', 'x.id', 'v.extension_id')
    .whereNull('x.archived_at')
    .groupBy('x.number')
    .select<{ number: string; fresh: number | string; old: number | string }[]>(
      'x.number',
      db.raw('sum(v.archived_at is null and v.heard_at is null) as fresh'),
      db.raw('sum(v.archived_at is null and v.heard_at is not null) as old'),
    );
  return rows.map(({ number, fresh, old }) => ({ number, fresh: Number(fresh), old: Number(old) }));
}
