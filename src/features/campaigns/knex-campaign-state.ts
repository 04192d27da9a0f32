import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { CampaignId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import type { StateChange } from './campaign-steering.js';
import type { CampaignRow } from './knex-stored-campaign.js';

const LONGEST_REASON = 200;

/**
 * Changes a campaign's state with its line in the audit log, all or nothing. False where it is in none of the states before, so
 * that of two who stop it only one has done so; throws `not-found`.
 */
export async function changeState(
  db: Knex,
  auditLog: (db: Knex) => AuditLog,
  actor: Actor,
  id: CampaignId,
  { from, to, reason }: StateChange,
  also?: (tx: Knex) => Promise<void>,
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const row = await tx('campaigns').where({ id }).forUpdate().first<CampaignRow | undefined>('*');
    if (row === undefined) throw new AppError('not-found', `no campaign ${String(id)}`);
    if (!from.includes(row.state) || row.archived_at !== null) return false;
    await tx('campaigns')
      .where({ id })
      .update({
        state: to,
        state_reason: reason.slice(0, LONGEST_REASON),
        updated_at: tx.fn.now(3),
      });
    await also?.(tx);
    await auditLog(tx).record(actor, {
      action: `campaign.${to}`,
      objectKind: 'campaign',
      objectId: String(id),
      objectName: row.name,
      changes: {
        state: [row.state, to],
        ...(reason === '' ? {} : { reason: [row.state_reason, reason] }),
      },
    });
    return true;
  });
}
