import type { Knex } from 'knex';
import { isDuplicate, sqlCode } from '../../kernel/sql-error.js';
import { AppError } from '../../kernel/errors.js';
import { likePattern, type ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import type { Usage } from './usage.js';
import type { RowQuery, UsedRowWriter, Versioned, VersionedStore } from './versioned-store.js';

/** How a table with `version` and `archived_at` holds one kind of named rows. */
export interface TableMapping<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
> {
  readonly table: string;
  /** Columns that the search box looks into. */
  readonly searched: readonly string[];
  /** Columns with telephone numbers: what is typed in national form finds them too. */
  readonly searchedNumbers?: readonly string[];
  readonly sorts: Readonly<Record<Sort, string>>;
  /** Narrow a query by a filter's value. */
  readonly filters?: Readonly<Record<string, (query: Knex.QueryBuilder, value: string) => void>>;
  /** Unique columns and the form's fields that they come from. */
  readonly uniques: Readonly<Record<string, string>>;
  /** Columns of a new row that the draft does not set. */
  readonly defaults?: Readonly<Record<string, string>>;
  columns(draft: Draft): Readonly<Record<string, string | number | boolean | null>>;
  /** Rows of the table, in order, with what other tables hold of them. */
  read(db: Knex, rows: readonly unknown[]): Promise<readonly Stored[]>;
  /** What uses a row; nothing where not given. */
  uses?(db: Knex, id: Id): Promise<readonly Usage[]>;
  /** Refuses, before anything is written, what leads to rows that are not there, and locks those rows for sharing. `id`: absent for a new row. */
  check?(tx: Knex, draft: Draft, id?: Id): Promise<void>;
  /** Writes what other tables hold. Runs after the row was written, within the same transaction. */
  writeParts?(tx: Knex, id: Id, draft: Draft): Promise<void>;
  /** Archives or restores what belongs to a row in other tables. */
  archiveParts?(tx: Knex, id: Id, archived: boolean): Promise<void>;
}

/** A deadlock is broken by MariaDB at the cost of one transaction; that one is run again at most so often. */
const DEADLOCK_TRIES = 3;

/** Fewer digits would find too much. */
const FEWEST_DIGITS = 3;
/** `(020) 7946` as it stands inside `+442079460123`; '' where the text is no part of a number. */
function significantDigits(text: string): string {
  const digits = text.replace(/[\s().-]/g, '').replace(/^\+?0*/, '');
  return /^\d+$/.test(digits) && digits.length >= FEWEST_DIGITS ? digits : '';
}

/** Runs `work` in a transaction, again when it was the victim of a deadlock. */
export async function inTransaction<T>(
  db: Knex,
  work: (tx: Knex.Transaction) => Promise<T>,
  options?: Knex.TransactionConfig,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(work, options);
    } catch (error) {
      if (sqlCode(error) !== 'ER_LOCK_DEADLOCK' || tries === DEADLOCK_TRIES) throw error;
    }
  }
}

/** Named rows in MariaDB. */
export class KnexVersionedStore<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
> implements VersionedStore<Id, Draft, Stored, Sort> {
  constructor(
    protected readonly db: Knex,
    private readonly mapping: TableMapping<Id, Draft, Stored, Sort>,
    protected readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async list(query: RowQuery<Sort>): Promise<ListResult<Stored>> {
    const counted = await this.#matching(query).count<{ total: number }[]>({ total: '*' });
    const rows = (await this.#matching(query)
      .select()
      .orderBy(this.mapping.sorts[query.sortBy], query.descending ? 'desc' : 'asc')
      .orderBy('id')
      .offset(query.offset)
      .limit(query.limit)) as unknown[];
    return { rows: await this.mapping.read(this.db, rows), total: counted[0]?.total ?? 0 };
  }

  async find(id: Id): Promise<Stored | undefined> {
    const rows = (await this.db(this.mapping.table).where({ id })) as unknown[];
    return (await this.mapping.read(this.db, rows))[0];
  }

  async all(): Promise<readonly Stored[]> {
    const [column = 'id'] = Object.values<string>(this.mapping.sorts);
    const rows = (await this.db(this.mapping.table)
      .whereNull('archived_at')
      .orderBy(column)
      .orderBy('id')) as unknown[];
    return this.mapping.read(this.db, rows);
  }

  change<T>(work: (writer: UsedRowWriter<Id, Draft, Stored>) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (tx) => work(this.writer(tx)));
  }

  /** The writer of a transaction that may also hold other work. */
  writer(tx: Knex): UsedRowWriter<Id, Draft, Stored> {
    return new KnexRowWriter(tx, this.mapping, this.auditLog(tx));
  }

  #matching(query: RowQuery<Sort>): Knex.QueryBuilder {
    const table = this.db(this.mapping.table);
    const rows = query.archived
      ? table.whereNotNull('archived_at')
      : table.whereNull('archived_at');
    const pattern = likePattern(query.search);
    const found =
      query.search === ''
        ? rows
        : rows.where((either) => {
            for (const column of this.mapping.searched) void either.orWhereILike(column, pattern);
            const digits = significantDigits(query.search);
            if (digits === '') return;
            for (const column of this.mapping.searchedNumbers ?? [])
              void either.orWhereILike(column, likePattern(digits));
          });
    for (const [name, value] of Object.entries(query.filters))
      this.mapping.filters?.[name]?.(found, value);
    return found;
  }
}

