import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import { ledgerEventWriter } from '../../../src/adapters/ledger/index.js';
import { queueLogJobs, runNext, type RunnerParts } from '../../../src/features/queue-log/index.js';
import { siteDayOf } from '../../../src/kernel/site-day.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { linesOf, LOG_START_S, type MadeVisit } from '../../support/queue-logs.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

const PATH = '/setup/migrate';
const ENDS = [
  ...['COMPLETEAGENT', 'COMPLETECALLER', 'ABANDON', 'EXITWITHTIMEOUT', 'BLINDTRANSFER'],
  ...['EXITWITHKEY', 'ATTENDEDTRANSFER', 'EXITEMPTY'],
] as const;
const QUEUES = ['repairs', 'old-sales', '600'] as const;
const CALLS = 300;
const PLAIN = { queue: '600', waits: 9, missed: 0, talks: 0, agent: '' } as const;

/** Three hundred calls within a day; each third one comes into a second queue. */
function madeLog(): readonly string[] {
  const lines = Array.from({ length: CALLS }, (_, n) => {
    const visit = (k: number): MadeVisit => ({
      queue: QUEUES[(n + k) % 3] ?? '',
      waits: (n * 7 + k) % 120,
      missed: n % 3,
      end: ENDS[(n + k * 3) % ENDS.length] ?? 'ABANDON',
      talks: (n * 13) % 600,
      agent: n % 2 === 0 ? 'PJSIP/2107' : 'SIP/9999-0000a1',
    });
    const first = visit(0);
    const goesOn = first.end.startsWith('EXIT') || first.end.endsWith('TRANSFER');
    const at = LOG_START_S + n * 280;
    return linesOf(`${String(at)}.${String(n)}`, at, goesOn ? [first, visit(1)] : [first]);
  });
  return lines
    .flat()
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text);
}

/** Counts a log by hand, without what the product makes of it. */
function recount(lines: readonly string[]) {
  const counts = new Map(
    QUEUES.map((queue) => [
      queue as string,
      { offered: 0, answered: 0, abandoned: 0, overflowed: 0 },
    ]),
  );
  for (const line of lines) {
    const [, , queue = '', , event = ''] = line.split('|');
    const count = counts.get(queue);
    if (count === undefined) continue;
    if (event === 'ENTERQUEUE') count.offered++;
    if (event === 'CONNECT') count.answered++;
    if (event === 'ABANDON') count.abandoned++;
    if (event.startsWith('EXIT')) count.overflowed++;
  }
  return counts;
}

