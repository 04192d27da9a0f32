import { expect } from 'chai';
import { ADA, demoDirectory, salesQueue, SwitchboardBench } from '../support/switchboard-bench.js';

const ANSWER_MS = 1_000;

/** Ada talks; the program is killed, the caller hangs up so much later, and the next process comes. */
async function lost(recording: 'always' | 'never', hungUpAfterMs: number, aliveMs?: number) {
  const bench = new SwitchboardBench(demoDirectory({ ...salesQueue, recording }));
  await bench.start();
  bench.signIn(ADA);
  bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: ANSWER_MS });
  const caller = await bench.callIn();
  await bench.press(caller, '1');
  await bench.advance(10_000);
  const connectedAt = bench.last('connected')?.at ?? 0;
  const killedAt = bench.clock.now();
  bench.kill();
  await bench.advance(hungUpAfterMs);
  bench.ari.hangUpFarEnd(caller);
  await bench.advance(5_000);
  const next = new SwitchboardBench(bench.directory, bench);
  if (aliveMs !== undefined) next.aliveAt = killedAt - aliveMs;
  await next.start();
  await next.advance(1_000);
  return { next, saw: killedAt - connectedAt };
}

describe('a call that ended while the program was away', () => {
  it('is as long as it was recorded', async () => {
    const { next, saw } = await lost('always', 7_000);
    expect(next.last('disconnected')?.talkedMs).to.be.within(saw + 6_900, saw + 7_100);
    expect(next.last('recording-ended')?.recordedMs).to.be.within(saw + 6_900, saw + 7_100);
    expect(next.last('call-ended')).to.include({
      ...{ result: 'answered', reason: 'ended-while-away' },
    });
  });

  it('lived, where it was not recorded, at least as long as the former process', async () => {
    const { next, saw } = await lost('never', 7_000, 500);
    expect(next.last('disconnected')?.talkedMs).to.equal(saw - 500);
  });

  it('has no leg that goes on', async () => {
    const { next } = await lost('always', 1_000);
    const legs = (kind: 'leg-started' | 'leg-ended'): readonly string[] =>
      next.ledger.flatMap((event) => (event.kind === kind ? [event.leg] : [])).sort();
    expect(legs('leg-ended')).to.have.length(2).and.to.deep.equal(legs('leg-started'));
  });
});
