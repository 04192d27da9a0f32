import {
  newAttemptId,
  type AttemptId,
  type CallId,
  type CampaignId,
  type ContactId,
  type LeadId,
  type QueueId,
} from '../../src/kernel/ids.js';
import type {
  AttemptNews,
  CampaignState,
  CampaignStore,
  ClearedLead,
  OptOut,
  RunningCampaign,
} from '../../src/telephony/campaigns.js';

export const CAMPAIGN = 7 as CampaignId;

/** A campaign that calls people one by one for the agents of a queue. */
export const plainCampaign = (changes: Partial<RunningCampaign> = {}): RunningCampaign => ({
  id: CAMPAIGN,
  name: 'Renewals',
  mode: 'progressive',
  queueId: 1 as QueueId,
  priority: 5,
  language: 'en',
  ringMs: 30_000,
  maxLines: 20,
  abandonLimit: 0.03,
  abandonWindowMs: 30 * 86_400_000,
  machine: { kind: 'off' },
  optOutDigit: '9',
  preview: { limitMs: 30_000, atLimit: 'dial' },
  ...changes,
});

interface AttemptRow {
  readonly lead: ClearedLead;
  /** When it was cleared, by the clock of the test that sets `now`. */
  readonly at: number;
  news: AttemptNews;
}

/** Campaigns, leads and attempts in memory: a lead is called once. */
export class CampaignRows implements CampaignStore {
  campaigns: RunningCampaign[] = [];
  readonly waiting = new Map<CampaignId, string[]>();
  readonly attempts = new Map<AttemptId, AttemptRow>();
  readonly halted: { campaign: CampaignId; state: CampaignState; reason: string }[] = [];
  readonly optedOut: { number: string; campaign: CampaignId | undefined }[] = [];
  past: { at: number; abandoned: boolean }[] = [];
  isAway = false;
  now = (): number => 0;
  #lead = 0;

  /** What became of each number so far: the attempts' news, in the order of the dials. */
  get results(): readonly (readonly [string, string | undefined])[] {
    return [...this.attempts.values()].map(({ lead, news }) => [lead.number, news.result]);
  }

  of(number: string): AttemptNews {
    const row = [...this.attempts.values()].findLast(({ lead }) => lead.number === number);
    if (row === undefined) throw new Error(`${number} was never dialled`);
    return row.news;
  }

  running(): Promise<readonly RunningCampaign[]> {
    return this.#answer(() =>
      this.campaigns.filter(({ id }) => !this.halted.some(({ campaign }) => campaign === id)),
    );
  }

  clear(campaign: CampaignId, count: number): Promise<readonly ClearedLead[]> {
    return this.#answer(() =>
      (this.waiting.get(campaign) ?? []).splice(0, count).map((number) => {
        const id = ++this.#lead;
        const lead: ClearedLead = {
          ...{ attempt: newAttemptId(), campaign, lead: id as LeadId, contact: id as ContactId },
          ...{ name: `Person ${String(id)}`, number, language: 'en', callerIds: [] },
          fields: { 'Due date': 'Monday' },
        };
        this.attempts.set(lead.attempt, { lead, at: this.now(), news: {} });
        return lead;
      }),
    );
  }

  tell(attempt: AttemptId, news: AttemptNews): Promise<void> {
    return this.#answer(() => {
      const row = this.attempts.get(attempt);
      if (row === undefined || row.news.result !== undefined) return;
      row.news = { ...row.news, ...news };
    });
  }

  unfinished(): ReturnType<CampaignStore['unfinished']> {
    return this.#answer(() =>
      [...this.attempts.values()].flatMap(({ lead, news }) => {
        if (news.result !== undefined) return [];
        const mode = this.campaigns.find(({ id }) => id === lead.campaign)?.mode ?? 'progressive';
        const callId: { callId?: CallId } =
          news.callId === undefined ? {} : { callId: news.callId };
        return [{ lead, mode, ...callId }];
      }),
    );
  }

  optOut({ number, campaign }: OptOut): Promise<void> {
    return this.#answer(() => {
      this.optedOut.push({ number, campaign });
    });
  }

  abandonment(): ReturnType<CampaignStore['abandonment']> {
    return this.#answer(() => this.past);
  }

  halt(campaign: CampaignId, state: 'paused' | 'done', reason: string): Promise<void> {
    return this.#answer(() => {
      this.halted.push({ campaign, state, reason });
    });
  }

  #answer<T>(make: () => T): Promise<T> {
    return this.isAway
      ? Promise.reject(new Error('the database is away'))
      : Promise.resolve(make());
  }
}
