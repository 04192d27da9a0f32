import {
  newAttemptId,
  type AgentId,
  type AttemptId,
  type CampaignId,
  type ContactId,
  type FollowUpId,
  type LeadId,
} from '../../src/kernel/ids.js';
import type {
  AttemptNews,
  CampaignMode,
  CampaignStore,
  ClearedLead,
  OptOut,
  RunningCampaign,
} from '../../src/telephony/campaigns.js';
import type { FollowUpCall, FollowUpStore } from '../../src/telephony/follow-ups.js';

/** A lead as the table would keep it. */
export interface LeadRow {
  readonly id: LeadId;
  readonly number: string;
  readonly name: string;
  readonly agent?: AgentId;
  state: 'open' | 'calling' | 'done';
  /** Results of its attempts, in order; skips with their reason. */
  readonly results: string[];
}

export interface AttemptRow extends AttemptNews {
  readonly lead: ClearedLead;
  readonly mode: CampaignMode;
}

interface FollowUpRow {
  followUp: FollowUpCall;
  state: string;
  attempt?: AttemptId;
}

/**
 * Campaigns, leads, attempts and promises, in memory: whatever is told a result and is not `done` may be called again at once. No
 * rules: whoever is open may be called.
 */
export class PreviewRows implements CampaignStore {
  campaigns: readonly RunningCampaign[] = [];
  readonly leads: LeadRow[] = [];
  readonly attempts = new Map<AttemptId, AttemptRow>();
  readonly followUps = new Map<FollowUpId, FollowUpRow>();
  readonly refused: string[] = [];
  /** Results after which a lead is not called again. */
  readonly final = new Set<string>(['human', 'skipped', 'busy', 'no-answer', 'invalid']);
  isAway = false;
  /** Runs between the question for a lead and its answer. */
  onClear: () => void = () => undefined;

  addLead(number: string, name = '', agent?: AgentId): LeadRow {
    const id = (this.leads.length + 1) as LeadId;
    const row: LeadRow = {
      ...{ id, number, name, state: 'open', results: [] },
      ...(agent === undefined ? {} : { agent }),
    };
    this.leads.push(row);
    return row;
  }

  promise(followUp: Omit<FollowUpCall, 'attempts' | 'notBefore'>): FollowUpRow {
    const row: FollowUpRow = {
      followUp: { ...followUp, attempts: 0, notBefore: followUp.dueAt },
      state: 'open',
    };
    this.followUps.set(followUp.id, row);
    return row;
  }

  async #here(): Promise<void> {
    await Promise.resolve();
    if (this.isAway) throw new Error('the database is away');
  }

  async running(): Promise<readonly RunningCampaign[]> {
    await this.#here();
    return this.campaigns;
  }

  async clear(
    campaign: CampaignId,
    count: number,
    { agent }: { readonly agent?: AgentId } = {},
  ): Promise<readonly ClearedLead[]> {
    await this.#here();
    const open = this.leads
      .filter((lead) => lead.state === 'open' && (lead.agent === undefined || lead.agent === agent))
      .toSorted((a, b) => Number(b.agent === agent) - Number(a.agent === agent))
      .slice(0, count);
    const cleared = open.map((lead) => this.#attempt(lead, campaign, 'preview'));
    this.onClear();
    return cleared;
  }

  #attempt(
    lead: Pick<LeadRow, 'id' | 'number' | 'name'> & { state: string },
    campaign: CampaignId,
    mode: CampaignMode,
  ): ClearedLead {
    lead.state = 'calling';
    const cleared: ClearedLead = {
      ...{
        attempt: newAttemptId(),
        campaign,
        lead: lead.id,
        contact: Number(lead.id) as ContactId,
      },
      ...{ name: lead.name, number: lead.number, language: 'en', fields: {}, callerIds: [] },
    };
    this.attempts.set(cleared.attempt, { lead: cleared, mode });
    return cleared;
  }

  async tell(attempt: AttemptId, news: AttemptNews): Promise<void> {
    await this.#here();
    const row = this.attempts.get(attempt);
    if (row === undefined) throw new Error(`no attempt ${attempt}`);
    // A result is final.
    const { result } = row.result === undefined ? news : row;
    this.attempts.set(attempt, { ...row, ...news, ...(result === undefined ? {} : { result }) });
    const lead = this.leads.find(({ id }) => id === row.lead.lead);
    if (lead === undefined || row.result !== undefined || news.result === undefined) return;
    lead.results.push([news.result, news.note].filter(Boolean).join(' '));
    lead.state = this.final.has(news.result) ? 'done' : 'open';
  }

  async unfinished(): ReturnType<CampaignStore['unfinished']> {
    await this.#here();
    return [...this.attempts.values()]
      .filter(({ result }) => result === undefined)
      .map(({ lead, mode, callId }) => ({
        ...{ lead, mode },
        ...(callId === undefined ? {} : { callId }),
      }));
  }

  async optOut({ number, source, campaign }: OptOut): Promise<void> {
    await this.#here();
    this.refused.push(`${number} ${source} ${String(campaign ?? 'all')}`);
  }

  abandonment(): ReturnType<CampaignStore['abandonment']> {
    return Promise.resolve([]);
  }

  halt(): Promise<void> {
    return Promise.resolve();
  }

  readonly promises: FollowUpStore = {
    due: async (until) => {
      await this.#here();
      return [...this.followUps.values()]
        .filter(({ state, followUp }) => state === 'open' && followUp.notBefore <= until)
        .map(({ followUp }) => followUp);
    },
    clear: async (id, agent) => {
      await this.#here();
      const row = this.followUps.get(id);
      if (row?.state !== 'open') return undefined;
      const { name, number, campaign } = row.followUp;
      const cleared = this.#attempt(
        { id: (1_000 + id) as LeadId, name, number, state: '' },
        campaign ?? (0 as CampaignId),
        'appointment',
      );
      row.state = 'calling';
      row.attempt = cleared.attempt;
      return { ...cleared, agent };
    },
    settle: async (id, { state, attempts, notBefore }) => {
      await this.#here();
      const row = this.followUps.get(id);
      if (row === undefined) return;
      row.state = state;
      row.followUp = {
        ...row.followUp,
        attempts,
        ...(notBefore === undefined ? {} : { notBefore }),
      };
    },
    takenUp: async () => {
      await this.#here();
      return [...this.followUps.values()].flatMap(({ followUp, state, attempt }) => {
        if (state !== 'calling' || attempt === undefined) return [];
        const result = this.attempts.get(attempt)?.result;
        return [{ followUp, attempt, ...(result === undefined ? {} : { result }) }];
      });
    },
  };
}
