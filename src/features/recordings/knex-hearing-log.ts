import type { Knex } from 'knex';
import type { HearingLog, HearPurpose } from './recording-service.js';

/** Reads the audit log. */
export const knexHearingLog = (db: Knex): HearingLog => ({
  heardSince: async (actor, id, sinceAt) => {
    const row = await db('audit_entries')
      .where({ object_kind: 'recording', object_id: id, action: 'recording.hear' })
      .where('user_id', actor.userId ?? null)
      .where('at', '>=', new Date(sinceAt))
      .first<object | undefined>('id');
    return row !== undefined;
  },
  hearings: async (ids, limit) => {
    const rows = await db('audit_entries')
      .where('object_kind', 'recording')
      .whereIn('object_id', [...ids])
      .whereIn('action', ['recording.hear', 'recording.download'])
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .select<{ user_name: string; action: string; at: Date }[]>('user_name', 'action', 'at');
    return rows.map((row) => ({
      userName: row.user_name,
      purpose: row.action.slice('recording.'.length) as HearPurpose,
      at: row.at,
    }));
  },
});
