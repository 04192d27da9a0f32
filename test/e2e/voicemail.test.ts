import { expect } from 'chai';
import { argonHasher } from '../../src/adapters/crypto/password.js';
import { busy } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { readWav, toneMs } from '../../src/demo/tones.js';
import { knexAuditLog } from '../../src/features/audit/index.js';
import { KnexMailSettings } from '../../src/features/mail/knex-mail-settings.js';
import { NO_MAIL } from '../../src/features/mail/mail-settings.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import { hears, sentence } from '../support/heard.js';
import { CALLED_HZ, pbxAddress, phoneIs, talk, useLab } from '../support/lab.js';
import { MailServer } from '../support/mail-server.js';
import { SipPhone } from '../support/sip-phone.js';
import { until } from '../support/until.js';

const BEEP_HZ = 1000;

/** What somebody says who speaks a greeting. */
const GREETING_HZ = 700;
const MAIL_TO = 'desk@office.example';

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

  /** 2003 calls 2004, which is busy, and speaks after the tone. */
  async function leaveAt2004(): Promise<Party> {
    lab.carrier.at('2004', busy);
    const caller = await lab.carrier.dial('2003', '2004');
    await caller.answered(8_000);
    await (await caller.listen()).waitForTone(BEEP_HZ, 20_000);
    await caller.say(CALLED_HZ);
    expect(await caller.endsWithin(2_500)).to.equal(false);
    await caller.hangUp();
    await lab.product.isIdle();
    return caller;
  }

  it('greets with what was spoken at the phone by key 9', async () => {
    const owner = await lab.carrier.dial('2004', '*97');
    await owner.answered(8_000);
    await owner.listen();
    await owner.ear.waitForSound(8_000);
    await owner.press('9');
    await owner.say(GREETING_HZ);
    await owner.ear.waitForTone(BEEP_HZ, 20_000);
    expect(await owner.endsWithin(2_000)).to.equal(false);
    await owner.press('#');
    await owner.ear.waitForTone(GREETING_HZ, 8_000);
    await owner.press('1');
    await hears(owner.ear, await sentence(lab.product, 'greeting-kept'), 10_000);
    await owner.hangUp();
    await lab.product.isIdle();
    lab.carrier.at('2004', busy);
    const caller = await lab.carrier.dial('2003', '2004');
    await caller.answered(8_000);
    const ear = await caller.listen();
    await ear.waitForTone(GREETING_HZ, 10_000);
    await ear.waitForTone(BEEP_HZ, 10_000);
    await caller.hangUp();
    await lab.product.isIdle();
  });

  it('calls back who left the message by key 4', async () => {
    await leaveAt2004();
    const rings = lab.carrier.ringsAt('2003', 60_000);
    const owner = await lab.carrier.dial('2004', '*97');
    await owner.answered(8_000);
    await owner.listen();
    await owner.ear.waitForTone(CALLED_HZ, 40_000);
    await owner.press('4');
    const sender = await rings;
    expect(sender.shown.number).to.equal('2004');
    await talk(owner, sender);
    await owner.hangUp();
    await lab.product.isIdle();
    await lab.product.database('voicemails').update({ archived_at: new Date() });
  });

  it('is mailed with its sound', async () => {
    const { database } = lab.product;
    const server = await MailServer.start();
    const settings = new KnexMailSettings(database, knexAuditLog);
    const extension_id = lab.company.extensions.get('2004');
    try {
      const { version } = await settings.read();
      await settings.save(SYSTEM_ACTOR, version, {
        ...NO_MAIL,
        ...{ enabled: true, host: '127.0.0.1', port: server.port, tls: 'none' },
        from: 'pbx@office.example',
      });
      await database('mailboxes')
        .insert({ extension_id, mail_to: MAIL_TO })
        .onConflict('extension_id')
        .merge({ mail_to: MAIL_TO });
      await leaveAt2004();
      const mail = await until('the mail', 30_000, () => Promise.resolve(server.arrived[0]));
      expect(mail.to).to.deep.equal([MAIL_TO]);
      const { channels, rate } = readWav(attachmentOf(mail.raw));
      const heardMs = toneMs(channels[0] ?? new Int16Array(), rate, CALLED_HZ);
      expect(heardMs).to.be.within(1_500, 3_500);
      expect(server.arrived).to.have.length(1);
    } finally {
      await database('mailboxes').where({ extension_id }).update({ mail_to: '' });
      await database('settings').where({ name: 'mail' }).delete();
      await database('voicemails').update({ archived_at: new Date() });
      await server.stop();
    }
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

/** The sound that comes with a mail. */
function attachmentOf(raw: string): Buffer {
  const [, body = ''] =
    /Content-Type: audio\/wav[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw) ?? [];
  return Buffer.from(body, 'base64');
}
