import type { Knex } from 'knex';
import { wallTime } from '../../engines/routing/wall-clock.js';
import type { CampaignId } from '../../kernel/ids.js';
import type { SiteDay } from '../../kernel/site-day.js';

/** People of a campaign, by what they are now and what holds them. */
export interface LeadCount {
  readonly state: string;
  /** The rule or result behind the state; '' for none. */
  readonly heldBy: string;
  /** Open ones only: due now, or the first moment at which one of them is. */
  readonly isDue: boolean;
  readonly count: number;
  readonly nextAt: number | undefined;
}

/** What a campaign did in some days. */
export interface DialCounts {
  readonly dials: number;
  readonly inFlight: number;
  readonly byResult: Readonly<Record<string, number>>;
}

/** Of each result how many there were, from a list or under one of our numbers. */
export interface HitRate {
  readonly name: string;
  readonly dials: number;
  readonly connects: number;
}

/** Dials and connects in one hour of a weekday, by the site's clock. */
export interface HourCount {
  /** 1 is Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly dials: number;
  readonly connects: number;
}

const IS_CONNECT = "result = 'human'";

/** Figures of campaigns, from leads and attempts. */
export class CampaignReports {
  constructor(private readonly db: Knex) {}

  /** People of a campaign in groups; together they are all of them. */
  async leads(campaign: CampaignId, now: number): Promise<readonly LeadCount[]> {
    const rows = await this.db('leads')
      .where({ campaign_id: campaign })
      .groupByRaw('state, held_by, is_due')
      .select<{ state: string; held_by: string; is_due: number; count: number; next_at: Date }[]>(
        'state',
        'held_by',
        this.db.raw("state = 'open' AND next_at <= ? AS is_due", [new Date(now)]),
        this.db.raw('COUNT(*) AS count'),
        this.db.raw('MIN(next_at) AS next_at'),
      );
    return rows.map((row) => ({
      state: row.state,
      heldBy: row.held_by,
      isDue: row.is_due === 1,
      count: row.count,
      nextAt: row.state === 'open' ? row.next_at.getTime() : undefined,
    }));
  }

  /** How many people campaigns have, and how many of them are still to be called; of each campaign. */
  async progress(
    campaigns: readonly CampaignId[],
  ): Promise<ReadonlyMap<CampaignId, { readonly all: number; readonly left: number }>> {
    const rows = await this.db('leads')
      .whereIn('campaign_id', campaigns)
      .whereNot({ state: 'removed' })
      .groupBy('campaign_id')
      .select<{ campaign_id: CampaignId; all: number; left: string | number }[]>(
        'campaign_id',
        this.db.raw('COUNT(*) AS `all`'),
        this.db.raw("SUM(state IN ('open', 'calling')) AS `left`"),
      );
    return new Map(rows.map((row) => [row.campaign_id, { all: row.all, left: Number(row.left) }]));
  }

  /** Dials of each campaign by result; within a day, or since it began. */
  async dials(
    campaigns: readonly CampaignId[],
    within?: SiteDay,
  ): Promise<ReadonlyMap<CampaignId, DialCounts>> {
    const query = this.db('attempts').whereIn('campaign_id', campaigns).where({ kind: 'dial' });
    if (within !== undefined)
      void query
        .where('at', '>=', new Date(within.startAt))
        .where('at', '<', new Date(within.endAt));
    const rows = await query
      .groupBy('campaign_id', 'result')
      .select<{ campaign_id: CampaignId; result: string; count: number }[]>(
        'campaign_id',
        'result',
        this.db.raw('COUNT(*) AS count'),
      );
    const found = new Map<CampaignId, DialCounts>();
    for (const { campaign_id, result, count } of rows) {
      const before = found.get(campaign_id) ?? { dials: 0, inFlight: 0, byResult: {} };
      found.set(campaign_id, {
        dials: before.dials + count,
        inFlight: before.inFlight + (result === '' ? count : 0),
        byResult: result === '' ? before.byResult : { ...before.byResult, [result]: count },
      });
    }
    return found;
  }

  /** When people answer: by weekday and hour of the site. */
  async hours(campaign: CampaignId, zone: string): Promise<readonly HourCount[]> {
    const rows = await this.db('attempts')
      .where({ campaign_id: campaign, kind: 'dial' })
      .whereNotIn('result', ['', 'failed', 'congestion', 'invalid'])
      .groupBy('quarter')
      .select<QuarterRow[]>(
        // Quarters, because zones are shifted by quarters of an hour at most.
        this.db.raw("TIMESTAMPDIFF(MINUTE, '1970-01-01', at) DIV 15 AS quarter"),
        this.db.raw('COUNT(*) AS dials'),
        this.db.raw(`SUM(${IS_CONNECT}) AS connects`),
      );
    return inSiteHours(rows, zone);
  }

  /** How often people answer, by the list or segment that they came from. */
  async bySource(campaign: CampaignId): Promise<readonly HitRate[]> {
    const rows = await this.db('attempts')
      .join('leads', 'leads.id', 'attempts.lead_id')
      .leftJoin('campaign_sources', 'campaign_sources.id', 'leads.source_id')
      .leftJoin('contact_lists', 'contact_lists.id', 'campaign_sources.list_id')
      .leftJoin('segments', 'segments.id', 'campaign_sources.segment_id')
      .where({ 'attempts.campaign_id': campaign, 'attempts.kind': 'dial' })
      .whereNot({ 'attempts.result': '' })
      .groupByRaw('COALESCE(contact_lists.name, segments.name)')
      .orderByRaw('dials DESC')
      .select<{ name: string | null; dials: number; connects: string | number }[]>(
        this.db.raw('COALESCE(contact_lists.name, segments.name) AS name'),
        this.db.raw('COUNT(*) AS dials'),
        this.db.raw(`SUM(attempts.${IS_CONNECT}) AS connects`),
      );
    return rows.map(hitRate);
  }

  /** How often people answer, by the number that they saw. */
  async byCallerId(campaign: CampaignId): Promise<readonly HitRate[]> {
    const rows = await this.db('attempts')
      .where({ campaign_id: campaign, kind: 'dial' })
      .whereNot({ result: '' })
      .groupBy('caller_id')
      .orderByRaw('dials DESC')
      .select<{ name: string; dials: number; connects: string | number }[]>(
        'caller_id as name',
        this.db.raw('COUNT(*) AS dials'),
        this.db.raw(`SUM(${IS_CONNECT}) AS connects`),
      );
    return rows.map(hitRate);
  }
}

const hitRate = (row: {
  readonly name: string | null;
  readonly dials: number;
  readonly connects: string | number;
}): HitRate => ({ name: row.name ?? '', dials: row.dials, connects: Number(row.connects) });

interface QuarterRow {
  /** Quarter hours since the epoch. */
  readonly quarter: number;
  readonly dials: number;
  readonly connects: string | number;
}

const QUARTER_MS = 900_000;

function inSiteHours(rows: readonly QuarterRow[], zone: string): readonly HourCount[] {
  const found = new Map<string, HourCount>();
  for (const { quarter, dials, connects } of rows) {
    const { weekday, minute } = wallTime(quarter * QUARTER_MS, zone);
    const hour = Math.floor(minute / 60);
    const key = `${String(weekday)} ${String(hour)}`;
    const before = found.get(key) ?? { weekday, hour, dials: 0, connects: 0 };
    found.set(key, {
      ...before,
      dials: before.dials + dials,
      connects: before.connects + Number(connects),
    });
  }
  return [...found.values()];
}
