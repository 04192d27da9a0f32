import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { expect } from 'chai';
import { OptionsProbe } from '../../../src/adapters/sip/options-probe.js';
import { callsHealth } from '../../../src/features/setup/health.js';
import { settle, VirtualClock } from '../../../src/kernel/clock.js';
import { Scope } from '../../../src/kernel/scope.js';
import { SipWatch } from '../../../src/telephony/sip-watch.js';

describe('the watch over SIP', () => {
  /** Runs a watch on answers that a test changes. */
  async function watching(
    body: (parts: {
      readonly watch: SipWatch;
      readonly clock: VirtualClock;
      readonly said: readonly string[];
      readonly answer: { ms: number | undefined };
    }) => Promise<void>,
  ): Promise<void> {
    const clock = new VirtualClock(1_000_000);
    const said: string[] = [];
    const answer: { ms: number | undefined } = { ms: 4 };
    const note = (_fields: object, message: string): void => {
      said.push(message);
    };
    await Scope.run('watch', async (scope) => {
      const watch = new SipWatch(scope, {
        probe: { ask: () => Promise.resolve(answer.ms) },
        ...{ clock, node: 'pbx-1', log: { info: note, warn: note, error: note } },
      });
      await settle();
      await body({ watch, clock, said, answer });
    });
  }

  it('alarms once after three questions without an answer, and says when it is over', async () => {
    await watching(async ({ watch, clock, said, answer }) => {
      expect(watch.state).to.deep.equal({
        ...{ isAnswering: true, answeredInMs: 4, silentSince: undefined },
      });
      answer.ms = undefined;
      await clock.advance(10_000);
      expect(watch.state, 'one may be lost').to.include({
        isAnswering: true,
        silentSince: 1_010_000,
      });
      expect(said).to.deep.equal([]);
      await clock.advance(4_000);
      expect(watch.state).to.include({ isAnswering: false, silentSince: 1_010_000 });
      await clock.advance(60_000);
      expect(said).to.deep.equal(['Asterisk does not answer SIP any more']);
      answer.ms = 7;
      await clock.advance(10_000);
      expect(said.at(-1)).to.equal('Asterisk answers SIP again');
      expect(watch.state).to.include({ isAnswering: true, answeredInMs: 7 });
    });
  });

  it('is a part of the health page, which says what to do', () => {
    const partOf = (sip: object) =>
      callsHealth({ calls: 0, pbxOnline: true, sip }).find(({ name }) => name === 'sip');
    expect(partOf({ isAnswering: true, answeredInMs: 3 })).to.include({ state: 'good' });
    expect(partOf({ isAnswering: true })).to.include({ state: 'watch' });
    expect(partOf({ isAnswering: false })).to.include({
      ...{ state: 'down', advice: 'health.sip.advice' },
    });
    expect(partOf({}), 'not asked yet').to.equal(undefined);
  });

  describe('asks over UDP', () => {
    let server: Socket;
    let port = 0;
    const asked: string[] = [];
    let reply: (text: string) => string | undefined = () => undefined;
    before(async () => {
      server = createSocket('udp4');
      server.on('message', (data, from) => {
        asked.push(data.toString());
        const text = reply(data.toString());
        if (text !== undefined) server.send(text, from.port, from.address);
      });
      server.bind(0, '127.0.0.1');
      await once(server, 'listening');
      ({ port } = server.address());
    });
    after(() => server.close());
    beforeEach(() => {
      asked.length = 0;
    });
    const callId = (text: string): string => /Call-ID: (.*)\r/.exec(text)?.[1] ?? '';

    it('and takes any answer to its own question, also a refusal', async () => {
      reply = (text) => `SIP/2.0 401 Unauthorized\r\nCall-ID: ${callId(text)}\r\n\r\n`;
      expect(await new OptionsProbe('0.0.0.0', port).ask()).to.be.a('number');
      expect(asked[0]).to.match(/^OPTIONS sip:127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
    });

    it('asks again where a packet is lost, and takes no other answer', async () => {
      let questions = 0;
      reply = (text) => {
        const id = ++questions === 1 ? 'somebody-else' : callId(text);
        return `SIP/2.0 200 OK\r\nCall-ID: ${id}\r\n\r\n`;
      };
      expect(await new OptionsProbe('127.0.0.1', port).ask()).to.be.within(400, 2_500);
      expect(asked).to.have.length(2);
    });

    it('hears nothing where nobody answers, or nobody is', async () => {
      reply = () => undefined;
      const [silent, closed] = await Promise.all([
        new OptionsProbe('127.0.0.1', port).ask(),
        new OptionsProbe('127.0.0.1', 9).ask(),
      ]);
      expect([silent, closed]).to.deep.equal([undefined, undefined]);
    });
  });
});
