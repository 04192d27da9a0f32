import type { Knex } from 'knex';
import type { NumberChoice } from '../../engines/outbound/choose-number.js';
import {
  IN_FLIGHT_RETRY_MS,
  type DialRule,
  type RuleAnswer,
} from '../../engines/outbound/rules.js';
import { newAttemptId, type AgentId, type AttemptId } from '../../kernel/ids.js';
import type { DecidedLead, Look } from './knex-clearing.js';
import { contactKey, numberKey } from './knex-dial-facts.js';

/** A lead that is dialled now. */
export type Dial = DecidedLead & { readonly attempt: AttemptId };

/**
 * Keeps people and numbers from all other campaigns and copies of the program. Who is the second finds the row there; whoever
 * got only one of the two gives it back.
 */
export async function guard(
  tx: Knex.Transaction,
  dials: readonly Dial[],
): Promise<ReadonlySet<AttemptId>> {
  const rows = dials.flatMap(({ lead, choice, attempt }) => [
    { guarded: contactKey(lead.contact_id), attempt_id: attempt },
    { guarded: numberKey(choice?.facts.number ?? ''), attempt_id: attempt },
  ]);
  if (rows.length === 0) return new Set();
  // In one order everywhere: two that want the same rows wait for each other only once.
  const inOrder = rows.toSorted((a, b) => (a.guarded < b.guarded ? -1 : 1));
  await tx('dial_guards').insert(inOrder).onConflict().ignore();
  const ours = await tx('dial_guards')
    .whereIn(
      'attempt_id',
      dials.map(({ attempt }) => attempt),
    )
    .select<{ attempt_id: AttemptId }[]>('attempt_id');
  const counts = new Map<AttemptId, number>();
  for (const { attempt_id } of ours) counts.set(attempt_id, (counts.get(attempt_id) ?? 0) + 1);
  const half = [...counts].filter(([, count]) => count < 2).map(([attempt]) => attempt);
  if (half.length > 0) await tx('dial_guards').whereIn('attempt_id', half).del();
  return new Set([...counts].filter(([, count]) => count === 2).map(([attempt]) => attempt));
}

/** Writes a row for each dial; `agent`: who calls, where that is not whom the lead belongs to. */
export async function writeDials(
  tx: Knex.Transaction,
  { campaign, now }: Look,
  dials: readonly Dial[],
  agent?: AgentId,
): Promise<void> {
  if (dials.length === 0) return;
  await tx('attempts').insert(
    dials.map(({ attempt, lead, choice }) => ({
      id: attempt,
      kind: 'dial',
      campaign_id: campaign.id,
      lead_id: lead.id,
      contact_id: lead.contact_id,
      number: choice?.facts.number ?? '',
      at: new Date(now),
      mode: campaign.mode,
      rule_set: choice?.verdict.ruleSet ?? '',
      reasons: reasonsColumn(choice?.verdict.reasons ?? []),
      agent_id: agent ?? lead.agent_id,
    })),
  );
}

/** Whoever is dialled from the line of leads is not in it meanwhile. */
export async function takeLeads(
  tx: Knex.Transaction,
  { now }: Look,
  dials: readonly Dial[],
): Promise<void> {
  for (const { lead, choice } of dials)
    await tx('leads')
      .where({ id: lead.id })
      .update({
        state: 'calling',
        held_by: '',
        next_position: choice?.position ?? 0,
        attempts: tx.raw('attempts + 1'),
        updated_at: new Date(now),
      });
}

/** What becomes of a lead that may not be dialled now. */
export interface Refusal {
  readonly decided: DecidedLead;
  readonly rule: DialRule;
  readonly state: 'open' | 'done' | 'refused' | 'removed';
  readonly retryAt: number | undefined;
}

/** Rules that say no for good, and what a lead is then. */
const ENDS: Readonly<Partial<Record<DialRule, 'done' | 'refused' | 'removed'>>> = {
  source: 'removed',
  'dead-number': 'refused',
  'do-not-call': 'refused',
  consent: 'refused',
  'attempts-in-all': 'done',
  'attempts-a-number': 'done',
};
/** What neither ends by itself nor ends the lead, such as hours that never open, is looked at again after a day. */
const LOOK_AGAIN_MS = 86_400_000;

