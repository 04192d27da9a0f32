import type { Knex } from 'knex';
import { chooseNumber, type PlacedFacts } from '../../engines/outbound/choose-number.js';
import { IN_FLIGHT_RETRY_MS } from '../../engines/outbound/rules.js';
import { newAttemptId, type AgentId, type CampaignId, type ContactId } from '../../kernel/ids.js';
import type { ClearedLead } from '../../telephony/campaigns.js';
import {
  guard,
  lateRefusal,
  refusalOf,
  writeDials,
  writeRefusals,
  type Refusal,
} from './attempt-rows.js';
import {
  clearedLead,
  openLook,
  shareRunning,
  type ClearingParts,
  type DecidedLead,
  type Look,
} from './knex-clearing.js';
import { LEAD_COLUMNS, loadFacts, type LeadRow } from './knex-dial-facts.js';

/** A call that somebody was promised, which an agent makes now. */
export interface PromisedCall {
  readonly campaign: CampaignId;
  readonly contact: ContactId;
  /** E.164; need not be one of the numbers that the contact has. */
  readonly number: string;
  readonly agent: AgentId;
}

/** A lead to call; or when it may be looked at again, absent where waiting changes nothing. */
export interface PromisedAnswer {
  readonly lead?: ClearedLead;
  readonly retryAt?: number;
}

/**
 * Asks the rules about a promised call and writes a row that says what they said. The person wants it: it counts against no limit
 * of attempts or rests, and it matters not which list the person is in; do-not-call, consent, hours and dead numbers hold. The lead
 * stays where it is in its line, and nobody else dials the person meanwhile.
 */
export async function clearPromised(
  tx: Knex.Transaction,
  parts: ClearingParts,
  promised: PromisedCall,
  now: number,
): Promise<PromisedAnswer> {
  const row = await shareRunning(tx, promised.campaign);
  if (row === undefined) return { retryAt: now + IN_FLIGHT_RETRY_MS };
  const opened = await openLook(tx, parts, row, now);
  // Whoever takes attempts up after a restart sees by the mode that an agent had it.
  const look: Look = { ...opened, campaign: { ...row, mode: 'appointment' } };
  const decided = await decidePromised(tx, look, promised, now);
  if (decided === undefined) return {};
  const [refusal] = refusalOf(decided, look);
  if (refusal !== undefined) return refuse(tx, look, refusal);
  const dial = { ...decided, attempt: newAttemptId() };
  const held = await guard(tx, [dial]);
  if (!held.has(dial.attempt)) return refuse(tx, look, lateRefusal(decided, now));
  await writeDials(tx, look, [dial], promised.agent);
  return { lead: { ...clearedLead(dial, look), agent: promised.agent } };
}

async function refuse(tx: Knex.Transaction, look: Look, refusal: Refusal): Promise<PromisedAnswer> {
  await writeRefusals(tx, look, [refusal]);
  return refusal.retryAt === undefined ? {} : { retryAt: refusal.retryAt };
}

async function decidePromised(
  tx: Knex.Transaction,
  { campaign, settings, rules }: Look,
  { contact, number }: PromisedCall,
  now: number,
): Promise<DecidedLead | undefined> {
  const lead = await leadOf(tx, campaign.id, contact, now);
  const [facts] = await loadFacts(tx, [lead], {
    campaign: campaign.id,
    zone: settings.zone,
    members: new Set([contact]),
    reached: {},
    only: number,
  });
  if (facts === undefined) return undefined;
  const numbers = facts.numbers.map(wanted);
  const choice = chooseNumber(numbers, lead.next_position, rules.of(facts.country), now);
  return { ...facts, numbers, choice };
}

/** Attempts of the past do not speak against what the person asked for. */
const wanted = ({ position, facts }: PlacedFacts): PlacedFacts => ({
  position,
  facts: { ...facts, dials: [] },
});

/** The person's lead. One who is in no list of the campaign gets one that nobody dials by itself. */
async function leadOf(
  tx: Knex.Transaction,
  campaign: CampaignId,
  contact: ContactId,
  now: number,
): Promise<LeadRow> {
  await tx('leads')
    .insert({
      campaign_id: campaign,
      contact_id: contact,
      state: 'removed',
      held_by: 'promised',
      next_at: new Date(now),
      updated_at: new Date(now),
    })
    .onConflict()
    .ignore();
  return tx('leads')
    .where({ campaign_id: campaign, contact_id: contact })
    .first<LeadRow>(LEAD_COLUMNS);
}
