import type { Knex } from 'knex';
import type { AgentId, AttemptId, CampaignId, ContactId, FollowUpId } from '../../kernel/ids.js';
import type { AttemptResult, ClearedLead } from '../../telephony/campaigns.js';
import type { KnexCampaignStore } from '../campaigns/index.js';
import type { FollowUpCall, FollowUpStore } from '../../telephony/follow-ups.js';

const TABLE = 'follow_ups';
/** So many are looked at in one look; a site with more has more promises than agents. */
const DUE_LIMIT = 500;

interface FollowUpRow {
  readonly id: FollowUpId;
  readonly kind: 'callback' | 'appointment';
  readonly campaign_id: CampaignId | null;
  readonly contact_id: ContactId;
  readonly agent_id: AgentId | null;
  readonly number: string;
  readonly due_at: Date;
  readonly not_before: Date | null;
  readonly attempts: number;
  readonly note: string;
  readonly name: string;
  readonly attempt_id: AttemptId | null;
  readonly result: AttemptResult | '' | null;
}

/** The rules of its campaign, at this moment. */
type PromiseClearing = Pick<KnexCampaignStore, 'clearPromised'>;

/** Promised calls in MariaDB. Several copies of the program may use it at the same time. */
export class KnexFollowUpCalls implements FollowUpStore {
  constructor(
    private readonly db: Knex,
    private readonly clearing: PromiseClearing,
    private readonly now: () => number,
  ) {}

  async due(until: number): Promise<readonly FollowUpCall[]> {
    const rows = await this.#rows()
      .where('f.state', 'open')
      .where((own) => {
        void own.where('p.state', 'running').orWhereNull('f.campaign_id');
      })
      .where('f.due_at', '<=', new Date(until))
      .where((later) => {
        void later.whereNull('f.not_before').orWhere('f.not_before', '<=', new Date(until));
      })
      .orderBy(['f.due_at', 'f.id'])
      .limit(DUE_LIMIT);
    return rows.map(callOf);
  }

  async clear(id: FollowUpId, agent: AgentId): Promise<ClearedLead | undefined> {
    // Whoever changes the row first has it.
    const taken = await this.db(TABLE)
      .where({ id, state: 'open' })
      .whereNotNull('campaign_id')
      .update({ state: 'calling', attempt_id: null });
    if (taken === 0) return undefined;
    const row = await this.db(TABLE).where({ id }).first<FollowUpRow>('*');
    let cleared: Awaited<ReturnType<PromiseClearing['clearPromised']>>;
    try {
      cleared = await this.clearing.clearPromised({
        ...{
          campaign: row.campaign_id as CampaignId,
          contact: row.contact_id,
          number: row.number,
          agent,
        },
      });
    } catch (error) {
      await this.db(TABLE).where({ id, state: 'calling' }).update({ state: 'open' });
      throw error;
    }
    const { lead, retryAt } = cleared;
    if (lead !== undefined) {
      await this.db(TABLE).where({ id }).update({ attempt_id: lead.attempt });
      return lead;
    }
    const isOver = retryAt === undefined;
    await this.db(TABLE)
      .where({ id, state: 'calling' })
      .update(
        isOver
          ? { state: 'failed', last_result: 'refused', closed_at: new Date(this.now()) }
          : { state: 'open', last_result: 'refused', not_before: new Date(retryAt) },
      );
    return undefined;
  }

  async settle(
    id: FollowUpId,
    { state, attempts, notBefore, result }: Parameters<FollowUpStore['settle']>[1],
  ): Promise<void> {
    await this.db(TABLE)
      .where({ id, state: 'calling' })
      .update({
        ...{ state, attempts, attempt_id: null, last_result: result ?? '' },
        ...(notBefore === undefined ? {} : { not_before: new Date(notBefore) }),
        ...(state === 'open' ? {} : { closed_at: new Date(this.now()) }),
      });
  }

  async takenUp(): ReturnType<FollowUpStore['takenUp']> {
    const rows = await this.#rows().where('f.state', 'calling');
    return rows.map((row) => ({
      followUp: callOf(row),
      // One that was never written was cleared for nothing.
      attempt: row.attempt_id ?? ('' as AttemptId),
      ...(row.attempt_id === null ? { result: 'failed' as const } : {}),
      ...(row.result === null || row.result === '' ? {} : { result: row.result }),
    }));
  }

  #rows() {
    return this.db(`${TABLE} as f`)
      .join('contacts as c', 'c.id', 'f.contact_id')
      .leftJoin('campaigns as p', 'p.id', 'f.campaign_id')
      .leftJoin('attempts as a', 'a.id', 'f.attempt_id')
      .whereIn('f.kind', ['callback', 'appointment'])
      .select<FollowUpRow[]>('f.*', 'c.name as name', 'a.result as result');
  }
}

const callOf = (row: FollowUpRow): FollowUpCall => ({
  ...{ id: row.id, kind: row.kind, contact: row.contact_id },
  ...(row.campaign_id === null ? {} : { campaign: row.campaign_id }),
  ...{ name: row.name, number: row.number, attempts: row.attempts, note: row.note },
  ...(row.agent_id === null ? {} : { agent: row.agent_id }),
  dueAt: row.due_at.getTime(),
  notBefore: Math.max(row.due_at.getTime(), row.not_before?.getTime() ?? 0),
});
