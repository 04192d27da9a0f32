import { expect } from 'chai';
import { KnexCallerContacts } from '../../../src/features/routing/index.js';
import type { ContactFieldId, ContactListId } from '../../../src/kernel/ids.js';
import { ADMIN, queue } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const GOLD_NUMBER = '+442079460123';

describe('routing rules about the contact who calls', () => {
  let setup: SetupSite;
  let admin: TestClient;
  let queueId: number;

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    queueId = await setup.queues.create(ADMIN, queue('Gold'));
    for (const field of [
      { name: 'Worth', key: 'worth', kind: 'number' },
      { name: 'Policy', key: 'policy', kind: 'choice', choices: 'Gold\nSilver' },
      { name: 'Unused', key: 'unused', kind: 'text' },
    ])
      await made('/setup/contact-fields', field);
    for (const name of ['Partners', 'Others']) await made('/lists', { name });
    await made('/contacts', {
      ...{ name: 'Ada Finch', number: '020 7946 0123', numberKind: 'work' },
      ...{ 'field.worth': '30', 'field.policy': 'Gold', 'field.unused': 'x' },
    });
    await admin.get('/lists/1');
    await admin.post('/lists/1/members', { contact: '1' });
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  async function made(path: string, values: Readonly<Record<string, string>>): Promise<void> {
    await admin.get(`${path}/new`);
    const answer = await admin.post(path, values);
    expect(answer.status, answer.text.slice(0, 3_000)).to.equal(303);
  }
  const tried = async (from: string): Promise<string> => {
    const query = new URLSearchParams({ from, queue: String(queueId), priority: '10' });
    return (await admin.get(`/setup/routing/try?${query.toString()}`)).text;
  };
  const RULE = {
    ...{ name: 'Worth', enabled: 'on' },
    ...{ 'conditions.0.kind': 'contact-field-is', 'conditions.0.field': '2' },
    'conditions.0.values': 'Gold, Silver',
    ...{ 'conditions.1.kind': 'contact-field-at-least', 'conditions.1.field': '1' },
    'conditions.1.value': '20',
    ...{ 'conditions.2.kind': 'contact-in-list', 'conditions.2.ids': '1' },
    ...{ 'effects.0.kind': 'priority-from-contact', 'effects.0.field': '1' },
  };

  it('ask nobody while no rule asks', async () => {
    expect(await tried('020 7946 0123')).to.not.include('contact has this number');
  });

  it('offer what there is: numbers only where a number is needed', async () => {
    await admin.get('/setup/routing/new');
    const page = await admin.post('/setup/routing/rows', {
      ...RULE,
      newEffect: 'priority-from-contact',
      do: 'add:effects',
    });
    const options = (name: string): readonly string[] => {
      const control = new RegExp(`name="${name}"[\\s\\S]*?</select>`).exec(page.text)?.[0] ?? '';
      return [...control.matchAll(/>([^<]+)<\/option>/g)].map(([, label = '']) => label);
    };
    expect(options('conditions\\.0\\.field')).to.include.members(['Worth', 'Policy', 'Unused']);
    for (const name of ['conditions\\.1\\.field', 'effects\\.0\\.field'])
      expect(options(name), name).to.include('Worth').and.not.include('Policy');
    expect(page.text).to.include('Partners').and.include('Others');
  });

  it('say what cannot be: no field, a value that it never holds, a field that is no number', async () => {
    await admin.get('/setup/routing/new');
    const empty = await admin.post('/setup/routing', {
      ...RULE,
      'conditions.0.field': '',
      'conditions.1.value': 'much',
      'conditions.2.ids': [],
      'effects.0.field': '',
    });
    expect(empty.status).to.equal(422);
    for (const field of [
      'conditions.0.field',
      'conditions.1.value',
      'conditions.2.ids',
      'effects.0.field',
    ])
      expect(empty.text).to.include(`id="f-${field}-problem"`);
    const unfit = await admin.post('/setup/routing', {
      ...RULE,
      'conditions.0.values': 'Gold, Bronze',
      'effects.0.field': '2',
    });
    expect(unfit.status).to.equal(422);
    expect(unfit.text)
      .to.include('Policy never holds the value Bronze.')
      .and.include('Policy is no field for numbers.');
    const gone = await admin.post('/setup/routing', { ...RULE, 'effects.0.field': '99' });
    expect(gone.text).to.include('A field of contacts of this rule is archived.');
    const never = await admin.post('/setup/routing', {
      ...RULE,
      'conditions.3.kind': 'contact-field-is',
      'conditions.3.field': '1',
      'conditions.3.values': '10',
    });
    expect(never.text).to.include('Conditions contradict each other');
  });

  it('are made in the form, said in words and in the audit log, and tried with a number', async () => {
    await made('/setup/routing', RULE);
    const list = (await admin.get('/setup/routing')).text;
    expect(list)
      .to.include('the contact’s Policy is Gold or Silver')
      .and.include('the contact’s Worth is at least 20')
      .and.include('the contact is in list Partners')
      .and.include('add the contact’s Worth to the priority');
    const audit = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'routing-rule.create' })
      .first<{ changes: unknown }>('changes');
    expect(JSON.stringify(audit.changes))
      .to.include('contact-field-is Policy Gold, Silver')
      .and.include('contact-in-list Partners')
      .and.include('priority-from-contact Worth');
    expect(await tried('020 7946 0123'))
      .to.include('a contact has this number')
      .and.include('Worth: priority +30 from the contact');
    expect(await tried('020 7946 0124'))
      .to.include('no contact has this number')
      .and.not.include('Rule Worth applies');
  });

  it('read by the index of numbers only what is asked, and nothing archived', async () => {
    const { database } = setup.site.parts;
    const contacts = new KnexCallerContacts(database);
    const fields = [1, 2] as ContactFieldId[];
    const lists = [1, 2] as ContactListId[];
    expect(await contacts.find(GOLD_NUMBER, { fields, lists })).to.deep.equal({
      fields: new Map([
        [1, '30'],
        [2, 'Gold'],
      ]),
      lists: new Set([1]),
    });
    expect(await contacts.find('', { fields, lists })).to.equal(undefined);
    expect(await contacts.find("' OR 1 = 1 -- ", { fields, lists })).to.equal(undefined);
    await database('contact_fields').where({ id: 1 }).update({ archived_at: new Date() });
    const found = await contacts.find(GOLD_NUMBER, { fields, lists: [] });
    expect([...(found?.fields.keys() ?? [])]).to.deep.equal([2]);
    await database('contact_fields').where({ id: 1 }).update({ archived_at: null });
    const [plan] = (await database.raw(
      'explain select contact_id from contact_numbers where number = ?',
      [GOLD_NUMBER],
    )) as [{ key: string }[]];
    expect(plan[0]?.key).to.equal('contact_numbers_number_index');
  });

  it('keep their field and their list from being archived, and are shown where these are used', async () => {
    for (const path of ['/setup/contact-fields/1', '/lists/1']) {
      const page = await admin.get(path);
      expect(page.text, path).to.include('href="/setup/routing/1"').and.include('Worth');
      const refused = await admin.post(`${path}/archive`);
      expect(refused.status, path).to.equal(409);
      expect(refused.text, path).to.include('Not archived: 1 thing still uses it.');
    }
    for (const path of ['/setup/contact-fields/3', '/lists/2']) {
      await admin.get(path);
      expect((await admin.post(`${path}/archive`)).status, path).to.equal(303);
    }
    await admin.get('/setup/routing/1');
    expect((await admin.post('/setup/routing/1/archive')).status).to.equal(303);
    await admin.get('/lists/1');
    expect((await admin.post('/lists/1/archive')).status).to.equal(303);
    await admin.get('/setup/routing/1');
    const restored = await admin.post('/setup/routing/1/restore');
    expect(restored.status).to.equal(422);
    expect(restored.text).to.include('A list of this rule is archived.');
  });

  it('speak Chinese', async () => {
    const users = setup.site.parts.database('users').where({ login: 'admin' });
    await users.clone().update({ language: 'zh-CN' });
    const page = await admin.post('/setup/routing/rows', { ...RULE, do: '' });
    expect(page.text).to.include('客户字段等于').and.include('按客户字段增减优先级');
    await users.clone().update({ language: 'en' });
  });
});
