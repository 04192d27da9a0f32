/**
 * A jobs process of its own that a test may kill: `ledger-writer-process.ts <redis url> <database config as JSON> <die>`.
 * With `die-before-acknowledge` it ends by SIGKILL right after the first transaction is committed.
 */
import { pino } from 'pino';
import type { Config } from '../../src/config.js';
import { systemClock } from '../../src/adapters/clock/system-clock.js';
import { KnexLedgerStore } from '../../src/adapters/ledger/knex-ledger-store.js';
import type { LedgerStore } from '../../src/adapters/ledger/ledger-store.js';
import { LedgerWriter } from '../../src/adapters/ledger/ledger-writer.js';
import { openDatabase } from '../../src/adapters/mysql/database.js';
import { RedisLedgerStreamReader } from '../../src/adapters/redis/ledger-stream.js';

const [, , redisUrl = '', databaseJson = '{}', die = ''] = process.argv;
const real = new KnexLedgerStore(openDatabase(JSON.parse(databaseJson) as Config['database']));
const store: LedgerStore = {
  write: async (records) => {
    const outcome = await real.write(records);
    if (die === 'die-before-acknowledge') {
      process.kill(process.pid, 'SIGKILL');
      await new Promise<never>(() => undefined);
    }
    return outcome;
  },
  isRefusal: (error) => real.isRefusal(error),
};
const stream = new RedisLedgerStreamReader(redisUrl, () => undefined);
new LedgerWriter(stream, store, systemClock, pino({ level: 'silent' })).start();