export function refusalOf(decided: DecidedLead, { now }: Look): readonly Refusal[] {
  const { choice } = decided;
  // Somebody without any number is as one whose numbers are all dead.
  if (choice === undefined)
    return [{ decided, rule: 'dead-number', state: 'refused', retryAt: undefined }];
  const { refusedBy, retryAt } = choice.verdict;
  if (refusedBy === undefined) return [];
  const end = retryAt === undefined ? ENDS[refusedBy] : undefined;
  if (end !== undefined) return [{ decided, rule: refusedBy, state: end, retryAt: undefined }];
  return [{ decided, rule: refusedBy, state: 'open', retryAt: retryAt ?? now + LOOK_AGAIN_MS }];
}

/** Somebody else was quicker in taking the person or the number. */
export const lateRefusal = (decided: DecidedLead, now: number): Refusal => ({
  decided,
  rule: 'in-flight',
  state: 'open',
  retryAt: now + IN_FLIGHT_RETRY_MS,
});

/** Writes a row for each refusal that is not there yet. */
export async function writeRefusals(
  tx: Knex.Transaction,
  { campaign, now }: Look,
  refusals: readonly Refusal[],
): Promise<void> {
  if (refusals.length === 0) return;
  const known = await knownRefusals(tx, refusals, now);
  const rows = refusals
    .filter(({ decided, rule }) => !known.has(refusalKey(decided.lead.id, rule)))
    .map(({ decided: { lead, choice }, rule, retryAt }) => ({
      id: newAttemptId(),
      kind: 'refusal',
      campaign_id: campaign.id,
      lead_id: lead.id,
      contact_id: lead.contact_id,
      number: choice?.facts.number ?? '',
      at: new Date(now),
      mode: campaign.mode,
      rule_set: choice?.verdict.ruleSet ?? '',
      reasons: reasonsColumn(reasonsOf(choice, rule)),
      refused_by: rule,
      retry_at: retryAt === undefined ? null : new Date(retryAt),
    }));
  if (rows.length > 0) await tx('attempts').insert(rows);
}

/** Leads that were refused are not looked at before they may be dialled, or not any more. */
export async function holdLeads(
  tx: Knex.Transaction,
  { now }: Look,
  refusals: readonly Refusal[],
): Promise<void> {
  const groups = new Map<string, Refusal[]>();
  for (const one of refusals) {
    const key = `${one.state} ${one.rule} ${String(one.retryAt)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    await tx('leads')
      .whereIn(
        'id',
        [first, ...others].map(({ decided }) => decided.lead.id),
      )
      .update({
        state: first.state,
        held_by: first.rule,
        updated_at: new Date(now),
        ...(first.retryAt === undefined ? {} : { next_at: new Date(first.retryAt) }),
      });
  }
}

/** Without details that are empty: there may be a row a day for each of a hundred thousand people. */
const reasonsColumn = (reasons: readonly RuleAnswer[]): string =>
  JSON.stringify(
    reasons.map(({ rule, passed, detail }) =>
      Object.keys(detail).length === 0 ? { rule, passed } : { rule, passed, detail },
    ),
  );

/** The verdict as it was; a guard that somebody else took in the meantime is the last of its rules. */
const reasonsOf = (choice: NumberChoice | undefined, rule: DialRule): readonly RuleAnswer[] =>
  choice === undefined
    ? [{ rule: 'dead-number', passed: false, detail: { why: 'no-number' } }]
    : choice.verdict.reasons.map((reason) =>
        reason.rule === rule ? { ...reason, passed: false } : reason,
      );

const refusalKey = (lead: number, rule: string): string => `${String(lead)} ${rule}`;

/** Refusals of the same rule that still hold: they are not written twice. */
async function knownRefusals(
  tx: Knex.Transaction,
  refusals: readonly Refusal[],
  now: number,
): Promise<ReadonlySet<string>> {
  const rows = await tx('attempts')
    .where({ kind: 'refusal' })
    .whereIn(
      'lead_id',
      refusals.map(({ decided }) => decided.lead.id),
    )
    .where('retry_at', '>', new Date(now))
    .select<{ lead_id: number; refused_by: string }[]>('lead_id', 'refused_by');
  return new Set(rows.map((row) => refusalKey(row.lead_id, row.refused_by)));
}
