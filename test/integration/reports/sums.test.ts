import { expect } from 'chai';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { spansOf } from '../../../src/engines/reporting/time-spans.js';
import {
  KnexFigures,
  KnexSums,
  SOURCES,
  type FoundFigures,
  type SourceName,
} from '../../../src/features/report-sums/index.js';
import { newEventId, type AgentId } from '../../../src/kernel/ids.js';
import { abandonedCall, answeredCall } from '../../support/call-events.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';

const ZONE = 'Europe/London';
/** 25 October 2026, the day on which clocks go back, and the days around it. */
const FROM = Date.UTC(2026, 9, 23, 23);
const TO = Date.UTC(2026, 9, 27);
const NOW = Date.UTC(2026, 9, 28);
const QUARTER_MS = 900_000;

const sorted = (found: FoundFigures): unknown =>
  [...found]
    .filter(([, one]) => Object.values(one).some((n) => n > 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));

describe('sums of reports', function () {
  this.timeout(120_000);
  let server: PrivateMariadb;
  let db: Database;
  let sums: KnexSums;
  let figures: KnexFigures;

  before(async () => {
    server = await PrivateMariadb.start();
    db = server.open();
    sums = new KnexSums(db, ZONE);
    figures = new KnexFigures(db);
    await db('queues').insert([
      { id: 1, name: 'Repairs', overflow: '{"kind":"hangup"}' },
      { id: 2, name: 'Billing', overflow: '{"kind":"hangup"}' },
    ]);
  });
  after(async () => {
    await db.destroy();
    await server.remove();
  });

  const tell = async (every: number, from = FROM): Promise<void> => {
    const store = new KnexLedgerStore(db);
    for (let at = from; at < TO; at += every) {
      const call = at % 3 === 0 ? abandonedCall(at) : answeredCall({ startedAt: at, agentId: 2 });
      const agent = { agentId: 2 as AgentId, reason: '' };
      await store.write([
        ...call.events.map((event) => ({ kind: 'call-event', event }) as const),
        ...(['ringing', 'talking', 'wrap-up', 'not-ready', 'available'] as const).map(
          (state, n) =>
            ({
              kind: 'agent-state',
              change: {
                ...agent,
                id: newEventId(),
                state,
                at: at + n * 40_000,
                callId: call.callId,
              },
            }) as const,
        ),
      ]);
    }
  };

  /** Every source, subject and grain beside the rows themselves. */
  async function expectWhole(): Promise<void> {
    const days = spansOf(FROM, TO, 'day', ZONE);
    for (const [name, { subjects, at }] of Object.entries(SOURCES).map(
      ([source, one]) => [source as SourceName, { at: undefined, ...one }] as const,
    ))
      for (const subject of Object.keys(subjects)) {
        const query = { source: name, subject, spans: days, grain: 'day' } as const;
        const where = `${name} by ${subject}`;
        const raw = await figures.raw({ ...query, by: 'item' });
        expect(sorted(await figures.read({ ...query, by: 'item' })), where).to.deep.equal(
          sorted(raw),
        );
        const perDay = await figures.read({ ...query, by: 'span' });
        for (const [n, day] of days.entries()) {
          const one = await figures.raw({ ...query, spans: [day], by: 'all' });
          const own = perDay.get(String(n));
          expect(sorted(new Map(own && [['0', own]])), `${where}, day ${String(n)}`).to.deep.equal(
            sorted(one),
          );
        }
        if (at === undefined) continue;
        const quarters = spansOf(FROM, TO, 'quarter', ZONE);
        const found = await figures.read({
          ...query,
          ...{ spans: quarters, grain: 'quarter', by: 'span' },
        });
        const busy = quarters.findIndex((_, n) => found.has(String(n)));
        if (busy < 0) continue;
        const quarter = quarters[busy];
        if (quarter === undefined) throw new Error('no quarter');
        expect(quarter.endAt - quarter.startAt).to.equal(QUARTER_MS);
        const one = await figures.raw({ ...query, spans: [quarter], by: 'all' });
        expect(found.get(String(busy)), where).to.deep.equal(one.get('0'));
      }
  }

  it('are what the rows say, after each refresh and after all are made anew', async () => {
    await tell(3_700_000);
    await sums.refresh(NOW);
    await expectWhole();
    await tell(41 * 60_000, FROM + 7 * 60_000);
    expect(await sums.refresh(NOW)).to.be.above(0);
    await expectWhole();
    const before = await db('sums_visits').orderBy(['subject', 'grain', 'at', 'item']);
    expect(before).to.have.length.above(50);
    await sums.markAll(NOW);
    await sums.refresh(NOW);
    expect(await db('sums_visits').orderBy(['subject', 'grain', 'at', 'item'])).to.deep.equal(
      before,
    );
    await new KnexSums(db, 'Asia/Kolkata').refresh(NOW);
    await sums.refresh(NOW);
    expect(await db('sums_visits').orderBy(['subject', 'grain', 'at', 'item'])).to.deep.equal(
      before,
    );
    await expectWhole();
  });

  it('follow rows that go away, and tables that features write', async () => {
    const visits = { source: 'visits', subject: 'queue', by: 'all', grain: 'day' } as const;
    const spans = spansOf(FROM, TO, 'day', ZONE);
    const offered = async (): Promise<number> =>
      (await figures.read({ ...visits, spans })).get('0')?.['offered'] ?? 0;
    expect(await offered()).to.be.above(0);
    await db('queue_visits').delete();
    await sums.markAll(NOW);
    await sums.refresh(NOW);
    expect(await offered()).to.equal(0);
    const call = await db('calls').first<{ id: string }>('id');
    await db('call_dispositions').insert({
      ...{ call_id: call.id, agent_id: 2, disposition_id: 7, note: '', at: new Date(FROM) },
    });
    await sums.refresh(NOW);
    const said = async (): Promise<unknown> =>
      (await figures.read({ ...visits, source: 'dispositions', subject: 'agent', spans })).get(
        '0',
      )?.['said'];
    expect(await said()).to.equal(1);
    await db('call_dispositions').delete();
    await sums.refresh(NOW);
    expect(await said()).to.equal(0);
  });
});
