/**
 * Standard reports over a month with ten million calls, beside the same figures from the rows themselves, on a server that is set
 * as the product sets it. Calls are played by chance and loaded into the tables of the ledger; indexes that no report reads are left
 * out. Then calls are written as the ledger writes them while reports are read. Last line: one JSON object; ends with 1 where a goal
 * is missed.
 *
 *   npm run bench:reports -- --calls 100000
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { KnexLedgerStore } from '../../src/adapters/ledger/knex-ledger-store.js';
import type { Database } from '../../src/adapters/mysql/database.js';
import { localInfileLoader } from '../../src/adapters/mysql/local-infile-loader.js';
import { KnexCallReports } from '../../src/features/calls/knex-call-reports.js';
import { KnexFigures, KnexSums, SOURCES } from '../../src/features/report-sums/index.js';
import { STANDARD_REPORTS } from '../../src/features/reports/definitions/index.js';
import { KnexAgentTime } from '../../src/features/reports/knex-agent-time.js';
import { KnexReportNames } from '../../src/features/reports/knex-report-names.js';
import { readReport, type ReportSources } from '../../src/features/reports/read-report.js';
import type { ReportDefinition } from '../../src/features/reports/report-definition.js';
import { KnexRecordingStore } from '../../src/features/recordings/knex-recording-store.js';
import type { CallId } from '../../src/kernel/ids.js';
import { siteDayOf } from '../../src/kernel/site-day.js';
import { answeredCall } from '../support/call-events.js';
import { PrivateMariadb } from '../support/private-mariadb.js';
import { percentiles } from './figures.js';
import {
  COLUMNS,
  COMPANY,
  companyCalls,
  emptyTables,
  PREFIXES,
  type Tables,
} from './report-company.js';

const asked = process.argv.indexOf('--calls');
const CALLS = asked < 0 ? 10_000_000 : Number(process.argv[asked + 1]);
const ZONE = 'Europe/London';
const DAY_MS = 86_400_000;
/** As `scripts/lib/mariadb.sh` has them. */
const SERVER = [
  '--innodb-buffer-pool-size=256M',
  '--innodb-log-file-size=96M',
  '--innodb-flush-log-at-trx-commit=1',
  '--innodb-doublewrite=1',
  '--innodb-flush-method=fsync',
];
/** Rows of all tables that are written at once. */
const BATCH = 60_000;
const RUNS = 8;
/** Calls whose whole history is read. */
const HISTORIES = 200;
const INGEST_MS = 15_000;
/** What is to be reached. Sums keep up where what is left at the end takes no longer than the writing did. */
const GOALS = { reportMs: 300, callsPerSecond: 100, callHistoryMs: 50, sumsMs: INGEST_MS } as const;
/** Indexes of `calls` that reports read. */
const READ_OF_CALLS = ['calls_started_at_id_index', 'calls_from_number_started_at_index'];

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
const since = (at: number): string => `${((performance.now() - at) / 1_000).toFixed(1)} s`;

// The server and its temporary files lie in the project's folder, not in memory.
process.env['TMPDIR'] = resolve('var/bench');
mkdirSync(process.env['TMPDIR'], { recursive: true });

async function addCompany(db: Database): Promise<void> {
  const many = (count: number, one: (id: number) => object): object[] =>
    Array.from({ length: count }, (_, n) => one(n + 1));
  const name = (id: number): { id: number; name: string } => ({ id, name: `No ${String(id)}` });
  await db('queues').insert(many(COMPANY.queues, (id) => ({ ...name(id), overflow: '{}' })));
  await db('agents').insert(many(COMPANY.agents, (id) => ({ ...name(id), number: String(id) })));
  await db('surveys').insert(
    many(COMPANY.surveys, (id) => ({ ...name(id), timeout_s: 5, repeats: 1 })),
  );
  await db('survey_questions').insert(
    many(COMPANY.surveys, (id) => ({
      ...{
        id,
        survey_id: id,
        position: 1,
        kind: 'score',
        scale_from: 1,
        scale_to: 5,
        choices: '[]',
      },
    })),
  );
  await db('skills').insert(many(8, (id) => name(id)));
  await db('agent_skills').insert(
    many(COMPANY.agents, (id) => ({ agent_id: id, skill_id: 1 + (id % 8), level: 50 })),
  );
  // Everybody is in two teams, which therefore overlap.
  await db('queue_members').insert(
    [0, 7].flatMap((shift) =>
      many(COMPANY.agents, (id) => ({
        agent_id: id,
        queue_id: 1 + ((id + shift) % COMPANY.queues),
      })),
    ),
  );
  await db('dispositions').insert(
    many(COMPANY.dispositions, (id) => ({ id, name_en: `No ${String(id)}`, name_zh: String(id) })),
  );
  const rate = { currency: 'GBP', minimum_s: 1, increment_s: 1, per_call: 20_000 };
  const since = { valid_from: '2020-01-01', valid_at: new Date(Date.UTC(2020, 0, 1)) };
  await db('call_rates').insert([
    { ...rate, ...since, name: 'In', direction: 'in', prefix: '', per_minute: 4_000 },
    ...PREFIXES.slice(0, 3).map((prefix, n) => ({
      ...{ ...rate, ...since, name: prefix, direction: 'out', prefix: `+${prefix}` },
      per_minute: 10_000 * (n + 1),
    })),
  ]);
}

