import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { BlockedHosts } from '../../../src/adapters/http/blocked-hosts.js';
import { mayConnect } from '../../../src/adapters/http/address-guard.js';
import {
  ANSWER_LIMIT_BYTES,
  RoutingHookClient,
} from '../../../src/adapters/http/routing-hook-client.js';
import { hookSignature } from '../../../src/adapters/http/signature.js';
import { isAddressOrNetwork } from '../../../src/kernel/addresses.js';
import type { HookId } from '../../../src/kernel/ids.js';
import { VirtualClock } from '../../../src/kernel/clock.js';
import type { HookConfig, HookRequest, HookTry } from '../../../src/telephony/routing-hook.js';
import { json, startHookServer, type HookServer } from '../../support/hook-server.js';

const request: HookRequest = {
  callId: 'test',
  test: true,
  at: '2026-11-25T10:00:00.000Z',
  from: '+442079460001',
  fromName: 'Ada',
  to: '+442079460100',
  language: 'en',
  queue: 'Repairs',
  priority: 20,
  vip: false,
  attributes: { need: 'repair' },
};
const never = new AbortController().signal;

describe('the routing hook client', () => {
  let server: HookServer;
  let tries: HookTry[];
  let client: RoutingHookClient;
  const log = {
    note: (_hook: HookId, done: HookTry) => {
      tries.push(done);
    },
    latest: () => Promise.resolve([]),
  };
  const hook = (changes: Partial<HookConfig> = {}): HookConfig => ({
    id: 1 as HookId,
    name: 'CRM',
    url: server.url,
    dids: [],
    queues: [],
    timeoutMs: 2_000,
    secret: 'a secret',
    allowedAddresses: ['127.0.0.1'],
    caCertificate: '',
    ...changes,
  });
  const ask = (changes: Partial<HookConfig> = {}, signal = never) =>
    client.ask(hook(changes), request, signal);

  beforeEach(async () => {
    tries = [];
    server = await startHookServer();
    client = new RoutingHookClient(systemClock, log);
  });
  afterEach(() => server.stop());

  it('posts the call as JSON, signed, and gives the answer back', async () => {
    const answer = { queue: 'Gold', priority: 80, skills: [{ skill: 'French' }] };
    server.answerWith(json(answer));
    const outcome = await ask();
    expect(outcome).to.deep.include({ kind: 'answered' });
    expect(outcome).to.have.deep.property('answer', {
      ...answer,
      skills: [{ skill: 'French', level: 1, required: true }],
    });
    const [visit] = server.visits;
    expect(JSON.parse(visit?.body ?? '')).to.deep.equal(request);
    const timestamp = String(visit?.headers['x-cordboard-timestamp']);
    expect(visit?.headers['x-cordboard-signature']).to.equal(
      hookSignature('a secret', timestamp, visit?.body ?? ''),
    );
    expect(visit?.headers.host).to.equal(new URL(server.url).host);
    expect(tries.map((one) => one.outcome)).to.deep.equal([outcome]);
  });

  it('takes an empty answer for no opinion', async () => {
    server.answerWith((response) => response.writeHead(204).end());
    expect(await ask()).to.deep.include({ kind: 'answered', answer: {} });
  });

  it('goes on without one that is late, before and within its answer', async () => {
    server.answerWith(() => undefined);
    const silent = await ask({ timeoutMs: 100 });
    expect(silent.kind).to.equal('timeout');
    expect(silent.ms).to.be.within(90, 1_500);
    server.answerWith((response) => response.writeHead(200).write('{"queue":'));
    expect((await ask({ timeoutMs: 100 })).kind).to.equal('timeout');
  });

  it('stops reading what is too large', async () => {
    server.answerWith((response) => {
      response.writeHead(200);
      response.write(`"${'x'.repeat(ANSWER_LIMIT_BYTES)}`);
    });
    expect((await ask()).kind).to.equal('too-large');
  });

  it('says what is no JSON, and what does not fit, field by field', async () => {
    server.answerWith((response) => response.end('<html>'));
    expect((await ask()).kind).to.equal('not-json');
    for (const [wrong, detail] of [
      [{ priority: '80' }, 'priority'],
      [{ priority: 101 }, 'priority'],
      [{ colour: 'red' }, 'unrecognized_keys'],
      [['queue'], 'invalid_type'],
      [null, 'invalid_type'],
      [{ attributes: { tier: 7 } }, 'attributes.tier'],
      [{ skills: [{ skill: 'French', level: 0 }] }, 'skills.0.level'],
    ] as const) {
      server.answerWith(json(wrong));
      const outcome = await new RoutingHookClient(systemClock, log).ask(hook(), request, never);
      expect(outcome.kind, JSON.stringify(wrong)).to.equal('invalid');
      expect(outcome).to.have.property('detail').that.includes(detail);
    }
  });

  it('follows no redirect and takes no error for an answer', async () => {
    server.answerWith((response) => response.writeHead(302, { location: server.url }).end());
    expect(await ask()).to.deep.include({ kind: 'refused', reason: 'redirect', detail: '302' });
    server.answerWith(json({ queue: 'Gold' }, 500));
    expect(await ask()).to.deep.include({ kind: 'refused', reason: 'status', detail: '500' });
    expect(server.visits).to.have.length(2);
  });

  it('says that nobody listens, or that there is no such name', async () => {
    const { url } = server;
    await server.stop();
    expect(await ask({ url })).to.deep.include({
      kind: 'refused',
      reason: 'connection',
      detail: 'ECONNREFUSED',
    });
    expect(await ask({ url: 'http://nobody.invalid/' })).to.deep.include({
      kind: 'refused',
      reason: 'unknown-host',
    });
    server = await startHookServer();
  });

  it('asks this machine and its network only where the hook allows it', async () => {
    const { port } = new URL(server.url);
    for (const host of ['127.0.0.1', 'localhost', '127.1', '2130706433', '[::ffff:127.0.0.1]']) {
      const url = `http://${host}:${port}/`;
      expect(await client.ask(hook({ url, allowedAddresses: [] }), request, never), host)
        .to.have.property('reason')
        .that.equals('address');
      client = new RoutingHookClient(systemClock, log);
    }
    expect(server.visits).to.deep.equal([]);
    expect((await ask({ allowedAddresses: ['127.0.0.0/8'] })).kind).to.equal('answered');
  });

  it('leaves off when the caller hangs up', async () => {
    server.answerWith(() => undefined);
    const caller = new AbortController();
    const asked = ask({}, caller.signal);
    caller.abort();
    expect(await asked).to.deep.include({ kind: 'refused', reason: 'hung-up' });
    expect(await ask({}, caller.signal)).to.deep.include({ reason: 'hung-up' });
  });

  it('leaves a hook alone after five failures in a row, and tries again after 30 s', async () => {
    const clock = new VirtualClock(1_000_000);
    client = new RoutingHookClient(clock, log);
    server.answerWith(json({}, 503));
    for (let n = 0; n < 5; n += 1) expect((await ask()).kind).to.equal('refused');
    expect(await ask()).to.deep.equal({ kind: 'circuit-open', ms: 0 });
    expect(server.visits).to.have.length(5);
    expect((await ask({ id: 2 as HookId })).kind, 'another hook').to.equal('refused');
    server.answerWith(json({ priority: 5 }));
    await clock.advance(30_000);
    expect((await ask()).kind).to.equal('answered');
    expect((await ask()).kind).to.equal('answered');
  });

  it('tries without a circuit for somebody who wants to know', async () => {
    client = new RoutingHookClient(systemClock, log, false);
    server.answerWith(json({}, 503));
    for (let n = 0; n < 7; n += 1) expect((await ask()).kind).to.equal('refused');
    expect(server.visits).to.have.length(7);
  });
});

