import { expect } from 'chai';
import { busy, ringing } from '../../src/demo/carrier.js';
import {
  agentIs,
  callIn,
  makeAvailable,
  newCaller,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';
import { configured, dialCode, ringsInstead, storyOfPhone, takeByKey } from '../support/phones.js';

describe('calls that phones send on', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('ring where the phone said by its keys, for callers from outside, too', async () => {
    await dialCode(lab, '2004', '*722005');
    await lab.product.nowHas('the forward on the pages', 5_000, (now) =>
      now.extensions.some((one) => one.number === '2004' && one.forwardsTo === '2005'),
    );
    const from = newCaller();
    const rings = lab.carrier.ringsAt('2005', 8_000);
    const caller = await lab.carrier.call({ to: '+442079460107', from });
    const called = await rings;
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(story.events.find((event) => event.kind === 'forwarded')).to.include({
      number: '2004',
      to: '2005',
      why: 'always',
    });
    // The same key without a number takes it away.
    await dialCode(lab, '2004', '*72');
    const back = await ringsInstead(lab, '2003', '2004', '2004');
    await back.caller.hangUp();
  });

  it('go on when the phone is busy, and when nobody answers, to an outside number as well', async () => {
    await dialCode(lab, '2004', '*902005');
    await dialCode(lab, '2004', '*92', '02079460655#');
    lab.carrier.at('2004', busy);
    const whenBusy = await ringsInstead(lab, '2003', '2004', '2005');
    await whenBusy.caller.hangUp();
    lab.carrier.at('2004', ringing);
    const since = new Date();
    // 2004 rings for 5 s.
    const whenAway = await ringsInstead(lab, '2003', '2004', '+442079460655');
    await whenAway.called.answer();
    await whenAway.caller.answered(5_000);
    await whenAway.caller.listen();
    await talk(whenAway.caller, whenAway.called);
    await whenAway.caller.hangUp();
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.events.find((event) => event.kind === 'forwarded')).to.include({
      to: '+442079460655',
      why: 'no-answer',
    });
    await dialCode(lab, '2004', '*90');
    await dialCode(lab, '2004', '*92');
  });

  it('follow somebody to other phones, and outside are taken by a key', async () => {
    const outside = '+442079460685';
    const entries = [
      { number: '2005', ringS: 5, isTogether: false },
      { number: outside, ringS: 20, isTogether: true },
    ];
    await lab.product
      .database('call_handling')
      .insert({
        extension_id: lab.company.extensions.get('2004'),
        follow_me_on: true,
        follow_me: JSON.stringify(entries),
      })
      .onConflict('extension_id')
      .merge(['follow_me_on', 'follow_me']);
    await configured(lab);
    lab.carrier.at('2004', ringing);
    lab.carrier.at('2005', ringing);
    const from = newCaller();
    const rings = lab.carrier.ringsAt(outside, 15_000);
    const caller = await lab.carrier.call({ to: '+442079460107', from });
    const called = await rings;
    await takeByKey(caller, called);
    await talk(caller, called);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const rang = story.events.flatMap((event) =>
      event.kind === 'leg-started' && event.role !== 'caller' ? [event.number] : [],
    );
    expect(rang).to.deep.equal(['2004', '2005', outside]);
    expect(story.row.result).to.equal('answered');
    await dialCode(lab, '2004', '*95');
    await lab.product.nowHas('follow-me to be off', 5_000, (now) =>
      now.extensions.some((one) => one.number === '2004' && one.followsMe !== true),
    );
  });

  it('do not go round three extensions: the last phone rings', async () => {
    await dialCode(lab, '2003', '*722004');
    await dialCode(lab, '2004', '*722005');
    await dialCode(lab, '2005', '*722003');
    const since = new Date();
    const { caller, called } = await ringsInstead(lab, '2001', '2003', '2005');
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
    const story = await storyOfPhone(lab, '2001', since);
    expect(story.events.find((event) => event.kind === 'not-forwarded')).to.include({
      number: '2005',
      why: 'loop',
    });
    for (const phone of ['2003', '2004', '2005']) await dialCode(lab, phone, '*72');
  });

  it('leave a phone alone that must not be disturbed, and its agent without calls of queues', async () => {
    await makeAvailable(lab, 'ann');
    await dialCode(lab, '2001', '*78');
    await agentIs(lab, 'ann', 'not-ready');
    const since = new Date();
    const colleague = await lab.carrier.dial('2003', '2001');
    await colleague.answered(5_000);
    await colleague.listen();
    await colleague.ear.waitForSound(5_000);
    await colleague.hangUp();
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.events.find((event) => event.kind === 'not-rung')).to.include({
      why: 'do-not-disturb',
    });
    // Nobody rings for a queue either.
    const from = newCaller();
    const caller = await callIn(lab, 'queue', from);
    await lab.product.nowHas('the caller in line', 5_000, (now) =>
      now.queues.some((queue) => queue.waitingCount > 0),
    );
    const rings = lab.carrier.ringsAt('2001', 10_000);
    await dialCode(lab, '2001', '*78');
    await agentIs(lab, 'ann', 'available', 'ringing');
    const agent = await rings;
    await talk(caller, agent);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });
});
