import { expect } from 'chai';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { makeHomeFeature } from '../../../src/features/home/index.js';
import { makeNotReadyToday } from '../../../src/features/not-ready-reasons/index.js';
import type { QueueId } from '../../../src/kernel/ids.js';
import type { ServerMessage } from '../../../src/web/live/messages.js';
import { eventually } from '../../support/private-process.js';
import { emptySnapshot, TestSite } from '../../support/web.js';
import { liveQueue } from '../../support/live-line.js';

/** A browser's live connection that keeps what it hears. */
class TestSocket {
  readonly heard: ServerMessage[] = [];
  closeCode: number | undefined;
  status: number | undefined;
  private constructor(private readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as ServerMessage);
    });
    ws.on('unexpected-response', (_req, res) => {
      this.status = res.statusCode;
      ws.terminate();
    });
    ws.on('error', () => undefined);
    ws.on('close', (code) => {
      this.closeCode = code;
    });
  }

  static async open(site: TestSite, cookie: string, origin = site.url): Promise<TestSocket> {
    const headers = { ...(cookie === '' ? {} : { cookie }), ...(origin === '' ? {} : { origin }) };
    const ws = new WebSocket(`${site.url.replace('http', 'ws')}/live/socket`, { headers });
    const socket = new TestSocket(ws);
    await new Promise<void>((resolve) => {
      ws.on('open', resolve);
      ws.on('close', () => {
        resolve();
      });
    });
    return socket;
  }

  send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  follow(...topics: string[]): void {
    this.send({ type: 'follow', topics });
  }

  close(): void {
    this.ws.terminate();
  }
}

