import { expect } from 'chai';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { ExtensionId } from '../../src/kernel/ids.js';
import { kindsOf, talk, useLab } from '../support/lab.js';
import { configured, storyOfPhone } from '../support/phones.js';

describe('speaking to phones that answer by themselves', function () {
  this.timeout(60_000);
  const lab = useLab();
  const extension = (number: string): ExtensionId => {
    const id = lab.company.extensions.get(number);
    if (id === undefined) throw new Error(`no ${number}`);
    return id;
  };

  it('a group hears whoever dials its number, who hears none of them', async () => {
    await lab.configuration.pagingGroups.create(SYSTEM_ACTOR, {
      ...{ name: 'Hall', number: '790' },
      members: ['2004', '2005', '2101'].map(extension),
    });
    await configured(lab);
    const since = new Date();
    const rings = ['2004', '2005'].map((number) => lab.carrier.ringsAt(number, 8_000));
    const caller = await lab.carrier.dial('2003', '790');
    const phones = await Promise.all(rings);
    expect(phones.map(({ shown }) => shown.name)).to.deep.equal(Array(2).fill('Hall · Desk 2003'));
    await caller.answered(5_000);
    await caller.listen();
    for (const phone of phones) {
      await phone.answer();
      await phone.listen();
    }
    await caller.say(1000);
    for (const [at, phone] of phones.entries()) {
      await phone.ear.waitForTone(1000, 8_000);
      await phone.say(600 + 200 * at);
    }
    // The phones are heard by nobody: not by the caller, and not by each other.
    await caller.ear.waitForSilence(2_000, 8_000);
    await caller.hangUp();
    await Promise.all(phones.map((phone) => phone.ended(5_000)));
    const story = await storyOfPhone(lab, '2003', since);
    expect(kindsOf(story)).to.include.members(['paged', 'connected', 'disconnected']);
    expect(story.row.result).to.equal('answered');
  });

  it('a colleague is spoken to, and answers', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt('2005', 8_000);
    const caller = await lab.carrier.dial('2003', '*802005');
    const called = await rings;
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
    expect((await storyOfPhone(lab, '2003', since)).row.result).to.equal('answered');
  });
});
