import { expect } from 'chai';
import { NO_WRAP_UP } from '../../../src/engines/acd/acd.js';
import { DispositionsByPhone } from '../../../src/features/workspace/phone-dispositions.js';
import type { CallDisposition } from '../../../src/features/workspace/wrap-up.js';
import type { DispositionId, QueueId } from '../../../src/kernel/ids.js';
import type { DispositionConfig } from '../../../src/telephony/directory.js';
import { DEFAULT_CODES, readCode } from '../../../src/telephony/feature-codes.js';
import {
  ADA,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const code = (id: number, name: string, more: Partial<DispositionConfig> = {}) => {
  const disposition: DispositionConfig = {
    id: id as DispositionId,
    names: { en: name, 'zh-CN': `中${name}` },
    position: id,
    isActive: true,
    isArchived: false,
    queues: 'all',
    ...more,
  };
  return [disposition.id, disposition] as const;
};
const DISPOSITIONS = new Map([
  code(1, 'Sold', { phoneKey: '1' }),
  code(2, 'Delivery'),
  code(3, 'Late', { phoneKey: '21', parentId: 2 as DispositionId }),
  code(4, 'Elsewhere', { phoneKey: '4', queues: [99 as QueueId] }),
  code(5, 'Old', { phoneKey: '5', isActive: false }),
  code(6, 'By page'),
]);

describe('The code for dispositions on an agent’s phone', () => {
  async function site(dispositions = DISPOSITIONS) {
    const wrapUp = { ...NO_WRAP_UP, ms: 30_000, isCodeNeeded: true };
    const bench = new SwitchboardBench({
      ...demoDirectory({ ...salesQueue, wrapUp }),
      dispositions,
    });
    const kept = new Map<string, CallDisposition>();
    const followed: DispositionId[] = [];
    const store = {
      isAway: false,
      find: (call: string) =>
        store.isAway ? Promise.reject(new Error('away')) : Promise.resolve(kept.get(call)),
      put: (said: CallDisposition) => Promise.resolve(void kept.set(said.callId, said)),
      lastUsed: () => Promise.resolve([]),
      lastCall: () => Promise.resolve(undefined),
    };
    const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
    await bench.start();
    const byPhone = new DispositionsByPhone({
      ...{ store, clock: bench.clock, log: quiet, roster: bench.roster },
      directory: { current: bench.directory },
      results: {
        chosen: ({ dispositionId }) => Promise.resolve(void followed.push(dispositionId)),
      },
      tellCalls: ({ agentId }) => Promise.resolve(bench.roster.codeChosen(agentId)),
      onChange: () => undefined,
    });
    bench.phoneDispositions = byPhone;
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 100 });
    /** What is heard after dialling, and how the call ended. */
    const dial = async (digits: string): Promise<string> => {
      const before = bench.ari.log.length;
      bench.ari.arrive({ callerNumber: '2001', endpoint: '2001', args: ['phone', digits] });
      await bench.advance(6_000);
      const heard = bench.ari.log
        .slice(before)
        .filter((line) => line.startsWith('play '))
        .map((line) => line.replaceAll(/sound:http:\/\/media\/|\.wav/g, ''))
        .map((line) => line.split(' ').slice(3).join(' '));
      return [bench.last('call-ended')?.reason, ...heard].join(' ');
    };
    const talk = async () => {
      bench.signIn(ADA);
      const caller = await bench.callIn();
      await bench.press(caller, '1');
      await bench.advance(2_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
      return caller;
    };
    return { bench, store, kept, followed, byPhone, dial, talk };
  }

  it('takes one to three digits, or none', () => {
    for (const rest of ['', '1', '21', '321'])
      expect(readCode(DEFAULT_CODES, `*14${rest}`)).to.deep.equal({ name: 'disposition', rest });
    expect(readCode(DEFAULT_CODES, '*144321')).to.equal(undefined);
  });

  it('stores what is chosen in a talk, and again another one in the wrap-up, and ends the need of a code', async () => {
    const { bench, kept, followed, byPhone, dial, talk } = await site();
    const caller = await talk();
    const callId = bench.roster.lastTalk(ADA)?.callId ?? '';
    expect(await dial('*141')).to.equal('disposition-chosen said-Sold disposition-chosen');
    expect(kept.get(callId)).to.deep.include({ agentId: ADA, dispositionId: 1 });
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(500);
    expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
    kept.set(callId, { ...(kept.get(callId) as CallDisposition), note: 'Ring at noon' });
    expect(await dial('*1421')).to.equal('disposition-chosen said-Late disposition-chosen');
    expect(kept.get(callId)).to.deep.include({ dispositionId: 3, note: 'Ring at noon' });
    expect(followed).to.deep.equal([1, 3]);
    expect(byPhone.of(ADA)).to.deep.equal({ phoneCode: { callId, dispositionId: 3 } });
    await bench.advance(30_000);
    expect(bench.roster.state(ADA)?.state).to.equal('available');
    expect(bench.errors).to.deep.equal([]);
    await bench.stop();
  });

  it('says the keys that there are for this call where the key is none of them', async () => {
    const { kept, dial, talk } = await site();
    await talk();
    for (const digits of ['*14', '*147', '*144', '*145'])
      expect(await dial(digits), digits).to.equal(
        'unknown-code unknown-disposition say-number-1 said-Sold say-number-2 say-number-1 said-Late',
      );
    expect(kept.size).to.equal(0);
  });

  it('says so where no disposition has a key, nobody is signed in, or there was no call', async () => {
    const none = await site(new Map([code(6, 'By page')]));
    expect(await none.dial('*141')).to.equal('not-signed-in nobody-signed-in');
    none.bench.signIn(ADA);
    await none.bench.advance(6_000);
    expect(await none.dial('*141')).to.equal('no-call-to-wrap-up no-call-to-wrap-up');
    await none.talk();
    expect(await none.dial('*141')).to.equal('unknown-code no-disposition-keys');
  });

  it('is over five seconds after the wrap-up', async () => {
    const { bench, kept, dial, talk } = await site();
    bench.ari.hangUpFarEnd(await talk());
    await bench.advance(500);
    expect(await dial('*141')).to.match(/^disposition-chosen/);
    bench.roster.finishWrapUp(ADA);
    await bench.advance(6_000);
    expect(await dial('*1421')).to.equal('no-call-to-wrap-up no-call-to-wrap-up');
    expect([...kept.values()].map((one) => one.dispositionId)).to.deep.equal([1]);
  });

  it('says that it was not kept while the database is away, and the code is still needed', async () => {
    const { bench, store, kept, dial, talk } = await site();
    bench.ari.hangUpFarEnd(await talk());
    await bench.advance(500);
    store.isAway = true;
    expect(await dial('*141')).to.equal('not-kept not-possible-now');
    expect(kept.size).to.equal(0);
    expect(bench.roster.finishWrapUp(ADA)).to.include({ ok: false, code: 'code-needed' });
  });
});