describe('import of an old queue_log', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let admin: TestClient;
  let jobs: RunnerParts;
  const quiet = new AbortController().signal;
  const log = madeLog();

  before(async () => {
    at = await CallsSite.start();
    admin = await at.site.client('admin');
    const { database, clock, config } = at.site.parts;
    jobs = queueLogJobs({
      ...{ database, clock, varDir: config.varDir, zone: config.timezone, country: 'GB' },
      log: { info: () => undefined, warn: () => undefined },
      write: ledgerEventWriter(database),
    });
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    const { database } = at.site.parts;
    await database('queue_log_imports').del();
    await database('queue_log_names').del();
    await database('queues').whereNotNull('archived_at').del();
    await database('agents').where('number', 'like', 'old-%').del();
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  async function upload(
    files: Readonly<Record<string, string | Uint8Array>>,
    zone = 'Europe/London',
  ): Promise<TestAnswer> {
    await admin.get(PATH);
    const body = new FormData();
    body.set('_csrf', admin.csrf);
    body.set('zone', zone);
    for (const [name, content] of Object.entries(files))
      body.append('files', new Blob([content]), name);
    return admin.send(PATH, { body });
  }
  async function checked(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
    const answer = await upload(files);
    expect(answer.status).to.equal(303);
    expect(await runNext(jobs, quiet)).to.equal(true);
    return answer.location ?? '';
  }
  /** What the page offers, as it offers it. */
  async function offered(path: string): Promise<Readonly<Record<string, string>>> {
    const { text } = await admin.get(path);
    return Object.fromEntries(
      [...text.matchAll(/<select[^>]* name="((?:queue|agent)\.\d+)"[\s\S]*?<\/select>/g)].map(
        ([select, name = '']) => [name, /value="([^"]*)" selected/.exec(select)?.[1] ?? ''],
      ),
    );
  }
  async function imported(
    files: Readonly<Record<string, string | Uint8Array>>,
    changes: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const path = await checked(files);
    const fields = { ...(await offered(path)), ...changes };
    expect((await admin.post(`${path}/start`, fields)).status).to.equal(303);
    expect(await runNext(jobs, quiet)).to.equal(true);
    return resultOf(path);
  }
  async function resultOf(path: string): Promise<unknown> {
    const row = await at.site.parts
      .database('queue_log_imports')
      .where({ id: path.split('/').at(-1) })
      .first<{ state: string; result: object | null }>('state', 'result');
    return { state: row.state, ...row.result };
  }
  /** What the visits of queues say, by name of the queue. */
  async function visits(): Promise<ReadonlyMap<string, Readonly<Record<string, number>>>> {
    const { database } = at.site.parts;
    const rows: { name: string }[] = await database('queue_visits as v')
      .join('queues as q', 'q.id', 'v.queue_id')
      .groupBy('q.name')
      .select({
        name: 'q.name',
        offered: database.raw('COUNT(*)'),
        answered: database.raw("SUM(v.outcome = 'answered')"),
        abandoned: database.raw("SUM(v.outcome = 'abandoned')"),
        overflowed: database.raw("SUM(v.outcome = 'overflowed')"),
      });
    return new Map(
      rows.map(({ name, ...counts }) => [
        name,
        Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, Number(value)])),
      ]),
    );
  }
  const expectCounts = async (): Promise<void> => {
    const counts = recount(log);
    const found = await visits();
    expect(found.get('Repairs')).to.deep.equal(counts.get('repairs'));
    expect(found.get('old-sales')).to.deep.equal(counts.get('old-sales'));
    expect(found.get('600')).to.deep.equal(counts.get('600'));
    for (const { offered: all, answered, abandoned, overflowed } of counts.values())
      expect(all).to.equal(answered + abandoned + overflowed);
  };
  const total = async (table: string): Promise<number> => {
    const [row] = await at.site.parts.database(table).count<{ n: number }[]>({ n: '*' });
    return Number(row?.n);
  };

  it('counts what an independent recount of the file counts, from two files, one of them packed', async () => {
    const half = Math.floor(log.length / 2);
    const result = await imported({
      queue_log: log.slice(half).join('\n'),
      'queue_log.1.gz': gzipSync(log.slice(0, half).join('\n')),
    });
    expect(result).to.deep.equal({ state: 'done', imported: CALLS, replaced: 0, already: 0 });
    await expectCounts();
    const { database } = at.site.parts;
    const talks = await database('call_talks').where({ agent_id: COMPANY.mara }).select('n');
    const own = log.filter((line) => line.includes('|PJSIP/2107|CONNECT|'));
    expect(talks).to.have.length(own.length);
    const former = await database('agents')
      .where({ name: 'SIP/9999-0000a1' })
      .first<{ user_id: number | null; archived_at: Date | null }>('user_id', 'archived_at');
    expect(former.user_id).to.equal(null);
    expect(former.archived_at).to.be.instanceOf(Date);
    expect(await database('calls').whereNot({ node: 'queue_log' })).to.deep.equal([]);
    const day = new Date(LOG_START_S * 1_000).toISOString().slice(0, 10);
    const calls = await admin.get(`/calls?from=${day}&until=${day}`);
    expect(calls.status).to.equal(200);
    const [call] = await database('calls').orderBy('id').limit(1).select<{ id: string }[]>('id');
    expect((await admin.get(`/calls/${call?.id ?? ''}`)).status).to.equal(200);
  });

  it('counts nothing twice: the same file, a part of it, or one with another name', async () => {
    await imported({ queue_log: log.join('\n') });
    const events = await total('call_events');
    expect(await imported({ again: log.join('\n') })).to.deep.equal({
      ...{ state: 'done', imported: 0, replaced: 0, already: CALLS },
    });
    await imported({ part: log.slice(100, 500).join('\n') });
    expect(await total('call_events')).to.equal(events);
    expect(await total('calls')).to.equal(CALLS);
    expect(
      await at.site.parts.database('queues').where('name', 'like', 'old-sales%'),
    ).to.have.length(1);
    await expectCounts();
  });

  it('changes calls that are there when names are chosen otherwise', async () => {
    await imported({ queue_log: log.join('\n') });
    const path = await checked({ queue_log: log.join('\n') });
    const fields = await offered(path);
    const moved = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        name.startsWith('queue.') ? String(COMPANY.billing) : value,
      ]),
    );
    await admin.post(`${path}/start`, moved);
    await runNext(jobs, quiet);
    expect(await resultOf(path)).to.include({ imported: 0, replaced: CALLS, already: 0 });
    expect(await total('calls')).to.equal(CALLS);
    const found = await visits();
    expect([...found.keys()]).to.deep.equal(['Billing']);
    expect(found.get('Billing')?.['offered']).to.equal(
      log.filter((line) => line.includes('|ENTERQUEUE|')).length,
    );
    // What was chosen is proposed the next time.
    expect(await offered(await checked({ queue_log: log.join('\n') }))).to.deep.equal(moved);
  });

  it('leaves calls of today and unfinished ones out, lists lines that it cannot use, and triggers nothing', async () => {
    const today = Math.floor(siteDayOf(Date.now(), 'Europe/London').startAt / 1_000);
    const path = await checked({
      queue_log: [
        ...linesOf('1.5', LOG_START_S, [{ ...PLAIN, end: 'ABANDON' }]).map(({ text }) => text),
        '=2+5|broken',
        `${String(LOG_START_S + 90_000)}|1.77|600|NONE|ENTERQUEUE||1|1`,
        `${String(today - 5)}|2.77|600|NONE|ENTERQUEUE||1|1`,
        `${String(today)}|2.77|600|NONE|ABANDON|1|1|5`,
      ].join('\n'),
    });
    const page = (await admin.get(path)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    expect(page).to.include('Calls of today, left for later 1');
    expect(page).to.include('Calls without beginning or end in the log, left out 1');
    expect(page).to.include('Lines that cannot be used 1');
    const problems = await admin.get(`${path}/problems`);
    expect(problems.headers.get('content-disposition')).to.include('problems.csv');
    expect(problems.text.split('\r\n')).to.deep.equal([
      ...[
        'file,line,problem,text',
        "queue_log,3,fields,'=2+5|broken",
        'queue_log,4,no-end,1.77',
        '',
      ],
    ]);
    await admin.post(`${path}/start`, await offered(path));
    await runNext(jobs, quiet);
    for (const table of ['callbacks', 'mails', 'recordings', 'voicemails', 'survey_runs'])
      expect(await total(table), table).to.equal(0);
    const recent = await at.site.parts.database('calls').where('started_at', '>', new Date(today));
    expect(
      recent.filter((call: { ended_at: Date }) => call.ended_at.getTime() >= today * 1_000),
    ).to.deep.equal([]);
  });

  it('stops when it is cancelled and goes on when it is run again', async () => {
    const path = await checked({ queue_log: log.join('\n') });
    await admin.post(`${path}/start`, await offered(path));
    let written = 0;
    const slow: RunnerParts = {
      ...jobs,
      ledger: {
        known: (calls) => jobs.ledger.known(calls),
        forget: (calls) => jobs.ledger.forget(calls),
        write: async (events) => {
          await jobs.ledger.write(events);
          written++;
          if (written === 1) await admin.post(`${path}/cancel`);
        },
      },
      clock: { now: stepping(), sleep: () => Promise.resolve() },
    };
    await runNext(slow, quiet);
    expect(written).to.equal(1);
    expect(await resultOf(path)).to.include({ state: 'cancelled' });
    const before = await total('calls');
    expect(before).to.be.greaterThan(0).and.lessThan(CALLS);
    expect((await admin.get(path)).text).to.include('Cancelled. What was written before stays');
    await admin.post(`${path}/start`, await offered(path));
    await runNext(jobs, quiet);
    expect(await resultOf(path)).to.deep.equal({
      ...{ state: 'done', imported: CALLS - before, replaced: 0, already: before },
    });
    await expectCounts();
  });

  it('says that it was broken off when whoever ran it is gone, and runs again', async () => {
    const path = await checked({ queue_log: log.join('\n') });
    await admin.post(`${path}/start`, await offered(path));
    const dying = new AbortController();
    const gone: RunnerParts = {
      ...jobs,
      ledger: {
        known: (calls) => jobs.ledger.known(calls),
        forget: (calls) => jobs.ledger.forget(calls),
        write: () => {
          dying.abort(new Error('killed'));
          return Promise.reject(new Error('killed'));
        },
      },
    };
    await runNext(gone, dying.signal).then(
      () => expect.fail('it went on'),
      () => undefined,
    );
    expect(await runNext(jobs, quiet)).to.equal(false);
    await at.site.parts.database('queue_log_imports').update({ beat_at: new Date(0) });
    expect((await admin.get(path)).text).to.include('The program was restarted in the middle');
    await admin.post(`${path}/start`, await offered(path));
    await runNext(jobs, quiet);
    expect(await resultOf(path)).to.include({ state: 'done', imported: CALLS });
  });

  it('fails with words: a broken packed file, nothing uploaded, no such zone, a name that is none of those offered', async () => {
    const path = await checked({ 'a.gz': gzipSync('x'.repeat(50_000)).subarray(0, 40) });
    expect((await admin.get(path)).text).to.include('a packed file may be broken');
    const empty = await upload({}, 'Mars/Olympus');
    expect(empty.status).to.equal(422);
    expect(empty.text).to.include('Choose a file.').and.include('There is no such time zone');
    expect(empty.text).to.include('value="Mars/Olympus"');
    const ready = await checked({ queue_log: log.join('\n') });
    const fields = { ...(await offered(ready)), 'queue.1': '987654' };
    const refused = await admin.post(`${ready}/start`, fields);
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('f-queue.1-problem');
    expect(await resultOf(ready)).to.include({ state: 'checked' });
  });

  it('is for administrators alone, and is taken off the list with its files', async () => {
    const path = await checked({ queue_log: log.join('\n') });
    const supervisor = await at.site.client('supervisor');
    for (const where of [PATH, path, `${path}/problems`])
      expect((await supervisor.get(where)).status).to.equal(403);
    expect((await admin.post(`${path}/remove`)).location).to.equal(PATH);
    expect((await admin.get(path)).status).to.equal(404);
    expect(await total('queue_log_imports')).to.equal(0);
  });
});

/** A clock by which a second passes whenever somebody looks at it. */
const stepping = (): (() => number) => {
  let now = Date.now();
  return () => (now += 1_000);
};
