import { expect } from 'chai';
import { SIP_PHONE_HZ, SipPhone } from '../support/sip-phone.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  kindsOf,
  makeAvailable,
  newCaller,
  pbxAddress,
  phoneIs,
  storyOf,
  useLab,
} from '../support/lab.js';

/** The shortest time for which the phone may register here; elsewhere it is a minute. */
const EXPIRES_S = 10;

describe('a phone whose power goes while it has a caller on hold', function () {
  this.timeout(90_000);
  const lab = useLab();

  it('does not keep the caller: back in line, who waited first, until somebody else answers', async () => {
    // The registrar's own limit. The program does not set it.
    await lab.product.setOnPbx('aor/2101', { minimum_expiration: String(EXPIRES_S) });
    const account = {
      number: '2101',
      password: lab.company.phonePassword('2101'),
      server: pbxAddress(lab),
    };
    const phone = await SipPhone.start(account, true, EXPIRES_S);
    await phoneIs(lab, '2101', true, 30_000);
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
    await phone.vanish();
    await makeAvailable(lab, 'bob');
    const rings = lab.carrier.ringsAt('2002', 45_000);
    const other = await rings;
    expect(other.shown.number).to.equal(from);
    await other.answer();
    await other.say(CALLED_HZ);
    await caller.ear.waitForTone(CALLED_HZ, 8_000);
    await agentIs(lab, 'ann', 'phone-lost');
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(kindsOf(story).filter((kind) => kind === 'connected')).to.have.length(2);
  });
});
