import { expect } from 'chai';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import type { MonitorMode } from '../../../src/kernel/call-event.js';
import { ADA, BEN, SwitchboardBench } from '../../support/switchboard-bench.js';

/** The phone of the supervisor. */
const DESK_3 = 3 as ExtensionId;

describe('A supervisor', () => {
  async function talking() {
    const bench = await new SwitchboardBench().start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers' });
    bench.ari.farEnd('PJSIP/2003', { kind: 'rings' });
    bench.signIn(ADA);
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    await bench.advance(1_000);
    return { bench, caller };
  }
  const monitor = (bench: SwitchboardBench, mode: MonitorMode, extensionId = DESK_3, agent = ADA) =>
    bench.desk({ kind: 'monitor', agentId: agent, extensionId, mode, by: 'Ines Holm' });
  const phone = (bench: SwitchboardBench) =>
    [...bench.ari.channels.values()].find(({ name }) => name.startsWith('PJSIP/2003-'));
  const shown = (bench: SwitchboardBench) => [...bench.calls.values()][0]?.live.monitors;
  const listeners = (bench: SwitchboardBench) =>
    bench.ari.log.filter((line) => line.startsWith('snoop ') && line.includes(' both'));
  const clean = (bench: SwitchboardBench): void => {
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.errors, 'errors').to.deep.equal([]);
    expect(bench.healed, 'healed').to.deep.equal([]);
  };

  it('listens, whispers and joins in from the own phone, and the ledger knows', async () => {
    const { bench, caller } = await talking();
    expect(await monitor(bench, 'listen')).to.deep.equal({ ok: true });
    await bench.advance(500);
    expect(shown(bench)).to.deep.include.members([
      { ...shown(bench)?.[0], mode: 'listen', isRinging: true, extension: '2003' },
    ]);
    bench.ari.answerFarEnd(phone(bench)?.id ?? ('' as never));
    await bench.advance(500);
    expect(shown(bench)?.[0]).to.include({ mode: 'listen', isRinging: false, by: 'Ines Holm' });
    expect(listeners(bench).at(-1)).to.match(/both$/);
    for (const [mode, whispers] of [
      ['whisper', 'out'],
      ['barge', 'both'],
    ] as const) {
      await monitor(bench, mode);
      await bench.advance(500);
      expect(listeners(bench).at(-1)).to.match(new RegExp(`both ${whispers}$`));
      expect(shown(bench)?.[0]?.mode).to.equal(mode);
    }
    const at = phone(bench)?.bridge;
    const inBridge = [...bench.ari.channels.values()].filter(({ bridge }) => bridge === at);
    expect(inBridge, 'the phone and one listener').to.have.length(2);
    bench.ari.hangUpFarEnd(phone(bench)?.id ?? ('' as never));
    await bench.advance(500);
    expect(shown(bench)).to.equal(undefined);
    expect(bench.kinds().filter((kind) => kind === 'monitored')).to.have.length(3);
    expect(bench.last('monitor-ended')).to.include({ by: 'Ines Holm', number: '2003' });
    expect(bench.calls.size, 'the talk goes on').to.equal(1);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(12_000);
    expect(bench.last('call-ended')?.result).to.equal('answered');
    clean(bench);
  });

  it('takes the call over: the agent is free, the talk goes on, and nothing of the listening is left', async () => {
    const { bench, caller } = await talking();
    await monitor(bench, 'listen');
    await bench.advance(200);
    const leg = phone(bench)?.id ?? ('' as never);
    bench.ari.answerFarEnd(leg);
    await bench.advance(500);
    expect(await monitor(bench, 'take-over')).to.deep.equal({ ok: true });
    await bench.advance(1_000);
    expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
    expect(shown(bench)).to.equal(undefined);
    const call = [...bench.calls.values()][0];
    expect(call?.live).to.include({ stage: 'talk', other: '2003' });
    expect(phone(bench)?.bridge).to.equal(bench.ari.channels.get(caller)?.bridge);
    expect(bench.last('monitored')).to.include({ mode: 'take-over', by: 'Ines Holm' });
    bench.ari.hangUpFarEnd(leg);
    await bench.advance(12_000);
    expect(bench.last('call-ended')).to.include({ result: 'answered', endedBy: 'callee' });
    clean(bench);
  });

  it('takes over when the phone is lifted, and not while the agent asks somebody', async () => {
    const { bench, caller } = await talking();
    await monitor(bench, 'take-over');
    await bench.advance(200);
    expect(shown(bench)?.[0]).to.include({ mode: 'take-over', isRinging: true });
    const talk = [...bench.calls.values()][0]?.talk;
    const channel = talk?.channelOf({ agentId: ADA });
    if (talk === undefined || channel === undefined) throw new Error('no talk');
    bench.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    void talk.ask(channel, {
      kind: 'consult',
      target: { kind: 'extension', id: 2 as ExtensionId },
    });
    await bench.advance(200);
    bench.ari.answerFarEnd(phone(bench)?.id ?? ('' as never));
    await bench.advance(500);
    expect(shown(bench)?.[0], 'listens instead').to.include({ mode: 'listen', isRinging: false });
    expect(await monitor(bench, 'take-over')).to.include({ code: 'consult-under-way' });
    void talk.ask(channel, { kind: 'drop' });
    await bench.advance(200);
    expect(await monitor(bench, 'take-over')).to.deep.equal({ ok: true });
    await bench.advance(1_000);
    expect(bench.roster.state(ADA)?.state).to.equal('wrap-up');
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(12_000);
    expect(phone(bench)).to.equal(undefined);
    clean(bench);
  });

  it('is hung up with the talk, and whose phone is not lifted hears nothing', async () => {
    const { bench, caller } = await talking();
    await monitor(bench, 'listen');
    await bench.advance(21_000);
    expect(shown(bench), 'nobody came').to.equal(undefined);
    expect(bench.kinds()).to.not.include('monitored');
    expect(bench.kinds()).to.not.include('monitor-ended');
    bench.ari.farEnd('PJSIP/2003', { kind: 'answers' });
    await monitor(bench, 'whisper');
    await bench.advance(500);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(12_000);
    expect(phone(bench)).to.equal(undefined);
    clean(bench);
  });

  it('stops at the page, also while the phone rings', async () => {
    const { bench, caller } = await talking();
    await monitor(bench, 'listen');
    await bench.desk({ kind: 'monitor-stop', extensionId: DESK_3 });
    await bench.advance(500);
    expect([shown(bench), phone(bench)]).to.deep.equal([undefined, undefined]);
    expect(await bench.desk({ kind: 'monitor-stop', extensionId: DESK_3 })).to.deep.equal({
      ok: true,
    });
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(12_000);
    clean(bench);
  });

  it('is told why nothing can be heard', async () => {
    const { bench, caller } = await talking();
    const code = async (answer: ReturnType<typeof monitor>): Promise<string> => {
      const said = await answer;
      return said.ok ? 'ok' : said.code;
    };
    expect(await code(monitor(bench, 'listen', 1 as ExtensionId))).to.equal('phone-of-the-agent');
    expect(await code(monitor(bench, 'listen', 99 as ExtensionId))).to.equal('unknown-extension');
    expect(await code(monitor(bench, 'listen', DESK_3, BEN))).to.equal('agent-does-not-talk');
    bench.unregistered.add('2003');
    expect(await code(monitor(bench, 'listen'))).to.equal('phone-not-registered');
    bench.unregistered.delete('2003');
    bench.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    const own = bench.ari.arrive({
      callerNumber: '2003',
      endpoint: '2003',
      args: ['phone', '2002'],
    });
    await bench.advance(500);
    expect(await code(monitor(bench, 'listen'))).to.equal('phone-has-a-call');
    bench.ari.hangUpFarEnd(own);
    bench.ari.hangUpFarEnd(caller);
    await bench.advance(12_000);
    clean(bench);
  });
});
