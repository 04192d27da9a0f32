import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { AuditEntry, AuditLog } from './audit.js';

/**
 * The audit log in MariaDB. Given a transaction, the line stands or falls with the change that it describes; rejects
 * where the database is away, so that nothing changes without its line.
 */
export const knexAuditLog = (db: Knex): AuditLog => ({
  record: async (actor: Actor, entry: AuditEntry): Promise<void> => {
    await db('audit_entries').insert({
      at: new Date(),
      user_id: actor.userId ?? null,
      user_name: actor.name.slice(0, 80),
      action: entry.action,
      object_kind: entry.objectKind,
      object_id: entry.objectId.slice(0, 64),
      object_name: entry.objectName.slice(0, 120),
      changes: entry.changes === undefined ? null : JSON.stringify(entry.changes),
      address: actor.address.slice(0, 45),
    });
  },
});
