import {
  newAttemptId,
  type AttemptId,
  type CampaignId,
  type ContactId,
} from '../../src/kernel/ids.js';
import type { LivePreview } from '../../src/telephony/live-previews.js';
import { MARA, REPAIRS, THEO, type Moment } from './live-moments.js';
import type { WorkspaceSite } from './workspace-site.js';

export const CAMPAIGN = 41 as CampaignId;
export const GRACE = 51 as ContactId;
export const GRACES = '+442079460701';
const HOUR_MS = 3_600_000;

/** A campaign, and Grace Hall of Hall & Sons in it, called before and remarked upon: the attempt that is before Mara. */
export async function addGrace(ws: WorkspaceSite): Promise<AttemptId> {
  const { database } = ws.site.parts;
  const ago = (hours: number): Date => new Date(Date.now() - hours * HOUR_MS);
  await database('campaigns').insert({
    ...{ id: CAMPAIGN, name: 'Renewals', mode: 'preview', state: 'running', queue_id: REPAIRS },
    settings: '{}',
  });
  await database('contacts').insert({
    ...{ id: GRACE, name: 'Grace Hall', company: 'Hall & Sons', time_zone: 'America/New_York' },
    fields: JSON.stringify({ contract: 'Gold, ends in May', machines: '4' }),
  });
  await database('contact_numbers').insert([
    { contact_id: GRACE, position: 0, number: '+442079460702', kind: 'work', dead_at: ago(99) },
    { contact_id: GRACE, position: 1, number: GRACES, kind: 'mobile' },
  ]);
  await database('contact_remarks').insert({
    ...{ contact_id: GRACE, at: ago(30), text: 'Asks for Mr Hall after lunch.' },
  });
  const dial = {
    ...{ kind: 'dial', campaign_id: CAMPAIGN, lead_id: 1, contact_id: GRACE, number: GRACES },
    ...{ mode: 'preview', rule_set: 'uk', reasons: '[]' },
  };
  const attempt = newAttemptId();
  await database('attempts').insert([
    { ...dial, id: newAttemptId(), at: ago(50), result: 'busy', agent_id: THEO },
    {
      ...dial,
      id: newAttemptId(),
      at: ago(26),
      result: 'skipped',
      note: 'bad-time',
      agent_id: MARA,
    },
    { ...dial, id: attempt, at: new Date(), agent_id: MARA },
  ]);
  return attempt;
}

/** Grace before Mara, with a minute to read. */
export const looking = (attempt: AttemptId, more: Partial<LivePreview> = {}): Moment => ({
  mara: {
    ...{ extension: '2001', state: 'preview', since: Date.now() },
    preview: {
      ...{ attempt, campaignId: CAMPAIGN, campaignName: 'Renewals', contactId: GRACE },
      ...{ name: 'Grace Hall', number: GRACES, phase: 'record', since: Date.now() },
      ...{ until: Date.now() + 60_000, atLimit: 'dial' },
      ...more,
    },
  },
});

/** The same while it is dialled. */
export function dialling(attempt: AttemptId, phase: 'own-phone' | 'customer'): Moment {
  const { mara } = looking(attempt);
  const read = mara?.preview;
  if (read === undefined) throw new Error('nobody is before Mara');
  const { attempt: id, campaignId, campaignName, contactId, name, number, since, atLimit } = read;
  const who = { attempt: id, campaignId, campaignName, contactId, name, number };
  return { mara: { ...mara, preview: { ...who, since, atLimit, phase } } };
}

/** Nothing is before Mara any more; what came of it is. */
export const ended = (attempt: AttemptId, result: 'busy' | 'invalid' | 'skipped'): Moment => ({
  mara: {
    ...{ extension: '2001', state: 'available', since: Date.now() },
    lastPreview: { attempt, name: 'Grace Hall', number: GRACES, result, at: Date.now() },
  },
});
