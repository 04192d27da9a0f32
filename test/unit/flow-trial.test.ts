import { expect } from 'chai';
import type { ChannelId, FlowTrialId } from '../../src/kernel/ids.js';
import { versionOfTrial, type FlowTrial } from '../../src/telephony/flow-trials.js';
import type { FlowConfig } from '../../src/telephony/directory.js';
import { BEN, DID, demoDirectory, MENU, SwitchboardBench } from '../support/switchboard-bench.js';

const TRIAL = 7 as FlowTrialId;
const PHONE = '2001';

/** Night hours at 2 in the morning, else a menu with a PIN, a queue, a callback. */
const draft: FlowConfig = {
  id: MENU,
  name: 'Main',
  version: versionOfTrial(TRIAL),
  definition: {
    start: 'hours',
    steps: {
      hours: {
        ...{ kind: 'hours', label: 'Hours', closedDates: [] },
        periods: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 540, toMinute: 1080 }],
        ...{ open: 'menu', closed: 'night' },
      },
      menu: {
        ...{ kind: 'menu', label: 'Draft menu', prompt: 1, timeoutS: 5, retries: 1 },
        choices: { '1': 'note', '2': 'back', '3': 'desk' },
        ...{ noInput: 'bye', wrongKey: 'bye' },
      },
      note: {
        ...{ kind: 'set', label: 'Note', next: 'sales' },
        assign: [{ variable: 'need', value: 'repair of {{caller_number}}', operation: 'set' }],
      },
      sales: { kind: 'queue', label: 'Sales', queue: 1, priority: 0 },
      desk: { kind: 'extension', label: 'Desk 3', extension: 3, noAnswer: 'bye' },
      back: {
        ...{ kind: 'callback', label: 'Call back', queue: 1, number: '{{caller_number}}' },
        ...{ accepted: 'bye', declined: 'bye' },
      },
      night: { kind: 'hangup', label: 'Night', prompt: 1 },
      bye: { kind: 'hangup', label: 'Bye', prompt: 1 },
    },
  },
};

/** An instant of the bench's first day, by the hour in London; its clock begins at one in the morning. */
const at = (hour: number): number => (hour - 1) * 3_600_000;

async function ringing(about: Partial<FlowTrial> = {}) {
  const bench = await new SwitchboardBench(demoDirectory()).start();
  for (const number of [PHONE, '2002', '2003'])
    bench.ari.farEnd(`PJSIP/${number}`, { kind: 'rings' });
  bench.drafts.set(versionOfTrial(TRIAL), draft);
  bench.trials.set(TRIAL, {
    ...{ id: TRIAL, flow: MENU, extension: PHONE, to: DID, from: '+442079460555' },
    ...{ fromName: 'Test call by Grace', moment: at(10), handsOver: true, ...about },
  });
  expect(await bench.ask({ kind: 'try-flow', trial: TRIAL, title: 'Main' })).to.deep.equal({
    ok: true,
  });
  await bench.settle();
  return bench;
}

async function lift(bench: SwitchboardBench): Promise<ChannelId> {
  const [phone] = bench.ari.channels.keys();
  if (phone === undefined) throw new Error('no phone rings');
  bench.ari.answerFarEnd(phone);
  await bench.settle();
  return phone;
}

const newsOf = (bench: SwitchboardBench, kind: string): readonly unknown[] =>
  bench.trialNews.filter(([, news]) => news.kind === kind).map(([, news]) => news);

const clean = (bench: SwitchboardBench): void => {
  expect(bench.ari.leftovers()).to.deep.equal([]);
  expect(bench.calls.size).to.equal(0);
  expect(bench.errors).to.deep.equal([]);
};

