import type { Knex } from 'knex';
import type { CampaignId } from '../../kernel/ids.js';
import { decide, openLook, type ClearingParts, type DecidedLead } from './knex-clearing.js';
import { LEAD_COLUMNS, type LeadRow } from './knex-dial-facts.js';
import type { CampaignRow } from './knex-stored-campaign.js';

const PAGE = 500;
/** Shown with name and number. */
const SHOWN = 25;

/** What would happen now; nothing was dialled and nothing was written. */
export interface DryRun {
  /** People who were looked at; `isAll` where that was everybody who is due. */
  readonly looked: number;
  readonly isAll: boolean;
  readonly mayDial: number;
  /** By rule, how many it holds, and the first moment at which one of them may be looked at again. */
  readonly held: readonly {
    readonly rule: string;
    readonly count: number;
    readonly retryAt: number | undefined;
  }[];
  /** The first of those who would be dialled, in their order, and some of those who would not. */
  readonly dialled: readonly DecidedLead[];
  readonly refused: readonly DecidedLead[];
}

/** Asks the rules about the first `most` people who are due at an instant, in the order in which they are dialled. */
export async function dryRun(
  db: Knex,
  parts: ClearingParts,
  campaign: CampaignId,
  at: number,
  most: number,
): Promise<DryRun> {
  const row = await db('campaigns').where({ id: campaign }).first<CampaignRow | undefined>('*');
  const held = new Map<string, { count: number; retryAt: number | undefined }>();
  const dialled: DecidedLead[] = [];
  const refused: DecidedLead[] = [];
  let [looked, mayDial, isAll] = [0, 0, false];
  if (row === undefined) return { looked, isAll: true, mayDial, held: [], dialled, refused };
  const look = await openLook(db, parts, row, at);
  while (looked < most && !isAll) {
    const size = Math.min(PAGE, most - looked);
    const leads = await dueLeads(db, campaign, at, looked, size);
    isAll = leads.length < size;
    looked += leads.length;
    for (const one of await decide(db, parts, look, leads)) {
      const rule = one.choice === undefined ? 'dead-number' : one.choice.verdict.refusedBy;
      if (rule === undefined) {
        mayDial += 1;
        if (dialled.length < SHOWN) dialled.push(one);
        continue;
      }
      const before = held.get(rule) ?? { count: 0, retryAt: undefined };
      const retryAt = one.choice?.verdict.retryAt;
      held.set(rule, {
        count: before.count + 1,
        retryAt: earlier(before.retryAt, retryAt),
      });
      if (refused.length < SHOWN) refused.push(one);
    }
  }
  return {
    ...{ looked, isAll, mayDial, dialled, refused },
    held: [...held].map(([rule, one]) => ({ rule, ...one })).sort((a, b) => b.count - a.count),
  };
}

const earlier = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

const dueLeads = (
  db: Knex,
  campaign: CampaignId,
  at: number,
  offset: number,
  limit: number,
): Promise<LeadRow[]> =>
  db('leads')
    .where({ campaign_id: campaign, state: 'open' })
    .where('next_at', '<=', new Date(at))
    .orderBy([{ column: 'priority', order: 'desc' }, { column: 'next_at' }, { column: 'id' }])
    .offset(offset)
    .limit(limit)
    .select<LeadRow[]>(LEAD_COLUMNS);
