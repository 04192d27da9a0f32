import type { Knex } from 'knex';
import { recycle, saysDead, type LeadFate } from '../../engines/outbound/recycling.js';
import { clockOf } from '../../engines/outbound/time-zone.js';
import { countsAsAttempt } from '../../engines/outbound/rules.js';
import type { AttemptId, CampaignId, ContactId, LeadId } from '../../kernel/ids.js';
import type { AttemptNews } from '../../telephony/campaigns.js';
import { HELD_BY_LIST } from '../contacts/index.js';
import { readSettings } from './settings.js';

interface AttemptRow {
  readonly campaign_id: CampaignId;
  readonly lead_id: LeadId;
  readonly contact_id: ContactId;
  readonly number: string;
  readonly result: string;
}

const instant = (at: number | undefined) => (at === undefined ? undefined : new Date(at));

/** Columns of what became known, without what did not. */
function columnsOf(news: AttemptNews): Readonly<Record<string, unknown>> {
  const all = {
    call_id: news.callId,
    trunk_id: news.trunkId,
    caller_id: news.callerId,
    agent_id: news.agentId,
    answered_at: instant(news.answeredAt),
    connected_at: instant(news.connectedAt),
    ended_at: instant(news.endedAt),
    cause: news.cause,
    note: news.note,
    machine_verdict: news.machineVerdict,
    outcome: news.outcome,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Writes what became known of a dial; the first result is final and decides what becomes of the lead. */
export async function writeNews(
  tx: Knex.Transaction,
  id: AttemptId,
  news: AttemptNews,
  now: number,
): Promise<void> {
  const attempt = await tx('attempts')
    .where({ id, kind: 'dial' })
    .forUpdate()
    .first<AttemptRow | undefined>('*');
  if (attempt === undefined) return;
  const { result } = news;
  const isFinal = result !== undefined && attempt.result === '';
  const columns = {
    ...columnsOf(news),
    ...(isFinal ? { result } : {}),
    ...(isFinal && news.endedAt === undefined ? { ended_at: new Date(now) } : {}),
  };
  if (Object.keys(columns).length > 0) await tx('attempts').where({ id }).update(columns);
  if (!isFinal) return;
  if (saysDead(result))
    await tx('contact_numbers')
      .where({ number: attempt.number })
      .whereNull('dead_at')
      .update({ dead_at: new Date(now), dead_reason: result });
  await settleLead(tx, attempt, result, news.endedAt ?? now, now);
  await tx('dial_guards').where({ attempt_id: id }).del();
}

interface CalledLead {
  readonly state: string;
  readonly held_by: string;
  readonly next_position: number;
  readonly settings: unknown;
  readonly time_zone: string;
}

async function settleLead(
  tx: Knex.Transaction,
  attempt: AttemptRow,
  result: string,
  endedAt: number,
  now: number,
): Promise<void> {
  const { lead_id: id, contact_id: contact, campaign_id: campaign, number } = attempt;
  await tx('leads').where({ id }).forUpdate().first('id');
  const lead = await tx('leads')
    .join('campaigns', 'campaigns.id', 'leads.campaign_id')
    .join('contacts', 'contacts.id', 'leads.contact_id')
    .where('leads.id', id)
    .first<CalledLead | undefined>(
      'leads.state as state',
      'leads.held_by as held_by',
      'leads.next_position as next_position',
      'campaigns.settings as settings',
      'contacts.time_zone as time_zone',
    );
  // A promised call leaves the lead as it is, unless somebody was spoken with.
  if (lead !== undefined && lead.state !== 'calling' && result === 'human')
    await tx('leads')
      .where({ id })
      .update({ state: 'done', held_by: result, last_result: result, updated_at: new Date(now) });
  if (lead?.state !== 'calling') return;
  const settings = readSettings(lead.settings);
  const alivePositions = (await tx('contact_numbers')
    .where({ contact_id: contact })
    .whereNull('dead_at')
    .pluck('position')) as number[];
  const results = (await tx('attempts')
    .where({ kind: 'dial', lead_id: id, campaign_id: campaign })
    .pluck('result')) as string[];
  const fate = recycle(
    {
      ...{ result, endedAt, alivePositions, results },
      position: lead.next_position,
      zones: clockOf({ timeZone: lead.time_zone, number }, settings.zone).zones,
    },
    settings.recycling,
  );
  // Taken out of the list during the call: nothing follows.
  const isOut = fate.state === 'open' && lead.held_by === HELD_BY_LIST;
  await tx('leads')
    .where({ id })
    .update({
      ...fateColumns(fate),
      ...(isOut ? { state: 'removed', held_by: HELD_BY_LIST } : {}),
      last_result: result,
      updated_at: new Date(now),
      // What did not reach the person's network costs the person nothing.
      ...(countsAsAttempt({ result })
        ? {}
        : { attempts: tx.raw('GREATEST(CAST(attempts AS SIGNED) - 1, 0)') }),
    });
}

const fateColumns = (fate: LeadFate) =>
  fate.state === 'open'
    ? {
        state: 'open',
        held_by: 'retry',
        next_at: new Date(fate.nextAt),
        next_position: fate.position,
      }
    : { state: fate.state, held_by: fate.why };
