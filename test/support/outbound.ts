import type { Knex } from 'knex';
import { newSettings } from '../../src/features/campaigns/settings.js';
import type { CampaignSettings } from '../../src/features/campaigns/index.js';
import type { CampaignId, ContactId } from '../../src/kernel/ids.js';
import type { CampaignMode } from '../../src/telephony/campaigns.js';

/** Whoever opts out and is nobody in particular: the number alone counts. */
export const STRANGER = { contact: 0 as ContactId };

/** Hours that are always open, so that a test's own clock does not matter. */
export const ALL_WEEK = [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }];

export interface PersonMade {
  readonly name?: string;
  readonly numbers: readonly string[];
  readonly zone?: string;
  readonly country?: string;
  readonly consent?: 'given' | 'withdrawn';
}

/** People in the table of contacts, in the order given. */
export async function makeContacts(
  db: Knex,
  people: readonly PersonMade[],
): Promise<readonly ContactId[]> {
  const made: ContactId[] = [];
  for (const person of people) {
    const [id] = await db('contacts').insert({
      name: person.name ?? 'Ada Finch',
      time_zone: person.zone ?? 'Europe/London',
      country: person.country ?? 'GB',
      fields: JSON.stringify({ plan: 'Gold' }),
    });
    if (person.numbers.length > 0)
      await db('contact_numbers').insert(
        person.numbers.map((number, at) => ({ contact_id: id, position: at + 1, number })),
      );
    if (person.consent !== undefined)
      await db('contact_consents').insert({
        contact_id: id,
        kind: person.consent,
        source: 'web form',
        at: new Date(),
      });
    made.push(id as ContactId);
  }
  return made;
}

let listsMade = 0;

/** A list with these people. */
export async function makeList(
  db: Knex,
  contacts: readonly ContactId[],
  name = `Customers ${String((listsMade += 1))}`,
): Promise<number> {
  const [id] = await db('contact_lists').insert({ name });
  if (contacts.length > 0)
    await db('contact_list_members').insert(
      contacts.map((contact) => ({ list_id: id, contact_id: contact })),
    );
  return id as number;
}

export interface CampaignMade {
  readonly name?: string;
  readonly mode?: CampaignMode;
  readonly state?: string;
  readonly lists: readonly number[];
  readonly settings?: Partial<CampaignSettings>;
}

/** A campaign that is started, without rules of any country and open all week unless told otherwise. */
export async function makeCampaign(db: Knex, made: CampaignMade): Promise<CampaignId> {
  const [id] = await db('campaigns').insert({
    name: made.name ?? 'Spring offer',
    mode: made.mode ?? 'progressive',
    state: made.state ?? 'running',
    settings: JSON.stringify({
      ...newSettings('Europe/London'),
      ruleSet: 'none',
      weekly: ALL_WEEK,
      attemptsADay: 0,
      ...made.settings,
    }),
  });
  for (const [at, list] of made.lists.entries())
    await db('campaign_sources').insert({ campaign_id: id, list_id: list, position: at + 1 });
  return id as CampaignId;
}

/** Empties everything that belongs to outbound campaigns. */
export async function clearOutbound(db: Knex): Promise<void> {
  for (const table of [
    ...['dial_guards', 'follow_ups', 'attempts', 'leads', 'campaign_sources', 'campaigns'],
    ...['do_not_call', 'segments', 'contact_list_members', 'contact_lists'],
    ...['contact_remarks', 'contact_consents', 'contact_numbers', 'contacts'],
  ])
    await db(table).del();
}
