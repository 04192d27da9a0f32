/**
 * From an event of a call to the frames of a thousand live connections. The program runs as its own process with the roles `web`
 * and `jobs`; this one plays the process that runs the calls (ledger and live picture, gathered as the live board gathers) and
 * all browsers: screens that show wallboards by their links, and supervisors who look at one queue. Each event is one more caller
 * in a line: a frame that shows the n-th caller has brought n events. Last line: one JSON object.
 *
 *   npm run bench:sockets -- --sockets 1000 --rate 50 --seconds 20
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import { openLedger } from '../../src/adapters/ledger/index.js';
import { makeLogger } from '../../src/adapters/log/logger.js';
import { openRedis } from '../../src/adapters/redis/connection.js';
import { makeLivePublisher } from '../../src/adapters/redis/live.js';
import { newNonce, wallKeyOf, wallToken } from '../../src/features/wallboards/wall-address.js';
import { FIRST_TILES } from '../../src/features/wallboards/wallboard.js';
import type { AgentId, DidId, QueueId, TrunkId } from '../../src/kernel/ids.js';
import { gatherMs } from '../../src/telephony/calls/live-board.js';
import type { LiveAgent, LiveSnapshot } from '../../src/telephony/live.js';
import { CallScript } from '../support/call-events.js';
import { liveQueue } from '../support/live-line.js';
import { PrivateMariadb } from '../support/private-mariadb.js';
import { freePort } from '../support/free-port.js';
import { PrivateRedis } from '../support/private-redis.js';
import { ProductProcess } from '../support/product-process.js';
import { until } from '../support/until.js';
import { emptySnapshot, TEST_PASSWORD, TestClient } from '../support/web.js';
import { cpuMs, percentiles } from './figures.js';

const option = (name: string, usual: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? usual : Number(process.argv[at + 1]);
};
const SOCKETS = option('sockets', 1_000);
const RATE = option('rate', 50);
const SECONDS = option('seconds', 20);
const QUEUES = 10;
const AGENTS = 100;
/** Of ten connections, those of supervisors; the others are screens. */
const SUPERVISORS_OF_TEN = 2;
const TABS = 20;
const SECRET = Buffer.alloc(32, 7);
const log = makeLogger('silent');
const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Events of each queue so far, and when the n-th happened. */
const happenedAt = Array.from({ length: QUEUES }, (): number[] => []);
const latencies: number[] = [];
let isMeasured = false;

/** One browser: how many events of its queue its frames have brought. */
class Connection {
  #seen = 0;

  constructor(
    readonly socket: WebSocket,
    private readonly queue: number,
    private readonly pattern: RegExp,
    topic: string,
  ) {
    socket.on('message', (data: Buffer) => {
      this.#take(data.toString('utf8'));
    });
    socket.send(JSON.stringify({ type: 'follow', topics: [topic] }));
  }

