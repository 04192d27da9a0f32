import type { Knex } from 'knex';

/** What the lamp of a phone shows. */
export interface LampCount {
  /** The extension's number. */
  readonly number: string;
  readonly fresh: number;
  readonly old: number;
}

/**
 * Messages of every extension that ever had one, also of those that have none any more. To its own come those of queues whose
 * boxes light lamps: at the phone of each agent who hears them.
 */
export async function readLampCounts(db: Knex): Promise<readonly LampCount[]> {
  const counted = (query: Knex.QueryBuilder) =>
    query
      .whereNull('x.archived_at')
      .groupBy('x.number')
      .select<CountRow[]>(
        'x.number',
        db.raw('sum(v.archived_at is null and v.heard_at is null) as fresh'),
        db.raw('sum(v.archived_at is null and v.heard_at is not null) as old'),
      );
  const hearers = db('mailboxes as m')
    .join('queue_members as qm', 'qm.queue_id', 'm.queue_id')
    .where({ 'm.lights_lamps': true, 'm.members_hear': true })
    .select('m.queue_id', 'qm.agent_id')
    .union(
      db('mailboxes as m')
        .join('mailbox_listeners as l', 'l.mailbox_id', 'm.id')
        .where('m.lights_lamps', true)
        .whereNotNull('m.queue_id')
        .select('m.queue_id', 'l.agent_id'),
    );
  const [own, ofTeams] = await Promise.all([
    counted(db('voicemails as v').join('extensions as x', 'x.id', 'v.extension_id')),
    counted(
      db('voicemails as v')
        .join(hearers.as('h'), 'h.queue_id', 'v.queue_id')
        .join('agents as a', 'a.id', 'h.agent_id')
        .join('extensions as x', 'x.id', 'a.extension_id')
        .whereNull('a.archived_at'),
    ),
  ]);
  const sums = new Map<string, LampCount>();
  for (const { number, fresh, old } of [...own, ...ofTeams]) {
    const before = sums.get(number) ?? { number, fresh: 0, old: 0 };
    sums.set(number, {
      number,
      fresh: before.fresh + Number(fresh),
      old: before.old + Number(old),
    });
  }
  return [...sums.values()];
}

interface CountRow {
  readonly number: string;
  readonly fresh: number | string;
  readonly old: number | string;
}
