import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import {
  makeLedgerWriter,
  openLedger,
  type DurableLedger,
} from '../../../src/adapters/ledger/index.js';
import type { LedgerWriter } from '../../../src/adapters/ledger/index.js';
import { KnexLedgerStore } from '../../../src/adapters/ledger/knex-ledger-store.js';
import type { LedgerRecord } from '../../../src/adapters/ledger/record.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import { sqlCode } from '../../../src/kernel/sql-error.js';
import { settle } from '../../../src/kernel/clock.js';
import type { CallEvent } from '../../../src/kernel/call-event.js';
import { newEventId, type AgentId } from '../../../src/kernel/ids.js';
import { abandonedCall, answeredCall, voicemailCall } from '../../support/call-events.js';
import { clearLedger, expectLedger } from '../../support/ledger-database.js';
import { PrivateMariadb } from '../../support/private-mariadb.js';
import { eventually } from '../../support/private-process.js';
import { PrivateRedis } from '../../support/private-redis.js';

const silent = pino({ level: process.env['CB_LOG_LEVEL'] ?? 'silent' });

/** Events of some calls, interleaved as they happen when calls run side by side. */
function traffic(calls: number): CallEvent[] {
  const scripts = Array.from({ length: calls }, (_, n) =>
    [answeredCall, abandonedCall, voicemailCall][n % 3]?.(),
  );
  const events = scripts.flatMap((script) => script?.events ?? []);
  return events.sort((a, b) => a.seq - b.seq);
}

