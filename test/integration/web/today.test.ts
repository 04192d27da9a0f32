import { expect } from 'chai';
import { KnexTodayReports } from '../../../src/features/home/knex-today-reports.js';
import { averageWaitMs, type VisitCounts } from '../../../src/features/home/today.js';
import { KnexFigures, KnexSums } from '../../../src/features/report-sums/index.js';
import { QUEUES } from '../../../src/features/reports/definitions/queues.js';
import { KnexAgentTime } from '../../../src/features/reports/knex-agent-time.js';
import { KnexReportNames } from '../../../src/features/reports/knex-report-names.js';
import { readReport } from '../../../src/features/reports/read-report.js';
import type { Figure } from '../../../src/features/reports/report-definition.js';
import { abandonRate, answerRate, serviceLevel } from '../../../src/engines/reporting/service.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { newCallId, newRecordingId } from '../../../src/kernel/ids.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const ZONE = 'Asia/Shanghai';
/** 10:42 on 24 November 2026 in Shanghai. */
const NOW = Date.parse('2026-11-24T02:42:00Z');
const MIDNIGHT = Date.parse('2026-11-23T16:00:00Z');

describe('figures of today', function () {
  this.timeout(60_000);
  let mariadb: PrivateMariadb;
  let database: Database;
  let reports: KnexTodayReports;
  before(async () => {
    mariadb = await PrivateMariadb.start();
    database = mariadb.open();
    reports = new KnexTodayReports(database, ZONE);
    const queue = { overflow: '{"kind":"hangup"}', service_level_s: 20 };
    await database('queues').insert([
      { id: 1, name: 'Repairs', ...queue },
      { id: 2, name: 'Billing', ...queue },
      { id: 3, name: 'Closed long ago', ...queue, archived_at: new Date() },
    ]);
  });
  after(async () => {
    await database.destroy();
    await mariadb.remove();
  });
  beforeEach(async () => {
    await database('calls').delete();
    await database('queue_visits').delete();
  });
  /** A call that stood in the queue that it counts for, and before it in others, by which it overflowed. */
  const add = async (
    at: number,
    fields: Readonly<Record<string, unknown>> = {},
    overflowed: readonly number[] = [],
  ): Promise<void> => {
    const id = newCallId();
    const { queue_id, result, wait_ms, test, direction } = {
      ...{ queue_id: 1, result: 'answered', wait_ms: 10_000, test: false, direction: 'inbound' },
      ...fields,
    } as Readonly<Record<string, unknown>>;
    const visit = { call_id: id, entered_at: new Date(at), reason: '', wait_ms, test, direction };
    for (const [n, queue] of overflowed.entries())
      await database('queue_visits').insert({
        ...visit,
        ...{ n, queue_id: queue, outcome: 'overflowed', left_at: new Date(at + 1) },
      });
    if (queue_id !== null)
      await database('queue_visits').insert({
        ...visit,
        ...{ n: overflowed.length, queue_id },
        outcome: result === 'voicemail' ? 'overflowed' : result,
        left_at: result === null ? null : new Date(at + 10_000),
      });
    await database('calls').insert({
      id,
      started_at: new Date(at),
      ended_at: new Date(at + 60_000),
      direction: 'inbound',
      from_number: '1',
      to_number: '2',
      node: 'pbx-1',
      queue_id: 1,
      result: 'answered',
      wait_ms: 10_000,
      ...fields,
    });
  };

  it('begin at midnight of the site', async () => {
    await add(MIDNIGHT - 1);
    await add(MIDNIGHT);
    await add(NOW);
    await add(MIDNIGHT + 24 * 3_600_000);
    const today = await reports.today(NOW);
    expect(today.startAt).to.equal(MIDNIGHT);
    expect(today.total.offered).to.equal(2);
    expect(today.quarters.map((quarter) => quarter.startAt)).to.deep.equal([
      MIDNIGHT,
      Date.parse('2026-11-24T02:30:00Z'),
    ]);
  });

  it('add up: offered = answered + abandoned + other + open', async () => {
    await add(NOW);
    await add(NOW, { result: 'abandoned', wait_ms: 90_000 });
    await add(NOW, { result: 'overflowed' });
    await add(NOW, { result: 'voicemail' });
    await add(NOW, { result: null, ended_at: null });
    await add(NOW, { queue_id: 2, wait_ms: 20_001 });
    const { total, queues } = await reports.today(NOW);
    expect(total).to.include({ offered: 6, answered: 2, abandoned: 1, other: 2, open: 1 });
    expect(queues.map((queue) => [queue.name, queue.offered])).to.deep.equal([
      ['Billing', 1],
      ['Repairs', 5],
    ]);
  });

  it('count a call that overflowed in each queue, and so twice in the whole', async () => {
    await add(NOW, { queue_id: 2 }, [1]);
    const { total, queues } = await reports.today(NOW);
    expect(total).to.include({ offered: 2, answered: 1, other: 1 });
    expect(queues.map(({ name, offered, answered, other }) => [name, offered, answered, other]))
      // prettier-ignore
      .to.deep.equal([
        ['Billing', 1, 1, 0],
        ['Repairs', 1, 0, 1],
      ]);
  });

  it('count neither test calls, nor outbound ones, nor those of no queue', async () => {
    await add(NOW, { test: true });
    await add(NOW, { direction: 'outbound' });
    await add(NOW, { queue_id: null });
    const today = await reports.today(NOW);
    expect(today.total.offered).to.equal(0);
    expect(serviceLevel(today.total)).to.equal(undefined);
    expect(averageWaitMs(today.total)).to.equal(undefined);
  });

  it('count messages that nobody heard yet, without those that were archived', async () => {
    const message = { call_id: newCallId(), left_at: new Date(NOW) };
    await database('voicemails').insert([
      { ...message, recording_id: newRecordingId() },
      { ...message, recording_id: newRecordingId(), heard_at: new Date(NOW) },
      { ...message, recording_id: newRecordingId(), archived_at: new Date(NOW) },
    ]);
    expect((await reports.today(NOW)).voicemailsNotHeard).to.equal(1);
  });

  it('take target and threshold from what each visit kept', async () => {
    await add(NOW, { wait_ms: 20_000 });
    await add(NOW, { wait_ms: 20_001 });
    await add(NOW, { queue_id: 2, wait_ms: 50_000 });
    await add(NOW, { queue_id: 2, result: 'abandoned', wait_ms: 6_000 });
    await add(NOW, { queue_id: 2, result: 'abandoned', wait_ms: 1_000 });
    await database('queue_visits').where('queue_id', 2).update({ service_level_s: 60 });
    const { total } = await reports.today(NOW);
    expect(serviceLevel(total)).to.equal(0.5);
    expect(abandonRate(total)).to.equal(0.25);
    expect(averageWaitMs(total)).to.be.closeTo(30_000, 1);
    await database('queue_visits').where('queue_id', 2).update({ short_abandon_s: 10 });
    const later = await reports.today(NOW);
    expect(serviceLevel(later.total)).to.be.closeTo(2 / 3, 1e-9);
    expect(abandonRate(later.total)).to.equal(0);
  });

  it('are those of the report of the same day, by queue and together', async () => {
    await add(NOW, { wait_ms: 3_000 }, [2]);
    await add(NOW, { wait_ms: 30_000 });
    await add(MIDNIGHT, { queue_id: 3 });
    await add(NOW, { queue_id: 2, result: 'abandoned', wait_ms: 1_000 });
    await add(NOW, { queue_id: 2, result: 'abandoned', wait_ms: 61_000 });
    await add(NOW, { queue_id: 2, result: null });
    const sums = new KnexSums(database, ZONE);
    await sums.markAll(NOW + 1);
    await sums.refresh(NOW + 1);
    const { startAt, endAt, queues, total } = await reports.today(NOW);
    const span = { startAt, endAt };
    const report = await readReport(
      {
        figures: new KnexFigures(database),
        names: new KnexReportNames(database, 'en'),
        agentTime: new KnexAgentTime(database),
      },
      QUEUES,
      { span, by: 'queue', item: undefined, zone: ZONE, now: NOW },
      { pictures: false, before: undefined },
    );
    const shown = (of: Figure) =>
      [
        'offered',
        'answered',
        'abandoned',
        'short',
        'answer-rate',
        'abandon-rate',
        'service-level',
      ].map((key) => QUEUES.columns.find((column) => column.key === key)?.value(of));
    const live = (counts: VisitCounts) => [
      ...[counts.offered, counts.answered, counts.abandoned, counts.short],
      ...[answerRate(counts), abandonRate(counts), serviceLevel(counts)],
    ];
    expect(shown(report.total)).to.deep.equal(live(total));
    expect(total).to.include({ offered: 7, short: 1 });
    for (const queue of queues) {
      const row = report.rows.find(({ item }) => item?.item === String(queue.id));
      expect(row && shown(row.of), queue.name).to.deep.equal(live(queue));
    }
  });
});
