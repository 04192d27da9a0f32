import { expect } from 'chai';
import type { FlowDefinition } from '../../src/engines/ivr/flow.js';
import type { ChannelId } from '../../src/kernel/ids.js';
import { bye, endClean, flowBench, heard } from '../support/flow-bench.js';
import { SwitchboardBench } from '../support/switchboard-bench.js';

const record = {
  ...{ label: 'Complaint', prompt: 5, maxS: 120, queue: 1 },
  ...{ kind: 'record' as const, endKey: '#' as const },
  ...{ variable: 'complaint', next: 'thanks', nothing: 'bye' },
};
const thanks = { kind: 'hangup', label: 'Thanks', prompt: 6 } as const;
const steps: FlowDefinition['steps'] = { record, thanks, bye };

/** A caller who speaks, for two seconds by now, in the flow or in a mailbox. */
async function speaking(where: 'flow' | 'mailbox') {
  const bench = await flowBench(
    where === 'flow' ? steps : { box: { kind: 'voicemail', label: 'Box', queue: 1 } as const },
  );
  const caller = await bench.callIn();
  await bench.advance(1_500);
  bench.ari.speak(caller, 60_000);
  await bench.advance(2_000);
  expect([...bench.ari.recordingsLive.keys()]).to.have.lengthOf(1);
  return { bench, caller };
}

/** The next process takes the calls up. */
async function restart(bench: SwitchboardBench, meanwhile: () => void = () => undefined) {
  bench.kill();
  meanwhile();
  const next = new SwitchboardBench(bench.directory, bench);
  await next.start();
  await next.advance(1_000);
  return next;
}

const recordings = (bench: SwitchboardBench): number =>
  bench.ari.log.filter((line) => line.startsWith('record ')).length;
const left = (bench: SwitchboardBench): number =>
  bench.kinds().filter((kind) => kind === 'voicemail-left').length;
const ends = (bench: SwitchboardBench, caller: ChannelId): void => {
  bench.ari.hangUpFarEnd(caller);
};

describe('a message while the program restarts', () => {
  for (const where of ['flow', 'mailbox'] as const) {
    it(`goes on in the same recording, without a second beep (${where})`, async () => {
      const { bench, caller } = await speaking(where);
      const before = heard(bench, caller).length;
      const next = await restart(bench);
      expect(heard(next, caller)).to.have.lengthOf(before);
      await next.press(caller, '#');
      await next.advance(1_000);
      expect(recordings(next)).to.equal(1);
      expect(left(next)).to.equal(1);
      expect(next.last('voicemail-left')?.durationMs).to.be.within(2_500, 4_000);
      if (where === 'flow') expect(heard(next, caller).at(-1)).to.equal('prompt-6');
      await endClean(next, caller);
      expect(next.last('call-ended')).to.include({ result: 'voicemail' });
    });

    it(`is taken as it was left when it ended meanwhile (${where})`, async () => {
      const { bench, caller } = await speaking(where);
      const next = await restart(bench, () => {
        bench.ari.press(caller, '#');
      });
      expect(recordings(next)).to.equal(1);
      expect(left(next)).to.equal(1);
      expect(next.last('voicemail-left')?.durationMs).to.be.within(1_500, 2_500);
      await endClean(next, caller);
    });

    it(`counts when the caller hung up meanwhile (${where})`, async () => {
      const { bench, caller } = await speaking(where);
      const next = await restart(bench, () => {
        ends(bench, caller);
      });
      expect(left(next)).to.equal(1);
      expect(next.last('voicemail-left')).to.include({ queueId: 1 });
      expect(next.last('call-ended')).to.include({
        result: 'voicemail',
        reason: 'ended-while-away',
      });
      await endClean(next);
    });
  }

  it('begins again where it had not begun, and where nothing was said by then', async () => {
    const bench = await flowBench(steps);
    const caller = await bench.callIn();
    // In the middle of the prompt.
    await bench.advance(500);
    const next = await restart(bench);
    await next.advance(6_000);
    expect(recordings(next)).to.equal(1);
    // Nobody speaks: silence ends it, nothing is left.
    await next.advance(10_000);
    expect(left(next)).to.equal(0);
    await endClean(next, caller);
  });

  it('is not lost when its end was told while the connection was away', async () => {
    const { bench, caller } = await speaking('flow');
    bench.ari.events.publish = () => undefined;
    await bench.press(caller, '#');
    Reflect.deleteProperty(bench.ari.events, 'publish');
    await bench.advance(31_000);
    expect(left(bench)).to.equal(1);
    expect(heard(bench, caller).at(-1)).to.equal('prompt-6');
    await endClean(bench, caller);
  });

  it('is in the ledger once when a command failed under it', async () => {
    const { bench, caller } = await speaking('flow');
    bench.ari.failNext('isRecording', 'unavailable');
    await bench.advance(31_000);
    await bench.press(caller, '#');
    await endClean(bench);
    expect(left(bench)).to.equal(1);
  });
});