describe('A test call of a draft', () => {
  it('rings the phone, runs the draft at the moment that it pretends, and is a test in the ledger', async () => {
    const bench = await ringing();
    const phone = await lift(bench);
    expect(bench.last('call-arrived')).to.include({
      ...{ test: true, direction: 'internal', to: DID, from: '+442079460555', didId: 1 },
      fromName: 'Test call by Grace',
    });
    expect(bench.last('flow-entered')).to.include({ flowId: MENU, version: 0 });
    expect(bench.last('step-entered')).to.include({ label: 'Draft menu' });
    expect([...bench.calls.values()][0]?.live.fromName).to.equal('Test call by Grace');
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(10_000);
    expect(bench.last('call-ended')).to.include({ result: 'contained' });
    clean(bench);
  });

  it('tells every line of its ledger and what the variables hold to its page', async () => {
    const bench = await ringing();
    const phone = await lift(bench);
    await bench.advance(2_000);
    await bench.press(phone, '1');
    await bench.advance(1_000);
    expect(newsOf(bench, 'variables')).to.deep.equal([
      { kind: 'variables', values: { need: 'repair of +442079460555' } },
    ]);
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(10_000);
    expect(newsOf(bench, 'event').length).to.equal(bench.ledger.length);
    clean(bench);
  });

  it('says at night what callers hear at night', async () => {
    const bench = await ringing({ moment: at(2) });
    await lift(bench);
    await bench.advance(10_000);
    const steps = bench.ledger.filter((event) => event.kind === 'step-entered');
    expect(steps.map((event) => event.step)).to.deep.equal(['hours', 'night']);
    clean(bench);
  });

  it('really waits in the queue and rings an agent', async () => {
    const bench = await ringing();
    bench.signIn(BEN);
    const phone = await lift(bench);
    await bench.advance(2_000);
    await bench.press(phone, '1');
    await bench.advance(1_000);
    expect(bench.last('offered')).to.include({ agentName: 'Ben' });
    bench.ari.hangUpFarEnd(phone);
    await bench.advance(10_000);
    clean(bench);
  });

  it('ends where the flow hands over, when nobody else shall be rung', async () => {
    const bench = await ringing({ handsOver: false });
    bench.signIn(BEN);
    const phone = await lift(bench);
    await bench.advance(2_000);
    await bench.press(phone, '1');
    await bench.advance(10_000);
    expect(bench.kinds()).to.not.include('queue-entered');
    expect(bench.last('step-entered')).to.include({ step: 'sales' });
    expect(bench.last('call-ended')).to.include({
      result: 'contained',
      reason: 'test-ends-here',
    });
    clean(bench);
  });

  it('hears the offer of a callback, and nobody is called back', async () => {
    const bench = await ringing();
    const phone = await lift(bench);
    await bench.advance(2_000);
    await bench.press(phone, '2');
    await bench.advance(1_000);
    await bench.press(phone, '1');
    await bench.advance(10_000);
    expect(bench.last('step-left')).to.include({ step: 'back', exit: 'accepted' });
    expect(bench.callbackRows.rows.size).to.equal(0);
    expect(bench.kinds()).to.not.include('callback-asked');
    clean(bench);
  });

  it('comes back into the draft when nobody answers', async () => {
    const bench = await ringing();
    const phone = await lift(bench);
    await bench.advance(2_000);
    await bench.press(phone, '3');
    await bench.advance(40_000);
    expect(bench.last('step-entered')).to.include({ step: 'bye' });
    expect(bench.last('call-ended')).to.include({ reason: 'flow-ended' });
    clean(bench);
  });

  it('goes on in the next process, with what it pretends', async () => {
    const before = await ringing();
    const phone = await lift(before);
    before.kill();
    const after = new SwitchboardBench(before.directory, before);
    after.drafts.set(versionOfTrial(TRIAL), draft);
    await after.start();
    await after.advance(2_000);
    await after.press(phone, '1');
    expect(after.last('step-entered')).to.include({ step: 'sales' });
    expect(newsOf(after, 'event').length).to.be.greaterThan(0);
    after.ari.hangUpFarEnd(phone);
    await after.advance(10_000);
    clean(after);
  });

  it('tells that nobody picked the phone up, and refuses phones that cannot ring', async () => {
    const bench = await ringing();
    await bench.advance(45_000);
    expect(newsOf(bench, 'unanswered').length).to.equal(1);
    expect(bench.ledger).to.deep.equal([]);
    bench.unregistered.add(PHONE);
    expect(await bench.ask({ kind: 'try-flow', trial: TRIAL, title: '' })).to.include({
      ok: false,
      code: 'phone-not-registered',
    });
    const unknown = 8 as FlowTrialId;
    expect(await bench.ask({ kind: 'try-flow', trial: unknown, title: '' })).to.include({
      ok: false,
    });
    clean(bench);
  });
});
