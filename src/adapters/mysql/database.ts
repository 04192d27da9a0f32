import knexModule from 'knex';
import type { Knex } from 'knex';
import type { Config } from '../../config.js';

export type Database = Knex;

/** A pool on MariaDB or MySQL. Times go in and out as UTC `Date`s; booleans as 0 and 1; JSON as text. */
export function openDatabase(config: Config['database'], poolSize = 10): Database {
  return knexModule.default({
    client: 'mysql2',
    connection: {
      host: config.host,
      port: config.port,
      database: config.name,
      user: config.user,
      password: config.password,
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: 5_000,
      enableKeepAlive: true,
    },
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 5_000,
  });
}

/** Brings the schema up to date; refuses when the database was written by a newer Cordboard. */
export async function migrate(database: Database, directory: string): Promise<readonly string[]> {
  const [, applied] = (await database.migrate.latest({
    directory,
    loadExtensions: ['.mjs'],
  })) as [number, string[]];
  return applied;
}
