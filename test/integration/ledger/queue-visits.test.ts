import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import type { QueueOutcome } from '../../../src/kernel/call-event.js';
import type { AgentId, QueueId } from '../../../src/kernel/ids.js';
import { answeredCall, CallScript } from '../../support/call-events.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const MIGRATION = '../../../migrations/20261126183000-create-queue-visits.mjs';
const ESTIMATES = '../../../migrations/20261128010103-keep-estimates-of-visits.mjs';

describe('visits of queues in the database', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let database: Database;
  before(async () => {
    mariadb = await PrivateMariadb.start();
    database = mariadb.open();
  });
  after(async () => {
    await database.destroy();
    await mariadb.remove();
  });

  it('are kept as calls go on, and made again from the ledger of an earlier release', async () => {
    const overflowed = visiting([1, 'overflowed'], [1, 'overflowed'], [2, 'answered']);
    const calls = [answeredCall(), overflowed, visiting([3, 'callback']), visiting([3, undefined])];
    const store = new KnexLedgerStore(database);
    for (const { events } of calls)
      for (const event of events) await store.write([{ kind: 'call-event', event }]);
    const read = (): Promise<readonly Record<string, unknown>[]> =>
      database('queue_visits').orderBy(['call_id', 'n']).select('*');
    const kept = await read();
    expect(
      kept
        .filter((row) => row['call_id'] === overflowed.callId)
        .map((row) => [row['queue_id'], row['outcome'], row['agent_id'], row['wait_ms']]),
    ).to.deep.equal([
      [1, 'overflowed', null, 9_000],
      [1, 'overflowed', null, 9_000],
      [2, 'answered', 7, 9_000],
    ]);
    expect(kept.filter((row) => row['outcome'] === null)).to.have.length(1);
    expect(
      kept.filter((row) => row['call_id'] === overflowed.callId).map((row) => row['expected_ms']),
    ).to.deep.equal([null, 40_000, 60_000]);
    await database('queue_visits').delete();
    for (const name of [MIGRATION, ESTIMATES]) {
      const { up } = (await import(name)) as { up: (knex: Database) => Promise<void> };
      await up(database);
    }
    expect(await read()).to.deep.equal(kept);
  });
});

/** undefined: still waiting. */
function visiting(...visits: readonly (readonly [number, QueueOutcome | undefined])[]): CallScript {
  const call = new CallScript();
  call.happens(0, {
    ...{ kind: 'call-arrived', direction: 'inbound', from: '1', fromName: '', to: '2' },
    node: 'pbx-1',
  });
  for (const [n, [id, outcome]] of visits.entries()) {
    const queueId = id as QueueId;
    call.happens(100, {
      ...{ kind: 'queue-entered', queueId, name: 'Q', place: 1, priority: 0 },
      // Nothing is known yet of the first.
      ...(n === 0 ? {} : { expectedMs: 20_000 + n * 20_000 }),
    });
    const offer = { queueId, agentId: 7 as AgentId, agentName: 'Ada' };
    if (outcome === 'answered') {
      call.happens(8_000, { kind: 'offered', ...offer, reasons: [] });
      call.happens(1_000, { kind: 'offer-ended', ...offer, outcome: 'answered', rangMs: 1_000 });
    }
    if (outcome === undefined) return call;
    call.happens(0, { kind: 'queue-left', queueId, outcome, reason: 'test', waitedMs: 9_000 });
  }
  return call.happens(5_000, {
    ...{ kind: 'call-ended', result: 'answered', endedBy: 'caller', cause: 16, reason: '' },
  });
}
