import { expect } from 'chai';
import { findContact } from '../../../src/features/contacts/index.js';
import { segmentIds } from '../../../src/features/segments/index.js';
import type { SegmentFilter } from '../../../src/features/segments/segment-filter.js';
import { newAttemptId, newCallId } from '../../../src/kernel/ids.js';
import { ContactsSite } from '../../support/contacts-site.js';
import type { TestClient } from '../../support/web.js';

const PERSON = {
  name: 'Ada Finch',
  company: 'Finch & Sons',
  externalKey: 'K-1',
  number: ['020 7946 0123', '07911 123456', ''],
  numberKind: ['work', 'mobile', 'mobile'],
};

describe('people, lists, segments and numbers not to call', () => {
  let at: ContactsSite;
  let admin: TestClient;
  let agent: TestClient;
  let ada = '';
  const path = (): string => `/contacts/${ada}`;

  before(async function () {
    this.timeout(60_000);
    at = await ContactsSite.start();
    admin = await at.site.client('admin');
    agent = await at.site.client('agent');
    await admin.get('/setup/contact-fields/new');
    const made = await admin.post('/setup/contact-fields', {
      ...{ name: 'Policy', key: 'policy', kind: 'choice', choices: 'Gold\nSilver' },
    });
    expect(made.status).to.equal(303);
    await admin.get('/contacts/new');
    const answer = await admin.post('/contacts', { ...PERSON, 'field.policy': 'Gold' });
    expect(answer.status, answer.text.slice(0, 3_000)).to.equal(303);
    ada = answer.location?.split('/').at(-1) ?? '';
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  const idsOf = async (...conditions: SegmentFilter['conditions']): Promise<readonly number[]> => {
    const rows = (await segmentIds(
      at.db,
      { match: 'all', conditions },
      { zone: 'Europe/London', fields: [{ key: 'policy', kind: 'choice' }] },
    )) as { id: number }[];
    return rows.map(({ id }) => id);
  };

  it('shows a person with everything that is known', async () => {
    const { text } = await admin.get(path());
    expect(text).to.include('Ada Finch').and.include('Finch &amp; Sons').and.include('Gold');
    expect(text).to.include('(020) 7946 0123').and.include('Europe/London');
    expect(text).to.include('from the number').and.include('No calls with these numbers.');
  });

  it('says of each field what is wrong, and keeps what was typed', async () => {
    await admin.get('/contacts/new');
    const wrong = await admin.post('/contacts', {
      ...{ name: 'Ben', timeZone: 'Mars/Crater', number: ['12', ''], numberKind: ['work', 'work'] },
      'field.policy': 'Lead',
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text)
      .to.include('Mars/Crater is no time zone')
      .and.include('12 is no telephone number');
    expect(wrong.text).to.include('Choose one of: Gold, Silver.').and.include('value="Ben"');
    const taken = await admin.post('/contacts', { ...PERSON, name: 'Copy' });
    expect(taken.status).to.equal(422);
    const none = await admin.post('/contacts', { name: 'Silent', number: '', numberKind: 'work' });
    expect(none.text).to.include('At least one number is needed.');
  });

  it('keeps somebody else’s save: both versions are shown', async () => {
    await admin.get(`${path()}/edit`);
    const first = await admin.post(path(), { ...PERSON, version: '1', 'field.policy': 'Silver' });
    expect(first.status).to.equal(303);
    const second = await admin.post(path(), { ...PERSON, version: '1', company: 'Finch Ltd' });
    expect(second.status).to.equal(409);
    expect(second.text).to.include('Finch &amp; Sons').and.include('Finch Ltd');
  });

  it('is found by name, company, key, and by a number as people write it', async () => {
    for (const typed of ['finch', 'sons', 'K-1', '020 7946', '+442079460123', '2079460123'])
      expect((await admin.get(`/contacts?q=${encodeURIComponent(typed)}`)).text, typed).to.include(
        'Ada Finch',
      );
    expect((await admin.get('/contacts?q=%25')).text).to.not.include('Ada Finch');
    expect(await findContact(at.db, '+447911123456')).to.include({ name: 'Ada Finch' });
  });

  it('takes remarks and consents, and lets a dead number live again', async () => {
    await agent.get(path());
    expect((await agent.post(`${path()}/remarks`, { text: 'Call after five' })).status).to.equal(
      303,
    );
    await admin.get(path());
    await admin.post(`${path()}/consents`, { kind: 'given', source: 'form of 3 May' });
    await at
      .db('contact_numbers')
      .where({ number: '+447911123456' })
      .update({
        ...{ dead_at: new Date(), dead_reason: 'invalid' },
      });
    const shown = await admin.get(path());
    expect(shown.text).to.include('Call after five').and.include('form of 3 May');
    expect(shown.text).to.include('nobody has this number').and.include('Call it again');
    await admin.post(`${path()}/revive`, { position: '1' });
    expect((await admin.get(path())).text).to.not.include('Call it again');
    expect((await agent.get(`${path()}/edit`)).status).to.equal(403);
  });

  it('shows calls of this person, and attempts with the reason of a refusal', async () => {
    const call = newCallId();
    await at.db('calls').insert({
      ...{ id: call, started_at: new Date(), direction: 'inbound', result: 'answered' },
      ...{ from_number: '+447911123456', to_number: '+442079460100', node: 'pbx-1' },
    });
    await at.db('attempts').insert({
      ...{ id: newAttemptId(), kind: 'refusal', campaign_id: 9, lead_id: 1, contact_id: ada },
      ...{ number: '+447911123456', at: new Date(), mode: 'preview', rule_set: 'gb' },
      ...{ reasons: '[]', refused_by: 'window-of-test' },
    });
    const { text } = await admin.get(path());
    expect(text).to.include(`/calls/${call}`).and.include('Not dialled: window-of-test');
    expect((await agent.get(path())).text).to.not.include(call);
  });

  it('masks numbers where they are private: looking is written down, guessing does not work', async () => {
    await admin.get('/setup/number-privacy');
    await admin.post('/setup/number-privacy', { version: '1', isMasked: 'on' });
    await at.site.parts.directory.refresh();
    const masked = await admin.get(path());
    expect(masked.text).to.include('0123').and.not.include('(020) 7946 0123');
    const seen = await admin.post(`${path()}/numbers`);
    expect(seen.text).to.include('(020) 7946 0123');
    const line = await at.first('audit_entries', { action: 'contact.see-numbers' });
    expect(line).to.include({ object_id: ada });
    await agent.get(path());
    expect((await agent.post(`${path()}/numbers`)).status).to.equal(403);
    expect((await agent.get('/contacts?q=02079460')).text).to.not.include('Ada Finch');
    expect((await agent.get('/contacts?q=02079460123')).text).to.include('Ada Finch');
    await admin.get('/setup/number-privacy');
    await admin.post('/setup/number-privacy', { version: '2' });
    await at.site.parts.directory.refresh();
  });

  it('puts people into lists and takes them out, with their leads', async () => {
    await admin.get('/lists/new');
    const made = await admin.post('/lists', { name: 'Renewals', description: 'May' });
    const list = made.location?.split('/').at(-1) ?? '';
    const found = await admin.get(`/lists/${list}?find=finch`);
    expect(found.text).to.include('Add Ada Finch');
    await admin.post(`/lists/${list}/members`, { contact: ada });
    await at.runWaiting();
    const shown = await admin.get(`/lists/${list}`);
    expect(shown.text).to.include('1 of 1 can be called').and.include('Ada Finch');
    const [campaign] = await at.db('campaigns').insert({
      ...{ name: 'Renewal calls', mode: 'preview', state: 'running', settings: '{}' },
    });
    const [source] = await at.db('campaign_sources').insert({
      ...{ campaign_id: campaign, list_id: list, position: 0 },
    });
    await at.db('leads').insert({
      ...{ campaign_id: campaign, contact_id: ada, source_id: source, next_at: new Date() },
    });
    const kept = await admin.post(`/lists/${list}/archive`);
    expect(kept.status).to.equal(409);
    expect(kept.text).to.include('Not archived: 1 thing still uses it.');
    await admin.post(`/lists/${list}/members/${ada}/remove`);
    const lead = () => at.db('leads').where({ contact_id: ada }).first('state', 'held_by');
    expect(await lead()).to.deep.equal({ state: 'removed', held_by: 'removed-from-list' });
    await admin.post(`/lists/${list}/members`, { contact: ada });
    expect(await lead()).to.deep.equal({ state: 'open', held_by: '' });
    await admin.post(`/lists/${list}/members/${ada}/remove`);
    await at.import(admin, 'name,phone\nAda Finch,020 7946 0123\n', { list, duplicates: 'list' });
    expect(await lead()).to.deep.equal({ state: 'open', held_by: '' });
  });

  it('keeps numbers that nobody calls: by hand, from a file, with a reason for taking one off', async () => {
    await admin.get('/do-not-call/new');
    const wrong = await admin.post('/do-not-call', { number: '12', campaignId: '0', note: 'x' });
    expect(wrong.text).to.include('This is no telephone number.');
    await admin.post('/do-not-call', { number: '020 7946 0666', campaignId: '0', note: 'asked' });
    const row = await at.import(
      admin,
      'phone,reason\n020 7946 0666,again\n020 7946 0667,letter\n020 7946 0667,twice\nno,x\n',
      { kind: 'do-not-call' },
    );
    expect(row).to.include({
      imported: 1,
      duplicates_before: 1,
      duplicates_inside: 1,
      rejected: 1,
    });
    const listed = await admin.get('/do-not-call?q=020+7946+066');
    expect(listed.text).to.include('(020) 7946 0666').and.include('letter');
    const entry = await at.first<{ id: number }>('do_not_call', { number: '+442079460667' });
    const id = String(entry?.id);
    await admin.get(`/do-not-call/${id}`);
    expect((await admin.post(`/do-not-call/${id}/remove`)).status).to.equal(422);
    await admin.post(`/do-not-call/${id}/remove`, { reason: 'wrote again' });
    expect(await at.db('do_not_call').where({ id })).to.deep.equal([]);
    const line = await at.first('audit_entries', { action: 'do-not-call.remove' });
    expect(line).to.include({ object_name: '+442079460667' });
    await admin.get(path());
    await admin.post(`${path()}/do-not-call`, { position: '0', note: 'on the phone' });
    expect((await admin.get(path())).text).to.include('on the phone');
  });

  it('finds people by saved filters, whose values are never SQL', async () => {
    const me = Number(ada);
    const cases: readonly (readonly [SegmentFilter['conditions'][number], boolean])[] = [
      [{ field: 'name', operator: 'is', values: ['ada finch'] }, true],
      [{ field: 'name', operator: 'is', values: ["x' OR '1'='1"] }, false],
      [{ field: 'name', operator: 'begins', values: ['%'] }, false],
      [{ field: 'company', operator: 'one-of', values: ['A', 'Finch & Sons'] }, true],
      [{ field: 'language', operator: 'empty', values: [] }, true],
      [{ field: 'field:policy', operator: 'is', values: ['Silver'] }, true],
      [{ field: 'field:policy', operator: 'is-not', values: ['Silver'] }, false],
      [{ field: 'field:gone', operator: 'is', values: ['x'] }, false],
      [{ field: 'number', operator: 'begins', values: ['+4479'] }, true],
      [{ field: 'consent', operator: 'is', values: ['given'] }, true],
      [{ field: 'consent', operator: 'is-not', values: ['given'] }, false],
      [{ field: 'reachable', operator: 'is', values: ['yes'] }, true],
      [{ field: 'do-not-call', operator: 'is', values: ['no'] }, false],
      [{ field: 'last-attempt', operator: 'empty', values: [] }, true],
      [{ field: 'created', operator: 'between', values: ['2020-01-01', '2099-01-01'] }, true],
      [{ field: 'list:1', operator: 'is', values: [] }, true],
      [{ field: 'list:1', operator: 'is-not', values: [] }, false],
    ];
    for (const [condition, isIn] of cases)
      expect((await idsOf(condition)).includes(me), JSON.stringify(condition)).to.equal(isIn);
    await admin.get('/segments/new');
    const tried = await admin.post('/segments/try', {
      ...{ name: '', match: 'all', field: ['field:policy', ''], operator: ['is', 'is'] },
      ...{ value: ['Silver', ''], value2: ['', ''], segment: '' },
    });
    expect(tried.text).to.include('1 person').and.include('Ada Finch');
    const wrong = await admin.post('/segments', {
      ...{ name: 'Wrong', match: 'all', field: ['created', 'number'], operator: ['is', 'begins'] },
      ...{ value: ['May', 'abc'], value2: ['', ''] },
    });
    expect(wrong.status).to.equal(422);
    expect(wrong.text)
      .to.include('Write the date as 2026-11-24.')
      .and.include('with its country: +4420');
    const made = await admin.post('/segments', {
      ...{ name: 'Silver', match: 'any', field: 'field:policy', operator: 'is' },
      ...{ value: 'Silver', value2: '' },
    });
    expect(made.status).to.equal(303);
    expect((await admin.get(made.location ?? '')).text).to.include('1 person');
  });
});
