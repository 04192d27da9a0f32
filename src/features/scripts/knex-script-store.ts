import type { Knex } from 'knex';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { likePattern } from '../../kernel/list.js';
import type { ContactId, DispositionId, ScriptId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import { readFields } from '../contacts/index.js';
import { readDispositions } from '../directory/index.js';
import type { ExampleContact, ScriptOptions, ScriptStore } from './script-store.js';
import type { ScriptDraft, ScriptSort, StoredScript } from './script.js';
import { readPages } from './stored-script.js';

interface ScriptRow {
  readonly id: ScriptId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly pages: unknown;
}

const storedOf = (row: ScriptRow): StoredScript => ({
  id: row.id,
  version: row.version,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
  name: row.name,
  pages: readPages(row.pages),
});

/** Locks the dispositions that the script ends in; refuses those that never were. */
async function check(tx: Knex, { pages }: ScriptDraft): Promise<void> {
  const named = pages.flatMap(({ ways }, page) =>
    ways.flatMap(({ to }, way) =>
      to.kind === 'disposition'
        ? [{ field: `pages.${String(page)}.ways.${String(way)}.to`, id: to.disposition }]
        : [],
    ),
  );
  const found = await tx('dispositions')
    .whereIn('id', [...new Set(named.map(({ id }) => id))])
    .orderBy('id')
    .forShare()
    .select<{ id: DispositionId }[]>('id');
  const there = new Set(found.map(({ id }) => id));
  const problems = named
    .filter(({ id }) => !there.has(id))
    .map(({ field }): FieldProblem => ({ field, message: 'scripts.problem.to-gone' }));
  if (problems.length > 0) throw new AppError('invalid-fields', 'no such disposition', problems);
}

const MAPPING: TableMapping<ScriptId, ScriptDraft, StoredScript, ScriptSort> = {
  table: 'scripts',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns: ({ name, pages }) => ({ name, pages: JSON.stringify(pages) }),
  read: (_db, rows) => Promise.resolve((rows as readonly ScriptRow[]).map(storedOf)),
  uses: (db, id) => new KnexUsageReports(db).ofScript(id),
  check,
};

/** Scripts in MariaDB. */
export class KnexScriptStore
  extends KnexVersionedStore<ScriptId, ScriptDraft, StoredScript, ScriptSort>
  implements ScriptStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async options(): Promise<ScriptOptions> {
    const [dispositions, contactFields] = await Promise.all([
      readDispositions(this.db),
      readFields(this.db),
    ]);
    return { dispositions: new Map(dispositions.map((one) => [one.id, one])), contactFields };
  }

  async exampleContacts(search: string, limit: number): Promise<readonly ExampleContact[]> {
    const rows = this.#contacts().orderBy(['c.name', 'c.id']).limit(limit);
    if (search !== '') void rows.whereILike('c.name', likePattern(search).slice(1));
    return examplesOf(await rows);
  }

  async exampleContact(id: ContactId): Promise<ExampleContact | undefined> {
    return examplesOf(await this.#contacts().where('c.id', id))[0];
  }

  #contacts() {
    return this.db('contacts as c')
      .leftJoin('contact_numbers as n', (on) => {
        void on.on('n.contact_id', 'c.id').andOnVal('n.position', 0);
      })
      .whereNull('c.archived_at')
      .select<unknown[]>('c.id', 'c.name', 'c.company', 'c.fields', 'n.number');
  }
}

const examplesOf = (rows: readonly unknown[]): readonly ExampleContact[] =>
  (
    rows as (Omit<ExampleContact, 'number' | 'fields'> & {
      number: string | null;
      fields: unknown;
    })[]
  ).map(({ fields, number, ...contact }) => ({
    ...contact,
    number: number ?? '',
    fields: fieldTexts(fields),
  }));

/** The contact's own fields of a column of JSON, as texts. */
function fieldTexts(column: unknown): Readonly<Record<string, string>> {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]): [string, string][] =>
      typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
        ? [[key, String(one)]]
        : [],
    ),
  );
}