describe('live connection', function () {
  this.timeout(60_000);
  let site: TestSite;
  let cookie: string;
  const open: TestSocket[] = [];
  before(async () => {
    site = await TestSite.start((parts) => [
      makeHomeFeature({
        database: parts.database,
        live: parts.live,
        clock: parts.clock,
        logger: parts.log,
        timezone: parts.config.timezone,
        directory: parts.directory,
        notReadyToday: makeNotReadyToday({
          database: parts.database,
          clock: parts.clock,
          zone: parts.config.timezone,
          logger: parts.log,
        }),
      }),
    ]);
    cookie = (await site.client('supervisor')).cookieHeader;
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });
  after(() => site.stop());
  const connect = async (withCookie: string, origin?: string): Promise<TestSocket> => {
    const socket = await TestSocket.open(site, withCookie, origin);
    open.push(socket);
    return socket;
  };

  it('is refused without a session, from another site, and without an origin', async () => {
    expect((await connect('')).status).to.equal(403);
    expect((await connect('cb_session=made-up')).status).to.equal(403);
    expect((await connect(cookie, 'https://evil.example')).status).to.equal(403);
    expect((await connect(cookie, '')).status).to.equal(403);
  });

  it('says every two seconds what the server’s clock is and when the calls were last heard', async () => {
    site.parts.live.publish(emptySnapshot(1));
    const socket = await connect(cookie);
    await eventually(
      'two beats',
      () => socket.heard.filter((m) => m.type === 'beat').length >= 2,
      6_000,
    );
    const beat = socket.heard.find((message) => message.type === 'beat');
    expect(beat?.at).to.be.closeTo(Date.now(), 6_000);
    expect(beat).to.include({ isPbxOnline: true, heardAt: site.parts.live.receivedAt });
  });

  it('brings a change to the browser within a second', async () => {
    const socket = await connect(cookie);
    socket.follow('overview');
    await eventually('everything', () => socket.heard.some((m) => m.type === 'all'), 3_000);
    const startedAt = Date.now();
    const id = 7 as QueueId;
    site.parts.live.publish({
      ...emptySnapshot(2),
      queues: [liveQueue(id, 'Repairs')],
    });
    await eventually(
      'the new queue',
      () => socket.heard.some((m) => m.type === 'some' && m.set['queue:7.name'] === 'Repairs'),
      3_000,
    );
    expect(Date.now() - startedAt).to.be.lessThan(1_000);
  });

  it('refuses agents what only supervisors see', async () => {
    const socket = await connect((await site.client('agent')).cookieHeader);
    socket.follow('overview', 'no-such-topic');
    await eventually(
      'two refusals',
      () => socket.heard.filter((m) => m.type === 'refused').length === 2,
      3_000,
    );
    expect(socket.heard.some((message) => message.type === 'all')).to.equal(false);
  });

  it('ends when the session ends', async () => {
    const client = await site.client('supervisor');
    const socket = await connect(client.cookieHeader);
    await client.post('/sign-out');
    await eventually('the end', () => socket.closeCode !== undefined, 3_000);
    expect(socket.closeCode).to.equal(4401);
  });

  it('does not keep an idle session alive', async () => {
    const client = await site.client('supervisor');
    const socket = await connect(client.cookieHeader);
    const { redis } = site.parts;
    for (const key of await redis.keys('cb:session:*')) await redis.pexpire(key, 400);
    await eventually('the end', () => socket.closeCode !== undefined, 3_000);
    expect(socket.closeCode).to.equal(4401);
    cookie = (await site.client('supervisor')).cookieHeader;
  });

  for (const message of ['no json', '{"type":"shout"}', '{"type":"follow","topics":"all"}', '[]'])
    it(`closes on ${message}`, async () => {
      const socket = await connect(cookie);
      socket.send(message);
      await eventually('the end', () => socket.closeCode !== undefined, 3_000);
      expect(socket.closeCode).to.equal(1008);
    });

  it('closes on a message that is too long', async () => {
    const socket = await connect(cookie);
    socket.follow('x'.repeat(5_000));
    await eventually('the end', () => socket.closeCode !== undefined, 3_000);
    expect(socket.closeCode).to.equal(1009);
  });

  it('limits the tabs of one session', async () => {
    const client = await site.client('supervisor');
    const sockets = await Promise.all(
      Array.from({ length: 21 }, () => connect(client.cookieHeader)),
    );
    expect(sockets.filter((socket) => socket.status === 429).length).to.be.greaterThan(0);
  });

  it('is at one address only', async () => {
    const ws = new WebSocket(`${site.url.replace('http', 'ws')}/live`, {
      headers: { cookie, origin: site.url },
    });
    ws.on('error', () => undefined);
    const [, response] = (await once(ws, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    expect(response.statusCode).to.equal(404);
    ws.terminate();
  });

  describe('of somebody who means harm', () => {
    const KEY = 'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n';
    const upgrade = (target: string, origin: string): string =>
      `GET ${target} HTTP/1.1\r\nHost: ${origin.replace('http://', '')}\r\n${KEY}` +
      `Origin: ${origin}\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`;
    const dial = async (): Promise<Socket> => {
      const socket = createConnection(Number(new URL(site.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    /** An error that nobody takes ends the process: here mocha would report it as a failure of the test that runs. */
    const lives = async (): Promise<void> => {
      const answer = await fetch(`${site.url}/healthz`);
      expect(answer.status).to.equal(200);
    };

    for (const target of ['//', '//[', 'http://[', '/live/socket?guest=%', '*'])
      it(`refuses the address ${target}`, async () => {
        const socket = await dial();
        socket.write(upgrade(target, site.url));
        const [answer] = (await once(socket, 'data')) as [Buffer];
        expect(answer.toString()).to.match(/^HTTP\/1\.1 (400|404|403|101)/);
        socket.destroy();
        await lives();
      });

    it('lives on when a caller resets the line before it is admitted', async () => {
      for (let time = 0; time < 50; time++) {
        const socket = await dial();
        socket.write(upgrade('/live/socket?guest=nobody', site.url));
        await new Promise((resolve) => setTimeout(resolve, time % 5));
        socket.resetAndDestroy();
      }
      await lives();
    });

    it('lives on when one that was sent away sends what is no frame', async () => {
      const socket = await dial();
      socket.write(upgrade('/live/socket?guest=nobody', site.url));
      await once(socket, 'data');
      socket.write(Buffer.alloc(64, 0xff));
      await once(socket, 'close');
      await lives();
    });
  });
});