  #take(text: string): void {
    const found = this.pattern.exec(text)?.[1];
    if (found === undefined) return;
    const now = performance.now();
    const count = Number(found.replaceAll(',', ''));
    const times = happenedAt[this.queue] ?? [];
    for (; this.#seen < count; this.#seen += 1)
      if (isMeasured) latencies.push(now - (times[this.#seen] ?? now));
  }
}

const agents = Array.from({ length: AGENTS }, (_, at): LiveAgent => ({
  id: (at + 1) as AgentId,
  name: `Agent Number${String(at)}`,
  state: at % 3 === 0 ? 'available' : 'not-ready',
  since: Date.now(),
  reason: '',
  extension: String(2_100 + at),
  queues: [((at % QUEUES) + 1) as QueueId],
}));

function picture(seq: number): LiveSnapshot {
  return {
    ...emptySnapshot(seq),
    agents,
    queues: happenedAt.map((times, at) => ({
      ...liveQueue((at + 1) as QueueId, `Queue ${String(at + 1)}`),
      waitingCount: times.length,
      decisions: times.length,
    })),
  };
}

async function main(): Promise<void> {
  const [mariadb, redisServer] = await Promise.all([PrivateMariadb.start(), PrivateRedis.start()]);
  const varDir = await mkdtemp(join(tmpdir(), 'cordboard-sockets-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const database = mariadb.open();
  const redis = openRedis(redisServer.url, log);
  const publish = makeLivePublisher(redis, log);
  const product = new ProductProcess(
    {
      ...{ CB_ROLES: 'web,jobs', CB_VAR: varDir, CB_HTTP_PORT: String(port) },
      ...{ CB_DB_PORT: String(mariadb.config.port), CB_DB_PASSWORD: mariadb.config.password },
      ...{ CB_REDIS_URL: redisServer.url, CB_SECRET_KEY: SECRET.toString('base64') },
      ...{ CB_ARI_URL: 'http://127.0.0.1:1', CB_ARI_PASSWORD: 'unused', CB_PBX_SIP_PORT: '1' },
      ...{ CB_MEDIA_URL: 'http://127.0.0.1:1/media', CB_LOG_LEVEL: 'error' },
    },
    join(varDir, 'product.log'),
    async () => (await fetch(`${url}/healthz`)).ok,
  );
  const open: Connection[] = [];
  try {
    const overflow = JSON.stringify({ kind: 'hangup' });
    await database('queues').insert(
      happenedAt.map((_times, at) => ({ id: at + 1, name: `Queue ${String(at + 1)}`, overflow })),
    );
    const tokens = await makeBoards(database);
    await product.start();
    publish(picture(1));
    const cookies = await signIn(
      database,
      url,
      Math.ceil((SOCKETS * SUPERVISORS_OF_TEN) / 10 / TABS),
    );
    note(`opening ${String(SOCKETS)} connections`);
    for (let at = 0; at < SOCKETS; at += 1) open.push(await connect(url, at, tokens, cookies));
    const ledger = await openLedger(redisServer.url, varDir, log);
    const result = await run(
      publish,
      (script) => {
        for (const event of script.events) ledger.append(event);
      },
      product.pid,
    );
    await ledger.flush();
    const written = await until('the ledger to be written', 60_000, async () => {
      const [row] = await database('call_events').count({ total: '*' });
      return Number(row?.['total'] ?? 0) >= result.events && Number(row?.['total']);
    });
    await ledger.close();
    const { p50, p95, p99, max } = percentiles(latencies);
    const figures = {
      ...{ bench: 'sockets', sockets: SOCKETS, eventsPerSecond: RATE, seconds: SECONDS },
      ...{ events: result.events, ledgerEventsWritten: written, frames: latencies.length },
      ...{ p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max, limitMs: 200 },
      load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
      serverCpuShare: Math.round((result.cpuMs / (SECONDS * 1_000)) * 1_000) / 1_000,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    if (latencies.length === 0 || (p95 ?? Infinity) >= 200) process.exitCode = 1;
  } finally {
    for (const { socket } of open) socket.terminate();
    await product.kill();
    redis.disconnect();
    await database.destroy();
    await Promise.all([mariadb.remove(), redisServer.remove()]);
    await rm(varDir, { recursive: true, force: true });
  }
}

/** One board for each queue, and a link to it. */
async function makeBoards(
  database: ReturnType<PrivateMariadb['open']>,
): Promise<readonly string[]> {
  const key = wallKeyOf(SECRET);
  const tokens: string[] = [];
  // Ids in the order of queues: board 3 shows queue 3.
  for (const at of happenedAt.keys()) {
    const tiles = FIRST_TILES.map((tile) => ({ ...tile, queues: [at + 1] }));
    await database('wallboards').insert({
      ...{ id: at + 1, name: `Board ${String(at + 1)}`, language: 'en', theme: 'dark' },
      ...{ agent_names: 'short', tiles: JSON.stringify(tiles) },
    });
    const nonce = newNonce();
    await database('wallboard_links').insert({
      ...{ wallboard_id: at + 1, nonce, label: 'Bench', created_by: 'Bench' },
      created_at: new Date(),
    });
    tokens.push(wallToken(key, nonce));
  }
  return tokens;
}

async function signIn(
  database: ReturnType<PrivateMariadb['open']>,
  url: string,
  count: number,
): Promise<readonly string[]> {
  await database('users').insert({
    ...{ login: 'bench', name: 'Bench', role: 'supervisor' },
    password_hash: await argonHasher.hash(TEST_PASSWORD),
  });
  const cookies: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const client = new TestClient(url);
    await client.signIn('bench');
    cookies.push(client.cookieHeader);
  }
  return cookies;
}

async function connect(
  url: string,
  at: number,
  tokens: readonly string[],
  cookies: readonly string[],
): Promise<Connection> {
  const queue = at % QUEUES;
  const isSupervisor = Math.floor(at / QUEUES) % 10 < SUPERVISORS_OF_TEN;
  const address = new URL('/live/socket', url.replace(/^http/, 'ws'));
  if (!isSupervisor) address.searchParams.set('guest', tokens[queue] ?? '');
  const cookie = cookies[at % cookies.length] ?? '';
  const socket = new WebSocket(address, {
    headers: { origin: url, ...(isSupervisor ? { cookie } : {}) },
  });
  await once(socket, 'open');
  return isSupervisor
    ? new Connection(socket, queue, /"kpi\.line":(\d+)/, `queue:${String(queue + 1)}`)
    : new Connection(socket, queue, /"t0\.text":"([\d,]+)"/, `wall:${String(queue + 1)}`);
}

/** Callers come in, evenly; the picture goes out as the live board sends it. */
async function run(
  publish: (snapshot: LiveSnapshot) => void,
  append: (script: CallScript) => void,
  pid: number,
): Promise<{ readonly events: number; readonly cpuMs: number }> {
  let seq = 1;
  let isScheduled = false;
  let tookMs = 0;
  const send = (): void => {
    isScheduled = false;
    const before = process.cpuUsage();
    publish(picture(++seq));
    const { user, system } = process.cpuUsage(before);
    tookMs = (user + system) / 1_000;
  };
  const heartbeat = setInterval(send, 2_000);
  await sleep(3_000);
  isMeasured = true;
  const cpuBefore = cpuMs(pid);
  const beganAt = performance.now();
  const total = RATE * SECONDS;
  let events = 0;
  while (events < total) {
    const dueAt = beganAt + (events * 1_000) / RATE;
    const wait = dueAt - performance.now();
    if (wait > 1) await sleep(wait);
    const queue = events % QUEUES;
    append(entry(queue));
    happenedAt[queue]?.push(performance.now());
    events += 1;
    if (isScheduled) continue;
    isScheduled = true;
    setTimeout(send, gatherMs(tookMs));
  }
  const used = cpuMs(pid) - cpuBefore;
  await sleep(2_000);
  clearInterval(heartbeat);
  return { events, cpuMs: used };
}

/** The ledger of a caller who comes into a line: one event is the line's, one the call's. */
const entry = (queue: number): CallScript =>
  new CallScript(Date.now())
    .happens(0, {
      ...{ kind: 'call-arrived', direction: 'inbound', from: '+442079460123', fromName: '' },
      ...{ to: '+448005550110', node: 'pbx-1', trunkId: 1 as TrunkId, didId: 1 as DidId },
    })
    .happens(0, {
      ...{ kind: 'queue-entered', queueId: (queue + 1) as QueueId },
      ...{ name: `Queue ${String(queue + 1)}`, place: 1, priority: 0 },
    });

await main();
