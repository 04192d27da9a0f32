import { expect } from 'chai';
import { busy, ringing } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import type { CallStory } from '../../src/demo/knex-call-story.js';
import type { TalkCommand } from '../../src/telephony/calls/talk-desk.js';
import { toneMs } from '../../src/demo/tones.js';
import { configured } from '../support/phones.js';
import { SIP_PHONE_HZ, SipPhone } from '../support/sip-phone.js';
import { onlyRecording, soundOf } from '../support/lab.js';
import type { LabAgent } from '../support/lab-company.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  makeAvailable,
  newCaller,
  pbxAddress,
  phoneIs,
  storyOf,
  talkWithAnn,
  useLab,
} from '../support/lab.js';

/** What the third one's tone is. */
const THIRD_HZ = 440;
/** A number of the carrier that nobody else uses here. */
const OUTSIDE = '+442079460250';

describe('a transfer', function () {
  this.timeout(60_000);
  const lab = useLab();

  const order = (command: TalkCommand, agent: LabAgent = 'ann'): Promise<void> =>
    lab.product.order({ kind: 'agent-talk', agentId: lab.company.agents[agent].id, command });
  const extension = (number: string) => {
    const id = lab.company.extensions.get(number);
    if (id === undefined) throw new Error(`no extension ${number}`);
    return { kind: 'extension', id } as const;
  };

  /** Picks up and hears the caller, who hears this one. */
  async function pickUp(phone: Party, caller: Party, hz = THIRD_HZ): Promise<void> {
    await phone.answer();
    await phone.listen();
    await phone.say(hz);
    await hear(caller, hz, phone, CALLER_HZ);
  }
  const hear = (one: Party, hears: number, other: Party, otherHears: number): Promise<unknown> =>
    Promise.all([one.ear.waitForTone(hears, 8_000), other.ear.waitForTone(otherHears, 8_000)]);

  const kinds = (story: CallStory, ...wanted: string[]) =>
    story.events.filter(({ kind }) => wanted.includes(kind)).map(({ kind }) => kind);
  const isWhole = (story: CallStory): void => {
    expect(story.events.filter(({ kind }) => kind === 'call-ended')).to.have.length(1);
    expect(story.row.result).to.equal('answered');
    expect(story.row.recorded_ms, 'recorded as long as talked').to.be.closeTo(
      story.row.talk_ms,
      150 * story.recordings.length,
    );
  };

  describe('without asking', () => {
    it('goes to an extension from the page; both hear each other, the agent is free at once', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'transfer', target: extension('2003') });
      await ann.ended(3_000);
      await agentIs(lab, 'ann', 'available');
      const third = await rings;
      expect(third.shown.number).to.equal(from);
      await pickUp(third, caller);
      await third.hangUp();
      await caller.ended(5_000);
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.recordings).to.have.length(2);
      expect(kinds(story, 'transferred', 'connected')).to.deep.equal([
        ...['connected', 'transferred', 'connected'],
      ]);
    });

    it('comes back to who sent it where it is busy, with the reason shown', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      lab.carrier.at('2003', busy);
      const again = lab.carrier.ringsAt('2001', 8_000);
      await order({ kind: 'transfer', target: extension('2003') });
      await ann.ended(3_000);
      const back = await again;
      expect(back.shown.name).to.match(/^↩ 2003 Desk 2003/);
      await lab.product.nowHas('why it came back', 3_000, (now) =>
        now.calls.some((call) => call.from === from && call.transfer?.returned === 'busy'),
      );
      await pickUp(back, caller, CALLED_HZ);
      await agentIs(lab, 'ann', 'talking');
      await caller.hangUp();
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(kinds(story, 'transfer-returned')).to.have.length(1);
    });

    it('asks for a message where nobody answers, neither there nor where it came from', async () => {
      const { from, caller } = await talkWithAnn(lab);
      lab.carrier.at('2003', ringing);
      lab.carrier.at('2001', ringing);
      await order({ kind: 'transfer', target: extension('2003') });
      await lab.product.nowHas('the mailbox of 2001', 20_000, (now) =>
        now.calls.some((call) => call.from === from && call.stage === 'voicemail'),
      );
      await caller.hangUp();
      const story = await storyOf(lab, from);
      expect(story.row.result).to.equal('answered');
    });

    it('goes to a queue, whose agent hears the caller', async () => {
      const { from, caller } = await talkWithAnn(lab);
      await makeAvailable(lab, 'bob');
      await lab.product.order({
        kind: 'agent-not-ready',
        agentId: lab.company.agents.ann.id,
        reason: 'break',
      });
      const rings = lab.carrier.ringsAt('2002', 8_000);
      await order({ kind: 'transfer', target: { kind: 'queue', id: lab.company.queues.main } });
      const bob = await rings;
      await pickUp(bob, caller);
      await agentIs(lab, 'bob', 'talking');
      await caller.hangUp();
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.row.agent_id).to.equal(lab.company.agents.bob.id);
    });

    it('goes to an outside number, heard over the carrier', async () => {
      const { from, caller } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
      await order({ kind: 'transfer', target: { kind: 'number', number: OUTSIDE } });
      const outside = await rings;
      await pickUp(outside, caller);
      await caller.hangUp();
      await outside.ended(5_000);
      isWhole(await storyOf(lab, from));
    });

    it('with the phone’s own key goes the same way, and the phone is told', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      const said = ann.refer(`sip:2003@${pbxAddress(lab)}`);
      const third = await rings;
      expect(await said).to.equal('SUCCESS');
      await ann.ended(5_000);
      await pickUp(third, caller);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.events.find(({ kind }) => kind === 'transferred')).to.include({ via: 'phone' });
    });

    it('with the phone’s own key is declined where it may not go, and they talk on', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      expect(await ann.refer(`sip:2001@${pbxAddress(lab)}`)).to.equal('FAILURE');
      await caller.endsWithin(500);
      expect(caller.ending).to.equal(undefined);
      await caller.hangUp();
      isWhole(await storyOf(lab, from));
    });

    it('by the phone that dialled keeps whoever was called', async () => {
      const rings = lab.carrier.ringsAt('2004', 5_000);
      const caller = await lab.carrier.dial('2003', '2004');
      const called = await rings;
      await called.answer();
      await caller.answered(3_000);
      await caller.listen();
      await called.listen();
      await Promise.all([caller.say(CALLED_HZ), called.say(CALLER_HZ)]);
      await hear(caller, CALLER_HZ, called, CALLED_HZ);
      const third = lab.carrier.ringsAt('2005', 8_000);
      expect(await caller.refer(`sip:2005@${pbxAddress(lab)}`)).to.equal('SUCCESS');
      const other = await third;
      expect(other.shown.number).to.equal('2004');
      await pickUp(other, called);
      await called.hangUp();
      await other.ended(5_000);
    });
  });

  it('and a hold work with a phone of another make', async () => {
    const account = {
      number: '2101',
      password: lab.company.phonePassword('2101'),
      server: pbxAddress(lab),
    };
    const phone = await SipPhone.start(account, true);
    try {
      await phoneIs(lab, '2101', true);
      const { ann } = lab.company.agents;
      const extensionId = lab.company.extensions.get('2101');
      if (extensionId === undefined) throw new Error('no extension');
      await lab.product.order({ kind: 'agent-sign-in', agentId: ann.id, extensionId });
      await lab.product.order({ kind: 'agent-available', agentId: ann.id });
      const from = newCaller();
      const caller = await callIn(lab, 'queue', from);
      await caller.say(CALLER_HZ);
      await caller.ear.waitForTone(SIP_PHONE_HZ, 10_000);
      // Both are connected a moment before the talk is there to be held.
      await lab.product.nowHas('the talk', 5_000, (now) =>
        now.calls.some((call) => call.from === from && call.talk !== undefined),
      );
      await phone.hold();
      await lab.product.nowHas('the hold', 5_000, (now) =>
        now.calls.some((call) => call.from === from && call.talk?.hold?.by === 'phone'),
      );
      const heldAt = caller.ear.now();
      await caller.ear.waitForSound(3_000);
      expect(caller.ear.tones(SIP_PHONE_HZ, heldAt + 300)).to.have.length(0);
      phone.resume();
      await caller.ear.waitForTone(SIP_PHONE_HZ, 5_000);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      phone.transfer('2003');
      await pickUp(await rings, caller, CALLED_HZ);
      await agentIs(lab, 'ann', 'available');
      await caller.hangUp();
      isWhole(await storyOf(lab, from));
    } finally {
      await phone.stop();
    }
    await phoneIs(lab, '2101', false);
  });

  describe('after a consult', () => {
    /** Ann asks 2003, who has picked up; the caller hears music. */
    async function consult() {
      const talking = await talkWithAnn(lab);
      await talking.caller.ear.waitUntil(talking.caller.ear.now() + 600);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'consult', target: extension('2003') });
      const third = await rings;
      expect(third.shown.number).to.equal('2001');
      await talking.caller.ear.waitForSound(3_000);
      await third.answer();
      await third.listen();
      await third.say(THIRD_HZ);
      await hear(talking.ann, THIRD_HZ, third, CALLED_HZ);
      return { ...talking, third };
    }

    it('is completed from the page: nobody but the two hears the consult, one recording goes on', async () => {
      const { from, caller, ann, third } = await consult();
      const from0 = caller.ear.now();
      await caller.ear.waitUntil(from0 + 1_500);
      expect(caller.ear.tones(THIRD_HZ, from0), 'the caller hears nobody').to.have.length(0);
      expect(third.ear.tones(CALLER_HZ), 'nobody hears the caller').to.have.length(0);
      await order({ kind: 'complete' });
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await ann.ended(3_000);
      await agentIs(lab, 'ann', 'available');
      await caller.ear.waitUntil(caller.ear.now() + 500);
      await third.hangUp();
      await caller.ended(5_000);
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.recordings).to.have.length(1);
      expect(story.row.hold_ms).to.be.greaterThan(1_400);
      const { rate, channels } = await soundOf(lab, onlyRecording(story));
      const other = channels[1] ?? new Int16Array();
      expect(toneMs(other, rate, CALLED_HZ), 'Ann').to.be.greaterThan(200);
      expect(toneMs(other, rate, THIRD_HZ), '2003').to.be.greaterThan(200);
    });

    it('is swapped to and fro, and dropped', async () => {
      const { from, caller, ann, third } = await consult();
      await order({ kind: 'swap' });
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await third.ear.waitForSound(3_000);
      await order({ kind: 'swap' });
      await hear(third, CALLED_HZ, ann, THIRD_HZ);
      await order({ kind: 'drop' });
      await third.ended(3_000);
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      isWhole(await storyOf(lab, from));
    });

    it('becomes a conference that the agent leaves', async () => {
      const { from, caller, ann, third } = await consult();
      await order({ kind: 'conference' });
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await lab.product.order({ kind: 'agent-hang-up', agentId: lab.company.agents.ann.id });
      await ann.ended(3_000);
      await agentIs(lab, 'ann', 'available');
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await caller.hangUp();
      await third.ended(5_000);
      isWhole(await storyOf(lab, from));
    });

    it('with the phone’s own keys joins its two calls, and each says so', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      await ann.hold();
      await lab.product.nowHas('the hold', 3_000, (now) =>
        now.calls.some((call) => call.from === from && call.talk?.hold?.by === 'phone'),
      );
      const since = new Date();
      const rings = lab.carrier.ringsAt('2003', 8_000);
      const second = await lab.carrier.dial('2001', '2003');
      const third = await rings;
      await third.answer();
      await second.answered(5_000);
      await second.listen();
      await third.listen();
      await Promise.all([second.say(CALLED_HZ), third.say(THIRD_HZ)]);
      await hear(second, THIRD_HZ, third, CALLED_HZ);
      const said = await ann.refer({ address: `sip:2003@${pbxAddress(lab)}`, other: second });
      expect(said).to.equal('SUCCESS');
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await second.ended(5_000);
      await ann.ended(5_000);
      await agentIs(lab, 'ann', 'available');
      await third.hangUp();
      await caller.ended(5_000);
      const story = await storyOf(lab, from);
      isWhole(story);
      const asked = (await lab.stories.from('2001', since)).at(-1);
      const joined = [story, asked].flatMap((one) =>
        (one?.events ?? []).flatMap((event) => (event.kind === 'calls-joined' ? [event.with] : [])),
      );
      expect(joined).to.deep.equal([asked?.row.id, story.row.id]);
    });
  });

  describe('while the program is killed and started again', () => {
    async function ringsFor(number: string, ring_timeout_s: number): Promise<void> {
      await lab.product.database('extensions').where({ number }).update({ ring_timeout_s });
      await configured(lab);
    }

    /** Whatever a phone hears goes on; afterwards the page sees the talk as it was. */
    async function restart(from: string): Promise<void> {
      await lab.product.process.kill();
      await lab.product.process.start();
      await lab.product.nowHas('the talk to be taken up', 10_000, (now) =>
        now.calls.some((call) => call.from === from && call.talk !== undefined),
      );
      await agentIs(lab, 'ann', 'talking');
    }

    it('goes on from a hold', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      await order({ kind: 'hold' });
      await restart(from);
      await caller.ear.waitForSound(5_000);
      await order({ kind: 'resume' });
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      expect(story.row.result).to.equal('answered');
      expect(kinds(story, 'held', 'resumed')).to.deep.equal(['held', 'resumed']);
    });

    it('goes on from ringing: whoever is asked may answer the next process', async () => {
      // A busy machine takes longer to start than phones ring here.
      await ringsFor('2003', 30);
      const { from, caller, ann } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'consult', target: extension('2003') });
      const third = await rings;
      await lab.product.process.kill();
      await lab.product.process.start();
      await third.answer();
      await third.listen();
      await third.say(THIRD_HZ);
      await hear(ann, THIRD_HZ, third, CALLED_HZ);
      await order({ kind: 'complete' });
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await caller.hangUp();
      isWhole(await storyOf(lab, from));
      await ringsFor('2003', 5);
    });

    it('goes on from a consult, swapped or not, and from a conference', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'consult', target: extension('2003') });
      const third = await rings;
      await third.answer();
      await third.listen();
      await third.say(THIRD_HZ);
      await hear(ann, THIRD_HZ, third, CALLED_HZ);
      const heardAt = ann.ear.now();
      await restart(from);
      expect(ann.ear.tones(THIRD_HZ, heardAt), 'heard without a break').to.have.length(1);
      await order({ kind: 'swap' });
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await restart(from);
      await third.ear.waitForSound(5_000);
      await order({ kind: 'swap' });
      await hear(third, CALLED_HZ, ann, THIRD_HZ);
      await order({ kind: 'conference' });
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await restart(from);
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await ann.hangUp();
      await agentIs(lab, 'ann', 'available');
      await hear(caller, THIRD_HZ, third, CALLER_HZ);
      await caller.hangUp();
      await third.ended(5_000);
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.recordings).to.have.length(1);
    });

    it('and whoever left meanwhile is missed: the others are seated anew', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      const rings = lab.carrier.ringsAt('2003', 8_000);
      await order({ kind: 'consult', target: extension('2003') });
      const third = await rings;
      await third.answer();
      await third.listen();
      await third.say(THIRD_HZ);
      await hear(ann, THIRD_HZ, third, CALLED_HZ);
      await lab.product.process.kill();
      await third.hangUp();
      await lab.product.process.start();
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      expect((await storyOf(lab, from)).row.result).to.equal('answered');
    });
  });

  describe('a hold', () => {
    it('from the page lets the caller hear music, and counts', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      await order({ kind: 'hold' });
      const heldAt = caller.ear.now();
      await caller.ear.waitForSound(3_000);
      await caller.ear.waitUntil(heldAt + 2_000);
      expect(caller.ear.tones(CALLED_HZ, heldAt + 300)).to.have.length(0);
      await order({ kind: 'resume' });
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(story.row.hold_ms).to.be.within(1_900, 4_000);
    });

    it('with the phone’s key does the same, and both are back', async () => {
      const { from, caller, ann } = await talkWithAnn(lab);
      await ann.hold();
      await lab.product.nowHas('the hold', 3_000, (now) =>
        now.calls.some((call) => call.from === from && call.talk?.hold?.by === 'phone'),
      );
      await caller.ear.waitForSound(3_000);
      await ann.resume();
      await hear(caller, CALLED_HZ, ann, CALLER_HZ);
      await caller.hangUp();
      const story = await storyOf(lab, from);
      isWhole(story);
      expect(kinds(story, 'held', 'resumed')).to.deep.equal(['held', 'resumed']);
    });
  });
});
