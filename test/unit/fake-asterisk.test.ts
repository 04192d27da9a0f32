import { expect } from 'chai';
import { settle, VirtualClock } from '../../src/kernel/clock.js';
import type { ChannelId } from '../../src/kernel/ids.js';
import { AriError } from '../../src/telephony/ari/port.js';
import {
  describeAriConformance,
  type ConformanceLab,
  type FarCaller,
} from '../support/ari-conformance.js';
import { FakeAsterisk } from '../support/fake-asterisk.js';

/** Lets virtual time pass until the promise settles. */
async function until<T>(clock: VirtualClock, promise: Promise<T>, limitMs = 30_000): Promise<T> {
  const state = { isSettled: false };
  const watched = promise.finally(() => {
    state.isSettled = true;
  });
  // The failure is told by the returned promise.
  watched.catch(() => undefined);
  for (let passed = 0; passed <= limitMs; passed += 50) {
    await settle();
    if (state.isSettled) return await watched;
    await clock.advance(50);
  }
  throw new Error(`nothing within ${String(limitMs)} ms`);
}

function fakeLab(): ConformanceLab {
  const clock = new VirtualClock();
  const ari = new FakeAsterisk(clock);
  const endpoints = {
    answers: 'PJSIP/2000',
    busy: 'PJSIP/2001',
    rings: 'PJSIP/2002',
    declines: 'PJSIP/2008',
    unreachable: 'PJSIP/2999',
  };
  ari.farEnd(endpoints.answers, { kind: 'answers', afterMs: 1000 });
  ari.farEnd(endpoints.busy, { kind: 'busy' });
  ari.farEnd(endpoints.rings, { kind: 'rings' });
  ari.farEnd(endpoints.declines, { kind: 'declines' });
  ari.media.set('sound:short', 500).set('sound:long', 20_000).set('sound:missing', 'missing');
  return {
    ari,
    endpoints,
    sounds: { short: 'sound:short', long: 'sound:long', missing: 'sound:missing' },
    until: (promise, limitMs) => until(clock, promise, limitMs),
    pass: (ms) => clock.advance(ms),
    arrive: async (callerNumber = '+442079460123', callerName = ''): Promise<FarCaller> => {
      const arrived = new Promise<FarCaller['arrival']>((resolve) => {
        ari.events.onArrival(resolve);
      });
      const channel = ari.arrive({ callerNumber, callerName, args: ['trunk', '+442079460000'] });
      const act = (run: () => void) => async (): Promise<void> => {
        run();
        await settle();
      };
      return {
        channel,
        arrival: await arrived,
        press: (digits) => act(() => ari.press(channel, digits))(),
        speak: (ms) => act(() => ari.speak(channel, ms))(),
        hangUp: act(() => ari.hangUpFarEnd(channel)),
      };
    },
    leftovers: async () => {
      await settle();
      return [
        ...ari.leftovers(),
        ...(clock.pending > 0 ? [`${String(clock.pending)} timers`] : []),
      ];
    },
    close: () => Promise.resolve(),
  };
}

describeAriConformance('the fake Asterisk', () => Promise.resolve(fakeLab()));

describe('the fake Asterisk, as tests drive it:', () => {
  it('refuses the next command as planned, once', async () => {
    const ari = new FakeAsterisk(new VirtualClock());
    const channel = ari.arrive();
    ari.failNext('answer', 'unavailable');
    const failure = await ari.answer(channel).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(AriError).with.property('failure', 'unavailable');
    await ari.answer(channel);
    expect(ari.log).to.deep.equal([`answer ${channel}`, `answer ${channel}`]);
  });

  it('loses events while the connection is down, and keeps the channels', async () => {
    const ari = new FakeAsterisk(new VirtualClock());
    const seen: string[] = [];
    ari.events.onConnection(({ type }) => seen.push(type));
    ari.events.onArrival(({ channel }) => seen.push(channel));
    ari.goDown();
    ari.arrive({ id: 'c1' });
    await settle();
    ari.comeUp();
    expect(seen).to.deep.equal(['down', 'up']);
    expect((await ari.listChannels()).map(({ id }) => id)).to.deep.equal(['c1']);
  });

  it('names everything that is left', async () => {
    const ari = new FakeAsterisk(new VirtualClock());
    ari.arrive({ id: 'c1' });
    await ari.play('c1' as ChannelId, 'p1' as never, ['sound:a']);
    expect(ari.leftovers()).to.deep.equal(['channel c1', 'playback p1']);
  });
});
