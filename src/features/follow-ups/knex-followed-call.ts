import type { Knex } from 'knex';
import type { CallId, CampaignId, ContactId } from '../../kernel/ids.js';
import type { FollowedCall } from './knex-disposition-results.js';

/**
 * The contact of a call: whom the campaign dialled, else the only contact that has the number at the other end. Undefined
 * where nobody or more than one has it.
 */
export async function numberToFollow(db: Knex, callId: CallId): Promise<FollowedCall | undefined> {
  const attempt = await db('attempts')
    .where({ call_id: callId, kind: 'dial' })
    .orderBy('at', 'desc')
    .first<{ contact_id: ContactId; number: string; campaign_id: CampaignId } | undefined>(
      ...['contact_id', 'number', 'campaign_id'],
    );
  if (attempt !== undefined)
    return {
      ...{ contactId: attempt.contact_id, number: attempt.number },
      campaignId: attempt.campaign_id,
    };
  const call = await db('calls')
    .where({ id: callId })
    .first<{ direction: string; from_number: string; to_number: string } | undefined>(
      ...['direction', 'from_number', 'to_number'],
    );
  if (call === undefined) return undefined;
  const number = call.direction === 'outbound' ? call.to_number : call.from_number;
  const contactId = await onlyContactWith(db, number);
  return contactId === undefined ? undefined : { contactId, number, campaignId: undefined };
}

/** The contact in use that alone has a number. */
export async function onlyContactWith(db: Knex, number: string): Promise<ContactId | undefined> {
  if (number === '') return undefined;
  const rows = await db('contacts')
    .whereNull('archived_at')
    .whereIn('id', db('contact_numbers').where({ number }).select('contact_id'))
    .limit(2)
    .select<{ id: ContactId }[]>('id');
  return rows.length === 1 ? rows[0]?.id : undefined;
}
