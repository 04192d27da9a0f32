import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { smtpTransport } from '../../../src/adapters/mail/smtp-transport.js';
import { messageWav } from '../../../src/adapters/sound/message-sound.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { KnexMailQueue } from '../../../src/features/mail/knex-mail-queue.js';
import { KnexMailSettings } from '../../../src/features/mail/knex-mail-settings.js';
import { NO_MAIL } from '../../../src/features/mail/mail-settings.js';
import { sendDue } from '../../../src/features/mail/mail-sender.js';
import { KnexExpiredMessages } from '../../../src/features/voicemail/knex-expired-messages.js';
import { openRecordingShelf } from '../../../src/features/recordings/index.js';
import { storedMessageSounds } from '../../../src/features/voicemail/knex-message-sounds.js';
import { KnexUnmailedMessages } from '../../../src/features/voicemail/knex-unmailed-messages.js';
import {
  mailNext,
  type VoicemailMailerParts,
} from '../../../src/features/voicemail/voicemail-mailer.js';
import {
  deleteExpired,
  type RetentionParts,
} from '../../../src/features/voicemail/voicemail-retention.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { loadMessages } from '../../../src/web/i18n.js';
import { voicemailCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { MailServer } from '../../support/mail-server.js';

const DAY_MS = 86_400_000;

describe('messages that are mailed and deleted', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let mailer: VoicemailMailerParts;
  let retention: RetentionParts;
  let queue: KnexMailQueue;
  let now = Date.now();
  let news = 0;

  before(async () => {
    at = await CallsSite.start();
    const { database } = at.site.parts;
    const shelf = openRecordingShelf(at.site.parts);
    const clock = { ...systemClock, now: () => now };
    const log = { info: () => undefined, warn: () => undefined };
    queue = new KnexMailQueue(database);
    mailer = {
      ...{ clock, log, zone: 'Europe/London', country: 'GB' },
      messages: new KnexUnmailedMessages(database),
      sounds: storedMessageSounds(database, shelf, messageWav),
      texts: loadMessages((key) => {
        throw new Error(`no text ${key}`);
      }),
      publicUrl: 'https://calls.office.example',
    };
    retention = {
      ...{ clock, log },
      messages: new KnexExpiredMessages(database, knexAuditLog),
      removeSound: (path) => shelf.folder.remove(path),
      news: { changed: () => news++ },
    };
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    now = Date.now();
    news = 0;
    await at.clear();
    for (const table of ['mails', 'mailbox_listeners', 'mailboxes'])
      await at.site.parts.database(table).del();
  });

  const box = (values: Readonly<Record<string, unknown>>) =>
    at.site.parts.database('mailboxes').insert({ extension_id: COMPANY.phoneOfTheo, ...values });
  const leave = async (ago = 60_000): Promise<CallScript> => {
    const call = voicemailCall(now - ago, COMPANY.phoneOfTheo);
    await at.tell(call);
    return call;
  };

  describe('mail', () => {
    it('goes to every address of the box with the sound, once, when that is stored', async () => {
      await box({ mail_to: 'theo@office.example\nteam@office.example' });
      const call = await leave();
      expect(await mailNext(mailer)).to.equal(0);
      await at.keep(call.recordingId);
      expect(await mailNext(mailer)).to.equal(1);
      expect(await mailNext(mailer)).to.equal(0);
      const mails = await queue.due(new Date(now), 10);
      expect(mails.map(({ recipient }) => recipient)).to.deep.equal([
        'theo@office.example',
        'team@office.example',
      ]);
      const [mail] = mails;
      expect(mail?.subject).to.contain('2002 Theo Lark');
      expect(mail?.text).to.contain('https://calls.office.example/voicemail');
      const [sound] = mail?.attachments ?? [];
      expect(sound?.type).to.equal('audio/wav');
      expect(sound?.content.subarray(0, 4).toString()).to.equal('RIFF');
    });

    it('arrives at a real mail server', async () => {
      await box({ mail_to: 'theo@office.example' });
      const call = await leave();
      await at.keep(call.recordingId);
      await mailNext(mailer);
      const server = await MailServer.start();
      try {
        const { database, sealer } = at.site.parts;
        const settings = new KnexMailSettings(database, knexAuditLog);
        await settings.save(SYSTEM_ACTOR, 1, {
          ...NO_MAIL,
          ...{ enabled: true, host: '127.0.0.1', port: server.port, tls: 'none' },
          from: 'pbx@office.example',
        });
        const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
        await sendDue({
          ...{ queue, settings, log, secrets: sealer, transport: smtpTransport },
          clock: mailer.clock,
        });
        expect(server.arrived[0]?.to).to.deep.equal(['theo@office.example']);
        expect(server.arrived[0]?.raw).to.contain('audio/wav');
      } finally {
        await server.stop();
      }
    });

    it('has no sound where the box wants a link or none, or the sound is missing: it says so', async () => {
      await box({ mail_to: 'a@office.example', mail_sound: 'link' });
      await at.keep((await leave()).recordingId);
      await mailNext(mailer);
      await at.site.parts.database('mailboxes').update({ mail_sound: 'none' });
      await at.keep((await leave()).recordingId);
      await mailNext(mailer);
      await at.site.parts.database('mailboxes').update({ mail_sound: 'attach' });
      const lost = await leave();
      await at.site.parts
        .database('recordings')
        .where('id', lost.recordingId)
        .update({ state: 'missing', problem: 'gone' });
      await mailNext(mailer);
      const mails = await queue.due(new Date(now), 10);
      expect(mails.map(({ attachments }) => attachments.length)).to.deep.equal([0, 0, 0]);
      expect(mails[0]?.text).to.contain('https://');
      expect(mails[1]?.text).not.to.contain('https://');
      expect(mails[2]?.text).to.contain('Its sound is not there');
    });

    it('is not sent for what came before the box had an address', async () => {
      await box({});
      await at.keep((await leave()).recordingId);
      await mailNext(mailer);
      await at.site.parts.database('mailboxes').update({ mail_to: 'late@office.example' });
      expect(await mailNext(mailer)).to.equal(0);
      expect(await queue.counts()).to.include({ waiting: 0 });
    });
  });

  describe('retention', () => {
    it('deletes message and sound when their time is over, with a line in the audit log', async () => {
      await box({ retention_days: 30 });
      const [old, young] = [await leave(31 * DAY_MS), await leave(29 * DAY_MS)];
      const file = await at.keep(old.recordingId);
      await at.keep(young.recordingId);
      await at.site.parts.database('recordings').update({ on_node: false });
      expect(await deleteExpired(retention)).to.equal(1);
      expect(await deleteExpired(retention)).to.equal(0);
      expect(existsSync(file)).to.equal(false);
      expect(existsSync(join(at.folder))).to.equal(true);
      const left = await at.site.parts.database('voicemails').pluck('recording_id');
      expect(left).to.deep.equal([young.recordingId]);
      const [line] = await at.site.parts
        .database('audit_entries')
        .select<{ action: string; object_id: string }[]>('action', 'object_id');
      expect(line).to.include({ action: 'voicemail.expire', object_id: old.recordingId });
      const recording = await at.site.parts
        .database('recordings')
        .where('id', old.recordingId)
        .first<{ state: string; problem: string; path: string }>();
      expect(recording).to.include({ state: 'missing', problem: 'expired', path: '' });
      expect(news).to.equal(1);
    });

    it('leaves what is kept, what a box keeps for ever, and what is still on a node', async () => {
      await box({ retention_days: 30 });
      const [kept, onNode] = [await leave(40 * DAY_MS), await leave(40 * DAY_MS)];
      await at.keep(kept.recordingId);
      const { database } = at.site.parts;
      await database('recordings').where('id', kept.recordingId).update({ on_node: false });
      await database('voicemails')
        .where('recording_id', kept.recordingId)
        .update({ kept_at: new Date() });
      expect(await deleteExpired(retention)).to.equal(0);
      await database('mailboxes').update({ retention_days: 0 });
      await database('recordings').update({ on_node: false });
      expect(await deleteExpired(retention)).to.equal(0);
      await database('mailboxes').update({ retention_days: 30 });
      expect(await deleteExpired(retention)).to.equal(1);
      expect(await database('voicemails').pluck('recording_id')).not.to.include(onNode.recordingId);
    });

    it('ends what an interrupted run began', async () => {
      await box({ retention_days: 1 });
      const call = await leave(2 * DAY_MS);
      const file = await at.keep(call.recordingId);
      await at.site.parts.database('recordings').update({ on_node: false });
      const broken: RetentionParts = {
        ...retention,
        removeSound: () => Promise.reject(new Error('the disk is away')),
      };
      await deleteExpired(broken).catch(() => undefined);
      expect(existsSync(file)).to.equal(true);
      await deleteExpired(retention);
      expect(existsSync(file)).to.equal(false);
    });
  });
});