describe('the guard of addresses', () => {
  it('knows what is not the public Internet', () => {
    for (const address of [
      '127.0.0.1',
      '0.0.0.0',
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::1',
      '::',
      'fe80::1',
      'fd00::1',
      'ff02::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '2002:a00:1::1',
      '::10.0.0.1',
      '::a00:1',
      '64:ff9b:1::a00:1',
      '2001::a00:1',
      'not an address',
    ])
      expect(mayConnect(address, []), address).to.equal(false);
    for (const address of ['8.8.8.8', '172.32.0.1', '2606:4700::1111', '2001:4860:4860::8888'])
      expect(mayConnect(address, []), address).to.equal(true);
  });

  it('allows what is named, and nothing beside it', () => {
    expect(mayConnect('10.1.2.3', ['10.1.2.0/24'])).to.equal(true);
    expect(mayConnect('10.1.3.3', ['10.1.2.0/24'])).to.equal(false);
    expect(mayConnect('fd00::5', ['fd00::/8'])).to.equal(true);
  });

  it('knows an address and a network by their form', () => {
    for (const good of ['10.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'])
      expect(isAddressOrNetwork(good), good).to.equal(true);
    for (const bad of ['10.0.0', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/', 'host', '1.2.3.4/5/6'])
      expect(isAddressOrNetwork(bad), bad).to.equal(false);
  });

  it('says which servers it would refuse, by name and by address', async () => {
    const blocked = new BlockedHosts(['10.1.0.0/16'], () => 0);
    const hosts = ['localhost', '10.1.2.3', '10.2.2.3', '8.8.8.8', '[::1]', 'nobody.invalid'];
    expect([...(await blocked.among(hosts))]).to.deep.equal(['localhost', '10.2.2.3', '[::1]']);
  });
});
