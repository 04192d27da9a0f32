import type { Knex } from 'knex';
import type { PlacedFacts } from '../../engines/outbound/choose-number.js';
import { clockOf } from '../../engines/outbound/time-zone.js';
import type { DialFacts, PastDial } from '../../engines/outbound/rules.js';
import type { AgentId, CampaignId, ContactId, LeadId } from '../../kernel/ids.js';
import { countryOf } from '../../kernel/numbers.js';
import type { AttemptResult } from '../../telephony/campaigns.js';

/** A lead as it is looked at. */
export interface LeadRow {
  readonly id: LeadId;
  readonly contact_id: ContactId;
  readonly agent_id: AgentId | null;
  readonly next_position: number;
  readonly held_by: string;
}
export const LEAD_COLUMNS = ['id', 'contact_id', 'agent_id', 'next_position', 'held_by'] as const;

interface PersonRow {
  readonly id: ContactId;
  readonly name: string;
  readonly language: string;
  readonly country: string;
  readonly time_zone: string;
  readonly fields: unknown;
}
interface NumberRow {
  readonly contact_id: ContactId;
  readonly position: number;
  readonly number: string;
  readonly dead_at: Date | null;
  readonly dead_reason: string;
}
interface DialRow {
  readonly id: string;
  readonly lead_id: LeadId;
  readonly campaign_id: CampaignId;
  readonly contact_id: ContactId;
  readonly number: string;
  readonly at: Date;
  readonly result: AttemptResult | '';
  readonly caller_id: string;
}

