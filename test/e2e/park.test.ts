import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import { hears, sentence } from '../support/heard.js';
import { newCaller, pbxAddress, storyOf, useLab } from '../support/lab.js';
import { watchLamp } from '../support/lamp-watch.js';
import { configured } from '../support/phones.js';

/** Shorter than anybody would set it. */
const TIMEOUT_MS = 10_000;

describe('a parked call', function () {
  this.timeout(60_000);
  const lab = useLab();

  before(async () => {
    const value = { isEnabled: true, firstSlot: 7001, slots: 3, timeoutMs: TIMEOUT_MS };
    await lab.product
      .database('settings')
      .insert({ name: 'parking', value: JSON.stringify({ version: 1, value }) })
      .onConflict('name')
      .merge();
    await configured(lab);
  });
  after(async () => {
    await lab.product.database('settings').where({ name: 'parking' }).delete();
    await configured(lab);
  });

  const hear = async (one: Party, other: Party): Promise<void> => {
    await Promise.all([one.say(1000), other.say(600)]);
    await Promise.all([one.ear.waitForTone(600, 8_000), other.ear.waitForTone(1000, 8_000)]);
  };
  /** Somebody from outside talks with whoever sits at 2004. */
  async function talk(): Promise<{ from: string; caller: Party; desk: Party }> {
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2004', 8_000);
    const caller = await lab.carrier.call({ to: '+442079460107', from });
    const desk = await rings;
    await desk.answer();
    await caller.answered(5_000);
    await Promise.all([caller.listen(), desk.listen()]);
    await hear(caller, desk);
    return { from, caller, desk };
  }
  const parkedAt = (from: string, slot: string | undefined): Promise<unknown> =>
    lab.product.nowHas(`the call at ${slot ?? 'no slot'}`, 8_000, (now) =>
      now.calls.some((call) => call.from === from && call.parked?.slot === slot),
    );
  const lampIs = (name: string, state: string): Promise<unknown> =>
    lab.product.pbxHas(`lamp ${name} to be ${state}`, '/deviceStates', (all) =>
      all.some((one) => one['name'] === `Stasis:${name}` && one['state'] === state),
    );
  const sendTo = (desk: Party, to: string): Promise<string> =>
    desk.refer(`sip:${encodeURIComponent(to)}@${pbxAddress(lab)}`);

  it('is said where by the code beside a call on hold, lights the lamp, and is taken by any phone', async () => {
    const { from, caller, desk } = await talk();
    await lampIs('7001', 'NOT_INUSE');
    const key = await watchLamp(lab, '7001', 'watch-on-off');
    await desk.hold();
    await lab.product.nowHas('the hold', 3_000, (now) =>
      now.calls.some((call) => call.from === from && call.talk?.hold?.by === 'phone'),
    );
    const second = await lab.carrier.dial('2004', '*5');
    await second.answered(5_000);
    await second.listen();
    await desk.ended(3_000);
    await hears(second.ear, await sentence(lab.product, 'parked-at'), 8_000);
    await parkedAt(from, '7001');
    await lampIs('7001', 'INUSE');
    await caller.ear.waitForSound(3_000);
    await second.ended(8_000);
    const taker = await lab.carrier.dial('2005', '7001');
    await taker.answered(5_000);
    await taker.listen();
    await hear(caller, taker);
    await lampIs('7001', 'NOT_INUSE');
    const { allGood, errors } = await key.ended();
    expect(errors).to.equal('');
    expect(allGood, 'a lamp key sees it').to.equal(true);
    await taker.hangUp();
    await caller.ended(5_000);
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'answered', ended_by: 'callee' });
    expect(story.recordings).to.have.length(2);
    expect(story.events.find(({ kind }) => kind === 'parked')).to.include({ slot: '7001' });
    expect(story.events.find(({ kind }) => kind === 'retrieved')).to.include({ number: '2005' });
  });

  it('by the phone’s own transfer key waits at that slot, and comes back in time', async () => {
    const { from, caller, desk } = await talk();
    expect(await sendTo(desk, '7002')).to.equal('SUCCESS');
    await desk.ended(3_000);
    await parkedAt(from, '7002');
    const again = await lab.carrier.ringsAt('2004', TIMEOUT_MS + 8_000);
    expect(again.shown.name).to.match(/^↩ 7002/);
    await again.answer();
    await again.listen();
    await hear(caller, again);
    // And once more: it is another parking.
    expect(await sendTo(again, '*5')).to.equal('SUCCESS');
    await parkedAt(from, '7001');
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row).to.include({ result: 'answered', ended_by: 'caller' });
    expect(story.events.filter(({ kind }) => kind === 'parked')).to.have.length(2);
    expect(story.events.find(({ kind }) => kind === 'transfer-returned')).to.include({
      reason: 'park-timeout',
    });
  });

  it('has one taker where two phones dial at once, and its slot takes nobody else', async () => {
    const first = await talk();
    expect(await sendTo(first.desk, '7001')).to.equal('SUCCESS');
    await parkedAt(first.from, '7001');
    const other = await talk();
    expect(await sendTo(other.desk, '7001')).to.equal('FAILURE');
    await hear(other.caller, other.desk);
    const takers = await Promise.all(
      ['2003', '2005'].map((phone) => lab.carrier.dial(phone, '7001')),
    );
    await Promise.all(takers.map((taker) => taker.answered(5_000)));
    await Promise.all(takers.map((taker) => taker.listen()));
    await first.caller.say(1000);
    const [taker, late] = await Promise.any([
      takers[0]?.ear.waitForTone(1000, 8_000).then(() => takers),
      takers[1]?.ear.waitForTone(1000, 8_000).then(() => [...takers].reverse()),
    ]).then((found) => found ?? []);
    await hears(late?.ear as Party['ear'], await sentence(lab.product, 'nothing-parked'), 8_000);
    await late?.ended(8_000);
    await taker?.hangUp();
    await first.caller.ended(5_000);
    await other.caller.hangUp();
    await storyOf(lab, first.from);
    await storyOf(lab, other.from);
  });

  it('waits on while the program is killed and started again', async () => {
    const { from, caller, desk } = await talk();
    expect(await sendTo(desk, '*5')).to.equal('SUCCESS');
    await parkedAt(from, '7001');
    await lab.product.process.kill();
    await lab.product.process.start();
    await parkedAt(from, '7001');
    const taker = await lab.carrier.dial('2005', '7001');
    await taker.answered(5_000);
    await taker.listen();
    await hear(caller, taker);
    await caller.hangUp();
    await taker.ended(5_000);
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
  });
});
