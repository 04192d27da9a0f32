import { expect } from 'chai';
import { connect } from 'node:net';
import { newChannelId, newPlaybackId, type ChannelId } from '../../src/kernel/ids.js';
import type { AsteriskAri } from '../../src/adapters/asterisk-ari/asterisk-ari.js';
import { AriError } from '../../src/telephony/ari/port.js';
import {
  callIn,
  carrierAri,
  carrierNumber,
  connected,
  connection,
  eventually,
  pause,
  pbxAri,
  platformEnvironment,
  pushTrunk,
  removeTrunk,
  scoped,
  within,
} from '../support/pbx-lab.js';
import { TcpProxy } from '../support/tcp-proxy.js';

const TIMEOUT_MS = 700;

async function failureOf(command: Promise<unknown>): Promise<string> {
  try {
    await command;
    return 'none';
  } catch (error) {
    return error instanceof AriError ? error.failure : String(error);
  }
}

/** A port of this machine where nothing listens. */
async function deadPort(): Promise<number> {
  const proxy = await TcpProxy.open({ host: '127.0.0.1', port: 1 });
  const { port } = proxy;
  await proxy.close();
  await new Promise<void>((resolve) => {
    connect(port, '127.0.0.1').once('error', () => {
      resolve();
    });
  });
  return port;
}

