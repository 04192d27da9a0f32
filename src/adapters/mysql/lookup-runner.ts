import { createPool, type Pool, type PoolConnection, type RowDataPacket } from 'mysql2';
import { pickFromRow } from '../../engines/ivr/answers.js';
import type { FlowEffect } from '../../engines/ivr/effects.js';
import { bindNames, isOneSelect } from '../../engines/ivr/sql-text.js';
import type { LookupId } from '../../kernel/ids.js';
import type { LookupConfig } from '../../telephony/directory.js';
import type { LookedUp } from '../../telephony/self-service.js';

export type LookUp = Pick<
  Extract<FlowEffect, { readonly kind: 'look-up' }>,
  'query' | 'parameters' | 'timeoutMs' | 'answers'
>;
type Row = Readonly<Record<string, unknown>>;

/** Connections to one database at most: a look-up is short, and the database is somebody else's. */
const MAX_CONNECTIONS = 10;
const CONNECT_MS = 5_000;
/** MariaDB and MySQL say in different words how long a statement may run. */
const UNKNOWN_VARIABLE = 'ER_UNKNOWN_SYSTEM_VARIABLE';

class LookUpFailed extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

const failed = (reason: string): LookedUp => ({ kind: 'look-up-failed', reason });

/**
 * Runs look-ups in the company's databases: one SELECT in a read-only transaction, parameters bound, the first row, within
 * its time. Never rejects.
 */
export class LookupRunner {
  readonly #pools = new Map<LookupId, { readonly version: number; readonly pool: Pool }>();

  async run(config: LookupConfig, lookUp: LookUp, signal: AbortSignal): Promise<LookedUp> {
    if (!isOneSelect(lookUp.query)) return failed('not-a-select');
    try {
      const row = await this.#firstRow(config, lookUp, signal);
      if (row === undefined) return { kind: 'no-rows' };
      const variables = pickFromRow(row, lookUp.answers);
      return variables === undefined ? failed('missing-column') : { kind: 'rows', variables };
    } catch (error) {
      return failed(error instanceof LookUpFailed ? error.reason : reasonOf(error));
    }
  }

  close(): void {
    for (const { pool } of this.#pools.values()) pool.end();
    this.#pools.clear();
  }

  #firstRow(config: LookupConfig, lookUp: LookUp, signal: AbortSignal): Promise<Row | undefined> {
    return new Promise((resolve, reject) => {
      const run: { connection?: PoolConnection; isOver: boolean } = { isOver: false };
      const over = (): boolean => {
        if (run.isOver) return false;
        run.isOver = true;
        clearTimeout(timer);
        signal.removeEventListener('abort', hungUp);
        return true;
      };
      // The statement may still run: the connection is of no use to anybody else.
      const stop = (reason: string): void => {
        if (!over()) return;
        run.connection?.destroy();
        reject(new LookUpFailed(reason));
      };
      const hungUp = (): void => {
        stop('hung-up');
      };
      const timer = setTimeout(() => {
        stop('timeout');
      }, lookUp.timeoutMs);
      signal.addEventListener('abort', hungUp, { once: true });
      if (signal.aborted) {
        hungUp();
        return;
      }
      this.#connect(config)
        .then(async (connection) => {
          if (run.isOver) {
            connection.release();
            return;
          }
          run.connection = connection;
          const row = await readFirst(connection, lookUp);
          if (!over()) return;
          connection.release();
          resolve(row);
        })
        .catch((error: unknown) => {
          if (!over()) return;
          run.connection?.destroy();
          reject(error instanceof Error ? error : new Error(String(error)));
        });
    });
  }

  #connect(config: LookupConfig): Promise<PoolConnection> {
    const pool = this.#poolOf(config);
    return new Promise((resolve, reject) => {
      pool.getConnection((error, connection) => {
        if (error) reject(error);
        else resolve(connection);
      });
    });
  }

  #poolOf(config: LookupConfig): Pool {
    const known = this.#pools.get(config.id);
    if (known?.version === config.version) return known.pool;
    known?.pool.end();
    const { host, port, database, user, password } = config;
    const pool = createPool({
      ...{ host, port, database, user, password },
      charset: 'utf8mb4',
      connectionLimit: MAX_CONNECTIONS,
      connectTimeout: CONNECT_MS,
      maxIdle: 2,
      idleTimeout: 60_000,
      dateStrings: true,
      multipleStatements: false,
      supportBigNumbers: true,
      bigNumberStrings: true,
    });
    this.#pools.set(config.id, { version: config.version, pool });
    return pool;
  }
}

async function readFirst(connection: PoolConnection, lookUp: LookUp): Promise<Row | undefined> {
  await limit(connection, lookUp.timeoutMs);
  await command(connection, 'START TRANSACTION READ ONLY');
  const { query, names } = bindNames(lookUp.query.trim().replace(/;\s*$/, ''));
  const row = await select(
    connection,
    query,
    names.map((name) => lookUp.parameters[name] ?? ''),
  );
  await command(connection, 'ROLLBACK');
  return row;
}

/** The database itself stops a statement that takes too long, also when we are gone. */
async function limit(connection: PoolConnection, timeoutMs: number): Promise<void> {
  const oneRow = 'SET SESSION sql_select_limit = 1';
  try {
    await command(connection, `${oneRow}, max_statement_time = ${String(timeoutMs / 1_000)}`);
  } catch (error) {
    if (reasonOf(error) !== UNKNOWN_VARIABLE) throw error;
    await command(connection, `${oneRow}, max_execution_time = ${String(timeoutMs)}`);
  }
}

const command = (connection: PoolConnection, sql: string): Promise<void> =>
  new Promise((resolve, reject) => {
    connection.query(sql, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });

/** Rows behind the first are not kept, however many a query with a limit of its own gives. */
function select(
  connection: PoolConnection,
  sql: string,
  values: readonly string[],
): Promise<Row | undefined> {
  return new Promise((resolve, reject) => {
    let first: Row | undefined;
    connection
      .execute<RowDataPacket[]>(sql, [...values])
      .on('result', (row: Row) => {
        first ??= row;
      })
      .once('error', reject)
      .once('end', () => {
        resolve(first);
      });
  });
}

/** Statements that were stopped, by MariaDB and by MySQL. */
const STOPPED: ReadonlySet<unknown> = new Set([1969, 3024]);

/** `ECONNREFUSED`, `ER_ACCESS_DENIED_ERROR`, `ER_NO_SUCH_TABLE` ... */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, errno } = error as NodeJS.ErrnoException;
  return STOPPED.has(errno) ? 'timeout' : (code ?? `error-${String(errno ?? 0)}`);
}
