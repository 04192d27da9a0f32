import { expect } from 'chai';
import { PLAIN_HANDLING } from '../../src/engines/reach/reach.js';
import type { ExtensionId, TrunkId } from '../../src/kernel/ids.js';
import type { DirectorySnapshot, TrunkConfig } from '../../src/telephony/directory.js';
import { demoDirectory, DID, SwitchboardBench } from '../support/switchboard-bench.js';

const OUTSIDE = '+442079460555';
const SITE = '+442079460119';

describe('Calls for help', () => {
  const start = async (
    changes: Partial<DirectorySnapshot> = {},
    trunk: Partial<TrunkConfig> = {},
  ): Promise<SwitchboardBench> => {
    const plain = demoDirectory();
    const trunks = new Map(
      [...plain.trunks].map(([id, one]): [TrunkId, TrunkConfig] => [id, { ...one, ...trunk }]),
    );
    return new SwitchboardBench({ ...plain, trunks, ...changes }).start();
  };
  const dial = async (bench: SwitchboardBench, from: string, to: string) => {
    const channel = bench.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await bench.settle();
    return channel;
  };
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers()).to.deep.equal([]);
    expect(bench.calls.size).to.equal(0);
    expect(bench.errors).to.deep.equal([]);
  };
  const talks = { kind: 'answers', afterMs: 500, talkMs: 5_000 } as const;

  it('go out from an extension that may only call inside, are not recorded, and raise the alarm', async () => {
    const bench = await start();
    bench.handle(4 as ExtensionId, { ...PLAIN_HANDLING, doNotDisturb: true });
    bench.ari.farEnd('PJSIP/999@trunk-1', talks);
    await dial(bench, '2004', '999');
    expect([...bench.calls.values()][0]?.live.isForHelp).to.equal(true);
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
    expect(bench.kinds()).to.not.include('recording-started');
    expect(bench.last('recording-decided')).to.deep.include({
      mode: 'never',
      why: [{ by: 'emergency', name: '' }],
    });
    expect(bench.last('help-called')).to.include({ number: '999', from: '2004' });
    expect(bench.helpCalls).to.have.length(1);
    expect(bench.helpCalls[0]).to.include({ number: '999', from: '2004' });
    clean(bench);
  });

  it('show the number of the site, whatever the phone would show or hide', async () => {
    const bench = await start({ emergency: { numbers: [], callerId: SITE } });
    bench.ari.farEnd('PJSIP/999@trunk-1', talks);
    await dial(bench, '2001', '*31999');
    await bench.advance(10_000);
    const leg = bench.ledger.findLast((e) => e.kind === 'leg-started' && e.role === 'outside');
    expect(leg).to.include({ callerId: SITE, callerIdOf: 'emergency' });
    expect(bench.kinds()).to.include('help-called');
    clean(bench);
  });

  it('reach numbers that the site has added', async () => {
    const bench = await start({ emergency: { numbers: ['8888'], callerId: '' } });
    bench.ari.farEnd('PJSIP/8888@trunk-1', talks);
    await dial(bench, '2004', '8888');
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
    expect(bench.last('recording-decided')).to.include({ mode: 'never' });
    clean(bench);
  });

  it('do not mind how many calls a trunk may carry', async () => {
    const bench = await start({}, { maxChannels: 1 });
    bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { ...talks, talkMs: 60_000 });
    bench.ari.farEnd('PJSIP/999@trunk-1', talks);
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(2_000);
    await dial(bench, '2004', '999');
    await bench.advance(2_000);
    expect(bench.calls.size, 'nobody was cut off').to.equal(2);
    await bench.advance(70_000);
    expect(bench.kinds()).to.not.include('line-freed');
    clean(bench);
  });

  it('go over the next trunk where one has no line', async () => {
    const bench = await start();
    bench.ari.farEnd('PJSIP/999@trunk-1', { kind: 'congestion' });
    bench.ari.farEnd('PJSIP/999@trunk-2', talks);
    await dial(bench, '2004', '999');
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
    expect(bench.kinds()).to.not.include('line-freed');
    clean(bench);
  });

  it('end another call where no trunk has a line, and say whose', async () => {
    const bench = await start();
    bench.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { ...talks, talkMs: 60_000 });
    bench.ari.farEnd(/^PJSIP\/999@/, { kind: 'congestion' });
    await dial(bench, '2001', OUTSIDE);
    await bench.advance(2_000);
    const [other] = [...bench.calls.values()];
    await dial(bench, '2004', '999');
    // The carrier has a line again as soon as the other call is gone.
    bench.ari.farEnd(/^PJSIP\/999@/, talks);
    await bench.advance(1_000);
    const freed = bench.last('line-freed');
    expect(freed).to.include({ freed: other?.id, trunkId: 1 });
    await bench.advance(10_000);
    const ends = bench.ledger.filter((e) => e.kind === 'call-ended');
    expect(ends.find((e) => e.callId === other?.id)).to.include({
      reason: 'emergency-needs-line',
      endedBy: 'system',
    });
    expect(ends.at(-1)).to.include({ result: 'answered' });
    clean(bench);
  });

  it('never leave by a trunk for somebody who came in by one', async () => {
    const bench = await start();
    await bench.callIn(DID);
    expect(bench.kinds()).to.not.include('help-called');
  });
});