/** A person as calls show them. */
export interface Person {
  readonly name: string;
  readonly language: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Everything that rules ask about one lead. */
export interface LeadFacts {
  readonly lead: LeadRow;
  readonly person: Person;
  /** Of the person, or of the first number; '' where neither says it. */
  readonly country: string;
  readonly numbers: readonly PlacedFacts[];
  /** Our numbers at which this person has answered, the last one first. */
  readonly answeredAt: readonly string[];
}

/** What the facts of one campaign have in common. */
export interface FactsAsked {
  readonly campaign: CampaignId;
  /** Where nobody knows a person's own zone. */
  readonly zone: string;
  readonly members: ReadonlySet<ContactId>;
  readonly reached: DialFacts['reached'];
  /** Only this number is asked about, whether the person has it or not. */
  readonly only?: string;
}

export const contactKey = (id: ContactId): string => `contact:${String(id)}`;
export const numberKey = (number: string): string => `number:${number}`;

/** Reads what the rules ask about some leads, in a handful of queries however many they are. */
export async function loadFacts(
  db: Knex,
  leads: readonly LeadRow[],
  asked: FactsAsked,
): Promise<readonly LeadFacts[]> {
  const contacts = [...new Set(leads.map((lead) => lead.contact_id))];
  const people = await db('contacts')
    .whereIn('id', contacts)
    .select<PersonRow[]>('id', 'name', 'language', 'country', 'time_zone', 'fields');
  const stored = await db('contact_numbers')
    .whereIn('contact_id', contacts)
    .orderBy(['contact_id', 'position'])
    .select<NumberRow[]>('contact_id', 'position', 'number', 'dead_at', 'dead_reason');
  const numbers = leads.flatMap((lead) => numbersFor(lead, stored, asked.only));
  const dialled = [...new Set(numbers.map(({ number }) => number))];
  const consents = await consentsOf(db, contacts);
  const banned = await bansOf(db, dialled, asked.campaign);
  const dials = await dialsOf(db, contacts, dialled);
  const guarded = await guardsOf(db, contacts, dialled);
  const personOf = new Map(people.map((person) => [person.id, person]));
  const numbersOf = new Map<ContactId, NumberRow[]>();
  for (const row of numbers)
    numbersOf.set(row.contact_id, [...(numbersOf.get(row.contact_id) ?? []), row]);
  return leads.flatMap((lead) => {
    const person = personOf.get(lead.contact_id);
    if (person === undefined) return [];
    const own = numbersOf.get(lead.contact_id) ?? [];
    const consent = consents.get(lead.contact_id);
    const placed = own.map((row): PlacedFacts => {
      const clock = clockOf({ timeZone: person.time_zone, number: row.number }, asked.zone);
      const ban = banned.get(row.number);
      const mine = dials.filter(
        (dial) => dial.contact_id === lead.contact_id || dial.number === row.number,
      );
      return {
        position: row.position,
        facts: {
          number: row.number,
          isInSource: asked.members.has(lead.contact_id),
          ...(row.dead_at === null ? {} : { dead: row.dead_reason }),
          ...(ban === undefined ? {} : { doNotCall: ban }),
          ...(consent === undefined ? {} : { consent }),
          zones: clock.zones,
          zoneFrom: clock.from,
          dials: mine.map((dial) => pastDial(dial, lead, asked.campaign)),
          reached: asked.reached,
          isInFlight:
            guarded.has(contactKey(lead.contact_id)) || guarded.has(numberKey(row.number)),
        },
      };
    });
    return {
      lead,
      person: { name: person.name, language: person.language, fields: fieldsOf(person.fields) },
      country: person.country || (countryOf(own[0]?.number ?? '') ?? ''),
      numbers: placed,
      answeredAt: dials
        .filter((dial) => dial.contact_id === lead.contact_id && dial.result === 'human')
        .map((dial) => dial.caller_id)
        .filter((number) => number !== ''),
    };
  });
}

/** The numbers of a lead's person; or the one that is asked about. */
function numbersFor(
  lead: LeadRow,
  stored: readonly NumberRow[],
  only: string | undefined,
): readonly NumberRow[] {
  const own = stored.filter((row) => row.contact_id === lead.contact_id);
  if (only === undefined) return own;
  const known = own.filter(({ number }) => number === only);
  if (known.length > 0) return known;
  return [
    {
      ...{ contact_id: lead.contact_id, position: lead.next_position, number: only },
      ...{ dead_at: null, dead_reason: '' },
    },
  ];
}

/** The site's own fields as texts, whatever they were imported as. */
export function fieldsOf(column: unknown): Readonly<Record<string, string>> {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return Object.fromEntries(
    Object.entries((value ?? {}) as Record<string, unknown>).map(([key, one]) => [
      key,
      typeof one === 'string' ? one : JSON.stringify(one ?? ''),
    ]),
  );
}

const pastDial = (dial: DialRow, lead: LeadRow, campaign: CampaignId): PastDial => ({
  at: dial.at.getTime(),
  number: dial.number,
  result: dial.result,
  isOfThisLead: dial.lead_id === lead.id,
  isOfThisCampaign: dial.campaign_id === campaign,
});

/** The newest word of each person. */
async function consentsOf(
  db: Knex,
  contacts: readonly ContactId[],
): Promise<ReadonlyMap<ContactId, NonNullable<DialFacts['consent']>>> {
  const rows = await db('contact_consents')
    .whereIn('contact_id', contacts)
    .orderBy(['at', 'id'])
    .select<{ contact_id: ContactId; kind: 'given' | 'withdrawn'; source: string; at: Date }[]>(
      'contact_id',
      'kind',
      'source',
      'at',
    );
  return new Map(
    rows.map(({ contact_id, kind, source, at }) => [
      contact_id,
      { kind, source, at: at.getTime() },
    ]),
  );
}

/** Numbers that must not be called: for all campaigns before for this one. */
async function bansOf(
  db: Knex,
  numbers: readonly string[],
  campaign: CampaignId,
): Promise<ReadonlyMap<string, NonNullable<DialFacts['doNotCall']>>> {
  const rows = await db('do_not_call')
    .whereIn('number', numbers)
    .whereIn('campaign_id', [0, campaign])
    .orderBy('campaign_id', 'desc')
    .select<{ number: string; campaign_id: number; source: string; at: Date }[]>(
      'number',
      'campaign_id',
      'source',
      'at',
    );
  return new Map(
    rows.map((row) => [
      row.number,
      { isForAll: row.campaign_id === 0, source: row.source, at: row.at.getTime() },
    ]),
  );
}

/** Every dial to these people or numbers, the newest first, each once. */
async function dialsOf(
  db: Knex,
  contacts: readonly ContactId[],
  numbers: readonly string[],
): Promise<readonly DialRow[]> {
  const columns = [
    ...['id', 'lead_id', 'campaign_id', 'contact_id'],
    ...['number', 'at', 'result', 'caller_id'],
  ];
  const of = (column: string, values: readonly (string | number)[]): Promise<DialRow[]> =>
    db('attempts').where({ kind: 'dial' }).whereIn(column, values).select<DialRow[]>(columns);
  const rows = [...(await of('contact_id', contacts)), ...(await of('number', numbers))];
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => b.at.getTime() - a.at.getTime());
}

async function guardsOf(
  db: Knex,
  contacts: readonly ContactId[],
  numbers: readonly string[],
): Promise<ReadonlySet<string>> {
  const keys = [...contacts.map(contactKey), ...numbers.map(numberKey)];
  return new Set((await db('dial_guards').whereIn('guarded', keys).pluck('guarded')) as string[]);
}