/** Secondary indexes of the loaded tables: built at once when all rows are there. */
async function takeIndexes(db: Database): Promise<Map<string, string[]>> {
  const taken = new Map<string, string[]>();
  for (const table of Object.keys(COLUMNS)) {
    if (table === 'callbacks') continue;
    const [rows] = await db.raw<
      readonly [{ Key_name: string; Column_name: string; Non_unique: number }[], unknown]
    >('SHOW INDEX FROM ??', [table]);
    const indexes = new Map<string, string[]>();
    for (const { Key_name, Column_name } of rows)
      if (Key_name !== 'PRIMARY')
        indexes.set(Key_name, [...(indexes.get(Key_name) ?? []), Column_name]);
    if (indexes.size === 0) continue;
    await db.raw(
      `ALTER TABLE ${table} ${[...indexes.keys()].map((name) => `DROP INDEX ${name}`).join(', ')}`,
    );
    taken.set(
      table,
      [...indexes]
        .filter(([name]) => table !== 'calls' || READ_OF_CALLS.includes(name))
        .map(([name, columns]) => `ADD INDEX ${name} (${columns.join(', ')})`),
    );
  }
  return taken;
}

async function write(db: Database, tables: Tables): Promise<void> {
  for (const [table, columns] of Object.entries(COLUMNS))
    await db.transaction((tx) =>
      localInfileLoader.load(tx, table, columns.split(' '), tables[table as keyof Tables]),
    );
}

async function load(db: Database, endAt: number): Promise<number> {
  let batch = emptyTables();
  let calls = 0;
  let writing = Promise.resolve();
  for (const tables of companyCalls(CALLS, endAt)) {
    for (const name of Object.keys(COLUMNS) as (keyof Tables)[])
      for (const row of tables[name]) batch[name].push(row);
    calls += tables.calls.length;
    if (batch.calls.length < BATCH) continue;
    // The next rows are made while these are written.
    await writing;
    writing = write(db, batch);
    batch = emptyTables();
  }
  await writing;
  await write(db, batch);
  return calls;
}

/** Ways of asking for a report, as its page offers them. */
function waysOf({ units, usualBy, subjects: [first] }: ReportDefinition) {
  const subject = first?.key ?? '';
  return [
    { by: usualBy ?? subject },
    ...(['day', 'hour', 'quarter'] as const)
      .filter((unit) => units.some((known) => known === unit))
      .map((by) => ({ by })),
    ...(units.length === 0 ? [] : [{ by: 'day', item: '1' }]),
  ];
}

/** Whether the usual rows of a report know costs. */
const hasCosts = ({ sources, subjects: [first] }: ReportDefinition): boolean =>
  sources.includes('costs') && (first?.groupsOf ?? first?.key ?? '') in SOURCES.costs.subjects;

async function measure(parts: ReportSources & { figures: KnexFigures }, endAt: number) {
  const span = { startAt: siteDayOf(endAt - COMPANY.days * DAY_MS, ZONE).startAt, endAt };
  const before = { startAt: span.startAt - COMPANY.days * DAY_MS, endAt: span.startAt };
  const found: { name: string; p95Ms: number; rawMs: number }[] = [];
  for (const definition of STANDARD_REPORTS) {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1)
      for (const way of waysOf(definition)) {
        const at = performance.now();
        const report = await readReport(
          parts,
          definition,
          { ...way, span, zone: ZONE, now: endAt },
          { pictures: true, before },
        );
        times.push(performance.now() - at);
        if (report.rows.length === 0) throw new Error(`${definition.slug} is empty`);
        if (hasCosts(definition) && report.total('costs.costMicros') === 0)
          throw new Error(`${definition.slug} has no costs`);
      }
    const [subject] = definition.subjects;
    const at = performance.now();
    for (const source of definition.sources)
      if ((subject?.groupsOf ?? subject?.key ?? '') in SOURCES[source].subjects)
        await parts.figures.raw({
          ...{ source, subject: subject?.groupsOf ?? subject?.key ?? '', by: 'item', grain: 'day' },
          spans: [span],
        });
    const rawMs = Math.round(performance.now() - at);
    const p95Ms = percentiles(times).p95 ?? 0;
    note(
      `${definition.slug}: p95 ${String(p95Ms)} ms of ${String(times.length)}, raw ${String(rawMs)} ms`,
    );
    found.push({ name: definition.slug, p95Ms, rawMs });
  }
  return found;
}

