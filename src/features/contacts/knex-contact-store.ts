import type { Knex } from 'knex';
import type { AgentId, ContactId, UserId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import type { ContactDraft, ContactNumber, StoredContact } from './contact.js';
import type { ContactBesides } from './contact-store.js';
import { fromJson } from './json-column.js';
import type { NumberKind } from './importing/row-reader.js';

interface ContactRow {
  readonly id: ContactId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly created_at: Date;
  readonly name: string;
  readonly company: string;
  readonly external_key: string | null;
  readonly language: string;
  readonly country: string;
  readonly time_zone: string;
  readonly owner_agent_id: AgentId | null;
  readonly fields: unknown;
}
interface NumberRow {
  readonly contact_id: ContactId;
  readonly number: string;
  readonly kind: NumberKind;
  readonly dead_at: Date | null;
  readonly dead_reason: string;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredContact[]> {
  const contacts = rows as readonly ContactRow[];
  const ids = contacts.map(({ id }) => id);
  const [numbers, agents] = await Promise.all([
    db('contact_numbers')
      .whereIn('contact_id', ids)
      .orderBy(['contact_id', 'position'])
      .select<NumberRow[]>('contact_id', 'number', 'kind', 'dead_at', 'dead_reason'),
    db('agents')
      .whereIn(
        'id',
        contacts.flatMap((row) => row.owner_agent_id ?? []),
      )
      .select<{ id: AgentId; name: string }[]>('id', 'name'),
  ]);
  const ofContact = new Map<ContactId, ContactNumber[]>(ids.map((id) => [id, []]));
  for (const row of numbers)
    ofContact.get(row.contact_id)?.push({
      number: row.number,
      kind: row.kind,
      deadAt: row.dead_at ?? undefined,
      deadReason: row.dead_reason,
    });
  const names = new Map(agents.map(({ id, name }) => [id, name]));
  return contacts.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    createdAt: row.created_at,
    name: row.name,
    company: row.company,
    externalKey: row.external_key ?? '',
    language: row.language,
    country: row.country,
    timeZone: row.time_zone,
    ownerAgentId: row.owner_agent_id ?? undefined,
    ownerName: (row.owner_agent_id === null ? undefined : names.get(row.owner_agent_id)) ?? '',
    fields: fromJson<Record<string, string>>(row.fields),
    numbers: ofContact.get(row.id) ?? [],
  }));
}

/** Numbers that stay keep what is known of them. */
async function writeNumbers(tx: Knex, id: ContactId, { numbers }: ContactDraft): Promise<void> {
  const had = await tx('contact_numbers')
    .where({ contact_id: id })
    .select<NumberRow[]>('number', 'dead_at', 'dead_reason');
  const before = new Map(had.map((row) => [row.number, row]));
  await tx('contact_numbers').where({ contact_id: id }).delete();
  await tx('contact_numbers').insert(
    numbers.map(({ number, kind }, position) => ({
      contact_id: id,
      position,
      number,
      kind,
      dead_at: before.get(number)?.dead_at ?? null,
      dead_reason: before.get(number)?.dead_reason ?? '',
    })),
  );
}

const MAPPING: TableMapping<ContactId, ContactDraft, StoredContact, 'name'> = {
  table: 'contacts',
  searched: ['name'],
  sorts: { name: 'name' },
  uniques: { external_key: 'externalKey' },
  columns: (draft) => ({
    name: draft.name,
    company: draft.company,
    external_key: draft.externalKey === '' ? null : draft.externalKey,
    language: draft.language,
    country: draft.country,
    time_zone: draft.timeZone,
    owner_agent_id: draft.ownerAgentId ?? null,
    fields: JSON.stringify(draft.fields),
  }),
  read,
  writeParts: writeNumbers,
};

/** People in MariaDB. Lists of them are read by the reports: there may be millions. */
export class KnexContactStore
  extends KnexVersionedStore<ContactId, ContactDraft, StoredContact, 'name'>
  implements ContactBesides
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async addRemark(id: ContactId, user: UserId | undefined, text: string): Promise<void> {
    await this.db('contact_remarks').insert({
      contact_id: id,
      user_id: user ?? null,
      at: new Date(),
      text,
    });
  }

  async addConsent(
    id: ContactId,
    kind: 'given' | 'withdrawn',
    source: string,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx('contact_consents').insert({ contact_id: id, kind, source, at: new Date() });
      await record(this.auditLog(tx));
    });
  }

  async revive(
    id: ContactId,
    number: string,
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx('contact_numbers')
        .where({ contact_id: id, number })
        .update({ dead_at: null, dead_reason: '' });
      await record(this.auditLog(tx));
    });
  }

  async note(record: (audit: AuditLog) => Promise<void>): Promise<void> {
    await record(this.auditLog(this.db));
  }
}
