import { expect } from 'chai';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

/** The form of a script with two pages, as a browser sends it. */
const FORM = {
  name: 'Winter check',
  ...{ 'pages.0.key': 'p1', 'pages.0.titleEn': 'Greeting', 'pages.0.titleZh': '问候' },
  'pages.0.textEn':
    'Hello {{contact.name}}, this is {{agent.name}}. You pay {{contact.fields.amount}}.',
  'pages.0.textZh': '您好 {{contact.name}}',
  ...{ 'pages.0.ways.0.en': 'Go on', 'pages.0.ways.0.zh': '请说', 'pages.0.ways.0.to': 'page:p2' },
  ...{ 'pages.1.key': 'p2', 'pages.1.titleEn': 'Offer', 'pages.1.titleZh': '报价' },
  ...{ 'pages.1.textEn': 'What do you need?', 'pages.1.textZh': '您需要什么？' },
  ...{ 'pages.1.questions.0.key': 'size', 'pages.1.questions.0.kind': 'choice' },
  ...{ 'pages.1.questions.0.en': 'Size', 'pages.1.questions.0.zh': '大小' },
  ...{
    'pages.1.questions.0.choicesEn': 'Small\nLarge',
    'pages.1.questions.0.choicesZh': '小\r\n大',
  },
  ...{ 'pages.1.questions.0.field': '', 'pages.1.questions.0.needed': 'on' },
  ...{
    'pages.1.ways.0.en': 'Yes',
    'pages.1.ways.0.zh': '要',
    'pages.1.ways.0.to': 'disposition:2',
  },
  ...{ 'pages.1.ways.1.en': 'No', 'pages.1.ways.1.zh': '不要', 'pages.1.ways.1.to': 'end' },
};

