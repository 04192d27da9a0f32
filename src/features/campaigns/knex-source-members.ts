import type { Knex } from 'knex';
import type { CampaignId, ContactId } from '../../kernel/ids.js';

/** Makes a query for `contacts.id` of people, as `id`; it can be narrowed further. */
export type MembersQuery = () => Knex.QueryBuilder;

/** Who is in a segment, as whoever owns segments knows it. */
export interface SegmentMembers {
  /** Makes a query for ids of contacts; undefined where there is no such segment (any more). */
  query(db: Knex, segment: number): Promise<(() => Knex.QueryBuilder) | undefined>;
}

/** A row of a campaign's sources. */
export interface SourceRow {
  readonly id: number;
  readonly list_id: number | null;
  readonly segment_id: number | null;
}

/** The sources of a campaign, in their order. */
export const sourcesOf = (db: Knex, campaign: CampaignId): Promise<readonly SourceRow[]> =>
  db('campaign_sources')
    .where({ campaign_id: campaign })
    .orderBy('position')
    .select<SourceRow[]>('id', 'list_id', 'segment_id');

/** Contacts in use who are in a source, as `id`; undefined where the list or segment is gone. */
export async function membersOf(
  db: Knex,
  segments: SegmentMembers,
  source: SourceRow,
): Promise<MembersQuery | undefined> {
  if (source.segment_id !== null) {
    const query = await segments.query(db, source.segment_id);
    return (
      query &&
      (() =>
        db('contacts')
          .whereIn('contacts.id', query())
          .whereNull('contacts.archived_at')
          .select<{ id: ContactId }[]>('contacts.id as id'))
    );
  }
  const list = await db('contact_lists')
    .where({ id: source.list_id ?? 0 })
    .whereNull('archived_at')
    .first<{ id: number } | undefined>('id');
  return list === undefined
    ? undefined
    : () =>
        db('contact_list_members')
          .join('contacts', 'contacts.id', 'contact_list_members.contact_id')
          .where('contact_list_members.list_id', list.id)
          .whereNull('contacts.archived_at')
          .select<{ id: ContactId }[]>('contacts.id as id');
}

/** Which of some contacts a campaign may call because they are in one of its sources. */
export async function inSources(
  db: Knex,
  segments: SegmentMembers,
  sources: readonly SourceRow[],
  contacts: readonly ContactId[],
): Promise<ReadonlySet<ContactId>> {
  const found = new Set<ContactId>();
  for (const source of sources) {
    const members = await membersOf(db, segments, source);
    const rows = (await members?.().whereIn('contacts.id', contacts)) as
      { id: ContactId }[] | undefined;
    for (const { id } of rows ?? []) found.add(id);
  }
  return found;
}
