import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { ContactId, MissedCallerId } from '../../kernel/ids.js';
import type { AuditEntry, AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import type { MissedChange } from './missed-reports.js';

/** Changes by hand, each with its line of the audit log. */
export class KnexMissedStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  /** Throws `conflict` where the row is not in the state that the change needs, or the person has another open row. */
  change(actor: Actor, id: MissedCallerId, change: MissedChange, entry: AuditEntry): Promise<void> {
    return inTransaction(this.db, async (tx) => {
      const row = await tx('missed_callers')
        .where({ id })
        .forUpdate()
        .first<{ state: string; number: string; contact_id: ContactId | null } | undefined>(
          ...['state', 'number', 'contact_id'],
        );
      if (row === undefined) throw new AppError('not-found', 'no such caller');
      const isOpen = row.state === 'open';
      if (change.closed !== undefined && !isOpen)
        throw new AppError('conflict', 'the caller was reached meanwhile');
      if (change.reopened === true && row.state !== 'done')
        throw new AppError('conflict', 'the caller is not closed by hand');
      const key = row.contact_id === null ? row.number : `c${String(row.contact_id)}`;
      if (change.reopened === true) {
        const other = await tx('missed_callers').where('open_key', key).first<object | undefined>();
        if (other !== undefined) throw new AppError('conflict', 'the caller is missed anew');
      }
      await tx('missed_callers')
        .where({ id })
        .update({
          ...(change.owner === undefined ? {} : { owner_agent_id: change.owner }),
          ...(change.note === undefined ? {} : { note: change.note }),
          ...(change.closed === undefined
            ? {}
            : {
                ...{ state: 'done', open_key: null, closed_call_id: null },
                ...{ closed_at: change.closed.at, closed_by: change.closed.by.slice(0, 80) },
              }),
          ...(change.reopened === true
            ? { state: 'open', open_key: key, closed_at: null, closed_by: '' }
            : {}),
        });
      await this.auditLog(tx).record(actor, entry);
    });
  }
}
