import { expect } from 'chai';
import { NO_WRAP_UP } from '../../src/engines/acd/acd.js';
import type {
  AgentId,
  ExtensionId,
  FlowId,
  MusicId,
  PromptId,
  QueueId,
} from '../../src/kernel/ids.js';
import type { FlowConfig, QueueConfig } from '../../src/telephony/directory.js';
import { steer } from '../../src/telephony/calls/steering.js';
import {
  ADA,
  BEN,
  demoDirectory,
  menuFlow,
  SALES,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const ALL = { strategy: 'ring-all' } as const;

describe('Somebody in line', () => {
  const start = async (queue: Partial<QueueConfig> = {}): Promise<SwitchboardBench> => {
    const bench = await new SwitchboardBench(demoDirectory({ ...salesQueue, ...queue })).start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    bench.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    return bench;
  };
  const enter = async (bench: SwitchboardBench) => {
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    return caller;
  };
  const phone = (bench: SwitchboardBench, number: string) => {
    const found = [...bench.ari.channels.values()].find(({ name }) =>
      name.startsWith(`PJSIP/${number}-`),
    );
    if (found === undefined) throw new Error(`${number} does not ring`);
    return found;
  };
  const state = (bench: SwitchboardBench, agent: AgentId) => bench.roster.state(agent)?.state;
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.calls.size, 'calls').to.equal(0);
    expect(bench.journal.size, 'journal').to.equal(0);
    expect(bench.errors, 'errors').to.deep.equal([]);
    expect(bench.healed, 'healed').to.deep.equal([]);
  };
  const played = (bench: SwitchboardBench): readonly string[] =>
    bench.ari.log.filter((line) => line.startsWith('play '));

  it('is rung at all phones at once; the first answer wins, the others see it was answered elsewhere', async () => {
    const bench = await start(ALL);
    bench.signIn(ADA);
    bench.signIn(BEN);
    const caller = await enter(bench);
    expect([state(bench, ADA), state(bench, BEN)]).to.deep.equal(['ringing', 'ringing']);
    const other = phone(bench, '2001').id;
    bench.ari.answerFarEnd(phone(bench, '2002').id);
    await bench.advance(200);
    expect([state(bench, ADA), state(bench, BEN)]).to.deep.equal(['available', 'talking']);
    expect(bench.ari.log).to.include(`hangup ${other} 26`);
    expect(bench.ledger.filter((e) => e.kind === 'offer-ended')).to.have.length(2);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    clean(bench);
  });

  describe('hears music', () => {
    const hash = (letter: string): string => letter.repeat(64);
    const withMusic = async (
      order: 'listed' | 'random',
      sounds: readonly number[],
      queue: Partial<QueueConfig> = {},
    ): Promise<SwitchboardBench> => {
      const id = 7 as MusicId;
      const directory = demoDirectory({
        ...salesQueue,
        leavesWhenEmpty: false,
        maxWaitMs: 0,
        musicId: id,
        ...queue,
      });
      const prompts = new Map(
        [2, 3, 4].map((at) => {
          const prompt = at as PromptId;
          return [prompt, { id: prompt, name: 'x', files: { en: hash('_abcd'.charAt(at)) } }];
        }),
      );
      const music = new Map([[id, { id, name: 'Jazz', order, sounds: sounds as PromptId[] }]]);
      return new SwitchboardBench({ ...directory, prompts, music }).start();
    };
    const songs = (bench: SwitchboardBench, from: number): readonly string[] =>
      played(bench)
        .slice(from)
        .map((line) => /([a-d])\1{63}\.wav$/.exec(line)?.[1] ?? line);
    /** Somebody waits so long; what is heard meanwhile, and that nothing plays on the node afterwards. */
    const wait = async (bench: SwitchboardBench, ms: number): Promise<readonly string[]> => {
      const caller = await enter(bench);
      const before = played(bench).length - 1;
      await bench.advance(ms);
      const heard = songs(bench, before);
      expect(bench.ari.log.filter((line) => line.startsWith('startMusic'))).to.deep.equal([]);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
      return heard;
    };

    it('of the queue: its sounds in order, over and over', async () => {
      const heard = await wait(await withMusic('listed', [2, 4, 3]), 20_000);
      expect(heard.slice(0, 7)).to.deep.equal(['b', 'd', 'c', 'b', 'd', 'c', 'b']);
    });

    it('at random: every sound, and none twice in a row', async () => {
      const heard = await wait(await withMusic('random', [2, 3, 4]), 120_000);
      expect([...new Set(heard)].sort()).to.deep.equal(['b', 'c', 'd']);
      heard.forEach((song, at) => {
        expect(song).not.to.equal(heard[at - 1]);
      });
    });

    it('interrupted by announcements, after which the next sound comes', async () => {
      const announcements = [4 as PromptId];
      const bench = await withMusic('listed', [2, 3], { announcements, announceEveryMs: 30_000 });
      const heard = await wait(bench, 45_000);
      expect(heard.filter((song) => song === 'd')).to.have.length(1);
      expect(bench.ari.log.filter((line) => line.startsWith('stopPlayback')).length).to.be.above(0);
      const at = heard.indexOf('d');
      expect(heard[at + 1]).not.to.equal(heard[at - 1]);
    });

    it('interrupted by several announcements in turn, during each of which a key is heard', async () => {
      const bench = await withMusic('listed', [2], {
        announcements: [3 as PromptId, 4 as PromptId],
        announceEveryMs: 30_000,
        callback: { offerAfterMs: 600_000, attempts: 1, retryMs: 60_000 },
      });
      const caller = await enter(bench);
      const before = played(bench).length - 1;
      await bench.advance(140_000);
      const heard = songs(bench, before).filter((song) => song !== 'b');
      expect(heard).to.deep.equal(['c', 'd', 'c', 'd']);
      const said = (): string =>
        songs(bench, before)
          .filter((song) => song !== 'b')
          .join('');
      while (said() !== 'cdcdc') await bench.advance(100);
      await bench.press(caller, '1');
      expect(played(bench).at(-1)).to.include('callback-confirm');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
    });

    it('of the node where its sounds cannot be heard', async () => {
      const bench = await withMusic('listed', [9]);
      const caller = await enter(bench);
      await bench.advance(1_000);
      expect(bench.ari.channels.get(caller)?.music).to.equal('default');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
    });
  });

  it('has one agent, however close two answers are', async () => {
    const bench = await start(ALL);
    bench.signIn(ADA);
    bench.signIn(BEN);
    const caller = await enter(bench);
    const [one, two] = [phone(bench, '2001').id, phone(bench, '2002').id];
    bench.ari.answerFarEnd(one);
    bench.ari.answerFarEnd(two);
    await bench.advance(500);
    const talking = [ADA, BEN].filter((agent) => state(bench, agent) === 'talking');
    expect(talking).to.have.length(1);
    expect(bench.ledger.filter((e) => e.kind === 'connected')).to.have.length(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    clean(bench);
  });

  it('does not confuse the engine when agents ask twice for what they have', async () => {
    const bench = await start({
      wrapUp: {
        ms: 30_000,
        isUntilDone: false,
        extensions: 0,
        extendByMs: 0,
        isCodeNeeded: false,
      },
    });
    bench.signIn(ADA);
    expect(bench.roster.available(ADA).ok, 'is available').to.equal(true);
    const caller = await enter(bench);
    expect(bench.roster.available(ADA).ok, 'rings').to.equal(true);
    expect(bench.roster.codeChosen(ADA).ok, 'has no call yet').to.equal(true);
    expect(state(bench, ADA)).to.equal('ringing');
    bench.ari.answerFarEnd(phone(bench, '2001').id);
    await bench.advance(200);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(200);
    expect(state(bench, ADA)).to.equal('wrap-up');
    expect(bench.roster.codeChosen(ADA).ok).to.equal(true);
    for (let press = 0; press < 2; press++) {
      expect(bench.roster.finishWrapUp(ADA).ok).to.equal(true);
      expect(bench.roster.codeChosen(ADA).ok).to.equal(true);
    }
    expect(state(bench, ADA)).to.equal('available');
    expect(bench.roster.illegalEvents).to.equal(0);
  });

  it('who leaves in the moment of the answer was abandoned, and the agent is free again', async () => {
    const bench = await start(ALL);
    bench.signIn(ADA);
    bench.signIn(BEN);
    const caller = await enter(bench);
    bench.ari.answerFarEnd(phone(bench, '2001').id);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    expect(['abandoned', 'answered']).to.include(bench.last('call-ended')?.result);
    expect(state(bench, ADA)).to.equal('available');
    expect(state(bench, BEN)).to.equal('available');
    clean(bench);
  });

  it('is announced to the agent before both are connected', async () => {
    const bench = await start({ whisper: 1 as PromptId });
    bench.signIn(ADA);
    const caller = await enter(bench);
    const agent = phone(bench, '2001').id;
    bench.ari.answerFarEnd(agent);
    await bench.advance(100);
    expect(played(bench).at(-1)).to.include(agent);
    expect(bench.kinds()).to.not.include('connected');
    await bench.advance(1_500);
    expect(bench.kinds()).to.include('connected');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    clean(bench);
  });

  describe('that is announced to the agent rings at nobody else meanwhile', () => {
    /** Both phones ring, 2001 is lifted and is told of the call. */
    const lifted = async () => {
      const bench = await start({ ...ALL, whisper: 1 as PromptId });
      bench.signIn(ADA);
      bench.signIn(BEN);
      const caller = await enter(bench);
      const [one, other] = [phone(bench, '2001').id, phone(bench, '2002').id];
      bench.ari.answerFarEnd(one);
      await bench.advance(100);
      expect(bench.kinds()).to.not.include('connected');
      return { bench, caller, one, other };
    };

    it('and connects who lifted first', async () => {
      const { bench, caller, other } = await lifted();
      expect(bench.ari.log).to.include(`hangup ${other} 26`);
      expect([state(bench, ADA), state(bench, BEN)]).to.deep.equal(['ringing', 'available']);
      await bench.advance(1_500);
      expect(state(bench, ADA)).to.equal('talking');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(11_000);
      clean(bench);
    });

    it('and at the others again when that one hangs up', async () => {
      const { bench, caller, one } = await lifted();
      bench.ari.hangUpFarEnd(one);
      await bench.advance(200);
      expect(state(bench, BEN)).to.equal('ringing');
      bench.ari.answerFarEnd(phone(bench, '2002').id);
      await bench.advance(1_700);
      expect(state(bench, BEN)).to.equal('talking');
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(11_000);
      clean(bench);
    });

    it('and nothing is left when the caller hangs up', async () => {
      const { bench, caller } = await lifted();
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(11_000);
      expect(bench.last('call-ended')?.result).to.equal('abandoned');
      expect([state(bench, ADA), state(bench, BEN)]).to.deep.equal(['available', 'available']);
      clean(bench);
    });
  });

  it('lets phones that can answer by themselves do so', async () => {
    const bench = await start({ autoAnswers: true });
    bench.signIn(ADA);
    const caller = await enter(bench);
    expect(phone(bench, '2001').variables.get('PJSIP_HEADER(add,Call-Info)')).to.include(
      'answer-after=0',
    );
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('hears how many are before, again after a while, and a key does not disturb it', async () => {
    const bench = await start({ tellsPlace: true, tellEveryMs: 30_000, leavesWhenEmpty: false });
    const first = await enter(bench);
    const second = await enter(bench);
    await bench.advance(5_000);
    expect(
      played(bench).some((line) => line.includes(first) && line.includes('/say-ahead-none')),
    ).to.equal(true);
    expect(
      played(bench).some((line) => line.includes(second) && line.includes('/say-ahead-one')),
    ).to.equal(true);
    bench.ari.press(second, '5');
    bench.ari.hangUpFarEnd(first);
    await bench.advance(40_000);
    expect(
      played(bench).some((line) => line.includes(second) && line.includes('/say-ahead-none')),
    ).to.equal(true);
    bench.ari.hangUpFarEnd(second);
    await bench.advance(1_000);
    clean(bench);
  });

  it('is told nothing of the wait while estimates are not proven', async () => {
    const bench = await start({ tellsWait: true, tellEveryMs: 30_000, leavesWhenEmpty: false });
    const caller = await enter(bench);
    await bench.advance(100_000);
    expect(played(bench).filter((line) => line.includes('/say-wait-'))).to.deep.equal([]);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('is told the wait by what was learned before a restart', async () => {
    const bench = await start({
      ...{ tellsWait: true, tellEveryMs: 30_000, leavesWhenEmpty: false },
      wrapUp: { ms: 0, isUntilDone: false, extensions: 0, extendByMs: 0, isCodeNeeded: false },
    });
    bench.signIn(ADA);
    const line = [await enter(bench), await enter(bench)];
    for (let n = 0; n < 14; n += 1) {
      line.push(await enter(bench));
      bench.ari.answerFarEnd(phone(bench, '2001').id);
      await bench.advance(20_000);
      const [first] = line.splice(0, 1);
      if (first !== undefined) bench.ari.hangUpFarEnd(first);
      await bench.advance(500);
    }
    const { acd } = bench.roster;
    const before = { expectedMs: acd.expectedMs(SALES, 2), band: acd.bandOf(SALES) };
    expect(before.band.isAcceptable).to.equal(true);
    for (const caller of line) bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    await bench.stop();
    const next = await new SwitchboardBench(bench.directory, bench).start();
    const again = next.roster.acd;
    expect({ expectedMs: again.expectedMs(SALES, 2), band: again.bandOf(SALES) }).to.deep.equal(
      before,
    );
    next.roster.signOut(ADA);
    const caller = await enter(next);
    await next.advance(10_000);
    expect(played(next).filter((text) => text.includes('/say-wait-'))).not.to.deep.equal([]);
    next.ari.hangUpFarEnd(caller);
    await next.advance(1_000);
    clean(next);
    await next.stop();
  });

  it('is told that the queue is closed, and counts as closed', async () => {
    const bench = await start({ overflow: { kind: 'hangup' } });
    bench.signIn(ADA);
    bench.isOpen = false;
    await enter(bench);
    await bench.advance(5_000);
    expect(bench.last('queue-left')).to.include({ outcome: 'closed', reason: 'queue-closed' });
    expect(bench.last('call-ended')).to.include({ result: 'closed' });
    clean(bench);
  });

  it('is still served when the queue closes, unless the queue says otherwise', async () => {
    for (const clearsAtClosing of [false, true]) {
      const bench = await start({ clearsAtClosing, leavesWhenEmpty: false });
      const caller = await enter(bench);
      bench.isOpen = false;
      await bench.advance(6_000);
      expect(bench.kinds().includes('queue-left')).to.equal(clearsAtClosing);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(30_000);
      clean(bench);
    }
  });

  it('is sent on when the last agent has gone, and a phone that rings is not cut off by the end of the wait', async () => {
    const bench = await start({ maxWaitMs: 20_000 });
    bench.signIn(ADA);
    const caller = await enter(bench);
    await bench.advance(13_000);
    expect(state(bench, ADA)).to.equal('ringing');
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    await bench.advance(2_500);
    expect(bench.last('offer-ended')).to.include({ outcome: 'no-answer' });
    bench.signIn(BEN);
    await bench.advance(10_000);
    expect(bench.kinds().includes('queue-left'), 'Ben’s phone still rings').to.equal(false);
    bench.ari.answerFarEnd(phone(bench, '2002').id);
    await bench.advance(200);
    expect(state(bench, BEN)).to.equal('talking');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    clean(bench);
  });

  it('goes where rules and hooks send it, with their reasons in the ledger', async () => {
    const bench = await start();
    bench.routed = { priority: 7, isVip: true, reasons: ['rule-vip:Gold'] };
    bench.signIn(ADA);
    const caller = await enter(bench);
    expect(bench.last('routed')).to.deep.include({ reasons: ['rule-vip:Gold'] });
    expect(bench.last('queue-entered')?.priority).to.equal(50);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('who pressed keys before is not taken to want a callback', async () => {
    const bench = await start({
      leavesWhenEmpty: false,
      callback: { offerAfterMs: 60_000, attempts: 3, retryMs: 60_000 },
    });
    const caller = await bench.callIn();
    for (const key of '111') bench.ari.press(caller, key);
    await bench.advance(10_000);
    expect(bench.kinds()).to.include('queue-entered');
    expect(bench.calls.size).to.equal(1);
    expect(bench.kinds()).to.not.include('queue-left');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('goes where the queue sends callers for the reason, else the general way', async () => {
    const wayOf = async (
      rules: Partial<QueueConfig>,
      set: (bench: SwitchboardBench) => void,
    ): Promise<unknown> => {
      const bench = await start({
        leavesWhenEmpty: false,
        maxWaitMs: 20_000,
        overflow: { kind: 'hangup' },
        ...rules,
      });
      set(bench);
      const caller = await enter(bench);
      await bench.advance(3_000);
      if (bench.last('queue-left') === undefined) await bench.advance(20_000);
      const [call] = [...bench.calls.values()];
      const stage = call?.stage.kind ?? bench.last('call-ended')?.result;
      const reason = bench.last('queue-left')?.reason;
      if (call !== undefined) bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
      return [reason, stage];
    };
    const mailbox = { kind: 'voicemail', queueId: SALES } as const;
    const nothing = (): void => undefined;
    const close = (bench: SwitchboardBench): void => {
      bench.isOpen = false;
    };
    expect(await wayOf({ overflowFor: { late: mailbox } }, nothing)).to.deep.equal([
      'max-wait',
      'voicemail',
    ]);
    expect(await wayOf({ overflowFor: { closed: mailbox } }, nothing)).to.deep.equal([
      'max-wait',
      'overflowed',
    ]);
    expect(await wayOf({ overflowFor: { closed: mailbox } }, close)).to.deep.equal([
      'queue-closed',
      'voicemail',
    ]);
    expect(
      await wayOf({ leavesWhenEmpty: true, overflowFor: { empty: mailbox } }, nothing),
    ).to.deep.equal(['nobody-signed-in', 'voicemail']);
    expect(await wayOf({ maxPerAgent: 1, overflowFor: { full: mailbox } }, nothing)).to.deep.equal([
      'too-many-per-agent',
      'voicemail',
    ]);
  });

  it('goes to the overflow’s queue with the time, the priority and what is known of it', async () => {
    const OTHER = 2 as QueueId;
    const directory = demoDirectory({
      ...salesQueue,
      maxWaitMs: 20_000,
      leavesWhenEmpty: false,
      overflow: { kind: 'queue', id: OTHER },
    });
    const other: QueueConfig = { ...salesQueue, id: OTHER, name: 'Other', leavesWhenEmpty: false };
    (directory.queues as Map<QueueId, QueueConfig>).set(OTHER, other);
    const bench = await new SwitchboardBench(directory).start();
    bench.routed = { priority: 30, attributes: { need: 'invoice' } };
    const caller = await enter(bench);
    const since = bench.clock.now();
    const [callId] = [...bench.calls.keys()];
    if (callId === undefined) throw new Error('no call');
    // What the rules would say of it now is not asked: they have spoken.
    bench.routed = { queue: SALES };
    await bench.advance(30_000);
    const waiter = bench.roster.acd.engine.waiter(callId);
    expect(waiter?.queue).to.equal(OTHER);
    expect(waiter?.priority).to.equal(30);
    expect(waiter?.enteredAt).to.be.at.most(since);
    const stage = bench.calls.get(callId)?.stage;
    expect(stage?.kind === 'queue' && stage.attributes).to.deep.equal({ need: 'invoice' });
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('does not go round for ever between a queue that nobody serves and a flow that leads back', async () => {
    const id = 2 as FlowId;
    const directory = demoDirectory({ ...salesQueue, overflow: { kind: 'flow', id } });
    (directory.flows as Map<FlowId, FlowConfig>).set(id, {
      ...menuFlow,
      id,
      definition: {
        start: 'sales',
        steps: { sales: { kind: 'queue', label: 'Sales', queue: 1, priority: 0 } },
      },
    });
    const bench = await new SwitchboardBench(directory).start();
    const caller = await enter(bench);
    await bench.advance(20_000);
    expect(bench.ledger.filter(({ kind }) => kind === 'queue-entered').length).to.be.below(20);
    expect(bench.last('call-ended')).to.include({ reason: 'no-queue-left' });
    expect(bench.ari.channels.has(caller)).to.equal(false);
    clean(bench);
  });

  it('whose queue is archived goes where it overflows to', async () => {
    const bench = await start({ leavesWhenEmpty: false, maxWaitMs: 0 });
    const caller = await enter(bench);
    (bench.directory.queues as Map<QueueId, QueueConfig>).clear();
    await bench.advance(6_000);
    expect(bench.last('queue-left')).to.include({ reason: 'queue-gone', outcome: 'overflowed' });
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(11_000);
    clean(bench);
  });

  it('is told in the ledger why nobody could be offered the call', async () => {
    const bench = await start({ leavesWhenEmpty: false });
    const caller = await enter(bench);
    expect(bench.last('queue-waiting')?.reasons).to.include('nobody-signed-in:0');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    clean(bench);
  });

  it('codes of the agent’s phone say why they do nothing, give more time, and take back what was to come', async () => {
    const wrapUp = { ...NO_WRAP_UP, ms: 30_000, extensions: 1, isCodeNeeded: true };
    const bench = await start({ wrapUp });
    const dialled = async (code: string): Promise<readonly string[]> => {
      bench.ari.arrive({ callerNumber: '2001', endpoint: '2001', args: ['phone', code] });
      await bench.advance(4_000);
      const { state: now, next = '' } = bench.roster.state(ADA) ?? { state: '' };
      const said =
        played(bench)
          .at(-1)
          ?.replace(/^.*\/(.*)\.wav$/, '$1') ?? '';
      return [now, next, bench.last('call-ended')?.reason ?? '', said];
    };
    const NOBODY = 'nobody-signed-in';
    expect(await dialled('*13')).to.deep.equal(['signed-out', '', 'not-signed-in', NOBODY]);
    bench.signIn(ADA);
    expect(await dialled('*13')).to.include.members(['not-allowed-now', 'not-possible-now']);
    const caller = await enter(bench);
    bench.ari.answerFarEnd(phone(bench, '2001').id);
    await bench.advance(500);
    expect((await dialled('*12')).slice(0, 2)).to.deep.equal(['talking', 'not-ready']);
    expect((await dialled('*12')).slice(0, 2)).to.deep.equal(['talking', '']);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(500);
    expect(await dialled('*12')).to.deep.equal([
      'wrap-up',
      '',
      'code-needed',
      'disposition-needed',
    ]);
    expect(await dialled('*13')).to.include.members(['wrap-up', 'wrap-up-longer']);
    expect(await dialled('*13')).to.include.members(['wrap-up', 'not-allowed-now']);
    // A supervisor need not wait for the code.
    const forced = { to: 'available', reason: '', by: 'Mara', why: 'Queue is full' } as const;
    expect(bench.roster.force(ADA, forced)).to.deep.equal({ ok: true });
    expect(state(bench, ADA)).to.equal('available');
    clean(bench);
  });

  describe('steered by a supervisor', () => {
    const desk = (bench: SwitchboardBench) => ({
      clock: bench.clock,
      roster: bench.roster,
      directory: bench.queueChanges,
      queueChanges: bench.queueChanges,
    });
    const command = (bench: SwitchboardBench, what: Parameters<typeof steer>[1]) =>
      steer(desk(bench), what);

    it('moves up', async () => {
      const bench = await start({ leavesWhenEmpty: false });
      const first = await enter(bench);
      const second = await enter(bench);
      const [, callId] = [...bench.calls.keys()];
      if (callId === undefined) throw new Error('no second call');
      const answer = command(bench, { kind: 'steer-priority', callId, priority: 20 });
      expect(answer).to.deep.equal({ ok: true });
      expect(bench.roster.acd.engine.placeOf(callId)).to.equal(1);
      bench.ari.hangUpFarEnd(first);
      bench.ari.hangUpFarEnd(second);
      await bench.advance(1_000);
      clean(bench);
    });

    it('waits for the agent who was named, although another is free', async () => {
      const bench = await start();
      bench.signIn(BEN);
      const first = await enter(bench);
      const second = await enter(bench);
      const [, callId] = [...bench.calls.keys()];
      if (callId === undefined) throw new Error('no second call');
      command(bench, { kind: 'steer-to-agent', callId, agentId: BEN, forMs: 60_000 });
      bench.signIn(ADA);
      await bench.advance(100);
      expect(state(bench, ADA)).to.equal('available');
      bench.ari.hangUpFarEnd(first);
      await bench.advance(100);
      expect(bench.roster.state(BEN)?.call).to.equal(callId);
      bench.ari.hangUpFarEnd(second);
      await bench.advance(1_000);
      clean(bench);
    });

    it('goes on in another queue with its time kept', async () => {
      const bench = await start({ leavesWhenEmpty: false });
      const caller = await enter(bench);
      await bench.advance(30_000);
      const [callId] = bench.calls.keys();
      if (callId === undefined) throw new Error('no call');
      const queueId = 1 as QueueId;
      command(bench, { kind: 'steer-to-queue', callId, queueId });
      await bench.advance(100);
      expect(bench.last('queue-left')).to.include({ reason: 'moved-by-supervisor' });
      const waiter = bench.roster.acd.engine.waiter(callId);
      expect(bench.clock.now() - (waiter?.enteredAt ?? 0)).to.be.at.least(30_000);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
    });

    it('sets an agent’s state; who and why stay with it until it is another', async () => {
      const bench = await start();
      bench.signIn(ADA);
      const forced = { by: 'Mara', why: 'Fire drill' };
      const force = {
        kind: 'agent-force',
        agentId: ADA,
        to: 'not-ready',
        reason: 'lunch',
        ...forced,
      };
      expect(command(bench, force as never)).to.deep.equal({ ok: true });
      const shown = () => bench.roster.liveAgents.find((agent) => agent.id === ADA);
      expect(shown()).to.deep.include({ state: 'not-ready', reason: 'lunch', forced });
      expect(bench.states.at(-1)).to.include({ state: 'not-ready', note: 'Mara: Fire drill' });
      bench.roster.notReady(ADA, 'break');
      expect(shown()).not.to.have.property('forced');
      expect(bench.states.at(-1)).not.to.have.property('note');
      // During a talk it is to come: told when it has come, and forgotten when the agent chose something else.
      bench.roster.available(ADA);
      const call = 'a call' as never;
      bench.roster.engageAgent(ADA, call);
      command(bench, force as never);
      expect(shown()).not.to.have.property('forced');
      bench.roster.talkEnded(ADA, call);
      expect(shown()).to.deep.include({ state: 'not-ready', forced });
      command(bench, { ...force, to: 'signed-out', reason: '' } as never);
      expect(bench.states.at(-1)).to.include({ state: 'signed-out', note: 'Mara: Fire drill' });
      expect(command(bench, { ...force, agentId: 99 } as never)).to.include({ ok: false });
    });

    it('may be gone, as may the agent and the queue: said in so many words', async () => {
      const bench = await start();
      const callId = 'gone' as never;
      const codes = [
        command(bench, { kind: 'steer-priority', callId, priority: 1 }),
        command(bench, { kind: 'steer-to-queue', callId, queueId: 99 as QueueId }),
        command(bench, { kind: 'steer-to-queue', callId, queueId: 1 as QueueId }),
        command(bench, { kind: 'explain-agent', agentId: 99 as AgentId }),
      ].map((answer) => (answer.ok ? 'ok' : answer.code));
      expect(codes).to.deep.equal(['not-in-line', 'unknown-queue', 'not-in-line', 'unknown-agent']);
    });

    it('hears why an agent gets no calls, and why a caller waits', async () => {
      const bench = await start({ leavesWhenEmpty: false });
      const caller = await enter(bench);
      const [callId] = bench.calls.keys();
      if (callId === undefined) throw new Error('no call');
      const agent = command(bench, { kind: 'explain-agent', agentId: ADA });
      expect(agent.ok && agent.explanations?.[0]?.reasons).to.deep.equal(['is-signed-out:1']);
      const call = command(bench, { kind: 'explain-call', callId });
      expect(call.ok && call.explanations?.[0]?.reasons[0]).to.equal('place:1');
      const preview = command(bench, {
        kind: 'preview-offer',
        queueId: 1 as QueueId,
        requirements: [],
        priority: 0,
      });
      expect(preview.ok && preview.explanations).to.have.length(2);
      bench.ari.hangUpFarEnd(caller);
      await bench.advance(1_000);
      clean(bench);
    });
  });

  it('an agent whose call is no more is freed within two looks of the reconciler, and it is logged', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.roster.engageAgent(ADA, 'a call that is gone' as never);
    await bench.advance(11_000);
    expect(state(bench, ADA)).to.equal('available');
    expect(bench.healed).to.have.length(1);
  });

  it('a caller whose end nobody was told of is gone, and the agent free, within three looks at the channels', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await enter(bench);
    await bench.advance(3_000);
    expect(state(bench, ADA)).to.equal('talking');
    for (const { id } of await bench.ari.listChannels()) bench.ari.lostEventsOf.add(id);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(5_000);
    expect(state(bench, ADA)).to.equal('talking');
    await bench.advance(25_000);
    expect(state(bench, ADA)).to.equal('wrap-up');
    expect(bench.healed).to.include('the end of a channel was missed');
    expect(bench.calls.size).to.equal(0);
    expect(bench.last('call-ended')).to.include({ result: 'answered' });
  });

  it('an agent who is held to ring for a call that does not ring there is freed', async () => {
    const bench = await start({ leavesWhenEmpty: false });
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    const caller = await enter(bench);
    await bench.advance(1_000);
    expect(state(bench, ADA)).to.equal('ringing');
    const [call] = [...bench.calls.values()];
    call?.legs.clear();
    await bench.advance(11_000);
    expect(state(bench, ADA)).to.not.equal('ringing');
    expect(bench.healed).to.have.length(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
  });

  it('an agent whose phone is said to be lost and is there is found again, and it is logged', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.roster.phoneChanged(1 as ExtensionId, false);
    expect(state(bench, ADA)).to.equal('phone-lost');
    await bench.advance(11_000);
    expect(state(bench, ADA)).to.equal('available');
    expect(bench.healed).to.have.length(1);
  });

  it('a break that a supervisor sets while the phone is lost is seen at once, and is the supervisor’s when it is back', async () => {
    const bench = await start();
    bench.signIn(ADA);
    bench.roster.phoneChanged(1 as ExtensionId, false);
    const forced = { to: 'not-ready', reason: 'meeting', by: 'Mara', why: 'All hands' } as const;
    expect(bench.roster.force(ADA, forced)).to.deep.equal({ ok: true });
    const seen = () => bench.roster.liveAgents.find(({ id }) => id === ADA);
    expect(seen()).to.include({ state: 'phone-lost', reason: 'meeting', next: 'not-ready' });
    expect(seen()?.forced).to.equal(undefined);
    bench.roster.phoneChanged(1 as ExtensionId, true);
    expect(seen()).to.include({ state: 'not-ready', reason: 'meeting' });
    expect(seen()).not.to.have.property('next');
    expect(seen()?.forced).to.deep.equal({ by: 'Mara', why: 'All hands' });
  });

  it('an agent who is held to talk in a call that went on without is freed', async () => {
    const bench = await start({ leavesWhenEmpty: false });
    const caller = await enter(bench);
    bench.signIn(ADA);
    bench.roster.notReady(ADA, 'lunch');
    const [callId] = [...bench.calls.keys()];
    if (callId === undefined) throw new Error('no call');
    bench.roster.engageAgent(ADA, callId);
    await bench.advance(11_000);
    expect(state(bench, ADA)).to.equal('not-ready');
    expect(bench.healed).to.have.length(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
  });

  it('who waits although somebody who fits is free raises one alarm after three seconds, and pages show it', async () => {
    const bench = await start({ leavesWhenEmpty: false });
    const caller = await enter(bench);
    // An error of the engine: it does not know that she is free.
    const ada = bench.roster.state(ADA) as { state: string };
    ada.state = 'available';
    await bench.advance(2_500);
    expect(bench.alarms).to.have.length(0);
    await bench.advance(2_500);
    expect(bench.alarms).to.have.length(1);
    expect(bench.roster.acd.stalledMs(salesQueue.id, bench.clock.now())).to.be.at.least(3_000);
    await bench.advance(20_000);
    expect(bench.alarms, 'once').to.have.length(1);
    ada.state = 'signed-out';
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(1_000);
    expect(bench.roster.acd.stalledMs(salesQueue.id, bench.clock.now())).to.equal(0);
  });

  for (const [reason, rules] of [
    ['line-full', { maxLength: 1 }],
    ['too-many-per-agent', { maxPerAgent: 1 }],
  ] as const)
    it(`is sent on at once where there are too many already: ${reason}`, async () => {
      const bench = await start({ ...rules, overflow: { kind: 'hangup' } });
      bench.signIn(ADA);
      bench.roster.notReady(ADA, 'lunch');
      const first = await enter(bench);
      const second = await enter(bench);
      await bench.advance(6_000);
      expect(bench.last('queue-left')).to.include({ outcome: 'overflowed', reason, waitedMs: 0 });
      expect(bench.ari.channels.has(second)).to.equal(false);
      expect(bench.calls.size).to.equal(1);
      bench.ari.hangUpFarEnd(first);
      await bench.advance(1_000);
      clean(bench);
    });
});
