import { expect } from 'chai';
import { toneMs } from '../../src/demo/tones.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { TalkCommand } from '../../src/telephony/calls/talk-desk.js';
import { configured } from '../support/phones.js';
import { TONES } from '../support/lab-company.js';
import type { Party } from '../../src/demo/party.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  onlyRecording,
  soundOf,
  storyOf,
  talkWithAnn,
  useLab,
} from '../support/lab.js';

/** What the third one's tone is. */
const THIRD_HZ = 440;

describe('a consult at the page', function () {
  this.timeout(60_000);
  const lab = useLab();

  const order = (command: TalkCommand): Promise<void> =>
    lab.product.order({ kind: 'agent-talk', agentId: lab.company.agents.ann.id, command });
  const hear = (one: Party, hears: number, other: Party, otherHears: number): Promise<unknown> =>
    Promise.all([one.ear.waitForTone(hears, 8_000), other.ear.waitForTone(otherHears, 8_000)]);
  const line = () =>
    lab.product.now.queues.find(({ id }) => id === lab.company.queues.main)?.waiting ?? [];
  const queue = () => ({ kind: 'queue', id: lab.company.queues.main }) as const;
  const pickUp = async (phone: Party): Promise<void> => {
    await phone.answer();
    await phone.listen();
    await phone.say(THIRD_HZ);
  };

  /** Bob signs in: available for no longer than it takes to ring. */
  async function signIn(): Promise<void> {
    const { id: agentId } = lab.company.agents.bob;
    const extensionId = lab.company.extensions.get('2002');
    if (extensionId === undefined) throw new Error('no 2002');
    await lab.product.order({ kind: 'agent-sign-in', agentId, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId });
  }

  /** Ann waits in line at the queue, and hears its music, while the caller hears music, too. */
  async function waitInLine() {
    const talking = await talkWithAnn(lab);
    await talking.caller.ear.waitUntil(talking.caller.ear.now() + 600);
    await order({ kind: 'consult', target: queue() });
    await lab.product.nowHas('the enquiry in line', 8_000, () => line().length === 1);
    await Promise.all([talking.caller, talking.ann].map(({ ear }) => ear.waitForSound(5_000)));
    expect(line()[0]?.from).to.equal('2001');
    return talking;
  }

  /** Bob signs in, and asks Ann what she wants. */
  async function askBob() {
    const talking = await waitInLine();
    const rings = lab.carrier.ringsAt('2002', 10_000);
    await signIn();
    const bob = await rings;
    expect(bob.shown.number).to.equal('2001');
    await pickUp(bob);
    await hear(talking.ann, THIRD_HZ, bob, CALLED_HZ);
    await agentIs(lab, 'bob', 'talking');
    return { ...talking, bob };
  }

  describe('with a queue', () => {
    it('waits in line; whoever answers is asked, and has the call when it is completed', async () => {
      const { from, caller, ann, bob } = await askBob();
      await lab.product.nowHas(
        'one call, in which Bob is asked',
        3_000,
        (now) =>
          now.calls.length === 1 &&
          now.calls[0]?.talk?.parties.some(
            ({ role, number }) => role === 'consulted' && number === '2002',
          ) === true,
      );
      expect(caller.ear.tones(THIRD_HZ), 'the caller hears nobody').to.have.length(0);
      expect(bob.ear.tones(CALLER_HZ), 'nobody hears the caller').to.have.length(0);
      await order({ kind: 'complete' });
      await hear(caller, THIRD_HZ, bob, CALLER_HZ);
      await ann.ended(3_000);
      await agentIs(lab, 'ann', 'available');
      await caller.ear.waitUntil(caller.ear.now() + 500);
      await caller.hangUp();
      await bob.ended(5_000);
      const story = await storyOf(lab, from);
      expect(story.row.result).to.equal('answered');
      expect(story.row.agent_id).to.equal(lab.company.agents.bob.id);
      const { rate, channels } = await soundOf(lab, onlyRecording(story));
      expect(toneMs(channels[1] ?? new Int16Array(), rate, THIRD_HZ), 'Bob').to.be.greaterThan(200);
    });

    it('can be swapped, and becomes a conference', async () => {
      const { from, caller, ann, bob } = await askBob();
      await order({ kind: 'swap' });
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await bob.ear.waitForSound(5_000);
      await order({ kind: 'swap' });
      await hear(ann, THIRD_HZ, bob, CALLED_HZ);
      await order({ kind: 'conference' });
      await hear(caller, THIRD_HZ, bob, CALLER_HZ);
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await ann.hangUp();
      await hear(caller, THIRD_HZ, bob, CALLER_HZ);
      await caller.hangUp();
      expect((await storyOf(lab, from)).row.result).to.equal('answered');
    });

    it('is completed while it waits: the caller has the place in line', async () => {
      const { from, caller, ann } = await waitInLine();
      const since = line()[0]?.since ?? 0;
      await lab.product.order({
        ...{ kind: 'agent-not-ready', agentId: lab.company.agents.ann.id, reason: 'break' },
      });
      await order({ kind: 'complete' });
      await ann.ended(5_000);
      await lab.product.nowHas(
        'the caller in line',
        5_000,
        () => line().length === 1 && line()[0]?.from === from,
      );
      expect(line()[0]?.since).to.be.closeTo(since, 5);
      const rings = lab.carrier.ringsAt('2002', 10_000);
      await signIn();
      const bob = await rings;
      expect(bob.shown.number).to.equal(from);
      await pickUp(bob);
      await hear(caller, THIRD_HZ, bob, CALLER_HZ);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      expect(story.events.find(({ kind }) => kind === 'transferred')).to.deep.include({
        how: 'consult',
        via: 'page',
      });
    });

    it('is dropped: nobody waits, and the caller is back', async () => {
      const { from, caller, ann } = await waitInLine();
      await order({ kind: 'drop' });
      await lab.product.nowHas('nobody in line', 5_000, () => line().length === 0);
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      expect((await storyOf(lab, from)).row.result).to.equal('answered');
    });

    it('goes on when the program is killed and started again', async () => {
      const { from, caller, ann } = await waitInLine();
      await lab.product.process.kill();
      await lab.product.process.start();
      await lab.product.nowHas('the enquiry in line again', 15_000, () => line().length === 1);
      const rings = lab.carrier.ringsAt('2002', 10_000);
      await signIn();
      const bob = await rings;
      await pickUp(bob);
      await hear(ann, THIRD_HZ, bob, CALLED_HZ);
      await order({ kind: 'complete' });
      await hear(caller, THIRD_HZ, bob, CALLER_HZ);
      await caller.hangUp();
      expect((await storyOf(lab, from)).row.result).to.equal('answered');
    });
  });

  it('with a ring group rings its members, and asks who answers first', async () => {
    await lab.configuration.ringGroups.createGroup(SYSTEM_ACTOR, {
      ...{ name: 'Second floor', number: '741', strategy: 'all', ringS: 15, prefix: '' },
      ...{ confirms: true, members: ['2003', '2004'], elsewhere: { kind: 'hangup' } },
    });
    await configured(lab);
    const { from, caller, ann } = await talkWithAnn(lab);
    const rings = Promise.all(['2003', '2004'].map((one) => lab.carrier.ringsAt(one, 10_000)));
    await order({ kind: 'consult', target: { kind: 'number', number: '741' } });
    const [third, fourth] = await rings;
    if (third === undefined || fourth === undefined) throw new Error('nobody rang');
    await pickUp(third);
    await fourth.ended(5_000);
    await hear(ann, THIRD_HZ, third, CALLED_HZ);
    await order({ kind: 'complete' });
    await hear(caller, THIRD_HZ, third, CALLER_HZ);
    await ann.ended(3_000);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });

  it('with a flow hears it and presses its keys; the flow leads to whoever is asked', async () => {
    const { from, caller, ann } = await talkWithAnn(lab);
    await order({ kind: 'consult', target: { kind: 'flow', id: lab.company.flows.menu } });
    await ann.ear.waitForTone(TONES.menu.en, 8_000);
    const rings = lab.carrier.ringsAt('2005', 10_000);
    await ann.press('4');
    // Keys end the tone that was sent.
    await ann.say(CALLED_HZ);
    const third = await rings;
    await pickUp(third);
    await hear(ann, THIRD_HZ, third, CALLED_HZ);
    await order({ kind: 'complete' });
    await hear(caller, THIRD_HZ, third, CALLER_HZ);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });
});
