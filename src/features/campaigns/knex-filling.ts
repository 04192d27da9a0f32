import type { Knex } from 'knex';
import type { CampaignId, ContactId } from '../../kernel/ids.js';
import { inTransaction } from '../configuration/index.js';
import {
  membersOf,
  sourcesOf,
  type MembersQuery,
  type SegmentMembers,
  type SourceRow,
} from './knex-source-members.js';

/** Contacts of each source that one slice looks at, at most. */
const SLICE = 5_000;
const LAST_CONTACT = 4_294_967_295;

/** What one slice came to. */
export interface FilledSlice {
  readonly added: number;
  readonly removed: number;
  /** From where to go on; undefined where the pass is over. */
  readonly next: ContactId | undefined;
}

interface Members {
  readonly source: SourceRow;
  readonly query: MembersQuery;
}

/**
 * Brings leads in line with the sources, for contacts behind `after` (by id): who is new becomes a lead, who is gone is
 * `removed` unless in a call or done, who is back may be called again. Repeating it changes nothing.
 */
export async function fillSlice(
  db: Knex,
  segments: SegmentMembers,
  campaign: { readonly id: CampaignId; readonly ownersOnly: boolean },
  after: ContactId,
  now: number,
): Promise<FilledSlice> {
  return inTransaction(
    db,
    async (tx) => {
      const members = await currentMembers(tx, segments, campaign.id);
      const until = await endOfSlice(tx, campaign.id, members, after);
      const range = [Number(after) + 1, until] as const;
      let added = 0;
      for (const one of members) added += await bringIn(tx, campaign, one, range, now);
      const removed = await takeOut(tx, campaign.id, members, range, now);
      return { added, removed, next: until === LAST_CONTACT ? undefined : (until as ContactId) };
    },
    { isolationLevel: 'read committed' },
  );
}

async function currentMembers(
  tx: Knex,
  segments: SegmentMembers,
  campaign: CampaignId,
): Promise<readonly Members[]> {
  const found: Members[] = [];
  for (const source of await sourcesOf(tx, campaign)) {
    const query = await membersOf(tx, segments, source);
    if (query !== undefined) found.push({ source, query });
  }
  return found;
}

/** The last contact of the slice: no source, and not the leads either, has more than so many before it. */
async function endOfSlice(
  tx: Knex,
  campaign: CampaignId,
  members: readonly Members[],
  after: ContactId,
): Promise<number> {
  const ends = [LAST_CONTACT];
  for (const { query } of members) {
    const rows = (await query()
      .where('contacts.id', '>', after)
      .orderBy('contacts.id')
      .offset(SLICE - 1)
      .limit(1)) as { id: number }[];
    ends.push(...rows.map(({ id }) => id));
  }
  const leads = await tx('leads')
    .where({ campaign_id: campaign })
    .where('contact_id', '>', after)
    .orderBy('contact_id')
    .offset(SLICE - 1)
    .limit(1)
    .select<{ contact_id: number }[]>('contact_id');
  ends.push(...leads.map(({ contact_id }) => contact_id));
  return Math.min(...ends);
}

/** Who is new becomes a lead; who was taken out and is back is one again. */
async function bringIn(
  tx: Knex,
  campaign: { readonly id: CampaignId; readonly ownersOnly: boolean },
  { source, query }: Members,
  range: readonly [number, number],
  now: number,
): Promise<number> {
  const inRange = query().whereBetween('contacts.id', range);
  const { sql, bindings } = inRange
    .clone()
    .leftJoin('leads', (join) =>
      join
        .on('leads.contact_id', 'contacts.id')
        .andOn('leads.campaign_id', tx.raw('?', [campaign.id])),
    )
    .whereNull('leads.id')
    .clearSelect()
    .select(
      tx.raw('?', [campaign.id]),
      'contacts.id',
      tx.raw('?', [source.id]),
      campaign.ownersOnly ? 'contacts.owner_agent_id' : tx.raw('NULL'),
      tx.raw('?', [new Date(now)]),
      tx.raw('?', [new Date(now)]),
    )
    .toSQL()
    .toNative();
  const [{ affectedRows }] = (await tx.raw(
    `INSERT IGNORE INTO leads (campaign_id, contact_id, source_id, agent_id, next_at, updated_at) ${sql}`,
    bindings as Knex.RawBinding[],
  )) as [{ affectedRows: number }];
  const back = (await tx('leads')
    .where({ campaign_id: campaign.id, state: 'removed' })
    .whereBetween('contact_id', range)
    .whereIn('contact_id', inRange)
    .pluck('id')) as number[];
  if (back.length > 0)
    await tx('leads')
      .whereIn('id', back)
      .update({
        state: 'open',
        held_by: '',
        source_id: source.id,
        next_at: new Date(now),
        updated_at: new Date(now),
      });
  return affectedRows + back.length;
}

/** Who is in no source any more and was not called to the end. */
async function takeOut(
  tx: Knex,
  campaign: CampaignId,
  members: readonly Members[],
  range: readonly [number, number],
  now: number,
): Promise<number> {
  const query = tx('leads')
    .where({ campaign_id: campaign, state: 'open' })
    .whereBetween('contact_id', range);
  for (const one of members)
    void query.whereNotIn('contact_id', one.query().whereBetween('contacts.id', range));
  const gone = (await query.pluck('id')) as number[];
  if (gone.length > 0)
    await tx('leads')
      .whereIn('id', gone)
      .where({ state: 'open' })
      .update({ state: 'removed', held_by: 'source', updated_at: new Date(now) });
  return gone.length;
}

/** Goes through all contacts once. */
export async function fillLeads(
  db: Knex,
  segments: SegmentMembers,
  campaign: { readonly id: CampaignId; readonly ownersOnly: boolean },
  now: number,
): Promise<void> {
  let after: ContactId | undefined = 0 as ContactId;
  while (after !== undefined)
    ({ next: after } = await fillSlice(db, segments, campaign, after, now));
}
