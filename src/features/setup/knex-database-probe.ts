import { performance } from 'node:perf_hooks';
import type { Knex } from 'knex';
import type { Probe } from './health.js';

/** An answer that takes longer makes pages slow. */
const SLOW_MS = 250;

/** Asks the database for its version, and says how long the answer took. */
export const knexDatabaseProbe = (db: Knex): Probe => ({
  name: 'database',
  look: async () => {
    const startedAt = performance.now();
    const [rows] = (await db.raw('SELECT VERSION() AS version')) as [{ version: string }[]];
    const ms = Math.round(performance.now() - startedAt);
    const isSlow = ms > SLOW_MS;
    return {
      name: 'database',
      state: isSlow ? 'watch' : 'good',
      text: 'health.database.text',
      params: { version: rows[0]?.version ?? '', ms },
      ...(isSlow ? { advice: 'health.database.slow' } : {}),
    };
  },
});