describe('scripts in the set-up', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let admin: TestClient;

  before(async () => {
    at = await CallsSite.start();
    admin = await at.site.client('admin');
    await at.site.parts.database('dispositions').insert([
      { id: 1, name_en: 'Sale', name_zh: '销售', position: 10 },
      { id: 2, parent_id: 1, name_en: 'Interested', name_zh: '有意向', position: 10 },
    ]);
    await at.site.parts.database('contacts').insert([
      { id: 1, name: 'Ada Finch', company: 'Hollin', fields: JSON.stringify({ amount: '12.50' }) },
      { id: 2, name: 'Ben Marlow' },
    ]);
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });

  const create = (changes: Readonly<Record<string, string>> = {}) =>
    admin.post('/setup/scripts', { ...FORM, ...changes });
  const stored = (name = 'Winter check') =>
    at.site.parts
      .database('scripts')
      .where({ name })
      .first<{ id: number; pages: readonly unknown[] }>();

  it('says what is wrong beside the field, and keeps what was typed', async () => {
    expect((await admin.get('/setup/scripts')).text).to.include('No scripts yet.');
    expect((await admin.get('/setup/scripts/new')).status).to.equal(200);
    const wrong = await create({
      ...{ name: '', 'pages.0.titleEn': '', 'pages.0.titleZh': '', 'pages.0.ways.0.to': 'page:p9' },
      ...{ 'pages.1.questions.0.key': 'Size!', 'pages.1.questions.0.choicesEn': 'Small' },
      'pages.1.ways.1.to': '',
    });
    expect(wrong.status).to.equal(422);
    for (const field of [
      ...['name', 'pages.0.titleEn', 'pages.0.ways.0.to', 'pages.1.questions.0.key'],
      ...['pages.1.questions.0.choicesEn', 'pages.1.ways.1.to'],
    ])
      expect(wrong.text).to.match(
        new RegExp(
          `id="f-${field.replaceAll('.', '\\.').replace('choicesEn', 'choices..')}-problem"`,
        ),
      );
    expect(wrong.text).to.include('Page 2, question 1: Name of the answer');
    expect(wrong.text).to.include('What do you need?</textarea>');
    const twice = await create({
      ...{ 'pages.0.questions.0.key': 'size', 'pages.0.questions.0.kind': 'text' },
      ...{ 'pages.0.questions.0.en': 'Again', 'pages.0.questions.0.zh': '' },
    });
    expect(twice.text).to.include('Another question has the name size.');
    const gone = await create({ 'pages.1.ways.0.to': 'disposition:99' });
    expect(gone.text).to.include('What this led to is gone.');
    expect((await admin.post('/setup/scripts', { name: 'Empty' })).text).to.include(
      'A script needs at least one page.',
    );
    expect(await stored()).to.equal(undefined);
  });

  it('adds, moves and takes away pages, questions and ways without a script, and saves nothing', async () => {
    const change = async (what: string) => {
      const answer = await admin.post('/setup/scripts/rows', { ...FORM, do: what });
      expect(answer.status, what).to.equal(200);
      return answer.text;
    };
    const keys = (text: string) =>
      [...text.matchAll(/name="pages\.\d+\.key" value="(\w+)"/g)].map(([, key]) => key);
    expect(keys(await change('add'))).to.deep.equal(['p1', 'p2', 'p3']);
    expect(keys(await change('up:1'))).to.deep.equal(['p2', 'p1']);
    expect(keys(await change('remove:0'))).to.deep.equal(['p2']);
    const question = await change('add:0:questions');
    expect(question).to.include('name="pages.0.questions.0.key" value="q1"');
    const ways = await change('up:1:ways:1');
    expect(ways).to.match(/name="pages\.1\.ways\.0\.en" value="No"/);
    expect(await change('remove:1:ways:0')).not.to.include('value="Yes"');
    expect(await change('add:1:ways')).to.include('name="pages.1.ways.2.to"');
    expect(await change('down:99')).to.include('value="Go on"');
    expect(await stored()).to.equal(undefined);
  });

  it('is kept, warned about, and shown with an example contact', async () => {
    const made = await create();
    expect(made.status).to.equal(303);
    const { id, pages } = await stored();
    expect(pages).to.have.length(2);
    const path = `/setup/scripts/${String(id)}`;
    const page = (await admin.get(path)).text;
    expect(page).to.include('uses contact.fields.amount, which nothing fills in');
    expect(page).to.include('Sale › Interested');
    await at.site.parts
      .database('contact_fields')
      .insert({ key: 'amount', name: 'Amount', kind: 'number' });
    expect((await admin.get(path)).text).not.to.include('which nothing fills in');

    const ada = (await admin.get(`${path}/preview?contact=1`)).text;
    expect(ada).to.include('<b>Ada Finch</b>');
    expect(ada).to.include('<b>12.50</b>');
    const ben = (await admin.get(`${path}/preview?contact=2`)).text;
    expect(ben).to.include('contact.fields.amount</mark>');
    expect(ben).to.include('A value is missing:');
    const second = (await admin.get(`${path}/preview?contact=1&at=p1.p2&language=zh-CN`)).text;
    expect(second).to.include('您需要什么？');
    expect(second).to.include('step 2');
    const astray = (await admin.get(`${path}/preview?at=p1.p1.p2`)).text;
    expect(astray).to.include('step 1');
  });

  it('is not saved over somebody else, is audited, and cannot be archived while a queue follows it', async () => {
    const { id } = await stored();
    const path = `/setup/scripts/${String(id)}`;
    const saved = await admin.post(path, {
      ...FORM,
      version: '1',
      'pages.0.ways.0.en': 'Go ahead',
    });
    expect(saved.status).to.equal(303);
    const conflict = await admin.post(path, { ...FORM, version: '1' });
    expect(conflict.status).to.equal(409);
    expect(conflict.text).to.include('Page 1, way 1: Words in English');
    const actions = await at.site.parts.database('audit_entries').orderBy('id').pluck('action');
    expect(actions).to.include.members(['script.create', 'script.change']);

    await at.site.parts.database('queues').where({ id: COMPANY.repairs }).update({ script_id: id });
    const kept = await admin.post(`${path}/archive`, {});
    expect(kept.status).to.equal(409);
    expect(kept.text).to.include('Queue follows it');
    const queue = (await admin.get(`/setup/queues/${String(COMPANY.repairs)}`)).text;
    expect(queue).to.include('Agents follow the script “Winter check”.');
    await at.site.parts.database('queues').update({ script_id: null });
    expect((await admin.post(`${path}/archive`, {})).status).to.equal(303);
    expect((await admin.post(`${path}/restore`, {})).status).to.equal(303);
  });

  it('is the business of administrators', async () => {
    const supervisor = await at.site.client('supervisor');
    expect((await supervisor.get('/setup/scripts')).status).to.equal(403);
    expect((await supervisor.post('/setup/scripts', FORM)).status).to.equal(403);
  });
});