class KnexRowWriter<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
> implements UsedRowWriter<Id, Draft, Stored> {
  constructor(
    private readonly tx: Knex,
    private readonly mapping: TableMapping<Id, Draft, Stored, Sort>,
    readonly audit: AuditLog,
  ) {}

  async lock(id: Id): Promise<Stored> {
    const rows = (await this.tx(this.mapping.table).where({ id }).forUpdate()) as unknown[];
    const [stored] = await this.mapping.read(this.tx, rows);
    if (stored === undefined) throw this.#notFound(id);
    return stored;
  }

  async insert(draft: Draft): Promise<Id> {
    await this.mapping.check?.(this.tx, draft);
    const columns = this.mapping.columns(draft);
    const [id] = await this.#refusingDuplicates(columns, async () =>
      this.tx(this.mapping.table).insert({ ...this.mapping.defaults, ...columns }),
    );
    await this.mapping.writeParts?.(this.tx, id as Id, draft);
    return id as Id;
  }

  async replace(id: Id, version: number, draft: Draft): Promise<void> {
    await this.mapping.check?.(this.tx, draft, id);
    const columns = this.mapping.columns(draft);
    const changed = await this.#refusingDuplicates(columns, async () =>
      this.tx(this.mapping.table)
        .where({ id, version })
        .update({ ...columns, version: version + 1, updated_at: this.tx.fn.now(3) }),
    );
    if (changed === 0) throw await this.#notReplaced(id);
    await this.mapping.writeParts?.(this.tx, id, draft);
  }

  async uses(id: Id): Promise<readonly Usage[]> {
    return (await this.mapping.uses?.(this.tx, id)) ?? [];
  }

  async setArchived(id: Id, archived: boolean): Promise<void> {
    if (!archived) await this.mapping.check?.(this.tx, await this.lock(id), id);
    await this.tx(this.mapping.table)
      .where({ id })
      .update({
        archived_at: archived ? this.tx.fn.now(3) : null,
        updated_at: this.tx.fn.now(3),
        version: this.tx.raw('version + 1'),
      });
    await this.mapping.archiveParts?.(this.tx, id, archived);
  }

  #notFound = (id: Id): AppError =>
    new AppError('not-found', `no row ${String(id)} in ${this.mapping.table}`);

  async #notReplaced(id: Id): Promise<AppError> {
    const exists = await this.tx(this.mapping.table)
      .where({ id })
      .first<{ id: number } | undefined>('id');
    return exists === undefined
      ? this.#notFound(id)
      : new AppError('conflict', `row ${String(id)} in ${this.mapping.table} was saved meanwhile`);
  }

  async #refusingDuplicates<T>(
    columns: Readonly<Record<string, unknown>>,
    write: () => Promise<T>,
  ): Promise<T> {
    try {
      return await write();
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw await this.#duplicate(columns, error);
    }
  }

  async #duplicate(columns: Readonly<Record<string, unknown>>, cause: unknown): Promise<unknown> {
    for (const [column, field] of Object.entries(this.mapping.uniques)) {
      const value = columns[column];
      const name = `${this.mapping.table}_${column}_unique`;
      if (typeof value !== 'string' || !(cause instanceof Error && cause.message.includes(name)))
        continue;
      const other = await this.tx(this.mapping.table)
        .where(column, value)
        .first<{ archived_at: Date | null } | undefined>('archived_at');
      const message = other?.archived_at
        ? 'configuration.problem.taken-archived'
        : 'configuration.problem.taken';
      return new AppError('invalid-fields', `${field} is taken`, [{ field, message }], { cause });
    }
    return cause;
  }
}
