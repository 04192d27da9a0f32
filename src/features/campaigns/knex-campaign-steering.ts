import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { CampaignId, ContactId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { CampaignSteering, StateChange } from './campaign-steering.js';
import { changeState } from './knex-campaign-state.js';
import { fillSlice } from './knex-filling.js';
import type { SegmentMembers } from './knex-source-members.js';

/** Slices that are filled before the answer is given. */
const FIRST_SLICES = 2;

type Named = { readonly id: CampaignId; readonly name: string };

/** Steering of campaigns in MariaDB. */
export class KnexCampaignSteering implements CampaignSteering {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
    private readonly segments: SegmentMembers,
  ) {}

  change(actor: Actor, id: CampaignId, change: StateChange, reopenAt?: number): Promise<boolean> {
    return changeState(this.db, this.auditLog, actor, id, change, async (tx) => {
      if (reopenAt !== undefined)
        await tx('leads')
          .where({ campaign_id: id, state: 'refused' })
          .update({ state: 'open', held_by: '', next_at: new Date(reopenAt) });
    });
  }

  lookAgain(actor: Actor, campaign: Named, at: number): Promise<number> {
    return this.db.transaction(async (tx) => {
      const count = await tx('leads')
        .where({ campaign_id: campaign.id })
        .where((held) => {
          void held.where({ state: 'refused' }).orWhere((open) => {
            void open.where({ state: 'open' }).whereNotIn('held_by', ['', 'retry']);
          });
        })
        .update({ state: 'open', held_by: '', next_at: new Date(at) });
      await this.#record(tx, actor, 'look-again', campaign);
      return count;
    });
  }

  async bringIn(
    campaign: { readonly id: CampaignId; readonly ownersOnly: boolean },
    at: number,
  ): Promise<void> {
    let after: ContactId | undefined = 0 as ContactId;
    for (let slices = 0; slices < FIRST_SLICES && after !== undefined; slices += 1)
      ({ next: after } = await fillSlice(this.db, this.segments, campaign, after, at));
  }

  noteExport(actor: Actor, campaign: Named): Promise<void> {
    return this.#record(this.db, actor, 'export', campaign);
  }

  #record(db: Knex, actor: Actor, action: string, { id, name }: Named): Promise<void> {
    return this.auditLog(db).record(actor, {
      action: `campaign.${action}`,
      objectKind: 'campaign',
      objectId: String(id),
      objectName: name,
    });
  }
}
