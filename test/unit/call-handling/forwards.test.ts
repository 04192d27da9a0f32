import { expect } from 'chai';
import { PLAIN_HANDLING, type CallHandling } from '../../../src/engines/reach/reach.js';
import type { ChannelId, ExtensionId, PagingGroupId } from '../../../src/kernel/ids.js';
import {
  ADA,
  CALLER,
  demoDirectory,
  DID,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const ONE = 1 as ExtensionId;
const TWO = 2 as ExtensionId;
const THREE = 3 as ExtensionId;
const MOBILE = '+447700900123';

describe('Calls to extensions that are sent on', () => {
  const forwards = (changes: Partial<CallHandling['forwards']>): CallHandling => ({
    ...PLAIN_HANDLING,
    forwards: { ...PLAIN_HANDLING.forwards, ...changes },
  });
  /** A bench whose DID leads to extension 2003. */
  const bench = async (): Promise<SwitchboardBench> => {
    const directory = demoDirectory();
    const did = directory.didsByNumber.get(DID);
    if (did === undefined) throw new Error('no DID');
    const target = { kind: 'extension', id: THREE } as const;
    const b = new SwitchboardBench({
      ...directory,
      didsByNumber: new Map([[DID, { ...did, target }]]),
    });
    return b.start();
  };
  const dial = async (b: SwitchboardBench, from: string, to: string): Promise<ChannelId> => {
    const channel = b.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
    await b.settle();
    return channel;
  };
  const rung = (b: SwitchboardBench): string[] =>
    b.ledger.flatMap((e) => (e.kind === 'leg-started' && e.role !== 'caller' ? [e.number] : []));
  const mailbox = (b: SwitchboardBench, id: ExtensionId): void => {
    const before = b.directory.extensions.get(id);
    if (before === undefined) throw new Error('no extension');
    (b.directory.extensions as Map<ExtensionId, typeof before>).set(id, {
      ...before,
      voicemail: true,
    });
    (b.directory.extensionsByNumber as Map<string, typeof before>).set(before.number, {
      ...before,
      voicemail: true,
    });
  };
  const clean = (b: SwitchboardBench): void => {
    expect(b.ari.leftovers()).to.deep.equal([]);
    expect(b.calls.size).to.equal(0);
    expect(b.errors).to.deep.equal([]);
  };

  it('ring at the number of "always", and the ledger says why', async () => {
    const b = await bench();
    b.handle(THREE, forwards({ always: '2002' }));
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 1_000, talkMs: 2_000 });
    await b.callIn();
    await b.advance(500);
    expect([...b.calls.values()][0]?.live.forwardedBy).to.deep.equal(['2003']);
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal(['2002']);
    expect(b.last('forwarded')).to.include({ number: '2003', to: '2002', why: 'always' });
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('go on when nobody answers, when the phone is busy, and when it is not registered', async () => {
    const b = await bench();
    b.handle(THREE, forwards({ 'no-answer': '2001', busy: '2002', unregistered: '2004' }));
    for (const number of ['2001', '2002', '2004'])
      b.ari.farEnd(`PJSIP/${number}`, { kind: 'answers', afterMs: 500, talkMs: 500 });
    b.ari.farEnd('PJSIP/2003', { kind: 'rings' });
    await b.callIn();
    await b.advance(30_000);
    b.ari.farEnd('PJSIP/2003', { kind: 'busy' });
    await b.callIn();
    await b.advance(10_000);
    b.unregistered.add('2003');
    await b.callIn();
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal(['2003', '2001', '2003', '2002', '2004']);
    const why = b.ledger.flatMap((e) => (e.kind === 'forwarded' ? [e.why] : []));
    expect(why).to.deep.equal(['no-answer', 'busy', 'unregistered']);
    clean(b);
  });

  it('stay at the last phone of a circle of three', async () => {
    const b = await bench();
    b.handle(THREE, forwards({ always: '2001' }));
    b.handle(ONE, forwards({ always: '2002' }));
    b.handle(TWO, forwards({ always: '2003' }));
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500, talkMs: 500 });
    await b.callIn();
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal(['2002']);
    expect(b.last('not-forwarded')).to.include({ number: '2002', to: '2003', why: 'loop' });
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    clean(b);
  });

  it('are not disturbed, and go where busy leads', async () => {
    const b = await bench();
    b.handle(THREE, { ...forwards({ busy: '2002' }), doNotDisturb: true });
    b.ari.farEnd('PJSIP/2002', { kind: 'answers', afterMs: 500, talkMs: 500 });
    await b.callIn();
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal(['2002']);
    expect(b.last('forwarded')?.why).to.equal('do-not-disturb');
    b.handle(THREE, { doNotDisturb: true, forwards: PLAIN_HANDLING.forwards });
    await dial(b, '2001', '2003');
    await b.advance(10_000);
    expect(b.last('not-rung')?.why).to.equal('do-not-disturb');
    expect(b.last('call-ended')).to.include({ result: 'busy', reason: 'do-not-disturb' });
    clean(b);
  });

  it('reach the mailbox of whoever was called first', async () => {
    const b = await bench();
    mailbox(b, THREE);
    mailbox(b, TWO);
    b.handle(THREE, forwards({ always: '2002' }));
    b.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    const channel = await b.callIn();
    await b.advance(25_000);
    expect([...b.calls.values()][0]?.stage).to.include({ kind: 'voicemail', extensionId: THREE });
    b.ari.hangUpFarEnd(channel);
    await b.advance(5_000);
    clean(b);
  });

  it('leave the house by the right of the extension, also for callers from outside', async () => {
    const b = await bench();
    b.handle(THREE, forwards({ always: MOBILE }));
    b.ari.farEnd(`PJSIP/${MOBILE}@trunk-1`, { kind: 'answers', afterMs: 500, talkMs: 1_000 });
    await b.callIn();
    await b.advance(10_000);
    expect(b.last('call-ended')).to.include({ result: 'answered' });
    // 2004 may dial inside only: its phone rings for nobody, and the number is not dialled.
    b.handle(THREE, forwards({ always: '2004' }));
    b.handle(4 as ExtensionId, forwards({ always: MOBILE }));
    await b.callIn();
    await b.advance(10_000);
    expect(b.last('not-forwarded')).to.include({ number: '2004', why: 'not-permitted' });
    expect(rung(b)).to.deep.equal([MOBILE]);
    clean(b);
  });

  it('speak from no phones and dial no codes: what an earlier release let in ends at the phone that has it', async () => {
    const b = await bench();
    const group = { id: 1 as PagingGroupId, name: 'All', number: '800', members: [ONE, TWO] };
    (b.directory.pagingGroupsByNumber as Map<string, typeof group>).set('800', group);
    for (const always of ['800', '*11', '*72800']) {
      b.handle(THREE, forwards({ always }));
      await b.callIn();
      await b.advance(10_000);
      expect(b.last('forwarded')).to.include({ to: always });
      expect(b.last('call-ended'), always).to.include({
        result: 'no-answer',
        reason: 'unreachable',
      });
    }
    expect(rung(b)).to.deep.equal([]);
    // Nor does a phone set one by its own code.
    await dial(b, '2002', '*72800');
    await b.advance(5_000);
    expect(b.directory.extensions.get(TWO)?.handling.forwards.always).to.equal('');
    clean(b);
  });

  it('never reach an emergency service for somebody else', async () => {
    const b = await bench();
    b.handle(THREE, forwards({ always: '999' }));
    await b.callIn();
    await b.advance(10_000);
    expect(b.last('not-forwarded')?.why).to.equal('emergency');
    expect(rung(b)).to.deep.equal([]);
    clean(b);
  });

  it('ring a second time while the phone is in use only where call waiting is on', async () => {
    const b = await bench();
    b.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 500, talkMs: 60_000 });
    const first = await b.callIn();
    await b.advance(2_000);
    const second = await b.callIn(DID, '+442079460998');
    await b.advance(2_000);
    expect(rung(b)).to.have.length(2);
    await b.callIn(DID, '+442079460997');
    await b.advance(10_000);
    // Two calls are all that a phone shows.
    expect(rung(b)).to.have.length(2);
    for (const channel of [first, second]) b.ari.hangUpFarEnd(channel);
    await b.advance(70_000);
    b.handle(THREE, { callWaiting: false });
    const again = await b.callIn();
    await b.advance(2_000);
    await b.callIn(DID, '+442079460998');
    await b.advance(10_000);
    expect(rung(b)).to.have.length(3);
    expect(b.last('not-rung')?.why).to.equal('busy');
    b.ari.hangUpFarEnd(again);
    await b.advance(1_000);
    clean(b);
  });

  it('of somebody who calls the own number find it busy', async () => {
    const b = await bench();
    await dial(b, '2003', '2003');
    await b.advance(10_000);
    expect(rung(b)).to.deep.equal([]);
    expect(b.last('call-ended')).to.include({ result: 'busy' });
    clean(b);
  });

  it('are set and taken away by codes, with a spoken confirmation', async () => {
    const b = await bench();
    const heard: string[] = [];
    const code = async (digits: string, keys = ''): Promise<string> => {
      const from = b.ari.log.length;
      const channel = await dial(b, '2003', digits);
      await b.advance(500);
      if (keys !== '') b.ari.press(channel, keys);
      await b.advance(20_000);
      heard.push(...b.ari.log.slice(from).filter((l) => l.startsWith('play ')));
      return b.last('call-ended')?.reason ?? '';
    };
    const now = (): CallHandling | undefined => b.directory.extensions.get(THREE)?.handling;
    expect(await code('*78')).to.equal('do-not-disturb-on');
    expect(now()?.doNotDisturb).to.equal(true);
    expect(await code('*78')).to.equal('do-not-disturb-off');
    expect(await code('*43')).to.equal('call-waiting-off');
    expect(now()?.callWaiting).to.equal(false);
    expect(await code('*722002')).to.equal('forward-on');
    expect(now()?.forwards.always).to.equal('2002');
    expect(heard.at(-1)).to.contain('forward-always').and.to.contain('number-2');
    expect(await code('*72')).to.equal('forward-off');
    expect(now()?.forwards.always).to.equal('');
    expect(await code('*72', '2001#')).to.equal('forward-on');
    expect(await code('*90020 7946 0777')).to.equal('forward-on');
    expect(await code('*92020 7946 0777#')).to.equal('forward-on');
    expect(now()?.forwards).to.include({
      always: '2001',
      busy: '+442079460777',
      'no-answer': '+442079460777',
    });
    expect(await code('*722003')).to.equal('forward-bad-number');
    expect(await code('*72999')).to.equal('forward-bad-number');
    expect(now()?.forwards.always).to.equal('2001');
    b.keepsSettings = false;
    expect(await code('*78')).to.equal('not-kept');
    clean(b);
  });

  it('are not offered by queues to an agent who must not be disturbed', async () => {
    const b = await new SwitchboardBench().start();
    b.signIn(ADA);
    b.handle(ONE, { doNotDisturb: true });
    expect(b.roster.state(ADA)).to.include({ state: 'not-ready', reason: 'do-not-disturb' });
    expect(b.roster.available(ADA)).to.include({ ok: false, code: 'do-not-disturb' });
    b.handle(ONE, { doNotDisturb: false });
    expect(b.roster.state(ADA)?.state).to.equal('available');
    b.roster.notReady(ADA, 'lunch');
    b.handle(ONE, { doNotDisturb: true });
    b.handle(ONE, { doNotDisturb: false });
    expect(b.roster.state(ADA)).to.include({ state: 'not-ready', reason: 'lunch' });
    expect(CALLER).to.match(/^\+/);
    clean(b);
  });
});