describe('the ledger while servers are away', function () {
  this.timeout(120_000);
  let mariadb: PrivateMariadb;
  let redis: PrivateRedis;
  let database: Database;
  let varDir: string;
  let ledger: DurableLedger;
  let writer: LedgerWriter;
  let appended: CallEvent[];

  before(async () => {
    [mariadb, redis] = await Promise.all([PrivateMariadb.start(), PrivateRedis.start()]);
    database = mariadb.open();
  });
  after(async () => {
    await database.destroy();
    await Promise.all([mariadb.remove(), redis.remove()]);
  });
  beforeEach(async () => {
    await clearLedger(database);
    varDir = await mkdtemp(join(tmpdir(), 'cordboard-ledger-'));
    appended = [];
    ledger = await openLedger(redis.url, varDir, silent);
    writer = makeLedgerWriter(redis.url, database, systemClock, silent);
  });
  afterEach(async () => {
    await ledger.close();
    await writer.stop();
    await rm(varDir, { recursive: true, force: true });
  });

  const append = async (events: readonly CallEvent[]): Promise<void> => {
    for (const event of events) {
      ledger.append(event);
      appended.push(event);
      if (event.seq % 3 === 0) await settle();
    }
  };
  const rows = async (): Promise<number> => {
    const [row] = (await database('call_events').count({ n: '*' })) as [{ n: number }];
    return row.n;
  };
  const everythingArrives = async (): Promise<void> => {
    await eventually(
      'all events in the database',
      async () => (await rows()) >= appended.length,
      60_000,
    );
    await eventually('stream empty', async () => (await writer.counters()).inStream === 0);
    await expectLedger(database, appended);
    expect(ledger.counters()).to.include({ buffered: 0, inFile: 0 });
    // Nothing but the file of lines that the living ledger has not sent, and that is empty.
    const folder = join(varDir, 'ledger');
    const names = await readdir(folder);
    expect(names.filter((name) => !name.endsWith('.unsent'))).to.deep.equal([]);
    for (const name of names) expect((await stat(join(folder, name))).size).to.equal(0);
  };

  it('with everything there, stores and folds what was appended', async () => {
    writer.start();
    await append(traffic(30));
    await everythingArrives();
    expect(await writer.counters()).to.deep.equal({
      written: appended.length,
      duplicates: 0,
      rejected: 0,
      inStream: 0,
    });
  });

  it('MariaDB away in mid-call: the stream grows, and nothing is lost or doubled', async () => {
    writer.start();
    const events = traffic(30);
    await append(events.slice(0, 100));
    await mariadb.process.stop();
    await append(events.slice(100, 300));
    await ledger.flush();
    expect((await writer.counters()).inStream).to.be.at.least(200);
    expect(ledger.counters().inFile).to.equal(0);
    await mariadb.process.start();
    await append(events.slice(300));
    await everythingArrives();
  });

  it('Redis away in mid-call: events wait in a file and go on in order', async () => {
    writer.start();
    const events = traffic(30);
    await append(events.slice(0, 100));
    await redis.process.stop();
    await append(events.slice(100, 300));
    await ledger.flush();
    expect(ledger.counters().inFile).to.be.at.least(200);
    await redis.process.start();
    await append(events.slice(300));
    await everythingArrives();
  });

  it('Redis killed without warning, again and again', async () => {
    writer.start();
    const events = traffic(60);
    for (let from = 0; from < events.length; from += 300) {
      const appending = append(events.slice(from, from + 300));
      await redis.process.stop('SIGKILL');
      await appending;
      await redis.process.start();
    }
    await everythingArrives();
  });

  it('both away', async () => {
    writer.start();
    const events = traffic(30);
    await append(events.slice(0, 100));
    await Promise.all([mariadb.process.stop(), redis.process.stop()]);
    await append(events.slice(100, 300));
    await ledger.flush();
    await redis.process.start();
    await append(events.slice(300));
    await ledger.flush();
    await mariadb.process.start();
    await everythingArrives();
  });

  it('the writer killed between storing and acknowledging: stored once', async () => {
    await append(traffic(12));
    await ledger.flush();
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'test/support/ledger-writer-process.ts',
        redis.url,
        JSON.stringify(mariadb.config),
        'die-before-acknowledge',
      ],
      { stdio: 'inherit' },
    );
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).to.equal('SIGKILL');
    const storedByTheDead = await rows();
    expect(storedByTheDead).to.be.greaterThan(0);
    writer.start();
    await everythingArrives();
    const counters = await writer.counters();
    expect(counters.duplicates).to.equal(storedByTheDead);
    expect(counters.written + counters.duplicates).to.equal(appended.length);
  });

  it('two writers side by side store everything once', async () => {
    const second = makeLedgerWriter(redis.url, database, systemClock, silent);
    try {
      writer.start();
      second.start();
      await append(traffic(90));
      await everythingArrives();
      const sum = (await writer.counters()).written + (await second.counters()).written;
      expect(sum).to.equal(appended.length);
    } finally {
      await second.stop();
    }
  });

  it('a batch that two writers bring at once is counted as written by one of them', async () => {
    const store = new KnexLedgerStore(database);
    /** One that lost a deadlock tries again, as a writer does. */
    const write = async (records: readonly LedgerRecord[]): Promise<number> => {
      for (;;)
        try {
          return (await store.write(records)).written;
        } catch (error) {
          if (sqlCode(error) !== 'ER_LOCK_DEADLOCK') throw error;
        }
    };
    for (let round = 0; round < 20; round += 1) {
      const events = traffic(9);
      const records = events.map((event): LedgerRecord => ({ kind: 'call-event', event }));
      const written = await Promise.all([
        write(records),
        write(records),
        write([...records].reverse()),
      ]);
      expect(written.reduce((sum, n) => sum + n)).to.equal(events.length);
    }
  });

  it('a calls process killed while Redis is away: the next one brings its file', async () => {
    await redis.process.stop();
    const events = traffic(6);
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'test/support/ledger-process.ts', redis.url, varDir],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    child.stdin.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    let safe = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      safe = (JSON.parse(line) as { inFile: number }).inFile;
      if (safe === events.length) break;
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    await ledger.close();
    ledger = await openLedger(redis.url, varDir, silent);
    expect(ledger.counters().inFile).to.equal(events.length);
    appended.push(...events);
    writer.start();
    await redis.process.start();
    await everythingArrives();
  });

  it('closing brings what was just appended to safety, with Redis and without', async () => {
    for (const isAway of [false, true]) {
      if (isAway) await redis.process.stop();
      const { events } = answeredCall();
      for (const event of events) ledger.append(event);
      appended.push(...events);
      await ledger.close();
      expect(ledger.counters().buffered).to.equal(0);
      expect(await readdir(join(varDir, 'ledger'))).to.have.length(isAway ? 1 : 0);
      if (isAway) await redis.process.start();
      ledger = await openLedger(redis.url, varDir, silent);
    }
    writer.start();
    await everythingArrives();
  });

  it('stores state changes of agents on the same way, once', async () => {
    writer.start();
    const change = {
      id: newEventId(),
      agentId: 7 as AgentId,
      at: Date.UTC(2026, 10, 24, 9),
      state: 'not-ready',
      reason: 'break',
      note: 'forced by Ines Holm: lunch',
    };
    ledger.appendAgentState(change);
    ledger.appendAgentState(change);
    await eventually('both handled', async () => {
      const { written, duplicates } = await writer.counters();
      return written + duplicates === 2;
    });
    expect(await database('agent_state_changes').select('*')).to.deep.equal([
      {
        id: change.id,
        agent_id: 7,
        at: new Date(change.at),
        state: 'not-ready',
        reason: 'break',
        note: 'forced by Ines Holm: lunch',
        call_id: null,
      },
    ]);
  });

  it('puts aside what the database can never take, and stores what came with it', async () => {
    const [first, ...others] = answeredCall().events;
    const bad = { ...(first as CallEvent), id: newEventId(), at: 8.64e15 };
    ledger.append(bad);
    await append([first as CallEvent, ...others]);
    writer.start();
    await everythingArrives();
    expect((await writer.counters()).rejected).to.equal(1);
  });

  it('keeps names that are too long for a column whole in the event, cut in the row', async () => {
    writer.start();
    const name = '长名字<b>"\'\\ 🎧'.repeat(40);
    await append(answeredCall({ fromName: name }).events);
    await everythingArrives();
    const [row] = (await database('calls').select('from_name')) as [{ from_name: string }];
    expect(Array.from(row.from_name)).to.have.length(120);
  });
});
