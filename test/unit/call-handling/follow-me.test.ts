import { expect } from 'chai';
import { PLAIN_HANDLING, type FollowMeEntry } from '../../../src/engines/reach/reach.js';
import { planFollowMe } from '../../../src/engines/reach/ring-plan.js';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import { SwitchboardBench } from '../../support/switchboard-bench.js';

const ONE = 1 as ExtensionId;
const MOBILE = '+447700900123';

describe('Following somebody from phone to phone', () => {
  const entry = (number: string, isTogether = false, ringMs = 10_000): FollowMeEntry => ({
    ...{ number, isTogether, ringMs },
  });
  const bench = async (...entries: FollowMeEntry[]): Promise<SwitchboardBench> => {
    const b = await new SwitchboardBench().start();
    b.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'rings' });
    b.handle(ONE, { followMe: { isOn: true, confirms: false, entries } });
    return b;
  };
  const dial = async (b: SwitchboardBench, from: string, to: string): Promise<ChannelId> => {
    const channel = b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await b.settle();
    return channel;
  };
  const rung = (b: SwitchboardBench): string[] =>
    b.ledger.flatMap((e) => (e.kind === 'leg-started' && e.role !== 'caller' ? [e.number] : []));
  const clean = (b: SwitchboardBench): void => {
    expect(b.ari.leftovers()).to.deep.equal([]);
    expect(b.calls.size).to.equal(0);
    expect(b.errors).to.deep.equal([]);
  };

  it('begins at the own phone and goes on as the entries say', () => {
    const plan = (...together: boolean[]) =>
      planFollowMe(
        'own',
        together.map((isTogether, at) => ({ isTogether, name: String(at) })),
        ({ name }) => name,
      );
    expect(plan()).to.deep.equal([['own']]);
    expect(plan(true, false, true)).to.deep.equal([
      ['own', '0'],
      ['1', '2'],
    ]);
    expect(plan(false, false)).to.deep.equal([['own'], ['0'], ['1']]);
  });

  it('rings one after the other until somebody answers', async () => {
    const b = await bench(entry('2002'), entry(MOBILE));
    b.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 1_000, talkMs: 1_000 });
    await dial(b, '2004', '2001');
    await b.advance(19_000);
    expect(rung(b)).to.deep.equal(['2001']);
    await b.advance(2_000);
    expect(rung(b)).to.deep.equal(['2001', '2002']);
    await b.advance(30_000);
    expect(rung(b)).to.deep.equal(['2001', '2002', MOBILE]);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('rings together what is set so, and does not wait for a phone that is not there', async () => {
    const b = await bench(entry('2002', true), entry('2003'));
    b.unregistered.add('2001').add('2002');
    b.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500, talkMs: 500 });
    await dial(b, '2004', '2001');
    await b.advance(5_000);
    expect(rung(b)).to.deep.equal(['2003']);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('leads where no answer leads when nobody comes, and is not for a phone that must not be disturbed', async () => {
    const b = await bench(entry('2002'));
    b.handle(ONE, { forwards: { ...PLAIN_HANDLING.forwards, 'no-answer': '2003' } });
    await dial(b, '2004', '2001');
    await b.advance(31_000);
    expect(rung(b)).to.deep.equal(['2001', '2002', '2003']);
    await b.advance(60_000);
    b.handle(ONE, { doNotDisturb: true });
    await dial(b, '2004', '2001');
    await b.advance(10_000);
    expect(rung(b)).to.have.length(3);
    clean(b);
  });

  it('dials outside only what the extension may dial, never for help', async () => {
    const b = await bench(entry('999'), entry('+15005550006'));
    await dial(b, '2004', '2001');
    await b.advance(60_000);
    expect(rung(b)).to.deep.equal(['2001']);
    expect(b.last('call-ended')).to.include({ result: 'no-answer' });
    clean(b);
  });

  it('is switched by a code, where there is somebody to ring', async () => {
    const b = await bench(entry('2002'));
    const code = async (from: string): Promise<string> => {
      await dial(b, from, '*95');
      await b.advance(8_000);
      return b.last('call-ended')?.reason ?? '';
    };
    expect(await code('2001')).to.equal('follow-me-off');
    expect(b.directory.extensions.get(ONE)?.handling.followMe.isOn).to.equal(false);
    expect(await code('2001')).to.equal('follow-me-on');
    expect(await code('2002')).to.equal('follow-me-empty');
    clean(b);
  });
});