/** Calls that the ledger writes in a second, one batch after the other, while reports are read and sums made. */
async function ingest(db: Database, parts: ReportSources, sums: KnexSums) {
  const store = new KnexLedgerStore(db);
  const until = performance.now() + INGEST_MS;
  const isOn = (): boolean => performance.now() < until;
  let [calls, reports, refreshes] = [0, 0, 0];
  const ids: CallId[] = [];
  const writing = async (): Promise<void> => {
    while (isOn()) {
      const some = Array.from({ length: 10 }, (_, n) =>
        answeredCall({
          startedAt: Date.now() - 300_000,
          agentId: 1 + ((calls + n) % COMPANY.agents),
        }),
      );
      await store.write(
        some.flatMap(({ events }) =>
          events.map((event) => ({ kind: 'call-event', event }) as const),
        ),
      );
      ids.push(...some.map(({ callId }) => callId));
      calls += some.length;
    }
  };
  const reading = async (): Promise<void> => {
    while (isOn())
      for (const definition of STANDARD_REPORTS) {
        const now = Date.now();
        const { startAt, endAt } = siteDayOf(now, ZONE);
        await readReport(
          parts,
          definition,
          {
            ...{ by: definition.usualBy ?? definition.subjects[0]?.key ?? '', zone: ZONE, now },
            span: { startAt: startAt - 29 * DAY_MS, endAt },
          },
          { pictures: true, before: undefined },
        );
        reports += 1;
        if (!isOn()) break;
      }
  };
  const summing = async (): Promise<void> => {
    while (isOn()) {
      const at = performance.now();
      await sums.refresh(Date.now());
      refreshes += 1;
      const took = performance.now() - at;
      await new Promise((done) => setTimeout(done, Math.max(2_000, took * 3)));
    }
  };
  await Promise.all([writing(), reading(), summing()]);
  const at = performance.now();
  const waited = await sums.refresh(Date.now());
  const sumsMs = Math.round(performance.now() - at);
  note(
    `${String(calls)} calls written, ${String(reports)} reports and ${String(refreshes)} refreshes meanwhile; the last ${String(waited)} marks took ${String(sumsMs)} ms`,
  );
  return { perSecond: Math.floor(calls / (INGEST_MS / 1_000)), reports, ids, sumsMs };
}

/** How long everything that a call's page shows takes, of calls with legs, events, a recording and a disposition. */
async function history(db: Database, ids: readonly CallId[]): Promise<number> {
  const calls = new KnexCallReports(db, 'GB');
  const recordings = new KnexRecordingStore(db);
  const read = ids.slice(0, HISTORIES);
  await db('call_dispositions').insert(
    read.map((id, n) => ({
      ...{ call_id: id, agent_id: 1 + (n % COMPANY.agents), at: new Date(), note: 'called' },
      disposition_id: 1 + (n % COMPANY.dispositions),
    })),
  );
  const times: number[] = [];
  for (const id of read) {
    const at = performance.now();
    const found = await Promise.all([
      calls.legs(id),
      calls.events(id),
      calls.wrapUps(id),
      recordings.ofCall(id),
      calls.dispositions(),
    ]);
    const call = await calls.find(id);
    times.push(performance.now() - at);
    if (call === undefined || found.some((rows) => rows.length === 0))
      throw new Error(`the history of ${id} is not whole`);
  }
  return percentiles(times).p95 ?? Infinity;
}

const server = await PrivateMariadb.start(SERVER);
const db = server.open();
try {
  const endAt = siteDayOf(Date.now(), ZONE).startAt;
  await addCompany(db);
  let at = performance.now();
  const indexes = await takeIndexes(db);
  const calls = await load(db, endAt);
  note(`${String(calls)} calls loaded in ${since(at)}`);
  at = performance.now();
  for (const [table, added] of indexes) {
    const one = performance.now();
    if (added.length > 0) await db.raw(`ALTER TABLE ${table} ${added.join(', ')}`);
    note(`  ${table}: ${since(one)}`);
  }
  note(`indexes in ${since(at)}`);
  at = performance.now();
  await db('report_marks').truncate();
  const sums = new KnexSums(db, ZONE);
  await sums.refresh(Date.now());
  note(`sums of everything in ${since(at)}`);
  await db.raw(
    `ANALYZE TABLE ${Object.values(SOURCES)
      .map(({ table }) => table)
      .join(', ')}`,
  );
  const figures = new KnexFigures(db);
  const parts = { figures, names: new KnexReportNames(db, 'en'), agentTime: new KnexAgentTime(db) };
  const reports = await measure(parts, endAt);
  const { perSecond, reports: read, ids, sumsMs } = await ingest(db, parts, sums);
  const historyMs = await history(db, ids);
  const missed = [
    ...reports.filter(({ p95Ms }) => p95Ms >= GOALS.reportMs).map(({ name }) => name),
    ...(perSecond >= GOALS.callsPerSecond ? [] : ['ingest']),
    ...(sumsMs < GOALS.sumsMs ? [] : ['sums']),
    ...(historyMs < GOALS.callHistoryMs ? [] : ['history']),
  ];
  console.log(
    JSON.stringify({
      bench: 'reports',
      calls,
      reports,
      ingestPerSecond: perSecond,
      reportsMeanwhile: read,
      sumsMs,
      callHistoryP95Ms: historyMs,
      missed,
    }),
  );
  if (missed.length > 0) process.exitCode = 1;
} finally {
  await db.destroy();
  await server.remove();
}
