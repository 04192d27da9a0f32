import { expect } from 'chai';
import { verify } from '@node-rs/argon2';
import { makeLogger } from '../../../src/adapters/log/logger.js';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { makeSounds } from '../../../src/features/prompts/index.js';
import { makePhoneMailboxes } from '../../../src/features/voicemail/index.js';
import { messageFile, messageKeyOf } from '../../../src/features/voicemail/message-address.js';
import { readLampCounts } from '../../../src/features/voicemail/lamp-reports.js';
import type { ExtensionId, QueueId } from '../../../src/kernel/ids.js';
import type { Mailboxes } from '../../../src/telephony/mailboxes.js';
import { voicemailCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { toneWav } from '../../support/node-files.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

const THEO = { kind: 'extension', id: COMPANY.phoneOfTheo as ExtensionId } as const;
const REPAIRS = { kind: 'queue', id: COMPANY.repairs as QueueId } as const;

describe('mailboxes', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let admin: TestClient;
  let boxes: Mailboxes;
  let news = 0;

  before(async () => {
    at = await CallsSite.start();
    admin = await at.site.client('admin');
    const { database, config } = at.site.parts;
    const { studio, library } = makeSounds(config.varDir);
    boxes = makePhoneMailboxes({
      database,
      clock: systemClock,
      log: makeLogger('silent'),
      news: { changed: () => news++ },
      config: { mediaUrl: 'http://media', secretKey: config.secretKey },
      greetings: { studio, withFolder: (work) => library.withFolder(work) },
    });
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    news = 0;
    await at.site.parts.database('mailbox_listeners').del();
    await at.site.parts.database('mailboxes').del();
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const idOf = async (owner: typeof THEO | typeof REPAIRS) => (await boxes.of(owner))?.id ?? 0;
  const fields = {
    ...{ number: '', pin: '', maxMessage: '90', maxMessages: '3', retentionDays: '30' },
    ...{ mailTo: '', mailSound: 'attach', membersHear: 'on' },
  };
  const save = async (
    id: number,
    changed: Readonly<Record<string, string>>,
    greeting?: Buffer,
  ): Promise<TestAnswer> => {
    const shown = await admin.get(`/setup/mailboxes/${String(id)}`);
    const version = /name="version" value="(\d+)"/.exec(shown.text)?.[1] ?? '';
    const body = new FormData();
    for (const [name, value] of Object.entries({
      _csrf: admin.csrf,
      version,
      ...fields,
      ...changed,
    }))
      body.append(name, value);
    if (greeting !== undefined)
      body.append('greeting', new Blob([new Uint8Array(greeting)]), 'greeting.wav');
    return admin.send(`/setup/mailboxes/${String(id)}`, { body });
  };
  const leave = async (...calls: readonly CallScript[]): Promise<void> => {
    await at.tell(...calls);
  };

  describe('setting up', () => {
    it('has a box for each extension with voicemail and each queue', async () => {
      const { text } = await admin.get('/setup/mailboxes');
      for (const said of ['2001', 'Mara Quill', '2002', 'Theo Lark', 'Repairs', 'Billing'])
        expect(text).to.contain(said);
      expect(await at.site.parts.database('mailboxes').count({ n: '*' })).to.deep.equal([{ n: 4 }]);
    });

    it('saves what the form says; the PIN is hashed and never shown', async () => {
      const id = await idOf(REPAIRS);
      const saved = await save(id, {
        number: '8100',
        pin: '4711',
        mailTo: 'a@b.example\nc@d.example',
      });
      expect(saved.status).to.equal(303);
      const row = await at.site.parts
        .database('mailboxes')
        .where({ id })
        .first<{ pin_hash: string; mail_to: string }>();
      expect(await verify(row.pin_hash, '4711')).to.equal(true);
      expect(row.mail_to).to.equal('a@b.example\nc@d.example');
      expect((await boxes.numbered('8100'))?.id).to.equal(id);
      const { text } = await admin.get(`/setup/mailboxes/${String(id)}`);
      expect(text).not.to.contain('4711').and.not.to.contain('argon2');
      const [line] = (await at.site.parts
        .database('audit_entries')
        .where('object_kind', 'mailbox')) as { changes: string }[];
      expect(JSON.stringify(line?.changes)).not.to.contain('4711');
      expect((await save(id, { withoutPin: 'on', number: '8100' })).status).to.equal(303);
      expect((await boxes.of(REPAIRS))?.pinHash).to.equal('');
    });

    it('refuses what cannot be, beside the field', async () => {
      const id = await idOf(REPAIRS);
      for (const [changed, said] of [
        [{ number: '2001' }, 'An extension has this number.'],
        [{ number: '0815' }, '2 to 8 digits'],
        [{ number: '999' }, 'emergency'],
        [{ pin: '12' }, '4 to 12 digits.'],
        [{ pin: '1111' }, 'guessed first'],
        [{ mailTo: 'nobody' }, 'nobody is not a mail address.'],
        [{ maxMessage: '5' }, '10'],
        [{ maxMessages: '0' }, '1'],
        [{ retentionDays: '-1' }, '0'],
      ] as const) {
        const answer = await save(id, changed);
        expect(answer.status, JSON.stringify(changed)).to.equal(422);
        expect(answer.text).to.contain(said);
      }
      await save(id, { number: '8100' });
      const other = (await boxes.of({ kind: 'queue', id: COMPANY.billing as QueueId }))?.id ?? 0;
      const taken = await save(other, { number: '8100' });
      expect(taken.text).to.contain('Another mailbox has this number.');
    });

    it('takes a greeting, plays it, and goes back to the spoken one', async () => {
      const id = await idOf(THEO);
      expect((await save(id, {}, await toneWav(440, 3))).status).to.equal(303);
      expect((await boxes.of(THEO))?.greeting).to.match(/^[0-9a-f]{64}$/);
      const sound = await admin.get(`/setup/mailboxes/${String(id)}/greeting`);
      expect(sound.status).to.equal(200);
      expect((await save(id, { spokenGreeting: 'on' })).status).to.equal(303);
      expect((await boxes.of(THEO))?.greeting).to.equal('');
    });

    it('refuses ten minutes of silence, any silence, what is too long, and what is no sound', async () => {
      const id = await idOf(THEO);
      for (const [file, said] of [
        [await toneWav(0, 600), 'longer than a minute'],
        [await toneWav(0, 5), 'Nothing can be heard'],
        [await toneWav(440, 70), 'longer than a minute'],
        [Buffer.from('hello'), 'sound'],
      ] as const) {
        const answer = await save(id, { maxMessage: '77' }, file);
        expect(answer.status).to.equal(422);
        expect(answer.text).to.contain(said).and.contain('value="77"');
      }
      expect((await boxes.of(THEO))?.greeting).to.equal('');
    });

    it('is for administrators', async () => {
      const mara = await at.site.client('mara');
      expect((await mara.get('/setup/mailboxes')).status).to.equal(403);
      expect((await admin.get('/setup/mailboxes/999999')).status).to.equal(404);
    });
  });

  describe('at a phone', () => {
    it('gives new messages first, then old ones, each from the oldest on', async () => {
      const now = Date.now();
      const [first, second, third] = [300_000, 200_000, 100_000].map((ago) =>
        voicemailCall(now - ago, THEO.id),
      ) as [CallScript, CallScript, CallScript];
      await leave(first, second, third);
      const box = (await boxes.of(THEO))?.id;
      if (box === undefined) throw new Error('no box');
      await boxes.mark(first.recordingId, 'heard', '2002');
      const messages = await boxes.messages(box);
      expect(messages?.map(({ id }) => id)).to.deep.equal(
        [second, third, first].map((call) => call.recordingId),
      );
      expect(messages?.map(({ isNew }) => isNew)).to.deep.equal([true, true, false]);
      expect(messages?.[0]?.media).to.equal(`recording:${second.recordingId}-voicemail`);
      expect(news).to.equal(1);
      expect(await readLampCounts(at.site.parts.database)).to.deep.equal([
        { number: '2002', fresh: 2, old: 1 },
      ]);
      await boxes.mark(second.recordingId, 'deleted', '2002');
      expect(await boxes.messages(box)).to.have.length(2);
      const actions = await at.site.parts.database('audit_entries').pluck('action');
      expect(actions).to.include('voicemail.archive');
    });

    it('lights the lamps of those who hear the box of a queue, where that box does', async () => {
      const { database } = at.site.parts;
      const [own, ofTeam] = [
        voicemailCall(Date.now(), THEO.id),
        voicemailCall(Date.now() - 60_000),
      ];
      await leave(own, ofTeam);
      await database('voicemails')
        .where({ recording_id: ofTeam.recordingId })
        .update({ extension_id: null, queue_id: REPAIRS.id });
      const before = { number: '2002', fresh: 1, old: 0 };
      expect(await readLampCounts(database)).to.deep.equal([before]);
      const id = await idOf(REPAIRS);
      expect((await save(id, { lightsLamps: 'on' })).status).to.equal(303);
      const rows = await database('queue_members as m')
        .join('agents as a', 'a.id', 'm.agent_id')
        .join('extensions as x', 'x.id', 'a.extension_id')
        .where('m.queue_id', REPAIRS.id)
        .select<{ number: string }[]>('x.number');
      const members = rows.map(({ number }) => number);
      expect(members).to.not.deep.equal([]);
      const lit = new Map((await readLampCounts(database)).map((one) => [one.number, one]));
      for (const number of members)
        expect(lit.get(number)?.fresh, number).to.equal(number === '2002' ? 2 : 1);
      // Nobody but an agent who is named.
      const theo = await database('agents')
        .where('extension_id', THEO.id)
        .first<{ id: number }>('id');
      await save(id, { lightsLamps: 'on', membersHear: '', listeners: String(theo.id) });
      expect(await readLampCounts(database)).to.deep.equal([{ ...before, fresh: 2 }]);
      await boxes.mark(ofTeam.recordingId, 'heard', '2002');
      expect(await readLampCounts(database)).to.deep.equal([{ ...before, old: 1 }]);
    });

    it('is dealt with when it is called back at the phone; the first who did stays', async () => {
      const call = voicemailCall(Date.now() - 60_000, THEO.id);
      await leave(call);
      const { database } = at.site.parts;
      const handled = async (): Promise<unknown> =>
        database('voicemails')
          .where({ recording_id: call.recordingId })
          .first('handled_at', 'handled_by');
      expect(await boxes.mark(call.recordingId, 'handled', '2002')).to.equal(true);
      const first = await handled();
      expect(first).to.include({ handled_by: null });
      expect((first as { handled_at: unknown }).handled_at).to.be.instanceOf(Date);
      await boxes.mark(call.recordingId, 'handled', '2001');
      expect(await handled()).to.deep.equal(first);
      const noted = await database('audit_entries').where({ action: 'voicemail.handle' });
      expect(noted).to.have.length(1);
      expect((await admin.get('/voicemail')).text).to.contain('dealt with at a phone');
    });

    it('is full when as many are in it as it holds, and has room again', async () => {
      await save(await idOf(THEO), { maxMessages: '1' });
      expect((await boxes.of(THEO))?.isFull).to.equal(false);
      const call = voicemailCall(Date.now() - 60_000, THEO.id);
      await leave(call);
      expect((await boxes.of(THEO))?.isFull).to.equal(true);
      await boxes.mark(call.recordingId, 'deleted', '2002');
      expect((await boxes.of(THEO))?.isFull).to.equal(false);
    });

    it('keeps a greeting that is spoken, and none that is silent or too long', async () => {
      const box = (await boxes.of(THEO))?.id;
      if (box === undefined) throw new Error('no box');
      expect(await boxes.keepGreeting(box, await toneWav(0, 4), '2002')).to.equal('silent');
      expect(await boxes.keepGreeting(box, await toneWav(440, 61), '2002')).to.equal('too-long');
      expect(await boxes.keepGreeting(box, Buffer.from('x'), '2002')).to.equal('failed');
      expect((await boxes.of(THEO))?.greeting).to.equal('');
      expect(await boxes.keepGreeting(box, await toneWav(440, 4), '2002')).to.equal('kept');
      expect((await boxes.of(THEO))?.greeting).to.match(/^[0-9a-f]{64}$/);
    });

    it('has no box for a phone without voicemail, nor for what is no number', async () => {
      await at.site.parts
        .database('extensions')
        .where({ id: THEO.id })
        .update({ voicemail: false });
      expect(await boxes.of(THEO)).to.equal(undefined);
      await at.site.parts.database('extensions').where({ id: THEO.id }).update({ voicemail: true });
      for (const number of ['', '9', "' or 1=1", '2'.repeat(40)])
        expect(await boxes.numbered(number), number).to.equal(undefined);
    });
  });

  describe('the sound for nodes', () => {
    it('is a wav at an address that cannot be guessed and does not last', async () => {
      const call = voicemailCall(Date.now() - 60_000, THEO.id);
      await leave(call);
      await at.keep(call.recordingId);
      const box = (await boxes.of(THEO))?.id;
      if (box === undefined) throw new Error('no box');
      const [message] = (await boxes.messages(box)) ?? [];
      const path = message?.media.replace('sound:http://media', '/media') ?? '';
      const stranger = await at.site.client();
      const sound = await stranger.get(path);
      expect(sound.status).to.equal(200);
      expect(sound.headers.get('content-type')).to.contain('audio/wav');
      expect(sound.text.slice(0, 4)).to.equal('RIFF');
      const key = messageKeyOf(at.site.parts.config.secretKey);
      for (const other of [
        messageFile(key, call.recordingId, Date.now() - 1_000),
        messageFile('another key', call.recordingId, Date.now() + 60_000),
        `${call.recordingId}.wav`,
        '..%2f..%2fetc%2fpasswd',
      ])
        expect((await stranger.get(`/media/messages/${other}`)).status, other).to.equal(404);
    });
  });
});
