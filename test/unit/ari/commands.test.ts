import { expect } from 'chai';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newCounters } from '../../../src/adapters/asterisk-ari/counters.js';
import { GuardedAriClient } from '../../../src/adapters/asterisk-ari/guarded-ari-client.js';
import { HttpCommands, path } from '../../../src/adapters/asterisk-ari/http-commands.js';
import { checkedName } from '../../../src/adapters/asterisk-ari/recordings.js';
import { AriError } from '../../../src/telephony/ari/port.js';

async function failureOf(command: Promise<unknown>): Promise<AriError> {
  try {
    await command;
  } catch (error) {
    if (error instanceof AriError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

async function serve(answer: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://127.0.0.1:${String(port)}` };
}

async function shut(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}

const login = { user: 'u', password: 'p' };

describe('commands over HTTP', () => {
  const seen: string[] = [];
  let status = 204;
  let body = '';
  let server: Server;
  let url: string;
  let http: HttpCommands;
  const counters = newCounters();

  before(async () => {
    ({ server, url } = await serve((request, response) => {
      const { method = '', url: target = '', headers } = request;
      seen.push(`${method} ${target} ${headers.authorization ?? ''}`);
      if (target.includes('silence')) return;
      if (target.includes('half')) {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
        setImmediate(() => request.socket.destroy());
        return;
      }
      response.writeHead(status).end(body);
    }));
    http = new HttpCommands({ url, ...login }, counters, 200);
  });
  after(async () => {
    http.close();
    await shut(server);
  });

  const get = (at: string): Promise<Buffer> =>
    http.run({ command: 'test', method: 'GET', path: at, query: { 'a b': '&c' } });

  it('encode what is not ours, and log in', async () => {
    await get(path`channels/${'../x y'}/play`);
    expect(seen.at(-1)).to.equal('GET /ari/channels/..%2Fx%20y/play?a+b=%26c Basic dTpw');
    await http.run({ command: 'test', method: 'GET', path: '/metrics' });
    expect(seen.at(-1)).to.equal('GET /metrics Basic dTpw');
  });

  for (const [code, failure] of [
    [404, 'gone'],
    [400, 'refused'],
    [409, 'refused'],
    [412, 'refused'],
    [422, 'refused'],
    [500, 'refused'],
    [401, 'unavailable'],
    [503, 'unavailable'],
  ] as const)
    it(`${String(code)} is ${failure}, and the words of Asterisk are kept`, async () => {
      status = code;
      body = '{"message":"Channel not found"}';
      const error = await failureOf(get('x'));
      expect(error.failure).to.equal(failure);
      expect(error.status).to.equal(code);
      expect(error.message).to.contain('Channel not found');
      expect(error.command).to.equal('test');
    });

  it('no answer in time, an answer that breaks off, nobody there: each settles', async () => {
    expect((await failureOf(get('silence'))).failure).to.equal('timeout');
    expect((await failureOf(get('half'))).failure).to.equal('unavailable');
    const nobody = new HttpCommands({ url: 'http://127.0.0.1:1', ...login }, counters, 200);
    const error = await failureOf(nobody.run({ command: 'x', method: 'GET', path: 'x' }));
    expect(error.failure).to.equal('unavailable');
    expect(counters.failedCommands).to.include({ timeout: 1, unavailable: 4 });
  });

  it('an answer that is not JSON is no answer', async () => {
    status = 200;
    body = '<html>';
    const error = await failureOf(http.json({ command: 'x', method: 'GET', path: 'x' }));
    expect(error.failure).to.equal('unavailable');
  });

  it('names of recordings stay in their folder', () => {
    for (const name of ['01J/caller', '01J-x.wav', 'a/b/c'])
      expect(checkedName('x', name)).to.equal(name);
    for (const name of ['', '.', '..', '../a', 'a/..', 'a/../../b', '/a', 'a//b', 'a/', 'a b', 'ä'])
      expect(() => checkedName('x', name), name).to.throw(AriError);
  });
});

describe('ari-client behind its guard', function () {
  this.timeout(30_000);

  const guard = (url: string, timeoutMs: number): GuardedAriClient =>
    new GuardedAriClient({ url, ...login }, newCounters(), timeoutMs);

  it('a server that never answers: in time; the next call begins anew', async () => {
    const { server, url } = await serve(() => undefined);
    const client = guard(url, 300);
    for (let i = 0; i < 2; i++)
      expect((await failureOf(client.call('asterisk', 'ping', {}))).failure).to.equal('timeout');
    await shut(server);
  });

  it('an Asterisk that is half started, where ari-client throws: unavailable, and the process lives', async () => {
    const { server, url } = await serve((_, response) => {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"x"}');
    });
    const error = await failureOf(guard(url, 5000).call('asterisk', 'ping', {}));
    expect(error.failure).to.equal('unavailable');
    await shut(server);
  });

  it('an answer that is not what it says: unavailable', async () => {
    const { server, url } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"broken');
    });
    const error = await failureOf(guard(url, 5000).call('asterisk', 'ping', {}));
    expect(error.failure).to.equal('unavailable');
    await shut(server);
  });

  it('a connection that is lost ends what runs', async () => {
    const { server, url } = await serve(() => undefined);
    const client = guard(url, 20_000);
    const running = failureOf(client.call('asterisk', 'ping', {}));
    await new Promise<void>((resolve) => {
      server.once('request', () => {
        resolve();
      });
    });
    client.abandon('lost');
    expect((await running).failure).to.equal('unavailable');
    await shut(server);
  });
});