describe('the connection to Asterisk', function () {
  this.timeout(60_000);
  const env = platformEnvironment();
  let carrier: AsteriskAri;
  let setup: AsteriskAri;
  let proxy: TcpProxy;
  let ari: AsteriskAri;

  const behindProxy = (): AsteriskAri =>
    pbxAri({ url: `http://127.0.0.1:${String(proxy.port)}`, timeoutMs: TIMEOUT_MS });

  before(async () => {
    setup = await connected(pbxAri({ app: 'cordboard-test-setup' }));
    await pushTrunk(setup);
    carrier = await connected(carrierAri('carrier-connection-test'));
  });
  after(async () => {
    await removeTrunk(setup);
    await setup.close();
    await carrier.close();
  });
  beforeEach(async () => {
    const target = new URL(env('CB_ARI_URL'));
    proxy = await TcpProxy.open({ host: target.hostname, port: Number(target.port) });
    ari = behindProxy();
  });
  afterEach(async () => {
    await ari.close();
    await proxy.close();
    await eventually(async () => (await setup.listChannels()).length === 0);
  });

  it('a dead Asterisk: starting is no error, and every command rejects in time', async () => {
    const dead = pbxAri({ url: `http://127.0.0.1:${String(await deadPort())}`, timeoutMs: 2000 });
    dead.start();
    const from = performance.now();
    const failures = await Promise.all(
      [
        dead.answer('x' as ChannelId),
        dead.snoop('x' as ChannelId, newChannelId('snoop'), 'in'),
        dead.listChannels(),
        dead.recordings.fetch('x'),
        dead.admin.version(),
        dead.admin.putObject('aor', 'x', { max_contacts: '1' }),
        dead.admin.readGlobal('DB_KEYS(x)'),
        dead.admin.endpoints(),
      ].map(failureOf),
    );
    expect(performance.now() - from).to.be.lessThan(3000);
    expect(new Set(failures)).to.deep.equal(new Set(['unavailable']));
    expect(dead.counters.failedCommands.unavailable).to.be.at.least(8);
    expect(dead.isUp).to.equal(false);
    await dead.close();
  });

  it('a socket that is killed in mid-call: down, up again, and the call goes on with each event once', async () => {
    await connected(ari);
    await scoped(async (scope) => {
      const caller = await callIn(ari, carrier);
      const inbox = ari.events.inbox(scope, caller.channel, [
        'ChannelStateChange',
        'ChannelDtmfReceived',
        'StasisEnd',
        'ChannelDestroyed',
      ]);
      await ari.watchChannel(caller.channel);
      await ari.answer(caller.channel);
      await ari.markChannel(caller.channel, 'call-1');
      expect((await within(inbox.next(), 5000)).type).to.equal('ChannelStateChange');
      const down = connection(ari, 'down');
      const up = connection(ari, 'up');
      proxy.cut();
      await within(down, 2000);
      await within(up, 8000);
      const [snapshot] = (await ari.listChannels()).filter(({ id }) => id === caller.channel);
      expect(snapshot).to.include({ state: 'Up', mark: 'call-1' });
      await caller.press('5');
      expect(await within(inbox.next(), 5000)).to.include({ digit: '5' });
      await caller.hangUp();
      expect((await within(inbox.next(), 5000)).type).to.equal('StasisEnd');
      expect((await within(inbox.next(), 5000)).type).to.equal('ChannelDestroyed');
    });
    expect(ari.counters.reconnects).to.equal(1);
  });

  it('a hung Asterisk: commands time out, the connection counts as dead, and comes back', async () => {
    await connected(ari);
    expect(await ari.admin.version()).to.match(/^22\./);
    const down = connection(ari, 'down');
    const up = connection(ari, 'up');
    proxy.freeze();
    const from = performance.now();
    expect(await failureOf(ari.listChannels())).to.equal('timeout');
    expect(await failureOf(ari.admin.version())).to.equal('timeout');
    expect(performance.now() - from).to.be.within(TIMEOUT_MS, 4 * TIMEOUT_MS);
    await within(down, 9000);
    expect(ari.isUp).to.equal(false);
    proxy.thaw();
    proxy.cut();
    await within(up, 8000);
    expect(await ari.admin.version()).to.match(/^22\./);
  });

  it('requests that ari-client would never settle fail when the connection is lost', async () => {
    await connected(ari);
    const slow = pbxAri({ url: `http://127.0.0.1:${String(proxy.port)}`, timeoutMs: 30_000 });
    slow.start();
    await within(connection(slow, 'up'), 5000);
    await slow.admin.version();
    proxy.freeze();
    const running = failureOf(slow.admin.endpoints());
    proxy.cut();
    expect(await within(running, 3000)).to.equal('unavailable');
    await slow.close();
    proxy.thaw();
  });

  it('an application that another process takes: told once, and not taken back', async () => {
    await connected(ari);
    const told: string[] = [];
    ari.events.onConnection(({ type }) => told.push(type));
    const replaced = connection(ari, 'replaced');
    const other = await connected(pbxAri());
    await within(replaced, 5000);
    // Longer than the first tries to connect again.
    await pause(2000);
    expect(told).to.deep.equal(['replaced']);
    expect(other.isUp).to.equal(true);
    await other.close();
  });

  it('each key is told once, whatever an earlier program subscribed the application to', async () => {
    await connected(ari);
    const login = Buffer.from(`${env('CB_ARI_USER')}:${env('CB_ARI_PASSWORD')}`).toString('base64');
    const answer = await fetch(
      `${env('CB_ARI_URL')}/ari/applications/${env('CB_ARI_APP')}/subscription?eventSource=endpoint:PJSIP`,
      { method: 'POST', headers: { authorization: `Basic ${login}` } },
    );
    expect(answer.status).to.equal(200);
    const up = connection(ari, 'up');
    proxy.cut();
    await within(up, 8000);
    await scoped(async (scope) => {
      const caller = await callIn(ari, carrier);
      const inbox = ari.events.inbox(scope, caller.channel, ['ChannelDtmfReceived', 'StasisEnd']);
      await ari.watchChannel(caller.channel);
      await ari.answer(caller.channel);
      await caller.press('5');
      expect(await within(inbox.next(), 5000)).to.include({ digit: '5' });
      await caller.hangUp();
      expect((await within(inbox.next(), 5000)).type).to.equal('StasisEnd');
    });
  });

  it('the far end sees the number and name that a call was made with', async () => {
    await connected(ari);
    const lab = await connected(carrierAri('carrier-lab'));
    try {
      for (const way of ['originate', 'createChannel'] as const) {
        const seen = new Promise<string>((resolve) => {
          lab.events.onArrival(({ snapshot }) => {
            resolve(`${snapshot.callerName} ${snapshot.callerNumber}`);
          });
        });
        const channel = newChannelId('outside');
        const call = {
          channel,
          endpoint: carrierNumber('00'),
          appArgs: ['leg'],
          callerNumber: '+442079460123',
          callerName: 'Ada "Lovelace"',
          timeoutMs: 10_000,
        };
        if (way === 'originate') await ari.originate(call);
        else {
          const caller = await callIn(ari, carrier, '+442079460555', 'Somebody else');
          await ari.createChannel(call);
          await ari.dial(channel, 10_000);
          await caller.hangUp();
        }
        expect(await within(seen, 5000), way).to.match(/^Ada +Lovelace +\+442079460123$/);
        await ari.hangup(channel);
      }
    } finally {
      await lab.close();
    }
  });

  it('many commands that wait for prompts do not hold up the others', async () => {
    await connected(ari);
    const caller = await callIn(ari, carrier);
    await ari.answer(caller.channel);
    await ari.play(caller.channel, newPlaybackId(), ['tone:440']);
    const waiting = Array.from({ length: 100 }, () =>
      failureOf(ari.setVariable(caller.channel, 'X', '1')),
    );
    const from = performance.now();
    await ari.listChannels();
    expect(performance.now() - from).to.be.lessThan(TIMEOUT_MS);
    expect(new Set(await Promise.all(waiting))).to.deep.equal(new Set(['timeout']));
    await caller.hangUp();
  });
});
