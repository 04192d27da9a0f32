import type { Knex } from 'knex';
import { orderCallerIds } from '../../engines/outbound/caller-ids.js';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { AgentId, AttemptId, CallId, CampaignId } from '../../kernel/ids.js';
import type {
  AttemptNews,
  CampaignMode,
  CampaignStore,
  ClearedLead,
  OptOut,
  RunningCampaign,
} from '../../telephony/campaigns.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import { RulesMemory } from './campaign-rules.js';
import { changeState } from './knex-campaign-state.js';
import {
  clearSlice,
  openLook,
  shareRunning,
  type ClearingParts,
  type Slice,
} from './knex-clearing.js';
import { fieldsOf } from './knex-dial-facts.js';
import { clearPromised, type PromisedAnswer, type PromisedCall } from './knex-promised.js';
import { quotaOf } from './knex-quota.js';
import { scheduleAt } from './schedule.js';
import { readSettings } from './settings.js';
import type { SegmentMembers } from './knex-source-members.js';
import { runningCampaign, type CampaignRow } from './knex-stored-campaign.js';
import { writeNews } from './knex-telling.js';

/** Leads that are looked at in one transaction. */
const SMALLEST_SLICE = 20;
const LARGEST_SLICE = 400;
/** Slices of one claim at most: while most leads are held back, some claims come to nothing, and none takes long. */
const SLICES_A_CLAIM = 4;

export interface CampaignStoreParts {
  readonly database: Knex;
  readonly segments: SegmentMembers;
  /** Country of the site (ISO 3166). */
  readonly country: string;
  readonly auditLog: (db: Knex) => AuditLog;
  readonly now: () => number;
}

/** Campaigns, leads and attempts in MariaDB. Several copies of the program may use it at the same time. */
export class KnexCampaignStore implements CampaignStore {
  readonly #clearing: ClearingParts;

  constructor(private readonly parts: CampaignStoreParts) {
    this.#clearing = { segments: parts.segments, rules: new RulesMemory(parts.country) };
  }

