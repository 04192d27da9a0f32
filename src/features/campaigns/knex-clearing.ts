import type { Knex } from 'knex';
import { orderCallerIds } from '../../engines/outbound/caller-ids.js';
import { chooseNumber, type NumberChoice } from '../../engines/outbound/choose-number.js';
import { newAttemptId, type AgentId, type CampaignId } from '../../kernel/ids.js';
import type { ClearedLead } from '../../telephony/campaigns.js';
import {
  guard,
  holdLeads,
  lateRefusal,
  refusalOf,
  takeLeads,
  writeDials,
  writeRefusals,
  type Dial,
} from './attempt-rows.js';
import type { RulesByCountry, RulesMemory } from './campaign-rules.js';
import type { CampaignSettings } from './campaign.js';
import { loadFacts, type LeadFacts, type LeadRow } from './knex-dial-facts.js';
import { lockDueLeads } from './knex-lead-queue.js';
import { inSources, sourcesOf, type SegmentMembers } from './knex-source-members.js';
import { exceptionsOf, type CampaignRow } from './knex-stored-campaign.js';
import { readSettings } from './settings.js';

/** What clearing is made of. */
export interface ClearingParts {
  readonly segments: SegmentMembers;
  readonly rules: RulesMemory;
}

/** One look at some leads of a campaign. */
export interface Look {
  readonly campaign: CampaignRow;
  readonly settings: CampaignSettings;
  readonly rules: RulesByCountry;
  readonly now: number;
}

/** A campaign with its rules, as it stands at this moment. */
export async function openLook(
  db: Knex,
  { rules }: ClearingParts,
  campaign: CampaignRow,
  now: number,
): Promise<Look> {
  const settings = readSettings(campaign.settings);
  const exceptions = await exceptionsOf(db, settings);
  return { campaign, settings, rules: rules.of(campaign, settings, exceptions), now };
}

/** A lead, and what the rules say of its numbers; no choice where a person has none. */
export interface DecidedLead extends LeadFacts {
  readonly choice: NumberChoice | undefined;
}

/** Asks the rules about some leads; writes nothing. */
export async function decide(
  db: Knex,
  { segments }: ClearingParts,
  { campaign, settings, rules, now }: Look,
  leads: readonly LeadRow[],
): Promise<readonly DecidedLead[]> {
  if (leads.length === 0) return [];
  const members = await inSources(
    db,
    segments,
    await sourcesOf(db, campaign.id),
    leads.map((lead) => lead.contact_id),
  );
  const facts = await loadFacts(db, leads, {
    campaign: campaign.id,
    zone: settings.zone,
    members,
    reached: {},
  });
  return facts.map((one) => ({
    ...one,
    choice: chooseNumber(one.numbers, one.lead.next_position, rules.of(one.country), now),
  }));
}

/** What one slice came to. */
export interface Slice {
  readonly cleared: readonly ClearedLead[];
  readonly looked: number;
}

/**
 * Takes due leads, asks the rules, writes dials and refusals, and keeps from everybody else the people and numbers that are
 * dialled; all within a transaction. At most `count` are dialled, `size` are looked at.
 */
export async function clearSlice(
  tx: Knex.Transaction,
  parts: ClearingParts,
  look: Look,
  asked: { readonly count: number; readonly size: number; readonly agent: AgentId | null },
): Promise<Slice> {
  const { campaign, now } = look;
  const leads = await lockDueLeads(tx, campaign.id, now, asked.size, asked.agent);
  const decided = await decide(tx, parts, look, leads);
  const dials = decided
    .filter(({ choice }) => choice !== undefined && choice.verdict.refusedBy === undefined)
    .slice(0, asked.count)
    .map((one) => ({ ...one, attempt: newAttemptId() }));
  const held = await guard(tx, dials);
  const dialled = dials.filter(({ attempt }) => held.has(attempt));
  await writeDials(tx, look, dialled);
  await takeLeads(tx, look, dialled);
  const refused = decided.flatMap((one) => refusalOf(one, look));
  const late = dials
    .filter(({ attempt }) => !held.has(attempt))
    .map((one) => lateRefusal(one, now));
  await writeRefusals(tx, look, [...refused, ...late]);
  await holdLeads(tx, look, [...refused, ...late]);
  return { cleared: dialled.map((one) => clearedLead(one, look)), looked: leads.length };
}

/** A lead that may be dialled, as the dialler gets it. */
export function clearedLead(
  { attempt, lead, person, choice, answeredAt }: Dial,
  { campaign, settings }: Look,
): ClearedLead {
  const number = choice?.facts.number ?? '';
  return {
    attempt,
    campaign: campaign.id,
    lead: lead.id,
    contact: lead.contact_id,
    name: person.name,
    number,
    language:
      person.language === 'en' || person.language === 'zh-CN' ? person.language : settings.language,
    fields: person.fields,
    ...(lead.agent_id === null ? {} : { agent: lead.agent_id }),
    callerIds: orderCallerIds(settings.callerIds, number, answeredAt, settings.localPresence),
  };
}

/** A campaign that may be dialled now, kept from being paused until the transaction ends. */
export const shareRunning = (
  tx: Knex.Transaction,
  id: CampaignId,
): Promise<CampaignRow | undefined> =>
  tx('campaigns')
    .where({ id, state: 'running' })
    .whereNull('archived_at')
    .forShare()
    .first<CampaignRow | undefined>('*');
