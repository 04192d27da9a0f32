/**
 * What a command to Asterisk costs over the event socket (`RESTRequest`) and over keep-alive HTTP, and what a command
 * that has to wait for a playback does to the others. Needs the platform: `scripts/platform up`.
 * One JSON line last. The decision drawn from it: docs/decisions/0002-ari-transport.md.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { WebSocket } from 'ws';
import { parseEnvironmentFile } from '../../src/config.js';

const COMMANDS = 4000;
const CONCURRENCY = 8;
const PLAYBACK_MS = 3000;

const environment = parseEnvironmentFile(
  readFileSync(`${process.env['CB_VAR'] ?? 'var'}/cordboard.env`, 'utf8'),
);
const base = environment['CB_ARI_URL'] ?? '';
const authorization = `Basic ${Buffer.from(
  `${environment['CB_ARI_USER'] ?? ''}:${environment['CB_ARI_PASSWORD'] ?? ''}`,
).toString('base64')}`;

type Query = Readonly<Record<string, string>>;
/** Answers the HTTP status. */
type Send = (method: string, path: string, query: Query) => Promise<number>;

const application = 'cordboard-bench';
const socket = new WebSocket(`${base.replace(/^http/, 'ws')}/ari/events?app=${application}`, {
  headers: { authorization },
});
await new Promise((resolve, reject) => {
  socket.once('open', resolve);
  socket.once('error', reject);
});
const waiting = new Map<string, (status: number) => void>();
let entered: () => void = () => undefined;
socket.on('message', (data: Buffer) => {
  const message = JSON.parse(data.toString('utf8')) as {
    type: string;
    request_id?: string;
    status_code?: number;
  };
  if (message.type === 'StasisStart') entered();
  if (message.type !== 'RESTResponse') return;
  waiting.get(message.request_id ?? '')?.(message.status_code ?? 0);
  waiting.delete(message.request_id ?? '');
});

let serial = 0;
const overSocket: Send = (method, path, query) =>
  new Promise((resolve) => {
    const id = String(++serial);
    waiting.set(id, resolve);
    socket.send(
      JSON.stringify({
        type: 'RESTRequest',
        transaction_id: id,
        request_id: id,
        method,
        uri: path,
        query_strings: Object.entries(query).map(([name, value]) => ({ name, value })),
      }),
    );
  });

const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'lifo' });
const overHttp: Send = (method, path, query) =>
  new Promise((resolve, reject) => {
    const url = `${base}/ari/${path}?${new URLSearchParams(query).toString()}`;
    request(url, { method, agent, headers: { authorization } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
    })
      .on('error', reject)
      .end();
  });

const overFetch: Send = async (method, path, query) => {
  const url = `${base}/ari/${path}?${new URLSearchParams(query).toString()}`;
  const response = await fetch(url, { method, headers: { authorization } });
  await response.arrayBuffer();
  return response.status;
};

/** Processor time of this process, and wall time, of one command in ms. */
async function cost(send: Send): Promise<{ cpuMs: number; p50Ms: number; p99Ms: number }> {
  const took: number[] = [];
  let left = COMMANDS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const from = performance.now();
      const status = await send('POST', 'channels/bench/variable', { variable: 'X', value: '1' });
      if (status !== 204) throw new Error(`status ${String(status)}`);
      took.push(performance.now() - from);
    }
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const used = process.cpuUsage(before);
  took.sort((a, b) => a - b);
  const at = (share: number): number => round(took[Math.floor(took.length * share)] ?? 0);
  return {
    cpuMs: round((used.user + used.system) / 1000 / COMMANDS),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}

/** How long a harmless command takes while another one waits for a playback to end. */
async function heldUp(send: Send): Promise<number> {
  await send('POST', 'channels/bench/play', { media: 'tone:440', playbackId: 'bench-playback' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  setTimeout(() => void overHttp('DELETE', 'playbacks/bench-playback', {}), PLAYBACK_MS);
  const blocked = send('POST', 'channels/bench/variable', { variable: 'X', value: '1' });
  const from = performance.now();
  await send('GET', 'asterisk/ping', {});
  const took = round(performance.now() - from);
  await blocked;
  return took;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

const started = new Promise<void>((resolve) => {
  entered = resolve;
});
await overHttp('PUT', `applications/${application}/eventFilter`, {});
await overHttp('POST', 'channels', {
  endpoint: 'Local/1@from-trunk',
  app: application,
  channelId: 'bench',
});
await started;
const filter = { disallowed: [{ type: 'ChannelVarset' }, { type: 'ChannelDialplan' }] };
await fetch(`${base}/ari/applications/${application}/eventFilter`, {
  method: 'PUT',
  headers: { authorization, 'content-type': 'application/json' },
  body: JSON.stringify(filter),
});
try {
  const result: Record<string, unknown> = { commands: COMMANDS, concurrency: CONCURRENCY };
  for (const round of ['warm', 'a', 'b'])
    for (const [name, send] of [
      ['socket', overSocket],
      ['http', overHttp],
      ['fetch', overFetch],
    ] as const)
      result[`${name}-${round}`] = await cost(send);
  result['playbackMs'] = PLAYBACK_MS;
  result['pingBesideBlockedMs'] = {
    socket: await heldUp(overSocket),
    http: await heldUp(overHttp),
  };
  console.log(JSON.stringify(result));
} finally {
  await overHttp('DELETE', 'channels/bench', {});
  socket.close();
  agent.destroy();
}
