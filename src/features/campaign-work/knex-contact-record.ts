import type { Knex } from 'knex';
import { readFields } from '../contacts/index.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { CallId, ContactId, DispositionId } from '../../kernel/ids.js';
import type { ContactRecord, DoNotCallEntry, PastAttempt, Remark } from './call-work.js';

/** What fits beside a call; the rest is on the contact's page. */
const SHOWN_ATTEMPTS = 8;
const SHOWN_REMARKS = 5;

interface ContactRow {
  readonly name: string;
  readonly company: string;
  readonly external_key: string | null;
  readonly language: string;
  readonly country: string;
  readonly time_zone: string;
  readonly owner_name: string | null;
  readonly fields: unknown;
}

/** All that an agent sees of a contact; undefined where it is not there. */
export async function readRecord(
  db: Knex,
  id: ContactId,
  callId: CallId,
): Promise<ContactRecord | undefined> {
  const row = await db('contacts as c')
    .leftJoin('agents as o', 'o.id', 'c.owner_agent_id')
    .where('c.id', id)
    .first<ContactRow | undefined>('c.*', 'o.name as owner_name');
  if (row === undefined) return undefined;
  const [fields, numbers, attempts, remarks] = await Promise.all([
    ownFields(db, row.fields),
    db('contact_numbers')
      .where({ contact_id: id })
      .orderBy('position')
      .select<{ position: number; number: string; dead_at: Date | null }[]>(
        ...['position', 'number', 'dead_at'],
      ),
    attemptsWith(db, id, callId),
    remarksOn(db, id),
  ]);
  return {
    ...{ id, name: row.name, company: row.company, externalKey: row.external_key ?? '' },
    language: LANGUAGES.find((one) => one === row.language),
    ...{ country: row.country, timeZone: row.time_zone, ownerName: row.owner_name ?? '' },
    ...{ fields, attempts, remarks },
    numbers: numbers.map(({ position, number, dead_at }) => ({
      ...{ position, number },
      isDead: dead_at !== null,
    })),
    doNotCall: await entriesOf(
      db,
      numbers.map(({ number }) => number),
      callId,
    ),
  };
}

/** Fields that have a value, in the order of their names. */
async function ownFields(db: Knex, column: unknown): Promise<ContactRecord['fields']> {
  const values = (typeof column === 'string' ? JSON.parse(column) : column) as Readonly<
    Record<string, unknown>
  >;
  return (await readFields(db)).flatMap(({ key, name }) => {
    const value = Object.hasOwn(values, key) ? values[key] : undefined;
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [{ key, name, value: String(value) }]
      : [];
  });
}

async function attemptsWith(
  db: Knex,
  contact: ContactId,
  callId: CallId,
): Promise<readonly PastAttempt[]> {
  const rows = await db('attempts as t')
    .join('campaigns as p', 'p.id', 't.campaign_id')
    .leftJoin('agents as a', 'a.id', 't.agent_id')
    .where({ 't.contact_id': contact, 't.kind': 'dial' })
    .where((other) => {
      void other.whereNull('t.call_id').orWhereNot('t.call_id', callId);
    })
    .orderBy('t.at', 'desc')
    .limit(SHOWN_ATTEMPTS)
    .select<
      (Omit<PastAttempt, 'agentName' | 'dispositionId'> & {
        agentName: string | null;
        dispositionId: DispositionId | null;
      })[]
    >({
      at: 't.at',
      campaignName: 'p.name',
      agentName: 'a.name',
      result: 't.result',
      dispositionId: 't.disposition_id',
    });
  return rows.map((row) => ({
    ...row,
    agentName: row.agentName ?? '',
    dispositionId: row.dispositionId ?? undefined,
  }));
}

async function remarksOn(db: Knex, contact: ContactId): Promise<readonly Remark[]> {
  const rows = await db('contact_remarks as r')
    .leftJoin('users as u', 'u.id', 'r.user_id')
    .where('r.contact_id', contact)
    .orderBy('r.at', 'desc')
    .limit(SHOWN_REMARKS)
    .select<{ at: Date; by: string | null; text: string }[]>('r.at', 'u.name as by', 'r.text');
  return rows.map((row) => ({ ...row, by: row.by ?? '' }));
}

async function entriesOf(
  db: Knex,
  numbers: readonly string[],
  callId: CallId,
): Promise<readonly DoNotCallEntry[]> {
  const rows = await db('do_not_call')
    .whereIn('number', numbers)
    .orderBy(['campaign_id', 'at'])
    .select<{ campaign_id: number; call_id: string | null; source: string; at: Date }[]>(
      ...['campaign_id', 'call_id', 'source', 'at'],
    );
  return rows.map((row) => ({
    at: row.at,
    isForAll: row.campaign_id === 0,
    isOfThisCall: row.call_id === callId && row.source === 'agent',
  }));
}
