import { expect } from 'chai';
import type { RecordingWish } from '../../../src/engines/recording/control.js';
import type { RecordingRule } from '../../../src/engines/recording/policy.js';
import { foldPauses } from '../../../src/engines/reporting/fold-pauses.js';
import type { ChannelId, ExtensionId } from '../../../src/kernel/ids.js';
import type { DirectorySnapshot, QueueConfig } from '../../../src/telephony/directory.js';
import { DEFAULT_RECORDING } from '../../../src/telephony/recording-settings.js';
import {
  ADA,
  demoDirectory,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const EXTENSION = (id: number) => ({ kind: 'extension', id: id as ExtensionId }) as const;

describe('The recording of a talk', () => {
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.calls.size, 'calls').to.equal(0);
    expect(bench.errors, 'errors').to.deep.equal([]);
  };
  const start = (
    recording: RecordingRule = 'always',
    queue: Partial<QueueConfig> = {},
    changes: Partial<DirectorySnapshot> = {},
  ): Promise<SwitchboardBench> =>
    new SwitchboardBench({
      ...demoDirectory({ ...salesQueue, recording, ...queue }),
      ...changes,
    }).start();

  /** Ada talks with a caller of the queue. */
  async function talk(
    ...how: Parameters<typeof start>
  ): Promise<{ bench: SwitchboardBench; caller: ChannelId; ada: ChannelId }> {
    const bench = await start(...how);
    bench.signIn(ADA);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(2_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    const ada = [...bench.ari.channels.keys()].find((id) => id.endsWith('-agent'));
    if (ada === undefined) throw new Error('no leg');
    return { bench, caller, ada };
  }

  async function ask(bench: SwitchboardBench, wish: RecordingWish): Promise<string> {
    const command = { kind: 'recording', wish } as const;
    const answer = bench.desk({ kind: 'agent-talk', agentId: ADA, command });
    await bench.settle();
    const said = await answer;
    return said.ok ? 'ok' : said.code;
  }
  /** Another process takes the calls up. */
  const handOver = async (bench: SwitchboardBench): Promise<SwitchboardBench> => {
    const next = await new SwitchboardBench(bench.directory, bench).start();
    await next.settle();
    return next;
  };
  const isRecording = (bench: SwitchboardBench): boolean => bench.ari.recordingsLive.size > 0;

  /** The sums of a call that is over, in ms. */
  function sums({ ledger }: SwitchboardBench) {
    const pauses = foldPauses(ledger, ledger.at(-1)?.at ?? 0);
    return {
      recorded: ledger.reduce(
        (sum, e) => sum + (e.kind === 'recording-ended' ? e.recordedMs : 0),
        0,
      ),
      paused: pauses.reduce((sum, { from, to }) => sum + to - from, 0),
      talked: ledger.reduce((sum, e) => sum + (e.kind === 'disconnected' ? e.talkedMs : 0), 0),
    };
  }
  async function over(bench: SwitchboardBench, caller: ChannelId): Promise<void> {
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(20_000);
    clean(bench);
  }

  it('says in the ledger whether and why, before it begins', async () => {
    const { bench, caller } = await talk();
    expect(bench.last('recording-decided')).to.deep.include({
      mode: 'always',
      why: [{ by: 'queue', name: 'Sales' }],
    });
    const kinds = bench.kinds();
    expect(kinds.indexOf('recording-decided')).to.be.below(kinds.indexOf('recording-started'));
    await over(bench, caller);
  });

  it('is begun and ended on demand', async () => {
    const { bench, caller } = await talk('on-demand');
    expect(isRecording(bench)).to.equal(false);
    expect(await ask(bench, 'pause')).to.equal('recording-off');
    await bench.advance(4_000);
    expect(await ask(bench, 'start')).to.equal('ok');
    expect(isRecording(bench)).to.equal(true);
    expect(await ask(bench, 'start')).to.equal('recording-on');
    await bench.advance(5_000);
    expect(await ask(bench, 'stop')).to.equal('ok');
    expect(isRecording(bench)).to.equal(false);
    await bench.advance(3_000);
    await over(bench, caller);
    expect(sums(bench).recorded).to.equal(5_000);
    expect(
      bench.ledger.flatMap((e) => (e.kind === 'recording-switched' ? [e.isOn] : [])),
    ).to.deep.equal([true, false]);
  });

  it('pauses and goes on: recorded and paused time is the talk', async () => {
    const { bench, caller } = await talk();
    await bench.advance(4_000);
    expect(await ask(bench, 'pause')).to.equal('ok');
    expect(isRecording(bench), 'nothing listens').to.equal(false);
    expect(await ask(bench, 'pause')).to.equal('recording-paused');
    const [call] = [...bench.calls.values()];
    expect(call?.live.recording).to.equal(false);
    expect(call?.live.talk?.recording).to.deep.include({ mode: 'always', isWanted: true });
    await bench.advance(12_000);
    expect(await ask(bench, 'resume')).to.equal('ok');
    expect(isRecording(bench)).to.equal(true);
    expect(await ask(bench, 'resume')).to.equal('recording-not-paused');
    await bench.advance(6_000);
    await over(bench, caller);
    const { recorded, paused, talked } = sums(bench);
    expect(paused).to.equal(12_000);
    expect(recorded + paused).to.equal(talked);
    expect(bench.last('recording-resumed')).to.include({ why: 'asked', pausedMs: 12_000 });
  });

  it('goes on by itself when the time of a pause is over', async () => {
    const { bench, caller } = await talk(
      'always',
      {},
      { recording: { ...DEFAULT_RECORDING, maxPauseMs: 30_000 } },
    );
    await ask(bench, 'pause');
    await bench.advance(29_000);
    expect(isRecording(bench)).to.equal(false);
    await bench.advance(1_000);
    expect(isRecording(bench)).to.equal(true);
    expect(bench.last('recording-resumed')).to.include({ why: 'limit', pausedMs: 30_000 });
    // A second pause has its own time.
    await ask(bench, 'pause');
    await bench.advance(10_000);
    await ask(bench, 'resume');
    await ask(bench, 'pause');
    await bench.advance(25_000);
    expect(isRecording(bench)).to.equal(false);
    await over(bench, caller);
    const { recorded, paused, talked } = sums(bench);
    expect(recorded + paused).to.equal(talked);
  });

  it('is stopped while paused', async () => {
    const { bench, caller } = await talk('on-demand');
    await ask(bench, 'start');
    await bench.advance(1_000);
    await ask(bench, 'pause');
    await bench.advance(2_000);
    expect(await ask(bench, 'stop')).to.equal('ok');
    expect(bench.last('recording-resumed')).to.include({ why: 'stopped', pausedMs: 2_000 });
    await bench.advance(300_000);
    expect(isRecording(bench), 'no limit begins it again').to.equal(false);
    await over(bench, caller);
    expect(sums(bench).recorded).to.equal(1_000);
  });

  it('hanging up while paused leaves nothing of the pause', async () => {
    const { bench, caller } = await talk();
    await bench.advance(1_000);
    await ask(bench, 'pause');
    await bench.advance(5_000);
    await over(bench, caller);
    const { recorded, paused, talked } = sums(bench);
    expect(paused).to.equal(5_000);
    expect(recorded + paused).to.equal(talked);
  });

  it('a pause goes with a transfer, and ends for whoever has the call then', async () => {
    const { bench, caller } = await talk(
      'always',
      {},
      { recording: { ...DEFAULT_RECORDING, maxPauseMs: 20_000 } },
    );
    await bench.advance(1_000);
    await ask(bench, 'pause');
    bench.ari.farEnd('PJSIP/2003', { kind: 'answers', afterMs: 2_000 });
    const command = { kind: 'transfer', target: EXTENSION(3) } as const;
    await bench.desk({ kind: 'agent-talk', agentId: ADA, command });
    await bench.advance(6_000);
    expect([...bench.calls.values()][0]?.stage.kind).to.equal('talk');
    expect(isRecording(bench), 'still paused').to.equal(false);
    await bench.advance(15_000);
    expect(isRecording(bench), 'until its limit').to.equal(true);
    await over(bench, caller);
    const { recorded, paused, talked } = sums(bench);
    expect(recorded + paused).to.equal(talked);
  });

  it('stays paused when the program dies, and goes on at its limit', async () => {
    const { bench, caller } = await talk(
      'always',
      {},
      { recording: { ...DEFAULT_RECORDING, maxPauseMs: 60_000 } },
    );
    await bench.advance(1_000);
    await ask(bench, 'pause');
    bench.kill();
    await bench.clock.advance(5_000);
    expect(isRecording(bench)).to.equal(false);
    const next = await handOver(bench);
    await next.advance(5_000);
    expect(isRecording(next), 'another process').to.equal(false);
    await next.advance(50_000);
    expect(isRecording(next)).to.equal(true);
    await next.advance(2_000);
    await over(next, caller);
    const { recorded, paused, talked } = sums(next);
    expect(paused).to.equal(60_000);
    expect(recorded + paused).to.equal(talked);
  });

  it('a process that dies between the wish and the deed leaves no listener', async () => {
    const { bench, caller } = await talk();
    await bench.advance(1_000);
    const [call] = [...bench.calls.values()];
    if (call === undefined) throw new Error('no call');
    const now = bench.clock.now();
    call.recordingControl = { isOn: false, pause: { at: now, until: now + 60_000 } };
    call.save();
    bench.kill();
    await bench.clock.advance(3_000);
    const next = await handOver(bench);
    await next.advance(1_000);

    expect(isRecording(next)).to.equal(false);
    await over(next, caller);
    const began = next.ledger.find(({ kind }) => kind === 'recording-started')?.at ?? 0;
    expect(sums(next).recorded, 'as if it had been done').to.equal(now - began);
  });

  it('is not called paused while somebody may still listen', async () => {
    const { bench, caller } = await talk();
    await bench.advance(1_000);
    bench.ari.failNext('hangup', 'unavailable');
    expect(await ask(bench, 'pause')).to.equal('pbx-offline');
    expect(bench.kinds()).to.not.include('recording-paused');
    expect([...bench.calls.values()][0]?.live.talk?.recording).to.deep.equal({
      mode: 'always',
      isWanted: true,
    });
    expect(await ask(bench, 'pause'), 'again').to.equal('ok');
    expect(isRecording(bench)).to.equal(false);
    await bench.advance(2_000);
    await over(bench, caller);
    expect(bench.kinds().filter((kind) => kind === 'recording-ended')).to.have.length(1);
  });

  describe('by keys of the phone', () => {
    it('pauses and goes on, and whoever pressed hears it', async () => {
      const { bench, caller, ada } = await talk();
      await bench.press(ada, '*2');
      expect(isRecording(bench)).to.equal(false);
      expect(bench.last('recording-paused')).to.include({ via: 'phone', agentId: ADA, by: ada });
      await bench.advance(1_000);
      await bench.press(ada, '*2');
      expect(isRecording(bench)).to.equal(true);
      await over(bench, caller);
    });

    it('begins and ends one on demand', async () => {
      const { bench, caller, ada } = await talk('on-demand');
      await bench.press(ada, '*1');
      expect(isRecording(bench)).to.equal(true);
      await bench.press(ada, '*1');
      expect(isRecording(bench)).to.equal(false);
      await over(bench, caller);
    });

    it('does nothing when the caller presses them', async () => {
      const { bench, caller } = await talk();
      await bench.press(caller, '*2');
      expect(isRecording(bench)).to.equal(true);
      await over(bench, caller);
    });
  });

  describe('by rules', () => {
    const withRules = (
      internal: RecordingRule,
      site: Partial<typeof DEFAULT_RECORDING.site> = {},
    ): Partial<DirectorySnapshot> => {
      const plain = demoDirectory();
      const extensions = [...plain.extensions.values()].map((one) => ({
        ...one,
        recording: { ...one.recording, internal: one.number === '2003' ? internal : 'default' },
      }));
      return {
        extensions: new Map(extensions.map((one) => [one.id, one])),
        extensionsByNumber: new Map(extensions.map((one) => [one.number, one])),
        recording: { ...DEFAULT_RECORDING, site: { ...DEFAULT_RECORDING.site, ...site } },
      };
    };
    const internalCall = async (changes: Partial<DirectorySnapshot>, from: string, to: string) => {
      const bench = await start('always', {}, changes);
      bench.ari.farEnd(`PJSIP/${to}`, { kind: 'answers', afterMs: 500, talkMs: 3_000 });
      bench.ari.arrive({ callerNumber: from, endpoint: from, args: ['phone', to] });
      await bench.advance(10_000);
      clean(bench);
      return bench;
    };

    it('an internal call is recorded as either side says', async () => {
      for (const [from, to] of [
        ['2001', '2003'],
        ['2003', '2001'],
      ] as const) {
        const bench = await internalCall(withRules('always'), from, to);
        expect(bench.kinds()).to.include('recording-ended');
        expect(bench.last('recording-decided')).to.deep.include({
          why: [{ by: 'extension', name: '2003' }],
        });
      }
    });

    it('and not where one of them must not be', async () => {
      const bench = await internalCall(withRules('never', { internal: 'always' }), '2001', '2003');
      expect(bench.kinds()).to.not.include('recording-started');
      expect(bench.last('recording-decided')).to.include({ mode: 'never' });
    });

    it('and as the site says where neither says anything', async () => {
      const silent = await internalCall({}, '2001', '2003');
      expect(silent.last('recording-decided')).to.deep.include({
        mode: 'never',
        why: [{ by: 'site', name: '' }],
      });
    });

    it('forbidden, nobody begins one', async () => {
      const { bench, caller } = await talk('never');
      for (const wish of ['start', 'stop', 'pause', 'resume'] as const)
        expect(await ask(bench, wish)).to.equal('recording-forbidden');
      await over(bench, caller);
      expect(bench.kinds()).to.not.include('recording-started');
    });
  });

  describe('told to whoever is outside', () => {
    it('once, before anybody talks', async () => {
      const { bench, caller } = await talk('always', { recordingNotice: 'notice' });
      expect(bench.last('recording-told')).to.deep.include({ leg: caller, answer: 'stayed' });
      const kinds = bench.kinds();
      expect(kinds.indexOf('recording-told')).to.be.below(kinds.indexOf('recording-started'));
      await over(bench, caller);
      expect(bench.kinds().filter((kind) => kind === 'recording-told')).to.have.length(1);
    });

    it('with a choice: the key goes on without recording, for good', async () => {
      const bench = await start('always', { recordingNotice: 'choice' });
      bench.signIn(ADA);
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 1_000 });
      const caller = await bench.callIn();
      await bench.press(caller, '1');
      await bench.advance(1_200);
      await bench.press(caller, '9');
      await bench.advance(2_000);
      expect([...bench.calls.values()][0]?.stage.kind).to.equal('talk');
      expect(isRecording(bench)).to.equal(false);
      expect(bench.last('recording-told')).to.include({ how: 'choice', answer: 'declined' });
      expect(bench.last('recording-decided')).to.deep.include({
        mode: 'never',
        why: [{ by: 'person', name: '' }],
      });
      expect(await ask(bench, 'start')).to.equal('recording-forbidden');
      await over(bench, caller);
    });

    it('not where nothing is recorded', async () => {
      const { bench, caller } = await talk('never', { recordingNotice: 'notice' });
      expect(bench.kinds()).to.not.include('recording-told');
      await over(bench, caller);
    });

    it('also the called side, as its country asks for', async () => {
      const bench = await start(
        'always',
        {},
        {
          recording: { ...DEFAULT_RECORDING, prefixes: [{ prefix: '+49', notice: 'notice' }] },
        },
      );
      bench.ari.farEnd('PJSIP/+493012345678@trunk-1', {
        kind: 'answers',
        afterMs: 500,
        talkMs: 5_000,
      });
      const plain = demoDirectory().extensions.get(1 as ExtensionId);
      if (plain === undefined) throw new Error('no extension');
      const far = { ...plain, permission: 'international' as const };
      (bench.directory.extensions as Map<ExtensionId, typeof far>).set(far.id, far);
      bench.ari.arrive({
        callerNumber: '2001',
        endpoint: '2001',
        args: ['phone', '+493012345678'],
      });
      await bench.advance(10_000);
      expect(bench.last('recording-told')).to.include({ how: 'notice', answer: 'stayed' });
      expect(bench.kinds()).to.include('recording-ended');
      clean(bench);
    });
  });
});
