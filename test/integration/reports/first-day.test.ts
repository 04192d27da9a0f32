import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { KnexSums } from '../../../src/features/report-sums/index.js';
import { answeredCall } from '../../support/call-events.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const FROM = Date.UTC(2026, 10, 24, 8);
const CALLS = 300;
/** Sums of all sources read each call some ten times. */
const READ_AT_MOST = 50;

describe('sums of reports on a first day', function () {
  this.timeout(60_000);
  let server: PrivateMariadb;
  let db: Database;
  before(async () => {
    server = await PrivateMariadb.start();
    db = server.open();
  });
  after(async () => {
    await db.destroy();
    await server.remove();
  });

  it('read each call a few times, also where the statistics of the server are those of empty tables', async () => {
    await db('queues').insert({ id: 1, name: 'Repairs', overflow: '{"kind":"hangup"}' });
    await db.raw('ALTER TABLE calls STATS_AUTO_RECALC = 0');
    const store = new KnexLedgerStore(db);
    const calls = Array.from({ length: CALLS }, (_, n) =>
      answeredCall({ startedAt: FROM + n * 1_000, from: `+4420${String(71_000_000 + n)}` }),
    );
    await store.write(
      calls.flatMap(({ events }) =>
        events.map((event) => ({ kind: 'call-event', event }) as const),
      ),
    );
    const readRows = async (): Promise<number> => {
      const [rows] = await db.raw<readonly [readonly { readonly Value: string }[], unknown]>(
        "SHOW GLOBAL STATUS LIKE 'Handler_read_next'",
      );
      return Number(rows[0]?.Value);
    };
    const before = await readRows();
    await new KnexSums(db, 'Europe/London').refresh(FROM + CALLS * 1_000);
    expect((await readRows()) - before).to.be.below(CALLS * READ_AT_MOST);
    expect(await db('sums_repeats').where({ subject: 'queue' }).sum({ n: 'known' })).to.deep.equal([
      { n: String(2 * 2 * CALLS) },
    ]);
  });
});
