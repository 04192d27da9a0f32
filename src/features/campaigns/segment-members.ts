import { readFields } from '../contacts/index.js';
import { segmentFilterSchema, segmentIds } from '../segments/index.js';
import type { SegmentMembers } from './knex-source-members.js';

/** Who is in a saved filter now. `zone`: the site's; days of conditions begin in it. */
export const segmentMembers = (zone: string): SegmentMembers => ({
  query: async (db, segment) => {
    const row = await db('segments')
      .where({ id: segment })
      .whereNull('archived_at')
      .first<{ filter: unknown } | undefined>('filter');
    if (row === undefined) return undefined;
    const { filter } = row;
    const parsed = segmentFilterSchema.parse(
      typeof filter === 'string' ? JSON.parse(filter) : filter,
    );
    const fields = await readFields(db);
    return () => segmentIds(db, parsed, { zone, fields });
  },
});
