import type { Knex } from 'knex';

export type BulkValue = string | number | null;

/** Writes many rows at once, as part of a transaction. Rejects where one of them could not be written. */
export interface BulkLoader {
  load(
    tx: Knex.Transaction,
    table: string,
    columns: readonly string[],
    rows: readonly (readonly BulkValue[])[],
  ): Promise<void>;
}
