import type { Knex } from 'knex';
import type { ContactId, SegmentId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, type TableMapping, type Usage } from '../configuration/index.js';
import { fromJson, readFields } from '../contacts/index.js';
import { segmentIds } from './knex-segment-where.js';
import type {
  SegmentDraft,
  SegmentSample,
  SegmentSort,
  SegmentStore,
  StoredSegment,
} from './segment.js';
import { segmentFilterSchema, type SegmentFilter } from './segment-filter.js';

interface SegmentRow {
  readonly id: SegmentId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly filter: unknown;
}

const MAPPING: TableMapping<SegmentId, SegmentDraft, StoredSegment, SegmentSort> = {
  table: 'segments',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: {},
  columns: (draft) => ({ name: draft.name, filter: JSON.stringify(draft.filter) }),
  read: (_db, rows) =>
    Promise.resolve(
      (rows as readonly SegmentRow[]).map((row) => ({
        id: row.id,
        version: row.version,
        archivedAt: row.archived_at ?? undefined,
        updatedAt: row.updated_at,
        name: row.name,
        filter: segmentFilterSchema.parse(fromJson(row.filter)),
      })),
    ),
  uses: async (db, id): Promise<readonly Usage[]> => {
    const campaigns = await db('campaign_sources as s')
      .join('campaigns as c', 'c.id', 's.campaign_id')
      .where('s.segment_id', id)
      .whereNull('c.archived_at')
      .distinct<{ id: number; name: string }[]>('c.id', 'c.name');
    return campaigns.map(({ id: campaign, name }) => ({ kind: 'campaign', id: campaign, name }));
  },
};

/** Saved filters in MariaDB. */
export class KnexSegmentStore
  extends KnexVersionedStore<SegmentId, SegmentDraft, StoredSegment, SegmentSort>
  implements SegmentStore
{
  constructor(
    db: Knex,
    auditLog: (db: Knex) => AuditLog,
    private readonly zone: string,
  ) {
    super(db, MAPPING, auditLog);
  }

  async sample(filter: SegmentFilter, count: number): Promise<SegmentSample> {
    const fields = await readFields(this.db);
    const ids = (): Knex.QueryBuilder => segmentIds(this.db, filter, { zone: this.zone, fields });
    const [[counted], people] = await Promise.all([
      this.db.from(ids().as('found')).count({ n: '*' }) as Promise<{ n: number | string }[]>,
      this.db
        .from(ids().orderBy('c.id').limit(count).as('found'))
        .join('contacts as p', 'p.id', 'found.id')
        .leftJoin('contact_numbers as n', (on) =>
          on.on('n.contact_id', 'p.id').onVal('n.position', 0),
        )
        .orderBy('p.id')
        .select<{ id: ContactId; name: string; company: string; number: string | null }[]>(
          'p.id',
          'p.name',
          'p.company',
          'n.number',
        ),
    ]);
    return {
      count: Number(counted?.n ?? 0),
      people: people.map((one) => ({ ...one, number: one.number ?? '' })),
    };
  }

  async lists(): Promise<readonly { readonly id: number; readonly name: string }[]> {
    return this.db('contact_lists')
      .whereNull('archived_at')
      .orderBy(['name', 'id'])
      .select<{ id: number; name: string }[]>('id', 'name');
  }
}
