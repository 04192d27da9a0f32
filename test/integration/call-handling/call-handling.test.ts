import { expect } from 'chai';
import { makePhoneSettings } from '../../../src/features/call-handling/index.js';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import { DEFAULT_CODES } from '../../../src/telephony/feature-codes.js';
import type { DeskCommand } from '../../../src/telephony/live.js';
import type { PhoneSettings } from '../../../src/telephony/phone-settings.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('what becomes of calls to an extension', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  let owner: TestClient;
  let settings: PhoneSettings;
  const ids = new Map<string, ExtensionId>();
  const id = (number: string): ExtensionId => ids.get(number) ?? (0 as ExtensionId);
  const path = (number: string): string => `/setup/extensions/${String(id(number))}/calls`;
  const now = (number: string) =>
    setup.site.parts.directory.current.extensionsByNumber.get(number)?.handling;

  before(async () => {
    setup = await startSetupSite();
    const { parts } = setup.site;
    for (const number of ['2001', '2002', '2003', '2004']) {
      const permission = number === '2004' ? 'internal' : 'national';
      const phone = await setup.extensions.createPhone(ADMIN, extension(number, { permission }));
      ids.set(number, phone.id);
    }
    const user = await parts
      .database('users')
      .where({ login: 'agent' })
      .first<{ id: number }>('id');
    await parts
      .database('agents')
      .insert({ name: 'Mara', number: '601', extension_id: id('2001'), user_id: user.id });
    await parts.database('paging_groups').insert({ name: 'All', number: '800' });
    await parts.directory.refresh();
    admin = await setup.site.client('admin');
    owner = await setup.site.client('agent');
    settings = makePhoneSettings({ ...parts, log: parts.log });
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  /** Loads the form and sends it with changes; answers with the page that came of it. */
  const submit = async (client: TestClient, at: string, changes: Record<string, string>) => {
    const { text } = await client.get(at);
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    const answer = await client.post(at, { version, callWaiting: 'on', ...changes });
    await setup.site.parts.directory.refresh();
    return answer;
  };

  it('is plain until somebody sets it, and changed by an administrator', async () => {
    expect((await admin.get(path('2001'))).status).to.equal(200);
    const saved = await submit(admin, path('2001'), {
      forwardAlways: ' 2002 ',
      forwardBusy: '020 7946 0123',
    });
    expect(saved).to.include({ status: 303, location: path('2001') });
    expect(now('2001')?.forwards).to.include({ always: '2002', busy: '+442079460123' });
    expect(setup.notes.announced).to.include('call-handling');
    expect((await admin.get(path('2001'))).text).to.contain('value="(020) 7946 0123"');
    const [line] = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'extension.change', object_id: String(id('2001')) })
      .orderBy('id', 'desc')
      .select<{ changes: unknown }[]>('changes');
    expect(JSON.stringify(line?.changes)).to.contain('forwardAlways').and.contain('2002');
  });

  it('is changed by whoever sits at the phone, and by nobody else', async () => {
    const page = await owner.get('/my-phone');
    expect(page.status).to.equal(200);
    expect(page.text).to.contain('2001');
    expect(await submit(owner, '/my-phone', { doNotDisturb: 'on' })).to.include({ status: 303 });
    expect(now('2001')?.doNotDisturb).to.equal(true);
    expect((await owner.get(path('2001'))).status).to.equal(403);
    expect((await owner.post(path('2002'), { forwardAlways: '2001' })).status).to.equal(403);
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.get('/my-phone')).text).to.contain('You have no phone');
    expect((await supervisor.post('/my-phone', {})).status).to.equal(404);
  });

  it('says beside the field what cannot be a target, and keeps what was typed', async () => {
    const wrong: readonly (readonly [number: string, typed: string, words: string])[] = [
      ['2001', '2001', 'is this extension itself'],
      ['2001', '2999', 'leads nowhere'],
      ['2001', '*78', 'is a code, which a phone dials for itself'],
      ['2001', '800', 'is a paging group: nobody answers there'],
      ['2001', 'reception', 'leads nowhere'],
      ['2001', '999', 'in an emergency'],
      ['2004', '020 7946 0123', 'may not dial'],
    ];
    for (const [number, typed, words] of wrong) {
      const answer = await submit(admin, path(number), { forwardNoAnswer: typed });
      expect(answer.status, typed).to.equal(422);
      expect(answer.text).to.contain(words).and.contain(`value="${typed}"`);
      expect(answer.text).to.contain('id="f-forwardNoAnswer-problem"');
    }
    expect(now('2004')?.forwards['no-answer']).to.equal('');
  });

  it('follows somebody from phone to phone: rows of numbers and times, each checked', async () => {
    const rows = {
      followMeOn: 'on',
      'followMe.0.number': '2003',
      'followMe.0.ringS': '15',
      'followMe.0.together': 'on',
      'followMe.1.number': '',
      'followMe.1.ringS': '20',
      'followMe.2.number': '07700 900123',
      'followMe.2.ringS': '1:00',
    };
    expect(await submit(admin, path('2002'), rows)).to.include({ status: 303 });
    expect(now('2002')?.followMe).to.deep.equal({
      isOn: true,
      confirms: false,
      entries: [
        { number: '2003', ringMs: 15_000, isTogether: true },
        { number: '+447700900123', ringMs: 60_000, isTogether: false },
      ],
    });
    const { text } = await admin.get(path('2002'));
    expect(text).to.contain('value="07700 900123"').and.contain('value="60"');
    const wrong: readonly (readonly [field: string, value: string, words: string])[] = [
      ['followMe.0.number', '2002', 'is this extension itself'],
      ['followMe.0.number', '2999', 'leads nowhere'],
      ['followMe.2.ringS', '3', 'between 5 and 120 seconds'],
      ['followMe.2.ringS', 'long', 'between 5 and 120 seconds'],
    ];
    for (const [field, value, words] of wrong) {
      const answer = await submit(admin, path('2002'), { ...rows, [field]: value });
      expect(answer.status, value).to.equal(422);
      expect(answer.text).to.contain(words).and.contain(`id="f-${field}-problem"`);
    }
    await submit(admin, path('2002'), {});
  });

  it('keeps the pickup group from whoever sits at the phone', async () => {
    await submit(admin, path('2001'), { pickupGroup: 'Front desk' });
    expect(now('2001')?.pickupGroup).to.equal('Front desk');
    expect((await owner.get('/my-phone')).text).to.not.contain('name="pickupGroup"');
    await submit(owner, '/my-phone', { pickupGroup: 'Board', doNotDisturb: 'on' });
    expect(now('2001')).to.include({ pickupGroup: 'Front desk', doNotDisturb: true });
  });

  it('warns where calls would go round', async () => {
    await submit(admin, path('2002'), { forwardAlways: '2003' });
    await submit(admin, path('2003'), { forwardAlways: '2001' });
    await submit(admin, path('2001'), { forwardAlways: '2002' });
    expect((await admin.get(path('2001'))).text).to.contain('2001 → 2002 → 2003 → 2001');
    await submit(admin, path('2003'), {});
    expect((await admin.get(path('2001'))).text).to.not.contain('go round');
  });

  it('is changed by the phone, too: an open form then shows both', async () => {
    const { text } = await admin.get(path('2002'));
    const version = /name="version" value="(\d+)"/.exec(text)?.[1] ?? '';
    expect(await settings.change(id('2002'), { forwards: { always: '' } })).to.equal(true);
    expect(now('2002')?.forwards.always).to.equal('');
    const answer = await admin.post(path('2002'), { version, forwardAlways: '2001' });
    expect(answer.status).to.equal(409);
    expect(now('2002')?.forwards.always).to.equal('');
    const [line] = await setup.site.parts
      .database('audit_entries')
      .orderBy('id', 'desc')
      .limit(1)
      .select<{ user_name: string }[]>('user_name');
    expect(line?.user_name).to.equal('☎ 2002');
  });

  it('of two keys at once keeps both', async () => {
    await Promise.all([
      settings.change(id('2003'), { doNotDisturb: true }),
      settings.change(id('2003'), { forwards: { busy: '2001' } }),
      settings.change(id('2003'), { callWaiting: false }),
    ]);
    expect(now('2003')).to.deep.include({ doNotDisturb: true, callWaiting: false });
    expect(now('2003')?.forwards.busy).to.equal('2001');
  });

  it('is refused for an extension that is not in use', async () => {
    await setup.extensions.archive(ADMIN, id('2004'));
    expect(await settings.change(id('2004'), { doNotDisturb: true })).to.equal(false);
    await setup.site.parts.directory.refresh();
    expect((await admin.get(path('2004'))).status).to.equal(404);
  });

  it('the last number is dialled again from the page, or called back when it is free', async () => {
    const { live } = setup.site.parts;
    const asked: DeskCommand[] = [];
    setup.notes.answer = (command) => {
      asked.push(command);
      return { ok: true };
    };
    const own = { id: id('2001'), number: '2001', registered: true };
    const other = { id: id('2002'), number: '2002', registered: true };
    live.publish(quietMoment({ seq: 1, extensions: [own, other] }));
    expect((await owner.get('/my-phone')).text).to.match(/data-live-show="last.text" hidden>/);
    const dialled = { ...own, lastDialled: '2002' };
    live.publish(quietMoment({ seq: 2, extensions: [dialled, { ...other, use: 'talking' }] }));
    const { text } = await owner.get('/my-phone');
    expect(text).to.match(/data-live="last.text"[^>]*>2002 /);
    expect(text).to.match(/data-live-show="last.canCallBack" ?>/);
    expect(await owner.post('/my-phone/redial')).to.include({ status: 303, location: '/my-phone' });
    await owner.get('/my-phone');
    expect(await owner.post('/my-phone/busy-callback')).to.include({ status: 303 });
    expect(asked).to.deep.equal([
      { kind: 'phone-redial', extensionId: id('2001') },
      { kind: 'busy-callback', extensionId: id('2001'), number: '' },
    ]);
    setup.notes.answer = () => ({ ok: false, code: 'nothing-dialled', detail: '' });
    await owner.get('/my-phone');
    const refused = await owner.post('/my-phone/redial');
    expect(refused.status).to.equal(409);
    expect(refused.text).to.contain('Your phone has dialed nothing yet');
    const supervisor = await setup.site.client('supervisor');
    expect((await supervisor.post('/my-phone/redial')).status).to.equal(404);
  });

  describe('the codes on the page', () => {
    const codesOn = async (client: TestClient, at: string): Promise<Record<string, string>> => {
      const { text } = await client.get(at);
      const found = text.matchAll(/<dt class="num">(\*[^<]*)<\/dt><dd>([^<]*)/g);
      return Object.fromEntries(
        [...found].map(([, code = '', label = '']) => [code, label.trim()]),
      );
    };
    const setPhone = async (number: string, columns: object): Promise<void> => {
      const { database, directory } = setup.site.parts;
      await database('extensions')
        .where({ id: id(number) })
        .update(columns);
      await directory.refresh();
    };
    after(async () => {
      await setup.site.parts.database('settings').where({ name: 'feature-codes' }).del();
      await setPhone('2001', { voicemail: true });
    });

    it('are all that are on, in groups, with the recording codes', async () => {
      await setPhone('2001', { voicemail: true });
      const codes = await codesOn(owner, '/my-phone');
      expect(Object.keys(codes)).to.deep.equal([
        ...['*8 …', '*5', '*80 …', '*0 …', '*66', '*37', '*31 …'],
        ...['*78', '*43', '*95', '*72 …', '*90 …', '*92 …', '*94 …'],
        ...['*97', '*98', '*96'],
        ...['*11', '*12 …', '*13', '*14 …', '*21', '*22'],
        ...['*1', '*2'],
      ]);
      expect(codes).to.include({ '*8 …': 'Pick up a call', '*11': 'Sign in or out' });
      const { text } = await owner.get('/my-phone');
      for (const title of ['Calls', 'Messages', 'For agents', 'During a talk'])
        expect(text).to.contain(`<h3 class="small">${title}</h3>`);
    });

    it('are without those that are off or do nothing at the phone', async () => {
      await setPhone('2001', { voicemail: false });
      await setPhone('2002', { permission: 'internal' });
      const changed = { ...DEFAULT_CODES, redial: { code: '*66', isEnabled: false } };
      await setup.site.parts.database('settings').insert({
        name: 'feature-codes',
        value: JSON.stringify({ version: 1, value: changed }),
      });
      await setup.site.parts.directory.refresh();
      const own = await codesOn(owner, '/my-phone');
      expect(own).to.not.have.any.keys('*97', '*66');
      expect(own).to.include.keys('*98', '*31 …');
      // No agent has this extension, and it calls nobody outside.
      const other = await codesOn(admin, path('2002'));
      expect(other).to.not.have.any.keys('*11', '*12 …', '*21', '*31 …', '*66');
      expect(other).to.include.keys('*8 …', '*97', '*1');
      await setPhone('2002', { permission: 'national' });
    });
  });

  it('is seen on the list of extensions', async () => {
    setup.site.parts.live.publish(
      quietMoment({
        extensions: [
          { id: id('2001'), number: '2001', registered: true, forwardsTo: '+447700900123' },
          { id: id('2003'), number: '2003', registered: true, use: 'talking', doNotDisturb: true },
        ],
      }),
    );
    const { text } = await admin.get('/setup/extensions');
    expect(text).to.contain('All calls go to 07700 900123');
    expect(text).to.contain('Do not disturb').and.contain('In use');
  });
});
