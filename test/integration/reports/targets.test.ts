import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { KnexFigures, KnexSums, type Numbers } from '../../../src/features/report-sums/index.js';
import type { QueueId } from '../../../src/kernel/ids.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { CallScript } from '../../support/call-events.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const ZONE = 'Europe/London';
const DAY_MS = 86_400_000;
const YESTERDAY = Date.UTC(2026, 10, 24, 12);
const TODAY = YESTERDAY + DAY_MS;

/** A caller who waits so long in a queue. */
function waited(at: number, ms: number, outcome: 'answered' | 'abandoned', queue = 1): CallScript {
  const queueId = queue as QueueId;
  return new CallScript(at)
    .happens(0, {
      ...{ kind: 'call-arrived', direction: 'inbound', from: '1', fromName: '', to: '2' },
      node: 'pbx-1',
    })
    .happens(0, { kind: 'queue-entered', queueId, name: 'Q', place: 1, priority: 0 })
    .happens(ms, { kind: 'queue-left', queueId, outcome, reason: '', waitedMs: ms })
    .happens(0, {
      ...{ kind: 'call-ended', endedBy: 'caller', cause: 16, reason: '', result: outcome },
    });
}

describe('targets and thresholds of queues', function () {
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
  beforeEach(async () => {
    for (const table of ['queue_visits', 'call_events', 'calls', 'queues'])
      await db(table).delete();
    await db('queues').insert(
      [1, 2].map((id) => ({
        ...{ id, name: `Queue ${String(id)}`, overflow: '{"kind":"hangup"}' },
        ...{ service_level_s: 20 * id, short_abandon_s: 5 * id },
      })),
    );
  });

  const tell = async (call: CallScript, count = call.events.length): Promise<void> => {
    await new KnexLedgerStore(db).write(
      call.events.slice(0, count).map((event) => ({ kind: 'call-event', event }) as const),
    );
  };

  /** Figures of a day from sums that are made anew, which are those of the rows. */
  async function figuresOf(at: number): Promise<Numbers> {
    const sums = new KnexSums(db, ZONE);
    await sums.markAll(TODAY + DAY_MS);
    await sums.refresh(TODAY + DAY_MS);
    const query = { source: 'visits', subject: 'queue', by: 'all', grain: 'day' } as const;
    const figures = new KnexFigures(db);
    const found = await figures.read({ ...query, spans: [siteDayOf(at, ZONE)] });
    expect(found).to.deep.equal(await figures.raw({ ...query, spans: [siteDayOf(at, ZONE)] }));
    return found.get('0') ?? {};
  }

  it('count for what comes, and do not change yesterday', async () => {
    const open = waited(YESTERDAY + 60_000, 25_000, 'answered');
    await tell(waited(YESTERDAY, 15_000, 'answered'));
    await tell(waited(YESTERDAY, 7_000, 'abandoned'));
    await tell(waited(YESTERDAY, 3_000, 'abandoned'));
    // In line while the target is changed.
    await tell(open, 2);
    const before = await figuresOf(YESTERDAY);
    expect(before).to.include({ inTime: 1, short: 1, abandonedWaitMs: 7_000, waiting: 1 });
    await db('queues').update({ service_level_s: 60, short_abandon_s: 10 });
    await tell(open);
    expect(await figuresOf(YESTERDAY)).to.include({ inTime: 1, answered: 2, short: 1 });
    await tell(waited(TODAY, 25_000, 'answered'));
    await tell(waited(TODAY, 7_000, 'abandoned'));
    expect(await figuresOf(TODAY)).to.include({ inTime: 1, short: 1, abandonedWaitMs: 0 });
    expect(await figuresOf(YESTERDAY)).to.include({ inTime: 1, answered: 2, short: 1 });
  });

  it('are those of the queue in which the caller stood, in whatever order the ledger hears of it', async () => {
    const call = new CallScript(TODAY);
    call.happens(0, {
      ...{ kind: 'call-arrived', direction: 'inbound', from: '1', fromName: '', to: '2' },
      node: 'pbx-1',
    });
    for (const id of [1, 2]) {
      const queueId = id as QueueId;
      call.happens(0, { kind: 'queue-entered', queueId, name: 'Q', place: 1, priority: 0 });
      call.happens(30_000, {
        ...{ kind: 'queue-left', queueId, reason: '', waitedMs: 30_000 },
        outcome: id === 1 ? 'overflowed' : 'answered',
      });
    }
    const [arrived, entered, left, ...rest] = call.events;
    for (const events of [[arrived, ...rest], [entered], [left]])
      await new KnexLedgerStore(db).write(
        events.flatMap((event) =>
          event === undefined ? [] : [{ kind: 'call-event', event } as const],
        ),
      );
    expect(
      await db('queue_visits')
        .orderBy('n')
        .select('queue_id', 'service_level_s', 'short_abandon_s'),
    ).to.deep.equal([
      { queue_id: 1, service_level_s: 20, short_abandon_s: 5 },
      { queue_id: 2, service_level_s: 40, short_abandon_s: 10 },
    ]);
    expect(await figuresOf(TODAY)).to.include({ offered: 2, inTime: 1 });
  });
});
