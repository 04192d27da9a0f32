import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import { isRecorded, newCaller, storyOf, useLab } from '../support/lab.js';
import { configured, storyOfPhone } from '../support/phones.js';

describe('taking a call that rings elsewhere', function () {
  this.timeout(60_000);
  const lab = useLab();

  /** Both hear each other. */
  const hear = async (one: Party, other: Party): Promise<void> => {
    await Promise.all([one.listen(), other.listen()]);
    await Promise.all([one.say(1000), other.say(600)]);
    await Promise.all([one.ear.waitForTone(600, 8_000), other.ear.waitForTone(1000, 8_000)]);
  };

  it('connects whoever dials the code and the extension with the caller, and stops the phone that rang', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt('2004', 8_000);
    const caller = await lab.carrier.dial('2003', '2004');
    const rang = await rings;
    const taker = await lab.carrier.dial('2005', '*82004');
    await taker.answered(5_000);
    await rang.ended(5_000);
    await caller.answered(5_000);
    await hear(caller, taker);
    await taker.hangUp();
    await caller.ended(5_000);
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.row).to.include({ result: 'answered', ended_by: 'callee' });
    expect(story.events.find((event) => event.kind === 'picked-up')).to.include({
      number: '2005',
      from: '2004',
    });
    // The phone that took it made no call of its own.
    expect(await lab.stories.from('2005', since)).to.deep.equal([]);
    expect(story.legs.map((leg) => leg.number)).to.have.members(['2003', '2004', '2005']);
  });

  it('is open to the phones of one group, also for callers from outside', async () => {
    for (const number of ['2003', '2004']) {
      const extension_id = lab.company.extensions.get(number);
      await lab.product
        .database('call_handling')
        .insert({ extension_id, pickup_group: 'front desk' })
        .onConflict('extension_id')
        .merge({ pickup_group: 'front desk' });
    }
    await configured(lab);
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2004', 8_000);
    const caller = await lab.carrier.call({ to: '+442079460107', from });
    const rang = await rings;
    const stranger = await lab.carrier.dial('2005', '*8');
    await stranger.answered(5_000);
    await stranger.listen();
    await stranger.ear.waitForSound(5_000);
    await stranger.hangUp();
    const colleague = await lab.carrier.dial('2003', '*8');
    await colleague.answered(5_000);
    await rang.ended(5_000);
    await caller.answered(5_000);
    await hear(caller, colleague);
    await isRecorded(lab, from);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(story.recordings).to.have.length(1);
    expect(story.events.find((event) => event.kind === 'picked-up')).to.include({
      number: '2003',
      from: '2004',
    });
  });
});
