import { expect } from 'chai';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import type { Party } from '../../src/demo/party.js';
import { CALLED_HZ, pbxAddress, phoneIs, useLab } from '../support/lab.js';
import { SipPhone } from '../support/sip-phone.js';
import { until } from '../support/until.js';

const BEEP_HZ = 1000;

describe('voicemail', function () {
  this.timeout(120_000);
  const lab = useLab();
  let phone: SipPhone;

  before(async () => {
    phone = await SipPhone.start({
      hasMessageLamp: true,
      number: '2102',
      password: lab.company.phonePassword('2102'),
      server: pbxAddress(lab),
    });
    await phone.registered();
    await phone.lampLives();
    await phoneIs(lab, '2102', true);
  });
  after(() => phone.stop());

  /** Somebody at 2003 calls, is turned away, and speaks after the tone. */
  const leaveMessage = async (): Promise<void> => {
    phone.forget();
    const caller = await lab.carrier.dial('2003', '2102');
    await phone.event('CALL_INCOMING', 8_000);
    phone.hangUp();
    await caller.answered(8_000);
    const ear = await caller.listen();
    await ear.waitForTone(BEEP_HZ, 20_000);
    await caller.say(CALLED_HZ);
    expect(await caller.endsWithin(2_500)).to.equal(false);
    await caller.hangUp();
  };

  it('lights the lamp of the phone, which hears the message and deletes it with a key', async () => {
    await leaveMessage();
    await phone.lampShows(1, 0, 15_000);
    phone.forget();
    phone.dial('*97');
    await phone.event('CALL_ESTABLISHED', 8_000);
    // Heard when its sound begins: the lamp goes out while it plays.
    await phone.lampShows(0, 1, 40_000);
    phone.press('2');
    await phone.lampShows(0, 0, 15_000);
    phone.hangUp();
    await phone.event('CALL_CLOSED', 8_000);
    await lab.product.isIdle();
    const row = await lab.product
      .database('voicemails')
      .orderBy('left_at', 'desc')
      .first<{ heard_at: Date | null; archived_at: Date | null }>();
    expect(row.heard_at).to.be.instanceOf(Date);
    expect(row.archived_at).to.be.instanceOf(Date);
  });

  it('is heard at another phone with number and PIN, and kept', async () => {
    const extension_id = lab.company.extensions.get('2102');
    const pin_hash = await argonHasher.hash('2580');
    await lab.product.database('mailboxes').where({ extension_id }).update({ pin_hash });
    await leaveMessage();
    await phone.lampShows(1, 0, 15_000);
    const caller = await lab.carrier.dial('2003', '*98');
    await caller.answered(8_000);
    const ear = await caller.listen();
    await caller.press('2102#2580#');
    await ear.waitForTone(CALLED_HZ, 40_000);
    await caller.press('3');
    await phone.lampShows(0, 1, 15_000);
    await caller.hangUp();
    await lab.product.isIdle();
    const kept = await lab.product.database('voicemails').whereNotNull('kept_at');
    expect(kept).to.have.length(1);
    await lab.product.database('voicemails').update({ archived_at: new Date() });
    await lab.product.database('mailboxes').where({ extension_id }).update({ pin_hash: '' });
  });

  it('shows the lamp as it is after the program was away', async () => {
    await leaveMessage();
    await phone.lampShows(1, 0, 15_000);
    await lab.product.process.stop();
    await lab.product.database('voicemails').update({ heard_at: new Date() });
    await lab.product.process.start();
    await phone.lampShows(0, 1, 20_000);
    await lab.product.database('voicemails').update({ archived_at: new Date() });
  });

  it('locks a box after five wrong PINs, also for the right one, whichever call tries', async () => {
    const extension_id = lab.company.extensions.get('2004');
    const pin_hash = await argonHasher.hash('4711');
    await lab.product
      .database('mailboxes')
      .insert({ extension_id, pin_hash })
      .onConflict('extension_id')
      .merge({ pin_hash });
    const attempt = async (...pins: readonly string[]): Promise<Party> => {
      const caller = await lab.carrier.dial('2003', '*98');
      await caller.answered(8_000);
      await caller.press(pins.map((pin) => `2004#${pin}#`).join(''));
      return caller;
    };
    const right = await attempt('4711');
    await lab.product.nowHas('the box open', 8_000, (now) => now.calls.length === 1);
    expect(await right.endsWithin(3_000)).to.equal(false);
    await right.hangUp();
    await lab.product.isIdle();
    const since = new Date();
    for (const pins of [['1', '2', '3'], ['4', '5', '4711'], ['4711']])
      await (await attempt(...pins)).ended(40_000);
    await lab.product.isIdle();
    const reasons = await until('the three calls in the ledger', 10_000, async () => {
      const rows = await lab.product
        .database('calls')
        .where('from_number', '2003')
        .where('started_at', '>=', since)
        .whereNotNull('ended_at')
        .orderBy('started_at')
        .select<{ readonly reason: string }[]>('reason');
      return rows.length === 3 && rows.map((row) => row.reason);
    });
    expect(reasons).to.deep.equal(['mailbox-refused', 'mailbox-locked', 'mailbox-locked']);
    await lab.product.database('mailboxes').where({ extension_id }).update({ pin_hash: '' });
  });
});
