import { expect } from 'chai';
import { ringing } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { RingGroupValues } from '../../src/features/ring-groups/index.js';
import { kindsOf, newCaller, storyOf, talk, useLab } from '../support/lab.js';
import { configured, storyOfPhone, takeByKey } from '../support/phones.js';

const OUTSIDE = '+442079460675';

describe('a ring group', function () {
  this.timeout(60_000);
  const lab = useLab();
  const made = new Map<string, number>();

  /** Makes a group, and waits until calls know it. */
  const group = async (number: string, changes: Partial<RingGroupValues>): Promise<void> => {
    const id = await lab.configuration.ringGroups.createGroup(SYSTEM_ACTOR, {
      ...{ name: `Group ${number}`, number, strategy: 'all', ringS: 10, prefix: '' },
      ...{ confirms: true, members: [], elsewhere: { kind: 'hangup' } },
      ...changes,
    });
    made.set(number, id);
    await configured(lab);
  };
  const rings = (...numbers: string[]): Promise<Party[]> =>
    Promise.all(numbers.map((number) => lab.carrier.ringsAt(number, 10_000)));

  it('rings all its phones, with its name before the caller; two who answer at once do not both have the call', async () => {
    await group('701', { prefix: 'Sales', members: ['2003', '2004', '2005'] });
    const since = new Date();
    const ringingNow = rings('2003', '2004', '2005');
    const caller = await lab.carrier.dial('2001', '701');
    const phones = await ringingNow;
    expect(phones.map(({ shown }) => shown.name)).to.deep.equal(Array(3).fill('Sales · Desk 2001'));
    await Promise.all(phones.slice(0, 2).map((phone) => phone.answer()));
    await caller.answered(5_000);
    const [third] = phones.slice(2);
    await third?.ended(5_000);
    const over = await Promise.race(
      phones.slice(0, 2).map((phone) => phone.ended(5_000).then(() => phone)),
    );
    const winner = phones.slice(0, 2).find((phone) => phone !== over);
    if (winner === undefined) throw new Error('both were let go');
    await Promise.all([caller.listen(), winner.listen()]);
    await Promise.all([caller.say(1000), winner.say(600)]);
    await Promise.all([caller.ear.waitForTone(600, 8_000), winner.ear.waitForTone(1000, 8_000)]);
    await caller.hangUp();
    const story = await storyOfPhone(lab, '2001', since);
    expect(story.events.filter((event) => event.kind === 'connected')).to.have.length(1);
    expect(kindsOf(story)).to.include('ring-group-entered');
    expect(story.row.result).to.equal('answered');
  });

  it('is taken outside by a key, and not by whoever answers without it', async () => {
    await group('702', { members: [OUTSIDE], ringS: 30 });
    const since = new Date();
    const ringsOutside = lab.carrier.ringsAt(OUTSIDE, 10_000);
    const caller = await lab.carrier.dial('2001', '702');
    const called = await ringsOutside;
    await takeByKey(caller, called);
    await talk(caller, called);
    await caller.hangUp();
    expect((await storyOfPhone(lab, '2001', since)).row.result).to.equal('answered');
    const again = new Date();
    const mailbox = lab.carrier.ringsAt(OUTSIDE, 10_000);
    const second = await lab.carrier.dial('2001', '702');
    await (await mailbox).answer();
    // Nobody presses a key: the caller hears that nobody answers.
    await second.ended(40_000);
    const story = await storyOfPhone(lab, '2001', again);
    expect(kindsOf(story)).to.not.include('connected');
    expect(story.row.result).to.equal('no-answer');
  });

  it('goes from phone to phone, and to the mailbox when nobody answers, for callers from outside', async () => {
    const extensionId = lab.company.extensions.get('2004');
    if (extensionId === undefined) throw new Error('no 2004');
    await group('703', {
      ...{ strategy: 'in-turn', ringS: 5, members: ['2101', '2003', '2005'] },
      elsewhere: { kind: 'voicemail', extensionId },
    });
    const number = '+442079460190';
    const id = made.get('703') as never;
    await lab.configuration.dids.create(SYSTEM_ACTOR, {
      ...{ number, name: 'Group', language: 'en' },
      target: { kind: 'ring-group', id },
    });
    await configured(lab);
    lab.carrier.at('2003', ringing);
    lab.carrier.at('2005', ringing);
    const from = newCaller();
    const caller = await lab.carrier.call({ to: number, from });
    await caller.answered(20_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    const rang = story.events.flatMap((event) =>
      event.kind === 'leg-started' && event.role === 'extension' ? [event] : [],
    );
    expect(rang.map((event) => event.number)).to.deep.equal(['2003', '2005']);
    expect((rang[1]?.at ?? 0) - (rang[0]?.at ?? 0)).to.be.within(4_500, 8_000);
  });
});
