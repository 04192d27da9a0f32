import { expect } from 'chai';
import type { CallId, ScriptId } from '../../../src/kernel/ids.js';
import {
  ADAS_MOBILE,
  ADAS_NUMBER,
  addOutbound,
  dialAda,
  maraTalks,
  OUTBOUND,
} from '../../support/campaign-company.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { page, question, toCode, toPage, way } from '../../support/scripts.js';
import type { TestClient } from '../../support/web.js';

const PATH = '/workspace/call-work';
const PARTIAL = { 'hx-request': 'true' };
const SCRIPT = 1 as ScriptId;

const PAGES = [
  page('p1', [way('Go on', toPage('p2')), way('No time', { kind: 'end' })], {
    text: {
      en: 'Hello {{contact.name}} of {{contact.fields.none}}, {{agent.name}} here.',
      'zh-CN': '',
    },
  }),
  page('p2', [way('Yes', toCode(OUTBOUND.interested)), way('No', toCode(OUTBOUND.notInterested))], {
    questions: [question('pays', { kind: 'number', isNeeded: true, field: 'amount' })],
    text: { en: 'What do you pay for {{contact.fields.plan}}?', 'zh-CN': '' },
  }),
];

describe('the call of a campaign on the agent’s page', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let mara: TestClient;
  let call: CallId;

  before(async () => {
    at = await CallsSite.start();
    const { database } = at.site.parts;
    await database('scripts').insert({ id: SCRIPT, name: 'Winter', pages: JSON.stringify(PAGES) });
    await addOutbound(at, SCRIPT);
    mara = await at.site.client('mara');
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });
  beforeEach(async () => {
    for (const table of ['follow_ups', 'attempts', 'script_answers', 'script_runs', 'do_not_call'])
      await at.site.parts.database(table).del();
    call = (await dialAda(at)).call;
    at.site.parts.live.publish(maraTalks(call));
  });

  const db = () => at.site.parts.database;
  const all = async (table: string): Promise<readonly Record<string, unknown>[]> =>
    db()(table).select<Record<string, unknown>[]>('*');
  const panel = async (client = mara): Promise<string> => {
    const answer = await client.get(PATH, PARTIAL);
    expect(answer.status).to.equal(200);
    return answer.text;
  };
  const stampIn = (text: string): string => /name="stamp" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const act = (what: string, fields: Readonly<Record<string, string>> = {}) =>
    mara.post(`${PATH}/${what}`, { call, ...fields }, PARTIAL);
  const take = async (at_: number, fields: Readonly<Record<string, string>> = {}) =>
    act('way', { stamp: stampIn(await panel()), way: String(at_), ...fields });

  it('shows who it is, the first page of the script, and what is missing as a gap', async () => {
    const text = await panel();
    for (const words of [
      ...['Ada Finch', 'Hollin', 'Winter check', '<b>Mara Quill</b> here.', 'Do not call', 'Book'],
      'contact.fields.none</mark>',
    ])
      expect(text, words).to.include(words);
  });

  it('shows the record of whoever calls, where one contact alone has the number, and the queue’s script', async () => {
    const numbers = db()('contact_numbers');
    await db()('contact_remarks').insert({
      ...{ contact_id: OUTBOUND.ada, at: new Date(), text: 'Prefers mornings' },
    });
    await db()('attempts').del();
    const before = new Date(Date.now() - 86_400_000);
    await dialAda(at, { result: 'busy', at: before, connected_at: null });
    await db()('queues').where({ id: COMPANY.repairs }).update({ script_id: SCRIPT });
    const text = await panel();
    for (const words of ['Ada Finch', 'Prefers mornings', '>busy<', '<dd>Plus</dd>', 'Hello'])
      expect(text, words).to.include(words);
    expect(text).not.to.include('It was');
    await numbers.clone().insert({ contact_id: OUTBOUND.ben, position: 1, number: ADAS_NUMBER });
    expect(await panel()).not.to.include('Ada Finch');
    await numbers.clone().where({ contact_id: OUTBOUND.ben, position: 1 }).del();
    await db()('queues').update({ script_id: null });
  });

  it('leads through the script, keeps answers, writes them to the contact and chooses the result', async () => {
    expect((await take(0)).text).to.include('What do you pay for <b>Plus</b>?');
    const wrong = await take(0, { 'q.pays': 'a lot' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('A number such as 12 or 12.5.');
    expect(wrong.text).to.include('value="a lot"');
    const kept = await act('keep', { stamp: stampIn(await panel()), 'q.pays': '11' });
    expect(kept.status).to.equal(200);
    // Another browser, or the same one after a reload.
    expect(await panel(await at.site.client('mara'))).to.include('value="11"');
    const over = await take(0, { 'q.pays': '12,5' });
    expect(over.status).to.equal(200);
    expect(over.text).to.include('Result: Sale › Interested.');
    expect(await all('script_answers')).to.have.length(1);
    expect((await all('script_answers'))[0]).to.deep.include({ question: 'pays', value: '12.5' });
    const [run] = await all('script_runs');
    expect(run).to.deep.include({
      ...{ call_id: call, agent_id: COMPANY.mara, contact_id: OUTBOUND.ada, is_over: 1 },
      ...{ campaign_id: OUTBOUND.campaign, disposition_id: OUTBOUND.interested },
    });
    const [said] = await all('call_dispositions');
    expect(said).to.deep.include({ call_id: call, disposition_id: OUTBOUND.interested });
    expect((await all('attempts'))[0]).to.deep.include({ disposition_id: OUTBOUND.interested });
    const [ada] = await db()('contacts')
      .where({ id: OUTBOUND.ada })
      .select<{ fields: unknown }[]>('fields');
    const fields: unknown = typeof ada?.fields === 'string' ? JSON.parse(ada.fields) : ada?.fields;
    expect(fields).to.deep.equal({ plan: 'Plus', amount: '12.5' });
    expect((await act('back')).text).to.include('value="12.5"');
    expect((await act('back')).text).to.include('Hello');
  });

  it('takes a button that was pressed twice once, and follows the script as it was', async () => {
    const stamp = stampIn(await panel());
    expect((await act('way', { stamp, way: '0' })).status).to.equal(200);
    const again = await act('way', { stamp, way: '1' });
    expect(again.status).to.equal(422);
    expect(again.text).to.include('The script had moved on.');
    await db()('scripts').update({ pages: JSON.stringify([PAGES[0]]), version: 2 });
    expect(await panel()).to.include('What do you pay');
    await db()('scripts').update({ pages: JSON.stringify(PAGES) });
  });

  it('does not take a result that the queue does not offer', async () => {
    await db()('dispositions').where({ id: OUTBOUND.interested }).update({ all_queues: false });
    await at.site.parts.directory.refresh();
    await take(0);
    const refused = await take(0, { 'q.pays': '1' });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.include('This result is not offered');
    expect((await all('script_runs'))[0]).to.deep.include({ is_over: 0 });
    await db()('dispositions').update({ all_queues: true });
    await at.site.parts.directory.refresh();
  });

  it('makes a task of the team when the result is a promise, once, and takes it back with another', async () => {
    await db()('dispositions')
      .where({ id: OUTBOUND.interested })
      .update({ follow_up_queue_id: COMPANY.billing, follow_up_hours: 4 });
    await at.site.parts.directory.refresh();
    const wrapUp = (disposition: number, note = '') =>
      mara.post('/workspace/wrap-up', { call, disposition: String(disposition), note });
    await wrapUp(OUTBOUND.interested, 'Call after lunch');
    await wrapUp(OUTBOUND.interested, 'Call after lunch, she said');
    const [task, ...others] = await all('follow_ups');
    expect(others).to.deep.equal([]);
    expect(task).to.deep.include({
      ...{ kind: 'task', queue_id: COMPANY.billing, contact_id: OUTBOUND.ada, call_id: call },
      ...{ number: ADAS_NUMBER, note: 'Call after lunch', agent_id: null },
    });
    const due = (task?.['due_at'] as Date).getTime();
    expect(due - Date.now()).to.be.within(3.9 * 3_600_000, 4 * 3_600_000);
    const theo = await at.site.client('theo');
    expect((await theo.get('/appointments')).text).to.include('Call after lunch');
    await wrapUp(OUTBOUND.notInterested);
    expect(await all('follow_ups')).to.deep.equal([]);
  });

  it('blocks every number of the person, for the campaign or for all, and takes it back', async () => {
    const here = await act('do-not-call', { scope: 'campaign' });
    expect(here.text).to.include('This person is not called for Winter check.');
    expect(
      (await all('do_not_call')).map((row) => [row['number'], row['campaign_id']]),
    ).to.have.deep.members([ADAS_NUMBER, ADAS_MOBILE].map((number) => [number, OUTBOUND.campaign]));
    expect((await all('do_not_call'))[0]).to.deep.include({ source: 'agent', call_id: call });
    const everywhere = await act('do-not-call', { scope: 'all' });
    expect(everywhere.text).to.include('not called for any campaign.');
    const back = await act('call-again');
    expect(back.text).not.to.include('not called for');
    expect(await all('do_not_call')).to.deep.equal([]);
    // What others said stays.
    await db()('do_not_call').insert({ number: ADAS_NUMBER, campaign_id: 0, source: 'import' });
    await act('do-not-call', { scope: 'all' });
    await act('call-again');
    expect(await all('do_not_call')).to.have.length(1);
  });

  it('books for the contact of the call, and says what is wrong in the form', async () => {
    const form = { kind: 'callback', number: '1', whom: 'me', day: '2020-01-01', time: '10:00' };
    const wrong = await act('book', form);
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('data-open');
    expect(wrong.text).to.include('That has passed');
    const year = String(new Date().getFullYear() + 1);
    const booked = await act('book', { ...form, day: `${year}-03-02`, anyway: 'on' });
    expect(booked.status).to.equal(200);
    expect(booked.text).to.include('data-notice="Booked."');
    expect(booked.text).to.include('My follow-ups');
    expect((await all('follow_ups'))[0]).to.deep.include({
      ...{ kind: 'callback', number: ADAS_MOBILE, agent_id: COMPANY.mara, source: 'agent' },
      ...{ campaign_id: OUTBOUND.campaign, call_id: call },
    });
  });

  it('keeps what it was that answered, and takes that back', async () => {
    await db()('attempts').update({ machine_verdict: 'human' });
    expect(await panel()).to.include('detected: person');
    expect((await act('truth', { truth: 'machine' })).text).to.include('a machine answered');
    expect((await all('attempts'))[0]).to.deep.include({ machine_truth: 'machine' });
    const supervisor = await at.site.client('supervisor');
    const report = (await supervisor.get('/reports/amd-accuracy')).text;
    expect(report).to.include('Carrier A');
    expect(report).to.include('1 call that an agent heard, 1 of them named by the agent');
    await act('truth', { truth: '' });
    expect((await all('attempts'))[0]).to.deep.include({ machine_truth: '' });
  });

  it('counts the results of the day', async () => {
    await mara.post('/workspace/wrap-up', {
      call,
      disposition: String(OUTBOUND.interested),
      note: '',
    });
    await dialAda(at);
    const text = await panel();
    expect(text).to.include('2 calls · 0 booked');
    expect(text).to.match(/Sale › Interested<\/dt><dd class="num">1</);
    expect(text).to.match(/No result yet<\/dt><dd class="num">1</);
  });

  it('is of the call of now only, and of agents only', async () => {
    const other = (await dialAda(at)).call;
    for (const what of ['way', 'keep', 'back', 'do-not-call', 'call-again', 'truth', 'book']) {
      const answer = await mara.post(
        `${PATH}/${what}`,
        { call: other, day: '2030-01-01', time: '10:00', kind: 'task', number: '0', whom: 'me' },
        PARTIAL,
      );
      expect(answer.status, what).to.equal(409);
    }
    expect(await all('do_not_call')).to.deep.equal([]);
    const supervisor = await at.site.client('supervisor');
    expect((await supervisor.get(PATH, PARTIAL)).status).to.equal(403);
    at.site.parts.live.publish(maraTalks(undefined, { since: 0 }));
    expect(await panel()).to.include('<div id="cw-panel" class="cw">');
  });

  it('masks numbers for those who may not see them', async () => {
    await db()('settings').insert({
      name: 'number-privacy',
      value: JSON.stringify({ version: 1, value: { isMasked: true } }),
    });
    await at.site.parts.directory.refresh();
    const text = await panel();
    expect(text).to.include('**** 0123');
    expect(text).not.to.match(/7946 0123|900123|\+44/);
    await db()('settings').where({ name: 'number-privacy' }).del();
    await at.site.parts.directory.refresh();
  });
});
