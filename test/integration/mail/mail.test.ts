import { expect } from 'chai';
import { smtpTransport } from '../../../src/adapters/mail/smtp-transport.js';
import { KnexMailQueue } from '../../../src/features/mail/knex-mail-queue.js';
import { KnexMailSettings } from '../../../src/features/mail/knex-mail-settings.js';
import { RETRY_MS, type MailState } from '../../../src/features/mail/mail.js';
import { sendDue, type MailSenderParts } from '../../../src/features/mail/mail-sender.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import { CallsSite } from '../../support/calls-site.js';
import { MailServer } from '../../support/mail-server.js';
import { freePort } from '../../support/free-port.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

describe('mail', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let server: MailServer;
  let admin: TestClient;
  let now = Date.now();
  let queue: KnexMailQueue;
  let parts: MailSenderParts;

  before(async () => {
    at = await CallsSite.start();
    admin = await at.site.client('admin');
    const { database, sealer, clock } = at.site.parts;
    queue = new KnexMailQueue(database);
    parts = {
      queue,
      settings: new KnexMailSettings(database, knexAuditLog),
      secrets: sealer,
      transport: smtpTransport,
      clock: { ...clock, now: () => now },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    };
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    server = await MailServer.start();
    now = Date.now();
    await at.site.parts.database('mails').del();
    await at.site.parts.database('settings').where('name', 'mail').del();
  });
  afterEach(async () => {
    await server.stop();
    expect(at.site.errors).to.deep.equal([]);
  });

  const save = async (changed: Readonly<Record<string, string>> = {}): Promise<TestAnswer> => {
    const shown = await admin.get('/setup/mail');
    const version = /name="version" value="(\d+)"/.exec(shown.text)?.[1] ?? '';
    return admin.post('/setup/mail', {
      ...{ version, enabled: 'on', host: '127.0.0.1', port: String(server.port), tls: 'none' },
      ...{ user: '', password: '', from: 'pbx@office.example', fromName: 'Office', ...changed },
    });
  };
  const test = async (to = 'ann@office.example'): Promise<string> =>
    (await admin.post('/setup/mail/test', { to })).text;
  const states = (): Promise<Readonly<Record<MailState, number>>> => queue.counts();
  const mail = (recipient: string) => ({ recipient, subject: 'Hello', text: 'A text.' });

  describe('the page', () => {
    it('saves the server; the password is sealed, kept while the server stays, and never shown', async () => {
      expect((await save({ user: 'box', password: 'right' })).status).to.equal(303);
      expect((await save({ user: 'box' })).status).to.equal(303);
      expect(await test())
        .to.contain('The server took it.')
        .and.contain('taken as test');
      expect(server.arrived[0]).to.include({ user: 'box', from: 'pbx@office.example' });
      const { text } = await admin.get('/setup/mail');
      expect(text).not.to.contain('value="right"');
      const stored = await parts.settings.read();
      expect(stored.passwordSealed).not.to.contain('right');
      await save({ user: 'box', host: 'localhost' });
      expect((await parts.settings.read()).passwordSealed).to.equal('');
    });

    it('refuses what cannot be, beside the field', async () => {
      for (const [changed, said] of [
        [{ host: '' }, 'f-host'],
        [{ host: 'http://mail' }, 'without spaces or slashes'],
        [{ port: '0' }, 'f-port'],
        [{ from: 'nobody' }, 'not a mail address'],
        [{ from: '' }, 'f-from'],
        [{ fromName: 'a\r\nBcc: x@y.example' }, 'line breaks'],
      ] as const) {
        const answer = await save(changed);
        expect(answer.status, JSON.stringify(changed)).to.equal(422);
        expect(answer.text).to.contain(said);
      }
      expect(await test()).to.contain('Save server and sender first.');
      await save();
      expect(await test('a@b.example, c@d.example')).to.contain('not a mail address');
      expect(server.arrived).to.deep.equal([]);
    });

    it('says in words why a test mail did not go, and what the server said', async () => {
      await save({ user: 'box', password: 'wrong' });
      expect(await test())
        .to.contain('refuses user or password')
        .and.contain('535');
      await save();
      server.refuses.set('ann@office.example', ['550 no such user here']);
      expect(await test())
        .to.contain('refuses the recipient')
        .and.contain('no such user here');
      await save({ port: String(await freePort()) });
      expect(await test()).to.contain('Nobody answers at this server and port.');
      await save({ host: 'no-such-host.invalid' });
      expect(await test()).to.contain('no server of this name');
    });

    it('takes a certificate that nobody trusts only where it is told to', async () => {
      await save({ tls: 'starttls', checksCertificate: 'on' });
      expect(await test()).to.contain('No safe connection');
      await save({ tls: 'starttls' });
      expect(await test()).to.contain('The server took it.');
      expect(server.arrived.map(({ isSafe }) => isSafe)).to.deep.equal([true]);
    });

    it('sends nothing in clear where a safe connection is asked for and not offered', async () => {
      const plain = await MailServer.start({ disabledCommands: ['STARTTLS'] });
      try {
        await save({ tls: 'starttls', port: String(plain.port) });
        expect(await test()).to.contain('No safe connection');
        expect(plain.arrived).to.deep.equal([]);
      } finally {
        await plain.stop();
      }
    });

    it('is for administrators', async () => {
      const supervisor = await at.site.client('supervisor');
      expect((await supervisor.get('/setup/mail')).status).to.equal(403);
    });
  });

  describe('the queue', () => {
    it('sends what waits, with its attachment, once', async () => {
      await save();
      const content = Buffer.from('RIFF of a sound');
      const attachments = [{ name: 'message.wav', type: 'audio/wav', content }];
      await queue.add(new Date(now), [{ ...mail('ann@office.example'), attachments }]);
      expect(await sendDue(parts)).to.equal(1);
      expect(await sendDue(parts)).to.equal(0);
      expect(server.arrived).to.have.length(1);
      const raw = server.arrived[0]?.raw ?? '';
      expect(raw).to.contain('From: Office <pbx@office.example>').and.contain('Subject: Hello');
      expect(raw).to.contain('filename=message.wav').and.contain(content.toString('base64'));
      expect(await states()).to.deep.equal({ waiting: 0, sent: 1, failed: 0 });
      expect(await at.site.parts.database('mail_attachments')).to.deep.equal([]);
    });

    it('is there only when what it tells of is', async () => {
      const { database } = at.site.parts;
      await database
        .transaction(async (tx) => {
          await new KnexMailQueue(tx).add(new Date(now), [mail('ann@office.example')]);
          throw new Error('rolled back');
        })
        .catch(() => undefined);
      expect(await states()).to.deep.equal({ waiting: 0, sent: 0, failed: 0 });
    });

    it('waits while mail is switched off', async () => {
      await queue.add(new Date(now), [mail('ann@office.example')]);
      expect(await sendDue(parts)).to.equal(0);
      expect(await states()).to.include({ waiting: 1 });
    });

    it('tries again later what the server wants later, and gives up after the last time', async () => {
      await save();
      server.refuses.set('ann@office.example', ['451 later please']);
      server.refuses.set('bob@office.example', Array<string>(20).fill('451 never'));
      await queue.add(new Date(now), [mail('ann@office.example'), mail('bob@office.example')]);
      await sendDue(parts);
      expect(await sendDue(parts)).to.equal(0);
      now += RETRY_MS[0] ?? 0;
      expect(await sendDue(parts)).to.equal(2);
      expect(await states()).to.deep.equal({ waiting: 1, sent: 1, failed: 0 });
      for (const wait of RETRY_MS.slice(1)) {
        now += wait;
        await sendDue(parts);
      }
      expect(await states()).to.deep.equal({ waiting: 0, sent: 1, failed: 1 });
      const [line] = (await queue.latest(5)).filter(({ state }) => state === 'failed');
      expect(line?.answer).to.contain('451').and.contain('never');
    });

    it('gives up at once where the recipient is not there; the page can try it again', async () => {
      await save();
      server.refuses.set('gone@office.example', ['550 gone']);
      await queue.add(new Date(now), [mail('gone@office.example')]);
      await sendDue(parts);
      expect(await states()).to.include({ failed: 1 });
      const { text } = await admin.get('/setup/mail');
      const action = /action="(\/setup\/mail\/\w{26}\/again)"/.exec(text)?.[1] ?? '';
      expect((await admin.post(action)).status).to.equal(303);
      now = Date.now() + 1_000;
      await sendDue(parts);
      expect(await states()).to.deep.equal({ waiting: 0, sent: 1, failed: 0 });
      expect((await admin.post(action)).status).to.equal(404);
    });

    it('keeps headers of others out, whatever subject and recipient hold', async () => {
      await save();
      await queue.add(new Date(now), [
        { ...mail('ann@office.example'), subject: 'Hi\r\nBcc: eve@evil.example' },
      ]);
      await sendDue(parts);
      expect(server.arrived[0]?.to).to.deep.equal(['ann@office.example']);
      expect(server.arrived[0]?.raw).not.to.match(/^Bcc:/im);
    });
  });
});
