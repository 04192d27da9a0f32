import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { makeLedgerWriter, openLedger } from '../../../src/adapters/ledger/index.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import type { Reconciliation } from '../../../src/engines/reconciliation/finding.js';
import { KnexSums } from '../../../src/features/report-sums/index.js';
import { KnexReconcilerStore } from '../../../src/features/reconciliation/knex-reconciler-store.js';
import { settle } from '../../../src/kernel/clock.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { KnownDay } from '../../support/known-day.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';
import { eventually } from '../../support/private-process.js';
import { PrivateRedis } from '../../support/private-redis.js';

const ZONE = 'Europe/London';
const CALLS = 5_000;
const silent = pino({ level: 'silent' });

describe('a day of known truth', function () {
  this.timeout(600_000);
  const day = siteDayOf(Date.UTC(2026, 10, 24, 12), ZONE);
  const now = day.endAt + 3_600_000;
  let mariadb: PrivateMariadb;
  let database: Database;
  let truth: KnownDay;

  before(async () => {
    mariadb = await PrivateMariadb.start();
    database = mariadb.open();
    for (const id of [1, 2, 3])
      await database('queues').insert({ id, name: `Queue ${String(id)}`, overflow: '{}' });
    truth = new KnownDay(day.startAt, day.endAt, CALLS);
    await throughThePipeline(database, truth);
  });
  after(async () => {
    await database.destroy();
    await mariadb.remove();
  });

  const recount = (): Promise<Reconciliation> =>
    new KnexReconcilerStore(database, ZONE, knexAuditLog).recount(day, now);

  it('adds up to the last call, and is what it was made to be', async () => {
    const result = await recount();
    expect(result.findings).to.deep.equal([]);
    expect(result.lines.filter(({ difference }) => difference !== 0)).to.deep.equal([]);
    expect(result).to.include({ calls: truth.calls, open: 0 });
    for (const [queue, expected] of truth.queues) {
      const lines = result.lines.filter(
        ({ check, subject }) => check === 'queues' && subject === queue,
      );
      for (const [name, count] of Object.entries(expected))
        expect(
          lines.reduce((sum, { figures }) => sum + (figures[name] ?? 0), 0),
          `queue ${String(queue)} ${name}`,
        ).to.equal(count);
    }
    const agents = result.lines.filter(({ check }) => check === 'agents');
    expect(
      agents.map(({ subject, figures }) => [subject, figures['ledgerMs']]),
    ).to.have.deep.members([...truth.signedInMs]);
    const recorded = result.lines.filter(({ check }) => check === 'recordings');
    const sum = (name: string): number =>
      recorded.reduce((all, { figures }) => all + (figures[name] ?? 0), 0);
    expect(sum('calls')).to.equal(truth.recordedCalls);
    // The decision is noted a moment behind the connection.
    expect(sum('toRecordMs')).to.be.within(truth.toRecordMs - 10 * CALLS, truth.toRecordMs);
  });

  it('finds each thing that is spoilt, with the call or the agent behind it', async () => {
    const overflowed = truth.callWith('callback-asked');
    const recorded = truth.callWith('recording-ended');
    const consulted = truth.callWith('consult-answered');
    const moved = truth.callWith('transferred');
    // Nothing of what is changed here is brought back: it is the last test of its day.
    await database('queue_visits')
      .where({ call_id: overflowed, outcome: 'callback' })
      .update({ outcome: 'abandoned' });
    await database('recordings').where('call_id', recorded).update({ state: 'missing' });
    await database('call_events').where({ call_id: consulted, kind: 'consult-answered' }).delete();
    await database('calls').where('id', moved).update({ result: 'abandoned' });
    const agent = 7;
    await database('agent_spans')
      .where('agent_id', agent)
      .whereNot('state', 'signed-out')
      .limit(1)
      .delete();
    // Nothing marks what is changed by hand.
    await new KnexSums(database, ZONE).markAll(now);
    const { findings } = await recount();
    const of = (check: string) => findings.filter((finding) => finding.check === check);
    expect(of('recordings')).to.have.lengthOf(1);
    expect(of('recordings')[0]).to.include({ code: 'not-recorded', callId: recorded, found: 0 });
    expect(of('ledger')).to.have.deep.members([
      { check: 'ledger', code: 'gap', callId: consulted, expected: 0, found: 1 },
      of('ledger').find(({ code }) => code === 'call-differs'),
    ]);
    expect(of('ledger').find(({ code }) => code === 'call-differs')?.callId).to.equal(moved);
    expect(of('agents')).to.have.lengthOf(1);
    expect(of('agents')[0]).to.include({ agentId: agent });
    const codes = of('queues').map(({ code }) => code);
    expect(codes).to.have.members(['visit-differs', 'count-differs', 'count-differs']);
    expect(of('queues').find(({ code }) => code === 'visit-differs')?.callId).to.equal(overflowed);
  });
});

/** Appends as the calls do, and waits until the writer has brought everything into the database. */
async function throughThePipeline(database: Database, truth: KnownDay): Promise<void> {
  const redis = await PrivateRedis.start();
  const varDir = await mkdtemp(join(tmpdir(), 'cordboard-day-'));
  const ledger = await openLedger(redis.url, varDir, silent);
  const writer = makeLedgerWriter(redis.url, database, systemClock, silent);
  writer.start();
  try {
    for (const [n, event] of truth.events.entries()) {
      ledger.append(event);
      if (n % 500 === 0) await settle();
    }
    for (const change of truth.changes) ledger.appendAgentState(change);
    await ledger.flush();
    const all = truth.events.length + truth.changes.length;
    await eventually(
      'everything is written',
      async () => (await writer.counters()).written === all,
      500_000,
    );
  } finally {
    await ledger.close();
    await writer.stop();
    await rm(varDir, { recursive: true, force: true });
    await redis.remove();
  }
  await database('recordings').update({
    state: 'stored',
    duration_ms: database.raw('duration_ms + 35'),
  });
}
