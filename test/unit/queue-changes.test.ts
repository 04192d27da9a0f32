import { expect } from 'chai';
import type { AgentId, PromptId, QueueId } from '../../src/kernel/ids.js';
import { steer } from '../../src/telephony/calls/steering.js';
import type { QueueConfig } from '../../src/telephony/directory.js';
import type { DeskAnswer } from '../../src/telephony/live.js';
import { openingAt, type HandChange } from '../../src/telephony/queue-changes.js';
import {
  ADA,
  BEN,
  demoDirectory,
  SALES,
  salesQueue,
  SwitchboardBench,
} from '../support/switchboard-bench.js';

const HOUR_MS = 3_600_000;
const GREETING = 1 as PromptId;

describe('A queue that a supervisor changes by hand', () => {
  const start = async (queue: Partial<QueueConfig> = {}): Promise<SwitchboardBench> => {
    const bench = await new SwitchboardBench(
      demoDirectory({ ...salesQueue, leavesWhenEmpty: false, maxWaitMs: 0, ...queue }),
    ).start();
    bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
    bench.ari.farEnd('PJSIP/2002', { kind: 'rings' });
    return bench;
  };
  const enter = async (bench: SwitchboardBench) => {
    const caller = await bench.callIn();
    await bench.press(caller, '1');
    return caller;
  };
  const command = (bench: SwitchboardBench, what: Parameters<typeof steer>[1]): DeskAnswer =>
    steer(
      {
        clock: bench.clock,
        roster: bench.roster,
        directory: bench.queueChanges,
        queueChanges: bench.queueChanges,
      },
      what,
    );
  const change = (
    bench: SwitchboardBench,
    what: HandChange,
    forMs?: number,
    queueId = SALES,
  ): DeskAnswer =>
    command(bench, {
      ...{ kind: 'queue-change', queueId, change: what, by: 'Mara', why: 'Fire drill' },
      ...(forMs === undefined ? {} : { until: bench.clock.now() + forMs }),
    });
  const undo = (bench: SwitchboardBench, key: string): DeskAnswer =>
    command(bench, { kind: 'queue-undo', queueId: SALES, key });
  const clean = async (bench: SwitchboardBench): Promise<void> => {
    for (const call of bench.calls.values()) bench.ari.hangUpFarEnd(call.channel);
    await bench.advance(1_000);
    expect(bench.ari.leftovers(), 'left on the node').to.deep.equal([]);
    expect(bench.calls.size, 'calls').to.equal(0);
    expect(bench.errors, 'errors').to.deep.equal([]);
  };
  const left = (bench: SwitchboardBench) =>
    bench.ledger.filter(({ kind }) => kind === 'queue-left');

  describe('closed', () => {
    it('takes no new callers and serves those in line, until the time is over', async () => {
      const bench = await start();
      await enter(bench);
      expect(change(bench, { kind: 'opening', isOpen: false }, HOUR_MS)).to.deep.equal({
        ok: true,
      });
      await bench.advance(20_000);
      expect(left(bench)).to.deep.equal([]);
      await enter(bench);
      expect(bench.last('queue-left')).to.include({ outcome: 'closed', reason: 'queue-closed' });
      await bench.advance(HOUR_MS);
      expect(bench.queueChanges.of(SALES)).to.deep.equal([]);
      expect(bench.changeMemory.size).to.equal(0);
      await enter(bench);
      expect(left(bench)).to.have.length(1);
      await clean(bench);
    });

    it('sends those in line on at once where the queue is cleared at closing', async () => {
      const bench = await start({ clearsAtClosing: true });
      await enter(bench);
      change(bench, { kind: 'opening', isOpen: false });
      await bench.advance(100);
      expect(bench.last('queue-left')).to.include({ outcome: 'closed', reason: 'queue-closed' });
      await clean(bench);
    });

    it('stays closed over a restart, until somebody undoes it', async () => {
      const bench = await start();
      change(bench, { kind: 'opening', isOpen: false });
      await bench.stop();
      const next = await new SwitchboardBench(bench.directory, bench).start();
      await enter(next);
      expect(next.last('queue-left')).to.include({ outcome: 'closed' });
      expect(next.queueChanges.of(SALES)[0]).to.deep.include({ by: 'Mara', why: 'Fire drill' });
      undo(next, '1-opening');
      expect(undo(next, '1-opening')).to.deep.equal({ ok: true });
      await enter(next);
      expect(next.last('queue-entered')?.at).to.be.above(next.last('queue-left')?.at ?? 0);
      await clean(next);
      await next.stop();
    });

    it('forgets over a restart what has ended meanwhile', async () => {
      const bench = await start();
      change(bench, { kind: 'opening', isOpen: false }, HOUR_MS);
      await bench.stop();
      await bench.clock.advance(HOUR_MS);
      const next = await new SwitchboardBench(bench.directory, bench).start();
      expect(next.queueChanges.of(SALES)).to.deep.equal([]);
      expect(next.changeMemory.size).to.equal(0);
      await next.stop();
    });
  });

  it('opened takes callers although the calendar says closed', async () => {
    const bench = await start();
    bench.isOpen = false;
    await enter(bench);
    expect(bench.last('queue-left')).to.include({ outcome: 'closed' });
    change(bench, { kind: 'opening', isOpen: true }, HOUR_MS);
    await enter(bench);
    expect(left(bench)).to.have.length(1);
    await bench.advance(HOUR_MS + 10_000);
    // The queue is not cleared at closing.
    expect(left(bench)).to.have.length(1);
    await clean(bench);
  });

  it('is changed again: the new end counts, not the former one', async () => {
    const bench = await start();
    change(bench, { kind: 'opening', isOpen: false }, 10_000);
    change(bench, { kind: 'opening', isOpen: false }, HOUR_MS);
    await bench.advance(60_000);
    expect(bench.queueChanges.of(SALES)).to.have.length(1);
    const changes = bench.queueChanges.of(SALES);
    expect(openingAt(changes, bench.clock.now())?.isOpen).to.equal(false);
    expect(openingAt(changes, bench.clock.now() + HOUR_MS)).to.equal(undefined);
    await clean(bench);
  });

  it('lets callers wait for another time, also those who wait already', async () => {
    const bench = await start({ maxWaitMs: 60_000 });
    await enter(bench);
    await bench.advance(30_000);
    change(bench, { kind: 'max-wait', maxWaitMs: 120_000 });
    await bench.advance(60_000);
    expect(left(bench)).to.deep.equal([]);
    change(bench, { kind: 'max-wait', maxWaitMs: 20_000 });
    await bench.advance(100);
    expect(bench.last('queue-left')).to.include({ outcome: 'overflowed', reason: 'max-wait' });
    await enter(bench);
    undo(bench, '1-max-wait');
    await bench.advance(59_000);
    expect(left(bench)).to.have.length(1);
    await bench.advance(1_000);
    expect(left(bench)).to.have.length(2);
    await clean(bench);
  });

  it('gets a helper for a while, who is offered its calls', async () => {
    const bench = await start({ members: [ADA] });
    bench.signIn(BEN);
    await enter(bench);
    expect(bench.roster.state(BEN)?.state).to.equal('available');
    change(bench, { kind: 'helper', agentId: BEN }, HOUR_MS);
    await bench.advance(100);
    expect(bench.roster.state(BEN)?.state).to.equal('ringing');
    expect(bench.queueChanges.current.queues.get(SALES)?.members).to.deep.equal([ADA, BEN]);
    await bench.advance(HOUR_MS);
    expect(bench.roster.state(BEN)?.queues).to.deep.equal([]);
    await clean(bench);
  });

  describe('has an announcement played', () => {
    const ofGreeting = (bench: SwitchboardBench): readonly string[] =>
      bench.ari.log.filter((line) => line.startsWith('play ') && line.includes('a'.repeat(64)));
    const announce = (bench: SwitchboardBench): DeskAnswer =>
      command(bench, { kind: 'queue-announce', queueId: SALES, promptId: GREETING });

    it('once to each who is on the line, and the music goes on', async () => {
      const bench = await start();
      await enter(bench);
      await enter(bench);
      const before = ofGreeting(bench).length;
      expect(announce(bench)).to.deep.equal({ ok: true, callers: 2 });
      await bench.advance(30_000);
      expect(ofGreeting(bench)).to.have.length(before + 2);
      expect(bench.ledger.filter(({ kind }) => kind === 'announced')).to.have.length(2);
      expect(bench.last('announced')).to.include({ name: 'Greeting', queueId: SALES });
      const last = bench.ari.log.findLast((line) => !/^(?:runDialplan|listChannels)/.test(line));
      expect(last).to.match(/^startMusic /);
      await enter(bench);
      await bench.advance(30_000);
      // Whoever came later has heard the menu only.
      expect(ofGreeting(bench)).to.have.length(before + 3);
      await clean(bench);
    });

    it('during which keys still work', async () => {
      const bench = await start({
        callback: { offerAfterMs: HOUR_MS, attempts: 1, retryMs: 60_000 },
      });
      const caller = await enter(bench);
      announce(bench);
      await bench.settle();
      await bench.press(caller, '1');
      await bench.press(caller, '1');
      await bench.advance(5_000);
      expect(bench.last('queue-left')).to.include({ outcome: 'callback' });
      await clean(bench);
    });

    it('one after the other, where two are wanted', async () => {
      const bench = await start();
      await enter(bench);
      const before = ofGreeting(bench).length;
      announce(bench);
      announce(bench);
      await bench.advance(30_000);
      expect(ofGreeting(bench)).to.have.length(before + 2);
      await clean(bench);
    });
  });

  it('is emptied: everybody on the line goes where the overflow leads', async () => {
    const bench = await start();
    await enter(bench);
    await enter(bench);
    expect(command(bench, { kind: 'queue-send-on', queueId: SALES })).to.deep.equal({
      ok: true,
      callers: 2,
    });
    await bench.advance(100);
    expect(left(bench)).to.have.length(2);
    expect(bench.last('queue-left')).to.include({
      outcome: 'overflowed',
      reason: 'sent-on-by-supervisor',
    });
    await clean(bench);
  });

  it('says what cannot be done', async () => {
    const bench = await start();
    const codes = [
      change(bench, { kind: 'opening', isOpen: false }, HOUR_MS, 99 as QueueId),
      change(bench, { kind: 'opening', isOpen: false }, -1),
      change(bench, { kind: 'helper', agentId: 99 as AgentId }),
      change(bench, { kind: 'helper', agentId: ADA }),
      command(bench, { kind: 'queue-announce', queueId: SALES, promptId: GREETING }),
      command(bench, { kind: 'queue-announce', queueId: SALES, promptId: 99 as PromptId }),
      command(bench, { kind: 'queue-send-on', queueId: SALES }),
      command(bench, { kind: 'queue-send-on', queueId: 99 as QueueId }),
    ].map((answer) => (answer.ok ? 'ok' : answer.code));
    expect(codes).to.deep.equal([
      ...['unknown-queue', 'time-has-passed', 'unknown-agent', 'already-member'],
      ...['nobody-on-the-line', 'unknown-prompt', 'nobody-on-the-line', 'unknown-queue'],
    ]);
    await clean(bench);
  });
});
