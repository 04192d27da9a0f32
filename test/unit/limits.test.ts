import { expect } from 'chai';
import { PLAIN_HANDLING } from '../../src/engines/reach/reach.js';
import type { ExtensionId, TrunkId } from '../../src/kernel/ids.js';
import { DEFAULT_LIMITS, type LimitSettings } from '../../src/telephony/limits.js';
import {
  CALLER,
  demoDirectory,
  DID,
  SALES,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const OUTSIDE = '+442079460555';

describe('Limits', () => {
  const start = (
    limits: Partial<LimitSettings>,
    former?: SwitchboardBench,
  ): Promise<SwitchboardBench> =>
    new SwitchboardBench(
      { ...demoDirectory(), limits: { ...DEFAULT_LIMITS, ...limits } },
      former,
    ).start();
  const load = (more: Partial<LimitSettings['load']>): LimitSettings['load'] => ({
    ...DEFAULT_LIMITS.load,
    ...more,
  });
  const call = async (bench: SwitchboardBench, callerNumber = CALLER): Promise<void> => {
    bench.ari.arrive({ callerNumber, endpoint: 'trunk-1', args: ['trunk', DID] });
    await bench.settle();
  };
  const dial = async (bench: SwitchboardBench, from: string, to: string): Promise<void> => {
    bench.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await bench.settle();
  };
  const ends = (bench: SwitchboardBench) => bench.ledger.filter((e) => e.kind === 'call-ended');

  it('bring callers to where they come in busy times, and refuse more before the answer', async () => {
    const bench = await start({
      load: load({ maxCalls: 1, reserve: 1 }),
      busyTarget: { kind: 'voicemail', queueId: SALES },
    });
    await call(bench);
    await call(bench, '+442079460001');
    expect([...bench.calls.values()].map(({ stage }) => stage.kind)).to.deep.equal([
      'ivr',
      'voicemail',
    ]);
    expect(bench.last('refused')).to.include({ reason: 'calls-full' });
    await call(bench, '+442079460002');
    await bench.advance(100);
    expect(bench.last('call-ended')).to.include({
      ...{ result: 'refused', cause: 42, reason: 'calls-full' },
    });
    expect(bench.calls.size, 'those on the line stay').to.equal(2);
    expect(bench.errors).to.deep.equal([]);
  });

  it('say that all lines are busy where no place is set', async () => {
    const bench = await start({ load: load({ maxCalls: 1, reserve: 5 }) });
    await call(bench);
    await call(bench, '+442079460001');
    await bench.advance(20_000);
    expect(ends(bench)[0]).to.include({ result: 'refused', cause: 42, reason: 'calls-full' });
    expect(bench.kinds()).to.include('leg-answered');
  });

  it('refuse one number that calls too often, and nobody else', async () => {
    const bench = await start({ load: load({ perSource: 2 }) });
    for (let i = 0; i < 4; i++) await call(bench);
    await call(bench, '+442079460001');
    await bench.advance(100);
    expect(ends(bench).map((e) => [e.result, e.cause, e.reason])).to.deep.equal(
      Array.from({ length: 2 }, () => ['refused', 17, 'source-full']),
    );
    expect(bench.calls.size).to.equal(3);
  });

  it('refuse no calls of the house and none for help', async () => {
    const bench = await start({
      load: load({ maxCalls: 1 }),
      outside: { callsPerHour: 1, atOnce: 1, costPerHour: 0 },
    });
    await call(bench);
    bench.ari.farEnd(/^PJSIP\/.*@trunk-1/, { kind: 'answers', afterMs: 100, talkMs: 600_000 });
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(1_000);
    expect([...bench.calls.values()].map(({ stage }) => stage.kind)).to.include('talk');
    await dial(bench, '2001', '999');
    await bench.advance(1_000);
    expect(bench.kinds()).to.include('help-called');
    expect(bench.kinds()).to.not.include('refused');
  });

  it('cap what an extension dials outside, over a restart of the program', async () => {
    const limits = { outside: { callsPerHour: 2, atOnce: 0, costPerHour: 0 } };
    let bench = await start(limits);
    const talks = { kind: 'answers', afterMs: 100, talkMs: 2_000 } as const;
    bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, talks);
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(10_000);
    bench.kill();
    bench = await start(limits, bench);
    bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, talks);
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(10_000);
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(10_000);
    expect(bench.last('refused')).to.include({ reason: 'cap-calls' });
    expect(bench.last('call-ended')).to.include({ result: 'refused', reason: 'cap-calls' });
    await dial(bench, '2002', OUTSIDE);
    await bench.advance(10_000);
    expect(bench.last('call-ended'), 'another extension may').to.include({ result: 'answered' });
    await bench.advance(3_600_000);
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(10_000);
    expect(bench.last('call-ended'), 'an hour later it may again').to.include({
      result: 'answered',
    });
  });

  it('cap what an extension forwards outside', async () => {
    const bench = await start({ outside: { callsPerHour: 0, atOnce: 1, costPerHour: 0 } });
    bench.handle(1 as ExtensionId, {
      ...PLAIN_HANDLING,
      forwards: { ...PLAIN_HANDLING.forwards, always: OUTSIDE },
    });
    bench.ari.farEnd(/^PJSIP\/.*@trunk-1/, { kind: 'answers', afterMs: 100, talkMs: 600_000 });
    await dial(bench, '2002', '2001');
    await bench.advance(1_000);
    await dial(bench, '2003', '2001');
    await bench.advance(1_000);
    expect(bench.last('refused')).to.include({ reason: 'cap-at-once' });
  });

  it('let a trunk bring only so many callers', async () => {
    const plain = demoDirectory();
    const trunks = new Map(
      [...plain.trunks].map(([id, one]): [TrunkId, typeof one] => [id, { ...one, maxIncoming: 1 }]),
    );
    const bench = await new SwitchboardBench({ ...plain, trunks }).start();
    await call(bench);
    await call(bench, '+442079460001');
    expect(bench.last('refused')).to.include({ reason: 'trunk-full' });
    bench.ari.arrive({ callerNumber: CALLER, endpoint: 'trunk-2', args: ['trunk', DID] });
    await bench.settle();
    expect([...bench.calls.values()].filter(({ stage }) => stage.kind === 'ivr')).to.have.length(2);
  });
});
