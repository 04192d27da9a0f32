import type { AuditLog } from '../audit/audit.js';
import type { Usage } from './usage.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';

/** What every named row has beside its own fields. */
export interface Versioned<Id extends number> {
  readonly id: Id;
  /** Counts the saves, from 1. */
  readonly version: number;
  readonly archivedAt: Date | undefined;
  readonly updatedAt: Date;
}

/** One page of a list of named rows; `filters` are the feature's own, by name. */
export interface RowQuery<Sort extends string> extends ListQuery<Sort> {
  readonly archived: boolean;
  readonly filters: Readonly<Record<string, string>>;
}

/** Named rows as a feature's service sees them. `Draft` is what a form sets, `Stored` what is kept. */
export interface VersionedStore<
  Id extends number,
  Draft,
  Stored extends Versioned<Id>,
  Sort extends string,
> {
  list(query: RowQuery<Sort>): Promise<ListResult<Stored>>;
  /** Archived rows too. */
  find(id: Id): Promise<Stored | undefined>;
  /** Every row in use, by the first sort. */
  all(): Promise<readonly Stored[]>;
  /**
   * One transaction: all of `work` is kept, or nothing. It is run again when MariaDB breaks a deadlock, so it must do
   * nothing that cannot be repeated.
   */
  change<T>(work: (writer: UsedRowWriter<Id, Draft, Stored>) => Promise<T>): Promise<T>;
}

/** Writing inside one transaction. */
export interface RowWriter<Id extends number, Draft, Stored extends Versioned<Id>> {
  /** Reads a row, archived or not, and keeps others from changing it until the end; throws `not-found`. */
  lock(id: Id): Promise<Stored>;
  /** Throws `invalid-fields` where a unique field is taken. */
  insert(draft: Draft): Promise<Id>;
  /** Throws `conflict` unless `version` is the stored one, and `invalid-fields` where a unique field is taken. */
  replace(id: Id, version: number, draft: Draft): Promise<void>;
  /** Raises the version; throws `invalid-fields` where something that a restored row needs is gone. */
  setArchived(id: Id, archived: boolean): Promise<void>;
  /** Writes its lines within the transaction. */
  readonly audit: AuditLog;
}

/** Writing rows that something may use. */
export interface UsedRowWriter<
  Id extends number,
  Draft,
  Stored extends Versioned<Id>,
> extends RowWriter<Id, Draft, Stored> {
  /** What uses the row now. Lock the row first, then the answer stays true until the end. */
  uses(id: Id): Promise<readonly Usage[]>;
}
