import { expect } from 'chai';
import type { CalendarId, CallId, ChannelId, PromptId, QueueId } from '../../../src/kernel/ids.js';
import type { Callback } from '../../../src/telephony/callbacks.js';
import type { QueueConfig } from '../../../src/telephony/directory.js';
import {
  ADA,
  BEN,
  CALLER,
  demoDirectory,
  DID,
  salesQueue,
  SwitchboardBench,
} from '../../support/switchboard-bench.js';

const RETRY_MS = 60_000;
const CUSTOMER = /^PJSIP\/\+44.*@trunk-/;
const EARLIER = '+442079460001';
const LATER = '+442079460002';

describe('callbacks', () => {
  let bench: SwitchboardBench;
  beforeEach(async () => {
    bench = await new SwitchboardBench(
      demoDirectory({
        ...salesQueue,
        leavesWhenEmpty: false,
        maxWaitMs: 0,
        callback: { offerAfterMs: 30_000, attempts: 2, retryMs: RETRY_MS },
      }),
    ).start();
    bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 2_000 });
    bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 3_000, talkMs: 20_000 });
  });
  afterEach(() => {
    expect(bench.errors).to.deep.equal([]);
    expect(bench.ari.listenerErrors).to.deep.equal([]);
  });

  const rows = (): readonly Callback[] => [...bench.callbackRows.rows.values()];
  const only = (): Callback => {
    const [row] = rows();
    if (row === undefined) throw new Error('no callback was kept');
    return row;
  };
  const callIntoLine = async (from = CALLER): Promise<ChannelId> => {
    const channel = await bench.callIn(DID, from);
    await bench.press(channel, '1');
    return channel;
  };
  /** Into the line, 1 for a callback, 1 for the caller's own number. */
  const askIn = async (from = CALLER): Promise<void> => {
    const channel = await callIntoLine(from);
    await bench.press(channel, '1');
    await bench.press(channel, '1');
    await bench.advance(2_000);
  };
  const dialled = (): readonly string[] =>
    bench.ari.log.filter((line) => /^(create|originate|dial) /.test(line));
  const customersDialled = (): number =>
    bench.ledger.filter((event) => event.kind === 'leg-started' && event.role === 'outside').length;
  const played = (name: string): boolean =>
    bench.ari.log.some((line) => line.startsWith('play ') && line.includes(`/${name}.wav`));
  const tried = (): readonly string[] =>
    bench.ledger.flatMap((event) => (event.kind === 'callback-tried' ? [event.callbackId] : []));
  const lineOf = (): readonly string[] =>
    [...(bench.roster.acd.engine.line(salesQueue.id)?.everybody ?? [])].map(
      ({ call }) => bench.callbacks.person(call)?.from ?? bench.calls.get(call)?.facts.from ?? '?',
    );

  describe('asking', () => {
    it('takes 1 and 1 for the own number, says so, and ends the call as a callback', async () => {
      await askIn();
      expect(played('callback-confirm')).to.equal(true);
      expect(played('callback-done')).to.equal(true);
      expect(only()).to.include({ number: CALLER, state: 'waiting', attempts: 0, notBefore: 0 });
      expect(bench.last('callback-asked')).to.include({ number: CALLER, callbackId: only().id });
      expect(bench.last('queue-left')).to.include({
        outcome: 'callback',
        reason: 'callback-asked',
      });
      expect(bench.last('call-ended')).to.include({ result: 'callback' });
    });

    it('takes another number that is typed', async () => {
      const caller = await callIntoLine();
      await bench.press(caller, '1');
      await bench.press(caller, '2');
      await bench.press(caller, '02079460777#');
      await bench.advance(3_000);
      expect(only().number).to.equal('+442079460777');
    });

    it('refuses a typed number abroad, and the caller stays in line', async () => {
      const caller = await callIntoLine();
      await bench.press(caller, '1');
      await bench.press(caller, '2');
      await bench.press(caller, '0012125550123#');
      await bench.advance(3_000);
      expect(rows()).to.deep.equal([]);
      expect(played('callback-refused')).to.equal(true);
      expect(lineOf()).to.deep.equal([CALLER]);
    });

    it('keeps the caller in line, with the place, while the database is away', async () => {
      const first = await callIntoLine();
      await callIntoLine(LATER);
      bench.callbackRows.isAway = true;
      await bench.press(first, '1');
      await bench.press(first, '1');
      await bench.advance(3_000);
      expect(played('callback-refused')).to.equal(true);
      expect(lineOf()).to.deep.equal([CALLER, LATER]);
    });

    it('keeps one open callback to a number, whoever asks', async () => {
      await askIn();
      const other = await callIntoLine(LATER);
      await bench.press(other, '1');
      await bench.press(other, '2');
      await bench.press(other, '02079460999#');
      await bench.advance(3_000);
      expect(rows()).to.have.length(1);
      expect(bench.last('queue-left')).to.include({ reason: 'callback-exists' });
    });

    it('keeps waiting whoever does not confirm', async () => {
      const caller = await callIntoLine();
      await bench.press(caller, '1');
      await bench.press(caller, '9');
      await bench.advance(3_000);
      expect(rows()).to.deep.equal([]);
      expect(lineOf()).to.deep.equal([CALLER]);
    });
  });

  describe('the place', () => {
    it('is kept: after an earlier caller, before a later one', async () => {
      await callIntoLine(EARLIER);
      await bench.advance(5_000);
      await askIn();
      await bench.advance(5_000);
      await callIntoLine(LATER);
      expect(lineOf()).to.deep.equal([EARLIER, CALLER, LATER]);
      bench.signIn(ADA);
      bench.signIn(BEN);
      await bench.advance(6_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      expect(tried()).to.deep.equal([only().id]);
      expect(lineOf()).to.deep.equal([LATER]);
    });

    it('goes to the caller who calls again, and nobody is called back', async () => {
      await askIn();
      await bench.advance(30_000);
      await callIntoLine(LATER);
      await callIntoLine();
      expect(only().state).to.equal('returned');
      expect(lineOf()).to.deep.equal([CALLER, LATER]);
      bench.signIn(ADA);
      await bench.advance(10_000);
      expect(tried()).to.deep.equal([]);
      expect(customersDialled()).to.equal(0);
    });
  });

  describe('trying', () => {
    it("rings the agent first, then the customer, and is done with the customer's answer", async () => {
      await askIn();
      const before = dialled().length;
      bench.signIn(ADA);
      await bench.advance(1_000);
      expect(bench.roster.state(ADA)?.state).to.equal('ringing');
      expect(customersDialled()).to.equal(0);
      expect(dialled().length).to.equal(before + 1);
      await bench.advance(1_500);
      expect(customersDialled()).to.equal(1);
      expect(only().state).to.equal('calling');
      await bench.advance(3_500);
      expect(only()).to.include({
        state: 'done',
        attempts: 1,
        agentId: ADA,
        lastOutcome: 'answered',
      });
      expect(bench.last('callback-tried')).to.include({ attempt: 1 });
      expect(bench.last('connected')?.callId).to.equal(only().lastCallId);
      await bench.advance(40_000);
      expect(bench.roster.state(ADA)?.state).to.equal('available');
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });

    it('tries a busy customer again at the old place, and fails after the last try', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      await askIn();
      const { enteredAt } = only();
      bench.signIn(ADA);
      await bench.advance(4_000);
      expect(only()).to.include({ state: 'waiting', attempts: 1, enteredAt, lastOutcome: 'busy' });
      await bench.advance(RETRY_MS - 10_000);
      expect(tried()).to.have.length(1);
      bench.roster.notReady(ADA, 'break');
      await bench.advance(10_000);
      await callIntoLine(LATER);
      expect(lineOf()).to.deep.equal([CALLER, LATER]);
      bench.roster.available(ADA);
      await bench.advance(4_000);
      expect(only()).to.include({ state: 'failed', attempts: 2, lastOutcome: 'busy' });
      await bench.advance(3 * RETRY_MS);
      expect(tried()).to.have.length(2);
    });

    it('lets a later caller go first while it waits for its next try', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(15_000);
      await callIntoLine(LATER);
      await bench.advance(3_000);
      expect(bench.roster.state(ADA)?.state).to.equal('talking');
      expect(lineOf()).to.deep.equal([CALLER]);
    });

    it('is not counted among those before a caller while it waits for its next try', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(15_000);
      bench.roster.notReady(ADA, 'break');
      await callIntoLine(LATER);
      const { engine } = bench.roster.acd;
      const [kept, later] = engine.line(salesQueue.id)?.everybody ?? [];
      expect(kept?.isCallback, 'it keeps its place').to.equal(true);
      expect(later && engine.placeOf(later.call)).to.equal(1);
      await bench.advance(RETRY_MS);
      expect(later && engine.placeOf(later.call), 'its time has come').to.equal(2);
    });

    it('is announced to the agent before the customer is dialled', async () => {
      const queues = bench.directory.queues as Map<QueueId, QueueConfig>;
      const queue = queues.get(salesQueue.id);
      if (queue === undefined) throw new Error('no queue');
      queues.set(queue.id, { ...queue, whisper: 1 as PromptId });
      await askIn();
      const before = bench.ari.log.length;
      bench.signIn(ADA);
      await bench.advance(2_200);
      const after = bench.ari.log.slice(before);
      expect(
        after.some((line) => line.startsWith('play ')),
        'words to the agent',
      ).to.equal(true);
      expect(customersDialled()).to.equal(0);
      await bench.advance(5_000);
      expect(customersDialled()).to.equal(1);
    });

    it('goes to the next agent when the first declines', async () => {
      bench.ari.farEnd('PJSIP/2001', { kind: 'declines', afterMs: 500 });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(200);
      bench.signIn(BEN);
      await bench.advance(7_000);
      expect(only()).to.include({ state: 'done', agentId: BEN, attempts: 1 });
    });

    it('is due again, without a try counted, when the agent hangs up while the customer rings', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(3_000);
      const call = bench.calls.get(only().lastCallId ?? ('' as never));
      expect(call?.stage.kind).to.equal('dial-outside');
      if (call) bench.ari.hangUpFarEnd(call.channel);
      await bench.advance(500);
      expect(only()).to.include({ state: 'waiting', attempts: 0, lastOutcome: 'agent-left' });
      bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 1_000, talkMs: 5_000 });
      await bench.advance(20_000);
      expect(only()).to.include({ state: 'done', attempts: 1 });
    });

    it('goes on after a lost connection without calling the customer twice at once', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      bench.signIn(BEN);
      await bench.advance(3_000);
      bench.ari.goDown();
      await bench.advance(2_000);
      bench.ari.comeUp();
      await bench.advance(4_000);
      expect(only().state).to.equal('calling');
      expect(tried()).to.have.length(1);
      const customers = [...bench.ari.channels.values()].filter(
        (one) => one.name.includes('@trunk') || one.name.includes('trunk-'),
      );
      expect(customers.length).to.be.at.most(1);
    });

    it('stops the ringing phone when it is cancelled, and can be opened again at its place', async () => {
      bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(1_000);
      expect(bench.callbacks.close(only().id, 'cancelled')).to.equal(true);
      await bench.advance(500);
      expect(only().state).to.equal('cancelled');
      expect(bench.roster.state(ADA)?.state).to.equal('available');
      expect(bench.ari.channels.size).to.equal(0);
      bench.roster.notReady(ADA, 'break');
      await callIntoLine(LATER);
      expect(await bench.callbacks.reopen(only().id)).to.equal(true);
      expect(await bench.callbacks.reopen(only().id)).to.equal(false);
      expect(lineOf()).to.deep.equal([CALLER, LATER]);
    });

    it('is not opened again when the number has another one', async () => {
      await askIn();
      const { id } = only();
      bench.callbacks.close(id, 'cancelled');
      await bench.settle();
      await askIn();
      expect(await bench.callbacks.reopen(id)).to.equal(false);
      expect(rows().map(({ state }) => state)).to.deep.equal(['cancelled', 'waiting']);
    });

    it('does not wait for its next try when a person hurries it', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(15_000);
      expect(tried()).to.have.length(1);
      bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 1_000 });
      expect(bench.callbacks.hurry(only().id)).to.equal(true);
      await bench.advance(5_000);
      expect(only()).to.include({ state: 'done', attempts: 2 });
    });

    it('is neither cancelled nor hurried while it is tried', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(3_000);
      expect(bench.callbacks.close(only().id, 'cancelled')).to.equal(false);
      expect(bench.callbacks.hurry(only().id)).to.equal(false);
    });

    it('writes what became of it when the database is back', async () => {
      await askIn();
      bench.callbackRows.isAway = true;
      bench.signIn(ADA);
      await bench.advance(7_000);
      expect(only().state).to.equal('waiting');
      bench.callbackRows.isAway = false;
      await bench.advance(3_000);
      expect(only().state).to.equal('done');
    });

    it('stops the other phones when everybody is rung and one answers', async () => {
      await bench.stop();
      bench = await new SwitchboardBench(
        demoDirectory({
          ...salesQueue,
          strategy: 'ring-all',
          leavesWhenEmpty: false,
          callback: { offerAfterMs: 30_000, attempts: 2, retryMs: RETRY_MS },
        }),
      ).start();
      bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 2_000 });
      bench.ari.farEnd('PJSIP/2002', { kind: 'rings' });
      bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 1_000, talkMs: 30_000 });
      bench.signIn(ADA);
      bench.signIn(BEN);
      bench.roster.notReady(ADA, 'break');
      bench.roster.notReady(BEN, 'break');
      await askIn();
      bench.roster.available(ADA);
      bench.roster.available(BEN);
      await bench.advance(1_000);
      expect(bench.roster.state(BEN)?.state).to.equal('ringing');
      await bench.advance(4_000);
      expect(only()).to.include({ state: 'done', agentId: ADA });
      expect(bench.roster.state(BEN)?.state).to.equal('available');
      await bench.advance(60_000);
      expect(bench.ari.leftovers()).to.deep.equal([]);
    });
  });

  describe('what becomes of it with its queue', () => {
    const MINUTE_MS = 60_000;
    const CALENDAR = 5 as CalendarId;
    const SUPPORT = 2 as QueueId;
    const queues = (): Map<QueueId, QueueConfig> =>
      bench.directory.queues as Map<QueueId, QueueConfig>;
    const change = (changes: Partial<QueueConfig>): void => {
      const queue = queues().get(salesQueue.id);
      if (queue === undefined) throw new Error('no queue');
      queues().set(queue.id, { ...queue, ...changes });
    };
    const configurationChanged = async (): Promise<void> => {
      bench.roster.configure(bench.directory);
      bench.roster.acd.tellEverybody({ kind: 'rules-changed' });
      await bench.settle();
    };
    /** The clock begins at 00:16:40: open until 00:20 and from 01:00 on. */
    const openWithPause = (): void => {
      const days = [1, 2, 3, 4, 5, 6, 7];
      (bench.directory.calendars as Map<CalendarId, unknown>).set(CALENDAR, {
        ...{ id: CALENDAR, name: 'Hours', zone: 'Etc/UTC', exceptions: [] },
        weekly: [
          { days, fromMinute: 0, toMinute: 20 },
          { days, fromMinute: 60, toMinute: 1_440 },
        ],
      });
      change({ calendarId: CALENDAR });
    };
    const OPENS_AT = 60 * MINUTE_MS;
    const until = (at: number): Promise<void> => bench.advance(at - bench.clock.now());

    it('is closed when the queue is archived, told in the ledger, and the number may ask again', async () => {
      queues().set(SUPPORT, { ...salesQueue, id: SUPPORT, name: 'Support' });
      await askIn();
      const { id, callId } = only();
      queues().delete(salesQueue.id);
      await configurationChanged();
      expect(only().state).to.equal('queue-gone');
      expect(bench.last('callback-closed')).to.include({
        ...{ callbackId: id, callId, queueId: salesQueue.id, number: CALLER, why: 'queue-gone' },
      });
      expect(bench.callbacks.openFor(CALLER)).to.equal(undefined);
      expect(bench.callbacks.wouldAnswer({ number: CALLER, queueId: SUPPORT })).to.equal(
        'accepted',
      );
      expect(bench.callbacks.wouldAnswer({ number: CALLER, queueId: salesQueue.id })).to.equal(
        'not-possible',
      );
    });

    it('is closed after its try when the queue went meanwhile', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 3_000 });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(3_000);
      expect(only().state).to.equal('calling');
      queues().delete(salesQueue.id);
      await configurationChanged();
      expect(only().state).to.equal('calling');
      await bench.advance(5_000);
      expect(only()).to.include({ state: 'queue-gone', attempts: 1, lastOutcome: 'busy' });
    });

    it('waits for the opening, and is made then in its order', async () => {
      openWithPause();
      await askIn();
      await until(20 * MINUTE_MS + 5_000);
      expect(only()).to.include({ state: 'waiting', heldUntil: OPENS_AT });
      bench.signIn(ADA);
      const later = await callIntoLine(LATER);
      await bench.advance(3_000);
      expect(bench.roster.state(ADA)?.state, 'somebody else goes first').to.equal('talking');
      bench.ari.hangUpFarEnd(later);
      await until(OPENS_AT - 1_000);
      expect(tried()).to.deep.equal([]);
      await until(OPENS_AT + 8_000);
      expect(only()).to.include({ state: 'done' });
    });

    it('rings no phone after closing time, and stops one that rings', async () => {
      openWithPause();
      bench.ari.farEnd('PJSIP/2001', { kind: 'rings' });
      await askIn();
      await until(20 * MINUTE_MS - 3_000);
      bench.signIn(ADA);
      await bench.advance(1_000);
      expect(bench.roster.state(ADA)?.state).to.equal('ringing');
      await until(20 * MINUTE_MS + 5_000);
      expect(bench.roster.state(ADA)?.state).to.equal('available');
      expect(bench.ari.channels.size).to.equal(0);
    });

    it('is asked just before closing time, and rings nobody just after it', async () => {
      openWithPause();
      await askIn();
      // Between two looks at the time.
      await until(20 * MINUTE_MS + 100);
      const before = dialled().length;
      bench.signIn(ADA);
      await bench.advance(30_000);
      expect(dialled().length).to.equal(before);
      expect(bench.roster.state(ADA)?.state).to.equal('available');
    });

    it('is made at once when a supervisor opens the queue by hand', async () => {
      openWithPause();
      await askIn();
      await until(21 * MINUTE_MS);
      change({ byHand: { isOpen: true } });
      await configurationChanged();
      bench.signIn(ADA);
      await bench.advance(7_000);
      expect(only().state).to.equal('done');
    });

    it('waits while nobody knows when the queue opens', async () => {
      await askIn();
      change({ byHand: { isOpen: false } });
      await configurationChanged();
      bench.signIn(ADA);
      await bench.advance(10 * MINUTE_MS);
      expect(only()).to.include({ state: 'waiting', heldUntil: 0 });
      expect(tried()).to.deep.equal([]);
      change({ byHand: { isOpen: true } });
      await configurationChanged();
      await bench.advance(7_000);
      expect(only().state).to.equal('done');
    });

    it('expires when it is too old, with an hour of the opening it waited for', async () => {
      openWithPause();
      change({ callbackMaxAgeMs: 30 * MINUTE_MS });
      await askIn();
      await until(OPENS_AT + 59 * MINUTE_MS);
      expect(only().state).to.equal('waiting');
      await until(OPENS_AT + 60 * MINUTE_MS + 5_000);
      expect(only().state).to.equal('expired');
      expect(bench.last('callback-closed')).to.include({ why: 'expired' });
      expect(lineOf()).to.deep.equal([]);
      bench.signIn(ADA);
      await bench.advance(10_000);
      expect(tried()).to.deep.equal([]);
    });

    it('expires while the program is away, and is told once', async () => {
      change({ callbackMaxAgeMs: 10 * MINUTE_MS });
      await askIn();
      const next = new SwitchboardBench(bench.directory, bench);
      bench.kill();
      await bench.stop();
      await next.clock.advance(11 * MINUTE_MS);
      bench = await next.start();
      await bench.advance(1_000);
      expect(only().state).to.equal('expired');
      expect(bench.ledger.filter(({ kind }) => kind === 'callback-closed')).to.have.length(1);
    });

    it('is held over a restart at night', async () => {
      openWithPause();
      await askIn();
      await until(21 * MINUTE_MS);
      const next = new SwitchboardBench(bench.directory, bench);
      bench.kill();
      await bench.stop();
      await next.clock.advance(30 * MINUTE_MS - next.clock.now());
      bench = await next.start();
      bench.signIn(ADA);
      await until(OPENS_AT - 1_000);
      expect(tried()).to.deep.equal([]);
      await until(OPENS_AT + 8_000);
      expect(only().state).to.equal('done');
    });
  });

  describe('steered by a supervisor', () => {
    const tryId = (): CallId => {
      const [first] = bench.roster.acd.engine.line(salesQueue.id)?.everybody ?? [];
      if (first === undefined) throw new Error('nobody in line');
      return first.call;
    };
    const waiter = () => bench.roster.acd.engine.waiter(tryId());

    it('keeps priority and agent over a hurry, a retry and a restart', async () => {
      await askIn();
      await bench.ask({ kind: 'steer-priority', callId: tryId(), priority: 30 });
      await bench.ask({ kind: 'steer-to-agent', callId: tryId(), agentId: BEN, forMs: 600_000 });
      await bench.settle();
      expect(only()).to.deep.include({ priority: 30, sticky: { agent: BEN, forMs: 600_000 } });
      expect(bench.callbacks.hurry(only().id)).to.equal(true);
      expect(waiter()).to.include({ priority: 30 });
      expect(waiter()?.sticky?.agent).to.equal(BEN);
      const next = new SwitchboardBench(bench.directory, bench);
      bench.kill();
      await bench.stop();
      bench = await next.start();
      expect(waiter()).to.include({ priority: 30 });
      bench.ari.farEnd(/^PJSIP\/200\d$/, { kind: 'answers', afterMs: 2_000 });
      bench.ari.farEnd(CUSTOMER, { kind: 'busy', afterMs: 500 });
      bench.signIn(BEN);
      bench.signIn(ADA);
      await bench.advance(4_000);
      expect(only()).to.include({ attempts: 1, agentId: BEN });
      expect(waiter()).to.include({ priority: 30 });
    });

    it('goes to another queue with both', async () => {
      const support = 2 as QueueId;
      (bench.directory.queues as Map<QueueId, QueueConfig>).set(support, {
        ...salesQueue,
        ...{ id: support, name: 'Support' },
      });
      bench.roster.configure(bench.directory);
      await askIn();
      await bench.ask({ kind: 'steer-priority', callId: tryId(), priority: 30 });
      await bench.ask({ kind: 'steer-to-queue', callId: tryId(), queueId: support });
      await bench.settle();
      expect(only()).to.include({ queueId: support, priority: 30 });
      const [moved] = bench.roster.acd.engine.line(support)?.everybody ?? [];
      expect(moved?.priority).to.equal(30);
    });
  });

  describe('what is known of the caller', () => {
    it('is kept, and whoever calls back sees it: while it rings, in the call and in the ledger', async () => {
      bench.routed = {
        attributes: { need: 'repair', 'customer-value': '7' },
        sticky: { agent: BEN, forMs: 90_000 },
      };
      await askIn();
      expect(only()).to.deep.include({
        attributes: { need: 'repair', 'customer-value': '7' },
        sticky: { agent: BEN, forMs: 90_000 },
      });
      const next = new SwitchboardBench(bench.directory, bench);
      bench.kill();
      await bench.stop();
      bench = await next.start();
      bench.signIn(ADA);
      bench.roster.notReady(ADA, 'break');
      bench.signIn(BEN);
      await bench.advance(1_000);
      const known = [
        { name: 'need', label: '', value: 'repair' },
        { name: 'customer-value', label: '', value: '7' },
      ];
      const [offered] = bench.roster.acd.engine.line(salesQueue.id)?.everybody ?? [];
      expect(offered && bench.callbacks.person(offered.call)?.context).to.deep.equal(known);
      await bench.advance(3_000);
      const call = bench.calls.get(only().lastCallId ?? ('' as never));
      expect(call?.context).to.deep.equal(known);
      expect(only().agentId).to.equal(BEN);
      expect(bench.last('context-passed')).to.deep.include({
        callId: only().lastCallId,
        values: { need: 'repair', 'customer-value': '7' },
      });
    });

    it('waits for the agent it is meant for, then goes to somebody else', async () => {
      bench.signIn(BEN);
      await callIntoLine(EARLIER);
      await bench.advance(3_000);
      expect(bench.roster.state(BEN)?.state).to.equal('talking');
      bench.routed = { sticky: { agent: BEN, forMs: 90_000 } };
      await askIn();
      bench.signIn(ADA);
      await bench.advance(60_000);
      expect(tried()).to.deep.equal([]);
      await bench.advance(60_000);
      expect(only()).to.include({ state: 'done', agentId: ADA });
    });
  });

  describe('after a restart', () => {
    const restart = async (): Promise<void> => {
      const next = new SwitchboardBench(bench.directory, bench);
      bench.kill();
      await bench.stop();
      bench = await next.start();
    };

    it('is still there, with its place', async () => {
      await askIn();
      await bench.advance(5_000);
      await restart();
      await callIntoLine(LATER);
      expect(lineOf()).to.deep.equal([CALLER, LATER]);
      bench.signIn(ADA);
      await bench.advance(7_000);
      expect(only().state).to.equal('done');
    });

    it('goes on with a try that was under way', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(3_000);
      expect(only().state).to.equal('calling');
      bench.ari.farEnd(CUSTOMER, { kind: 'answers', afterMs: 1_000, talkMs: 60_000 });
      await restart();
      await bench.advance(20_000);
      expect(only()).to.include({ state: 'done', attempts: 1 });
      expect(tried()).to.have.length(1);
    });

    it('is due again when the try did not come back', async () => {
      bench.ari.farEnd(CUSTOMER, { kind: 'rings' });
      await askIn();
      bench.signIn(ADA);
      await bench.advance(3_000);
      const call = bench.calls.get(only().lastCallId ?? ('' as never));
      bench.journal.clear();
      await bench.stop();
      if (call) bench.ari.hangUpFarEnd(call.channel);
      bench = await new SwitchboardBench(bench.directory, bench).start();
      await bench.advance(14_000);
      expect(only().state).to.equal('calling');
      bench.roster.notReady(ADA, 'break');
      await bench.advance(3_000);
      expect(only()).to.include({ state: 'waiting', attempts: 0 });
      expect(lineOf()).to.deep.equal([CALLER]);
    });
  });
});
