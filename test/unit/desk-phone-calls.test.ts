import { expect } from 'chai';
import { isPermitted, type NotReadyReasonConfig } from '../../src/telephony/directory.js';
import { ADA, BEN, demoDirectory, DID, SwitchboardBench } from '../support/switchboard-bench.js';

describe('Calls from desk phones', () => {
  const OUTSIDE = '+442079460555';

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
  const bench = (): Promise<SwitchboardBench> => new SwitchboardBench().start();

  describe('to the outside', () => {
    it('normalises the number and connects over the first trunk', async () => {
      const b = await bench();
      b.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers', afterMs: 2_000, talkMs: 5_000 });
      await dial(b, '2001', '020 7946 0555');
      await b.advance(10_000);
      expect(b.ledger[0]).to.include({ direction: 'outbound', from: '2001', to: OUTSIDE });
      expect(b.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
      expect(b.kinds()).to.include('recording-ended');
      clean(b);
    });

    it('tries the next trunk when the first has no line, and not when the number is busy', async () => {
      const b = await bench();
      b.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'congestion' });
      b.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-2`, { kind: 'busy' });
      await dial(b, '2001', OUTSIDE);
      await b.advance(10_000);
      expect(b.ledger.filter((e) => e.kind === 'leg-ended' && e.cause === 34)).to.have.length(1);
      expect(b.last('call-ended')).to.include({ result: 'busy', cause: 17 });
      clean(b);
    });

    it('refuses what the permission class does not allow, and says so to the caller', async () => {
      const b = await bench();
      await dial(b, '2004', OUTSIDE);
      await b.advance(5_000);
      expect(b.last('refused')?.reason).to.match(/^not-permitted-/);
      expect(b.ari.log.filter((l) => l.startsWith('originate'))).to.deep.equal([]);
      expect(b.last('call-ended')).to.include({ result: 'refused' });
      clean(b);
    });

    it('orders the classes, and lets emergency numbers pass always', () => {
      expect(isPermitted('internal', 'emergency')).to.equal(true);
      expect(isPermitted('internal', 'local')).to.equal(false);
      expect(isPermitted('national', 'local')).to.equal(true);
      expect(isPermitted('national', 'international')).to.equal(false);
      expect(isPermitted('international', 'invalid')).to.equal(false);
    });

    it('reaches our own number without a trunk', async () => {
      const b = await bench();
      const channel = await dial(b, '2001', DID);
      expect(b.kinds()).to.include('flow-entered');
      b.ari.hangUpFarEnd(channel);
      await b.advance(100);
      clean(b);
    });

    it('never leads a call from a trunk to another trunk', async () => {
      const b = await bench();
      await b.callIn(OUTSIDE);
      await b.advance(5_000);
      expect(b.ari.log.filter((l) => l.startsWith('originate'))).to.deep.equal([]);
      expect(b.last('call-ended')).to.include({ reason: 'unknown-did' });
      clean(b);
    });
  });

  describe('with a code', () => {
    it('signs in, goes available, goes not ready, signs out', async () => {
      const b = await bench();
      const seen: string[] = [];
      for (const code of ['*11', '*12', '*12', '*11']) {
        await dial(b, '2001', code);
        await b.advance(5_000);
        seen.push(b.roster.state(ADA)?.state ?? '');
      }
      expect(seen).to.deep.equal(['not-ready', 'available', 'not-ready', 'signed-out']);
      clean(b);
    });

    it('goes not ready for the reason whose digit is dialled behind the code, as the page does', async () => {
      const reason = { id: 1 as never, icon: 'x', position: 1, limitMs: 0, dayLimitMs: 0 };
      const names = { en: 'Away', 'zh-CN': 'x' };
      const reasons: readonly NotReadyReasonConfig[] = [
        { ...reason, names, code: 'lunch', digit: '2', isActive: true, agentsMayChoose: true },
        { ...reason, names, code: 'forced', digit: '3', isActive: true, agentsMayChoose: false },
        { ...reason, names, code: 'gone', digit: '4', isActive: false, agentsMayChoose: true },
        { ...reason, names, code: 'keyless', digit: '', isActive: true, agentsMayChoose: true },
      ];
      const notReadyReasons = new Map(reasons.map((one) => [one.code, one]));
      const b = await new SwitchboardBench({ ...demoDirectory(), notReadyReasons }).start();
      const dialled = async (code: string): Promise<string> => {
        await dial(b, '2001', code);
        await b.advance(5_000);
        const { state, reason: why } = b.roster.state(ADA) ?? { state: '', reason: '' };
        return `${state} ${why} ${String(b.last('call-ended')?.reason)}`;
      };
      expect(await dialled('*122')).to.equal('signed-out  not-signed-in');
      b.signIn(ADA);
      expect(await dialled('*122')).to.equal('not-ready lunch not-ready');
      // What was played to the phones: the beginning and the name of a file.
      const heard = (): readonly string[] =>
        b.ari.log
          .filter((line) => line.startsWith('play '))
          .map((line) => line.replaceAll(/sound:http:\/\/media\/|\.wav/g, ''))
          .map((line) => line.split(' ').slice(3).join(' '));
      expect(heard().at(-1)).to.equal('said-Away not-ready');
      for (const code of ['*123', '*124', '*125'])
        expect(await dialled(code), code).to.equal('not-ready lunch unknown-code');
      expect(heard().at(-1)).to.equal('unknown-reason say-number-2 said-Away');
      for (const code of ['*19', '*12x'])
        expect(await dialled(code), code).to.equal('not-ready lunch unknown-code');
      expect(heard().at(-1)).to.equal('unknown-number');
      // More digits are an agent number: the own one is the same as none.
      expect(await dialled('*1222')).to.equal('not-ready lunch not-your-number');
      expect(await dialled('*12901')).to.match(/^available/);
      expect(await dialled('*12')).to.match(/^not-ready phone/);
      expect(await dialled('*12')).to.match(/^available/);
      clean(b);
    });

    it('says a reason by its prompt, and that no reason has a key', async () => {
      const reason = { id: 1 as never, icon: 'x', position: 1, limitMs: 0, dayLimitMs: 0 };
      const lunch: NotReadyReasonConfig = {
        ...reason,
        names: { en: 'Lunch', 'zh-CN': '用餐' },
        code: 'lunch',
        digit: '2',
        prompt: 1 as never,
        isActive: true,
        agentsMayChoose: true,
      };
      const heardOn = async (one: NotReadyReasonConfig): Promise<string | undefined> => {
        const notReadyReasons = new Map([[one.code, one]]);
        const b = await new SwitchboardBench({ ...demoDirectory(), notReadyReasons }).start();
        b.signIn(ADA);
        await dial(b, '2001', '*122');
        await b.advance(5_000);
        clean(b);
        return b.ari.log.find((line) => line.startsWith('play '));
      };
      expect(await heardOn(lunch)).to.contain(`/${'a'.repeat(64)}.wav`);
      expect(await heardOn({ ...lunch, digit: '' })).to.contain('/no-reason-keys.wav');
    });

    const enter = async (b: SwitchboardBench, number: string, pin: string): Promise<void> => {
      const channel = await dial(b, '2003', '*11');
      await b.advance(500);
      b.ari.press(channel, `${number}#`);
      await b.advance(2_000);
      b.ari.press(channel, `${pin}#`);
      await b.advance(6_000);
    };

    it('signs another agent in at a colleague’s phone by number and PIN', async () => {
      const b = await bench();
      const channel = await dial(b, '2003', '*11');
      await b.advance(500);
      b.ari.press(channel, '902#');
      await b.advance(2_000);
      b.ari.press(channel, '1234#');
      await b.advance(3_000);
      expect(b.roster.state(BEN)?.state).to.equal('not-ready');
      expect(b.roster.agentAt(3 as never)).to.equal(BEN);
      await b.advance(5_000);
      clean(b);
    });

    it('refuses a wrong PIN, and counts it for the agent’s number over all calls', async () => {
      const b = await bench();
      const asked: unknown[] = [];
      b.selfService.checkPin = (pin) => {
        asked.push(pin);
        return Promise.resolve({ kind: 'pin-wrong', left: 4 });
      };
      await enter(b, '902', '9999');
      await enter(b, '7777', '9999');
      expect(b.roster.state(BEN)?.state).to.equal('signed-out');
      expect(b.last('call-ended')).to.include({ reason: 'sign-in-refused' });
      const counted = { kind: 'check-pin', entered: '9999', lockAfter: 5, lockMs: 900_000 };
      expect(asked).to.deep.equal([
        { ...counted, expected: '1234', subject: 'agent 902' },
        { ...counted, expected: '', subject: 'agent 7777' },
      ]);
      clean(b);
    });

    it('refuses the right PIN, too, while the agent’s number is locked', async () => {
      const b = await bench();
      b.selfService.checkPin = () => Promise.resolve({ kind: 'pin-locked' });
      await enter(b, '902', '1234');
      expect(b.roster.state(BEN)?.state).to.equal('signed-out');
      expect(b.last('call-ended')).to.include({ reason: 'sign-in-locked' });
      clean(b);
    });

    it('refuses a second agent on a phone, naming who sits there', async () => {
      const b = await bench();
      b.signIn(ADA);
      expect(b.roster.signIn(BEN, 1 as never)).to.deep.equal({
        ok: false,
        code: 'extension-taken',
        detail: 'Ada',
      });
    });
  });

  it('keeps queue calls away from an agent who is on another call', async () => {
    const b = await bench();
    b.signIn(ADA);
    b.ari.farEnd(`PJSIP/${OUTSIDE}@trunk-1`, { kind: 'answers' });
    const own = await dial(b, '2001', OUTSIDE);
    await b.advance(1_000);
    expect(b.roster.state(ADA)?.state).to.equal('talking');
    const caller = await b.callIn();
    await b.press(caller, '1');
    await b.advance(2_000);
    expect(b.kinds()).to.not.include('offered');
    b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    b.ari.hangUpFarEnd(own);
    await b.advance(1_000);
    expect(b.roster.state(ADA)?.state).to.equal('ringing');
    b.ari.hangUpFarEnd(caller);
    await b.advance(1_000);
    clean(b);
  });

  it('keeps queue calls away from an agent who talks with a colleague, whoever called', async () => {
    const b = await bench();
    b.signIn(ADA);
    b.signIn(BEN);
    b.ari.farEnd('PJSIP/2002', { kind: 'answers' });
    const own = await dial(b, '2001', '2002');
    await b.advance(1_000);
    expect([b.roster.state(ADA)?.state, b.roster.state(BEN)?.state]).to.deep.equal([
      'talking',
      'talking',
    ]);
    const caller = await b.callIn();
    await b.press(caller, '1');
    await b.advance(2_000);
    expect(b.kinds()).to.not.include('offered');
    b.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    b.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    b.ari.hangUpFarEnd(own);
    await b.advance(1_000);
    const states = [b.roster.state(ADA)?.state, b.roster.state(BEN)?.state].sort();
    expect(states).to.deep.equal(['available', 'ringing']);
    b.ari.hangUpFarEnd(caller);
    await b.advance(12_000);
    clean(b);
  });

  it('keeps SIP names that are no numbers, and shows no number for a caller who withholds it', async () => {
    const b = await bench();
    for (const callerNumber of ['alice', 'Anonymous'])
      b.ari.hangUpFarEnd(b.ari.arrive({ callerNumber, args: ['trunk', 'sales'] }));
    await b.advance(2_000);
    const arrived = b.ledger.filter((e) => e.kind === 'call-arrived');
    expect(arrived.map((e) => [e.from, e.to])).to.deep.equal([
      ['alice', 'sales'],
      ['', 'sales'],
    ]);
    clean(b);
  });

  it('keeps a hostile name and number out of control characters and in bounds', async () => {
    const b = await bench();
    const channel = b.ari.arrive({
      callerNumber: `+44${'7'.repeat(300)}`,
      callerName: `<script>alert(1)</script>\r\nX: y\u0000${'é'.repeat(500)}`,
      args: ['trunk', DID],
    });
    await b.settle();
    const first = b.ledger[0];
    if (first?.kind !== 'call-arrived') throw new Error('no call');
    expect(first.from.length).to.be.at.most(64);
    expect(first.fromName.length).to.be.at.most(120);
    expect(first.fromName).to.not.match(/[\u0000-\u001f]/);
    b.ari.hangUpFarEnd(channel);
    await b.advance(100);
    clean(b);
  });
});
