import { expect } from 'chai';
import { DIDS, TONES } from '../support/lab-company.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  pbxAddress,
  phoneIs,
  storyOf,
  talk,
  talkWithAnn,
  useLab,
} from '../support/lab.js';
import { dialCode, ringsInstead } from '../support/phones.js';
import { SipPhone } from '../support/sip-phone.js';

describe('phones at work', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('send a caller to a flow, from the page and by the transfer key', async () => {
    for (const how of ['page', 'phone'] as const) {
      const { from, caller, ann } = await talkWithAnn(lab);
      if (how === 'page')
        await lab.product.order({
          kind: 'agent-talk',
          agentId: lab.company.agents.ann.id,
          command: { kind: 'transfer', target: { kind: 'flow', id: lab.company.flows.menu } },
        });
      else expect(await ann.refer(`sip:${DIDS.menu}@${pbxAddress(lab)}`)).to.equal('SUCCESS');
      await caller.ear.waitForTone(TONES.menu.en, 8_000);
      await ann.ended(5_000);
      await agentIs(lab, 'ann', 'available');
      await caller.hangUp();
      const story = await storyOf(lab, from);
      expect(
        story.events.find(({ kind }) => kind === 'transferred'),
        how,
      ).to.include({ via: how });
    }
  });

  it('send a caller to a queue in which the phone waits already: the place is kept', async () => {
    const { from, caller, ann } = await talkWithAnn(lab);
    const { ann: agent } = lab.company.agents;
    await lab.product.order({ kind: 'agent-not-ready', agentId: agent.id, reason: 'break' });
    const second = await lab.carrier.dial('2001', DIDS.queue);
    await second.answered(5_000);
    await second.listen();
    const line = () => lab.product.now.queues.find(({ id }) => id === lab.company.queues.main);
    await lab.product.nowHas('the phone in line', 5_000, () => line()?.waiting.length === 1);
    const since = line()?.waiting[0]?.since;
    const said = await ann.refer({
      address: `sip:${DIDS.queue}@${pbxAddress(lab)}`,
      other: second,
    });
    expect(said).to.equal('SUCCESS');
    await lab.product.nowHas(
      'the caller in line',
      5_000,
      () => line()?.waiting.some((one) => one.from === from) === true,
    );
    expect(line()?.waiting).to.have.length(1);
    expect(line()?.waiting[0]?.since).to.be.closeTo(since ?? 0, 5);
    const rings = lab.carrier.ringsAt('2002', 8_000);
    // Available for no longer than it takes to ring.
    const { id: bob } = lab.company.agents.bob;
    const extensionId = lab.company.extensions.get('2002');
    if (extensionId === undefined) throw new Error('no 2002');
    await lab.product.order({ kind: 'agent-sign-in', agentId: bob, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId: bob });
    await talk(caller, await rings);
    await caller.hangUp();
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });

  it('that are not there send calls on where they said while they were', async () => {
    const account = {
      number: '2101',
      password: lab.company.phonePassword('2101'),
      server: pbxAddress(lab),
    };
    const phone = await SipPhone.start(account);
    try {
      await phoneIs(lab, '2101', true);
      phone.dial('*942005');
      await phone.event('CALL_ESTABLISHED', 8_000);
      await phone.event('CALL_CLOSED', 15_000);
    } finally {
      await phone.stop();
    }
    await phoneIs(lab, '2101', false);
    const { caller, called } = await ringsInstead(lab, '2003', '2101', '2005');
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
  });

  it('ring a second time while they talk, and do not once call waiting is off', async () => {
    const talking = await ringsInstead(lab, '2003', '2004', '2004');
    await talking.called.answer();
    await talking.caller.answered(5_000);
    await Promise.all([talking.caller.listen(), talking.called.listen()]);
    await Promise.all([talking.caller.say(CALLER_HZ), talking.called.say(CALLED_HZ)]);
    await talking.called.ear.waitForTone(CALLER_HZ, 8_000);
    const second = await ringsInstead(lab, '2005', '2004', '2004');
    await second.caller.hangUp();
    await second.called.ended(5_000);
    await dialCode(lab, '2004', '*43');
    const refused = await lab.carrier.dial('2005', '2004');
    await lab.product.nowHas('the mailbox instead', 8_000, (now) =>
      now.calls.some(({ from, stage }) => from === '2005' && stage === 'voicemail'),
    );
    await refused.hangUp();
    await talking.called.ear.waitForTone(CALLER_HZ, 5_000);
    await talking.caller.hangUp();
    await talking.called.ended(5_000);
    await dialCode(lab, '2004', '*43');
  });
});
