import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import { workbookRows } from '../../../src/adapters/tables/workbook-rows.js';
import { newEventId, type AgentId, type DidId, type QueueId } from '../../../src/kernel/ids.js';
import { randomSeries } from '../../../src/simulation/random.js';
import { CallScript, transferredCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

/** Four days of London; on 25 October clocks go back, and the day has 25 hours. */
const FROM = Date.UTC(2026, 9, 23, 23);
const TO = Date.UTC(2026, 9, 28);
const PERIOD = 'from=2026-10-24&to=2026-10-27';
const CALLS = 260;
/** A name that a spreadsheet would take for a formula, with quotes and a picture. */
const ODD_NAME = `=1+1 "Billing" 🙂, 'new'`;

type Outcome = 'answered' | 'abandoned' | 'overflowed' | 'callback' | 'closed';
type Counts = Record<'offered' | Outcome | 'short' | 'answeredWait', number>;
type Cells = Readonly<Record<string, string>>;

/** What becomes of a caller in a queue, as events alone say it. */
function queueCall(
  startedAt: number,
  visits: readonly { readonly queue: number; readonly outcome: Outcome; readonly ms: number }[],
): CallScript {
  const call = new CallScript(startedAt);
  const leg = `${call.callId}-leg` as CallScript['caller'];
  call.happens(0, {
    ...{ kind: 'call-arrived', direction: 'inbound', from: '+442079460123', fromName: 'Ada' },
    ...{ to: '+448005550110', node: 'pbx-1', didId: 1 as DidId },
  });
  for (const { queue, outcome, ms } of visits) {
    const queueId = queue as QueueId;
    call.happens(5, { kind: 'queue-entered', queueId, name: 'Queue', place: 1, priority: 0 });
    call.happens(ms, { kind: 'queue-left', queueId, outcome, reason: '', waitedMs: ms });
    if (outcome !== 'answered') continue;
    call
      .happens(0, {
        ...{ kind: 'leg-started', leg, role: 'agent', number: '2107', name: 'Mara' },
        agentId: 2 as AgentId,
      })
      .happens(0, { kind: 'connected', leg, agentId: 2 as AgentId })
      .happens(60_000, { kind: 'disconnected', talkedMs: 60_000 });
  }
  return call.happens(0, {
    ...{ kind: 'call-ended', endedBy: 'caller', cause: 16, reason: '' },
    result: visits.at(-1)?.outcome ?? 'failed',
  });
}

describe('reports beside a recount of the ledger', function () {
  this.timeout(180_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let zone: string;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    ({ timezone: zone } = at.site.parts.config);
    const random = randomSeries(7, 1);
    const outcomes = ['answered', 'answered', 'abandoned', 'callback', 'closed'] as const;
    const calls = Array.from({ length: CALLS }, (_, n) => {
      const startedAt = FROM + Math.floor(random() * (TO - FROM - 600_000));
      const visit = {
        queue: random() < 0.6 ? COMPANY.repairs : COMPANY.billing,
        outcome: outcomes[Math.floor(random() * outcomes.length)] ?? 'answered',
        ms: Math.floor(random() ** 3 * 90_000),
      };
      const other = visit.queue === COMPANY.repairs ? COMPANY.billing : COMPANY.repairs;
      return queueCall(
        startedAt,
        n % 9 === 0 ? [{ queue: other, outcome: 'overflowed', ms: 30_000 }, visit] : [visit],
      );
    });
    // One begins before midnight and ends behind it, one in the hour that there is twice.
    calls.push(
      queueCall(Date.UTC(2026, 9, 25, 23, 59, 40), [{ queue: 1, outcome: 'answered', ms: 50_000 }]),
    );
    calls.push(
      queueCall(Date.UTC(2026, 9, 25, 0, 30), [{ queue: 1, outcome: 'abandoned', ms: 9_000 }]),
    );
    calls.push(
      queueCall(Date.UTC(2026, 9, 25, 1, 30), [{ queue: 1, outcome: 'abandoned', ms: 9_000 }]),
    );
    calls.push(transferredCall(Date.UTC(2026, 9, 26, 10)));
    await at.tell(...calls);
    const { database } = at.site.parts;
    await new KnexLedgerStore(database).write(
      [
        ...(['available', 'talking', 'wrap-up', 'not-ready', 'available', 'signed-out'] as const),
      ].flatMap((state, n) =>
        [0, 1, 2, 3].map((day) => ({
          kind: 'agent-state' as const,
          change: {
            ...{ id: newEventId(), agentId: COMPANY.mara as AgentId, state, reason: '' },
            // The last of a day lies behind its midnight.
            at: FROM + day * 90_000_000 + n * 17_000_000,
          },
        })),
      ),
    );
    await at.sum();
    await database('queues').where('id', COMPANY.billing).update({ name: ODD_NAME });
    await database('agents').where('id', COMPANY.mara).update({ archived_at: new Date() });
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  /** Everything that a file says, by the name of the row. */
  async function file(report: string, query: string): Promise<ReadonlyMap<string, Cells[]>> {
    const answer = await supervisor.get(`/reports/${report}/export.csv?${PERIOD}&${query}`);
    expect(answer.status).to.equal(200);
    const lines: string[][] = parse(answer.text.replace('\ufeff', ''), {
      relax_column_count: true,
    });
    const [head = [], ...rows] = lines;
    const found = new Map<string, Cells[]>();
    for (const row of rows.filter((cells) => cells.length === head.length)) {
      const cells = Object.fromEntries(head.map((name, n) => [name, row[n] ?? '']));
      found.set(row[0] ?? '', [...(found.get(row[0] ?? '') ?? []), cells]);
    }
    return found;
  }

  const local = (instant: number, length: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
      .format(instant)
      .slice(0, length);

  /** The ledger's events, one pair of entering and leaving after the other. */
  async function recount(key: (queue: number, instant: number) => string) {
    const events: readonly { call_id: string; at: Date; kind: string; body: unknown }[] =
      await at.site.parts
        .database('call_events')
        .whereIn('kind', ['queue-entered', 'queue-left'])
        .orderBy(['call_id', 'seq'])
        .select('call_id', 'at', 'kind', 'body');
    const counts = new Map<string, Counts>();
    let entered: { queue: number; instant: number } | undefined;
    for (const event of events) {
      const body = (typeof event.body === 'string' ? JSON.parse(event.body) : event.body) as {
        queueId: number;
        outcome?: Outcome;
        waitedMs?: number;
      };
      if (event.kind === 'queue-entered') {
        entered = { queue: body.queueId, instant: event.at.getTime() };
        continue;
      }
      if (entered === undefined || body.outcome === undefined) throw new Error('left, not entered');
      for (const name of [key(entered.queue, entered.instant), 'All']) {
        const own = counts.get(name) ?? {
          ...{ offered: 0, answered: 0, abandoned: 0, overflowed: 0, callback: 0, closed: 0 },
          ...{ short: 0, answeredWait: 0 },
        };
        counts.set(name, own);
        own.offered += 1;
        own[body.outcome] += 1;
        if (body.outcome === 'abandoned' && (body.waitedMs ?? 0) < 5_000) own.short += 1;
        if (body.outcome === 'answered') own.answeredWait += body.waitedMs ?? 0;
      }
    }
    return counts;
  }

  const COLUMNS: Readonly<Record<string, keyof Counts>> = {
    ...{ Offered: 'offered', Answered: 'answered', Abandoned: 'abandoned', Short: 'short' },
    ...{ Overflowed: 'overflowed', Callback: 'callback', Closed: 'closed' },
  };

  for (const [by, key] of [
    ['queue', (queue: number) => (queue === COMPANY.repairs ? 'Repairs' : `'${ODD_NAME}`)],
    ['day', (_: number, instant: number) => `${local(instant, 10)} 00:00`],
    ['hour', (_: number, instant: number) => `${local(instant, 13)}:00`],
  ] as const)
    it(`counts queues by ${by} as the events do`, async () => {
      const [rows, expected] = await Promise.all([file('queues', `by=${by}`), recount(key)]);
      expect([...expected.keys()].filter((name) => !rows.has(name))).to.deep.equal([]);
      for (const [name, cells] of rows)
        for (const [column, measure] of Object.entries(COLUMNS)) {
          // The hour that a day has twice has two rows.
          const sum = cells.reduce((all, one) => all + Number(one[column]), 0);
          expect(sum, `${name}: ${column}`).to.equal(expected.get(name)?.[measure] ?? 0);
        }
      const all = expected.get('All');
      const mean = Math.round((all?.answeredWait ?? 0) / (all?.answered ?? 1) / 1_000);
      expect(rows.get('All')?.[0]?.['Average wait (s)']).to.equal(String(mean));
      if (by === 'hour') expect(rows.get('2026-10-25 01:00')).to.have.length(2);
    });

  it('counts an agent’s time by day as the state changes do, also of an agent who is gone', async () => {
    const changes: readonly { at: Date; state: string }[] = await at.site.parts
      .database('agent_state_changes')
      .where('agent_id', COMPANY.mara)
      .orderBy(['at', 'id'])
      .select('at', 'state');
    const ms = new Map<string, number>();
    // Second by second: slow, and too simple to be wrong.
    for (const [n, change] of changes.entries()) {
      const until = changes[n + 1]?.at.getTime() ?? change.at.getTime();
      for (let instant = change.at.getTime(); instant < until; instant += 60_000) {
        const name = `${local(instant, 10)} ${change.state}`;
        const end = Math.min(until, instant + 60_000);
        ms.set(name, (ms.get(name) ?? 0) + end - instant);
      }
    }
    const rows = await file('agents', 'by=day');
    for (const [name, [cells]] of rows) {
      if (name === 'All') continue;
      for (const [state, column] of [
        ['available', 'Available (s)'],
        ['talking', 'Talking (s)'],
        ['wrap-up', 'Wrap-up (s)'],
        ['not-ready', 'Not ready (s)'],
      ] as const) {
        const seconds = (ms.get(`${name.slice(0, 10)} ${state}`) ?? 0) / 1_000;
        expect(Number(cells?.[column]), `${name} ${state}`).to.be.closeTo(seconds, 60);
      }
    }
    expect((await file('agents', 'by=agent')).has('Mara Quill')).to.equal(true);
  });

  it('gives a workbook with the cells of the CSV, where texts stay texts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cordboard-workbook-'));
    for (const [report, asked] of [
      ...['queues', 'agents', 'teams', 'dids', 'transfers', 'surveys'].map(
        (slug) => [slug, PERIOD] as const,
      ),
      // More quarters than a report has rows.
      ['queues', 'from=2024-01-01&to=2026-10-27&by=quarter'] as const,
    ]) {
      const isCut = asked !== PERIOD;
      const path = join(folder, `${report}.xlsx`);
      const answer = await fetch(`${at.site.url}/reports/${report}/export.xlsx?${asked}`, {
        headers: { cookie: supervisor.cookieHeader },
      });
      expect(answer.status).to.equal(200);
      await writeFile(path, Buffer.from(await answer.arrayBuffer()));
      const cells: string[][] = [];
      for await (const batch of workbookRows(path))
        for (const row of batch.rows) cells.push([...row.cells]);
      const csv = await supervisor.get(`/reports/${report}/export.csv?${asked}`);
      const lines: string[][] = parse(csv.text.replace('\ufeff', ''), { relax_column_count: true });
      const plain = (rows: readonly (readonly string[])[]): unknown =>
        rows.map((row) =>
          row
            .map((cell) => cell.replace(/^'(?=[=+\-@])/, ''))
            .join('|')
            .replace(/\|+$/, ''),
        );
      expect(plain(cells)).to.deep.equal(plain(lines));
      if (report === 'queues' && !isCut) expect(cells.flat()).to.include(ODD_NAME);
      const [last = ''] = lines.at(-1) ?? [];
      expect(last.includes('only its last rows'), `${report} says where it is cut`).to.equal(isCut);
    }
    await rm(folder, { recursive: true });
  });

  it('takes any question without an error', async () => {
    const odd = encodeURIComponent(`'";--🙂<script>`);
    for (const report of [
      'queues',
      'agents',
      'dids',
      'abandoned-waits',
      'not-ready',
      'skills',
      'teams',
    ])
      for (const query of [
        ...['from=2016-01-01&to=2026-12-31&by=quarter', 'from=2016-01-01&to=2026-12-31&by=year'],
        ...['from=2026-10-25&to=2026-10-25&by=hour', `queue=${odd}&agent=${odd}&did=${odd}`],
        ...[`by=${odd}&heat=${odd}&period=${odd}`, 'from=2026-10-27&to=2026-10-24', 'page=9999'],
      ])
        expect((await supervisor.get(`/reports/${report}?${query}`)).status, query).to.equal(200);
    for (const figure of [
      ...[`visits.queue.${odd}.offered.0.9999999999999`, 'visits.wait.5.abandoned.0.9999999999999'],
      ...[`talks.team.${odd}.talks.0.9999999999999`, 'visits.team.1.offered.0.9999999999999'],
      ...[
        'constructor.queue.1.offered.0.1',
        'visits.toString.1.offered.0.1',
        'visits.queue.1.x.0.1',
      ],
      'agents.agent.2.offers.0.1',
    ])
      expect((await supervisor.get(`/calls?figure=${figure}`)).status, figure).to.equal(200);
  });
});