  async running(): Promise<readonly RunningCampaign[]> {
    const now = this.parts.now();
    return (await this.#started())
      .filter(({ settings }) => scheduleAt(readSettings(settings), now).kind === 'open')
      .map(runningCampaign);
  }

  async clear(
    campaign: CampaignId,
    count: number,
    options: { readonly agent?: AgentId } = {},
  ): Promise<readonly ClearedLead[]> {
    const cleared: ClearedLead[] = [];
    for (const agent of options.agent === undefined ? [null] : [options.agent, null])
      for (let slices = 0; slices < SLICES_A_CLAIM && cleared.length < count; slices += 1) {
        // Where most are held back, more are looked at: those who are held are not due any more.
        const size = Math.min(LARGEST_SLICE, Math.max(SMALLEST_SLICE, 2 * count) << (2 * slices));
        const asked = { count: count - cleared.length, size, agent };
        const slice = await this.#slice(campaign, asked);
        cleared.push(...slice.cleared);
        if (slice.looked === 0) break;
      }
    return cleared;
  }

  async #slice(
    campaign: CampaignId,
    asked: { readonly count: number; readonly size: number; readonly agent: AgentId | null },
  ): Promise<Slice> {
    const nothing: Slice = { cleared: [], looked: 0 };
    const now = this.parts.now();
    const slice = await claim(this.parts.database, async (tx) => {
      const row = await shareRunning(tx, campaign);
      // People of an appointment campaign are called when they have booked, not because they are in a list.
      if (row === undefined || row.mode === 'appointment') return nothing;
      const look = await openLook(tx, this.#clearing, row, now);
      if (scheduleAt(look.settings, now).kind !== 'open') return nothing;
      const quota = await quotaOf(tx, campaign, look.settings);
      if (quota.isReached) return 'quota';
      const room = Math.min(asked.count, quota.room);
      if (room === 0) return nothing;
      return clearSlice(tx, this.#clearing, look, { ...asked, count: room });
    });
    if (slice !== 'quota') return slice;
    await this.halt(campaign, 'done', 'quota');
    return nothing;
  }

  /** A promised call, by the rules of its campaign at this moment. */
  clearPromised(promised: PromisedCall): Promise<PromisedAnswer> {
    const now = this.parts.now();
    return claim(this.parts.database, (tx) => clearPromised(tx, this.#clearing, promised, now));
  }

  tell(attempt: AttemptId, news: AttemptNews): Promise<void> {
    const now = this.parts.now();
    return claim(this.parts.database, (tx) => writeNews(tx, attempt, news, now));
  }

  async unfinished(): ReturnType<CampaignStore['unfinished']> {
    const rows = await this.parts
      .database('attempts')
      .join('campaigns', 'campaigns.id', 'attempts.campaign_id')
      .join('contacts', 'contacts.id', 'attempts.contact_id')
      .where({ 'attempts.kind': 'dial', 'attempts.result': '' })
      .orderBy('attempts.id')
      .select<UnfinishedRow[]>(
        'attempts.*',
        'campaigns.settings as settings',
        'contacts.name as name',
        'contacts.language as language',
        'contacts.fields as fields',
      );
    return rows.map((row) => ({
      lead: unfinishedLead(row),
      mode: row.mode,
      ...(row.call_id === null ? {} : { callId: row.call_id }),
    }));
  }

  async optOut({ number, contact, source, call, campaign }: OptOut): Promise<void> {
    const { database, now } = this.parts;
    const others = (await database('contact_numbers')
      .where({ contact_id: contact })
      .pluck('number')) as string[];
    await database('do_not_call')
      .insert(
        [...new Set([number, ...others])].map((one) => ({
          ...{ number: one, source, call_id: call ?? null },
          ...{ campaign_id: campaign ?? 0, at: new Date(now()) },
        })),
      )
      .onConflict()
      .ignore();
  }

  /** `sinceMs`: an instant, in ms since the epoch. */
  async abandonment(
    campaign: CampaignId,
    sinceMs: number,
  ): Promise<readonly { readonly at: number; readonly abandoned: boolean }[]> {
    const rows = await this.parts
      .database('attempts')
      .where({ campaign_id: campaign, kind: 'dial' })
      .whereIn('result', ['human', 'abandoned'])
      .where('at', '>=', new Date(sinceMs))
      .select<{ at: Date; answered_at: Date | null; result: string }[]>(
        'at',
        'answered_at',
        'result',
      );
    return rows
      .map(({ at, answered_at, result }) => ({
        at: (answered_at ?? at).getTime(),
        abandoned: result === 'abandoned',
      }))
      .sort((a, b) => a.at - b.at);
  }

  async halt(campaign: CampaignId, state: 'paused' | 'done', reason: string): Promise<void> {
    const { database, auditLog } = this.parts;
    await changeState(database, auditLog, SYSTEM_ACTOR, campaign, {
      from: ['running'],
      to: state,
      reason,
    });
  }

  #started(): Promise<readonly CampaignRow[]> {
    return this.parts
      .database('campaigns')
      .where({ state: 'running' })
      .whereNull('archived_at')
      .orderBy([{ column: 'priority', order: 'desc' }, 'id'])
      .select<CampaignRow[]>('*');
  }
}

/** A transaction that locks the rows that it finds and no gaps between them, so that leads can come in meanwhile. */
const claim = <T>(db: Knex, work: (tx: Knex.Transaction) => Promise<T>): Promise<T> =>
  inTransaction(db, work, { isolationLevel: 'read committed' });

interface UnfinishedRow {
  readonly id: AttemptId;
  readonly campaign_id: CampaignId;
  readonly lead_id: ClearedLead['lead'];
  readonly contact_id: ClearedLead['contact'];
  readonly number: string;
  readonly mode: CampaignMode;
  readonly call_id: CallId | null;
  readonly agent_id: AgentId | null;
  readonly settings: unknown;
  readonly name: string;
  readonly language: string;
  readonly fields: unknown;
}

function unfinishedLead(row: UnfinishedRow): ClearedLead {
  const { callerIds, language, localPresence } = readSettings(row.settings);
  return {
    attempt: row.id,
    campaign: row.campaign_id,
    lead: row.lead_id,
    contact: row.contact_id,
    name: row.name,
    number: row.number,
    language: row.language === 'en' || row.language === 'zh-CN' ? row.language : language,
    fields: fieldsOf(row.fields),
    ...(row.agent_id === null ? {} : { agent: row.agent_id }),
    callerIds: orderCallerIds(callerIds, row.number, [], localPresence),
  };
}
