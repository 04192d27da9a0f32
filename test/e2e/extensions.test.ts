import { expect } from 'chai';
import { busy, ringing } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { hears, lastText, sentence } from '../support/heard.js';
import { TONES } from '../support/lab-company.js';
import { agentIs, makeAvailable, storyOf, talk, talkWithAnn, useLab } from '../support/lab.js';
import { dialCode, storyOfPhone } from '../support/phones.js';

describe('desk phones', function () {
  this.timeout(40_000);
  const lab = useLab();

  it('call each other by number, see who calls, and hear each other', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt('2004', 5_000);
    const caller = await lab.carrier.dial('2003', '2004');
    const called = await rings;
    await caller.rang(3_000);
    expect(called.shown).to.deep.equal({ number: '2003', name: 'Desk 2003' });
    await called.answer();
    await caller.answered(3_000);
    await caller.listen();
    await talk(caller, called);
    await caller.endsWithin(1_000);
    await called.hangUp();
    await caller.ended(5_000);
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.row).to.include({
      direction: 'internal',
      result: 'answered',
      ended_by: 'callee',
      to_number: '2004',
    });
    // 2004 has its internal calls recorded.
    expect(story.recordings).to.have.length(1);
  });

  it('hear busy where busy is, and ring out where nobody comes', async () => {
    const since = new Date();
    lab.carrier.at('2005', busy);
    const first = await lab.carrier.dial('2003', '2005');
    await first.ended(15_000);
    expect((await storyOfPhone(lab, '2003', since)).row).to.include({
      result: 'busy',
      recorded_ms: 0,
    });
    lab.carrier.at('2005', ringing);
    const again = new Date();
    const second = await lab.carrier.dial('2003', '2005');
    await second.ended(20_000);
    expect((await storyOfPhone(lab, '2003', again)).row.result).to.equal('no-answer');
  });

  it('reach the mailbox of a phone that is not registered, or are told that nobody answers', async () => {
    const since = new Date();
    // 2101 exists and has no phone and no mailbox.
    const caller = await lab.carrier.dial('2003', '2101');
    await caller.answered(5_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.ended(15_000);
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.row.result).to.equal('no-answer');
  });

  it('sign their agent in and out, available and not ready, by dialling a code', async () => {
    await dialCode(lab, '2001', '*11');
    await agentIs(lab, 'ann', 'not-ready', 'available');
    await dialCode(lab, '2001', '*12');
    const first = await stateOfAnn();
    await dialCode(lab, '2001', '*12');
    const second = await stateOfAnn();
    expect([first, second]).to.have.members(['available', 'not-ready']);
    await dialCode(lab, '2001', '*11');
    await agentIs(lab, 'ann', 'signed-out');
  });

  it('hear the name of the reason that they chose on the phone, or which there are', async () => {
    const [list, done] = [
      await sentence(lab.product, 'unknown-reason'),
      await sentence(lab.product, 'not-ready'),
    ];
    await makeAvailable(lab, 'ann');
    const recorded = await lab.carrier.dial('2001', '*123');
    await recorded.answered(5_000);
    await recorded.listen();
    await recorded.ear.waitForTone(TONES.announcement.en, 5_000);
    await hears(recorded.ear, done, 8_000);
    await recorded.ended(15_000);
    await agentIs(lab, 'ann', 'not-ready');

    const spoken = await lab.carrier.dial('2001', '*122');
    await spoken.answered(5_000);
    await spoken.listen();
    await spoken.ear.waitForSound(5_000);
    await hears(spoken.ear, done, 8_000);
    await hears(spoken.ear, await lastText(lab.product), 100);
    await spoken.ended(15_000);

    const unknown = await lab.carrier.dial('2001', '*129');
    await unknown.answered(5_000);
    await unknown.listen();
    await hears(unknown.ear, list, 8_000);
    await unknown.ear.waitForTone(TONES.announcement.en, 15_000);
    await unknown.hangUp();
    await dialCode(lab, '2001', '*11');
    await agentIs(lab, 'ann', 'signed-out');
  });

  const stateOfAnn = (): Promise<string> => {
    const { id } = lab.company.agents.ann;
    return lab.product.nowHas('Ann', 5_000, (now) => now.agents.find((a) => a.id === id)?.state);
  };

  it('ask for agent number and PIN where a phone is shared', async () => {
    const refused = await lab.carrier.dial('2002', '*11');
    await answerPin(refused, '603', '9999');
    await agentIs(lab, 'cleo', 'signed-out');
    const good = await lab.carrier.dial('2002', '*11');
    await answerPin(good, '603', '1357');
    await agentIs(lab, 'cleo', 'not-ready', 'available');
  });

  const answerPin = async (party: Party, number: string, pin: string): Promise<void> => {
    await party.answered(5_000);
    await party.listen();
    await party.ear.waitForSound(5_000);
    await party.press(`${number}#`);
    await party.ear.waitForSilence(150, 8_000);
    await party.ear.waitForSound(8_000);
    await party.press(`${pin}#`);
    await party.ended(15_000);
  };

  it('keep page and phone in step: a state set by one is seen by the other', async () => {
    await makeAvailable(lab, 'ann');
    await dialCode(lab, '2001', '*12');
    await agentIs(lab, 'ann', 'not-ready');
    const { id } = lab.company.agents.ann;
    await lab.product.order({ kind: 'agent-available', agentId: id });
    await agentIs(lab, 'ann', 'available');
    await dialCode(lab, '2001', '*11');
    await agentIs(lab, 'ann', 'signed-out');
  });

  it('of agents count as busy while they talk, and the agent may be signed out when the call ends', async () => {
    const { from, caller, ann: agent } = await talkWithAnn(lab);
    const since = new Date();
    const colleague = await lab.carrier.dial('2003', '2001');
    await colleague.answered(8_000);
    // Busy leads to the mailbox.
    await colleague.listen();
    await colleague.ear.waitForSound(5_000);
    await colleague.hangUp();
    const { id } = lab.company.agents.ann;
    await lab.product.order({ kind: 'agent-sign-out', agentId: id });
    await agentIs(lab, 'ann', 'talking');
    await agent.ear.waitForTone(1000, 3_000);
    await caller.hangUp();
    await agentIs(lab, 'ann', 'signed-out');
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
    expect((await storyOfPhone(lab, '2003', since)).row.result).to.not.equal('answered');
  });
});
