import type { Knex } from 'knex';
import type { HearingLog } from './recording-service.js';

/** Reads the audit log. */
export const knexHearingLog = (db: Knex): HearingLog => ({
  heardSince: async (actor, id, sinceAt) => {
    const row = (await db('audit_entries')
      .where({ object_kind: 'recording', object_id: id, action: 'recording.hear' })
      .where('user_id', actor.userId ?? null)
      .where('at', '>=', new Date(sinceAt))
      .first('id')) as unknown;
    return row !== undefined;
  },
});
