import { Readable } from 'node:stream';
import type { Knex } from 'knex';
import type { Connection, ResultSetHeader } from 'mysql2';
import type { BulkLoader, BulkValue } from '../../features/contacts/importing/knex-bulk-loader.js';

const PIECE_CHARACTERS = 64 * 1024;
const SPECIAL = /[\\\t\n]/;

/**
 * Rows by `LOAD DATA LOCAL INFILE` from memory: about twice as quick as INSERT, because nothing is parsed. The server may ask
 * for any file; it gets these rows. LOCAL turns refused rows into warnings, so they are counted.
 */
export const localInfileLoader: BulkLoader = {
  load: async (tx, table, columns, rows) => {
    if (rows.length === 0) return;
    const client = tx.client as { acquireConnection(): Promise<Connection> };
    const connection = await client.acquireConnection();
    const written = await loadInto(connection, sqlOf(tx, table, columns), rows);
    if (written !== rows.length)
      throw new Error(`${table} took ${String(written)} of ${String(rows.length)} rows`);
  },
};

const sqlOf = (tx: Knex, table: string, columns: readonly string[]): string =>
  tx
    .raw(
      `LOAD DATA LOCAL INFILE 'rows' INTO TABLE ?? CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' (${columns.map(() => '??').join(', ')})`,
      [table, ...columns],
    )
    .toQuery();

const loadInto = (
  connection: Connection,
  sql: string,
  rows: readonly (readonly BulkValue[])[],
): Promise<number> =>
  new Promise((resolve, reject) => {
    connection.query<ResultSetHeader>(
      { sql, infileStreamFactory: () => Readable.from(pieces(rows), { objectMode: false }) },
      (error, result) => {
        if (error === null) resolve(result.affectedRows);
        else reject(error);
      },
    );
  });

function* pieces(rows: readonly (readonly BulkValue[])[]): Generator<string> {
  let piece = '';
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) {
      if (at > 0) piece += '\t';
      piece += written(row[at] ?? null);
    }
    piece += '\n';
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function written(value: BulkValue): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  return SPECIAL.test(value)
    ? value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n')
    : value;
}
