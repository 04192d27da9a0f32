import { expect } from 'chai';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import {
  CampaignKeeper,
  openCampaignStore,
  type KnexCampaignStore,
} from '../../../src/features/campaigns/index.js';
import { KnexUsageReports } from '../../../src/features/configuration/index.js';
import { KnexPromptReports } from '../../../src/features/prompts/prompt-reports.js';
import type { CalendarId, CampaignId, PromptId, QueueId } from '../../../src/kernel/ids.js';
import { NO_SEGMENTS } from '../../support/no-segments.js';
import {
  campaignFields,
  startCampaignsSite,
  type CampaignsSite,
} from '../../support/campaigns-site.js';
import {
  ALL_WEEK,
  clearOutbound,
  makeCampaign,
  makeContacts,
  makeList,
  STRANGER,
} from '../../support/outbound.js';
import type { TestClient } from '../../support/web.js';

describe('the pages of campaigns', function () {
  this.timeout(60_000);
  let at: CampaignsSite;
  let supervisor: TestClient;
  let store: KnexCampaignStore;

  before(async () => {
    at = await startCampaignsSite();
    supervisor = await at.site.client('supervisor');
    await supervisor.get('/campaigns');
    const { database, clock } = at.site.parts;
    store = openCampaignStore({ database, clock, country: 'GB', segments: NO_SEGMENTS });
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });
  beforeEach(() => clearOutbound(at.site.parts.database));

  const db = () => at.site.parts.database;
  const fields = (changes = {}) =>
    campaignFields({ queue: String(at.queue), abandonedPrompt: String(at.prompt), ...changes });
  const listOf = async (...numbers: string[]): Promise<number> =>
    makeList(
      db(),
      await makeContacts(
        db(),
        numbers.map((number) => ({ name: `Person ${number.slice(-2)}`, numbers: [number] })),
      ),
    );
  const create = async (changes = {}): Promise<CampaignId> => {
    const answer = await supervisor.post('/campaigns', fields(changes));
    expect(answer.status, answer.text.slice(0, 2_000)).to.equal(303);
    return Number(/\d+$/.exec(answer.location ?? '')?.[0]) as CampaignId;
  };
  const row = async (id: CampaignId) =>
    db()('campaigns').where({ id }).first<Record<string, unknown>>('*');
  const text = async (path: string): Promise<string> => {
    const answer = await supervisor.get(path);
    expect(answer.status, path).to.equal(200);
    return answer.text;
  };

  it('are for supervisors and administrators', async () => {
    const agent = await at.site.client('agent');
    expect((await agent.get('/campaigns')).status).to.equal(403);
    expect((await agent.post('/campaigns', fields())).status).to.equal(403);
    expect((await agent.get('/campaigns/evidence?number=%2B442079460001')).status).to.equal(403);
    const stranger = await at.site.client();
    expect((await stranger.get('/campaigns')).location).to.contain('/login');
  });

  it('reckon with a field of contacts that says how likely somebody answers, and only with one of numbers', async () => {
    const field = (key: string, kind: string) =>
      db()('contact_fields').insert({ key, name: `Field ${key}`, kind, choices: '[]' });
    await field('chance', 'number');
    await field('hair', 'text');
    try {
      const id = await create({ scoreField: 'chance' });
      const [running] = await store.running().then(async () => {
        await db()('campaigns').where({ id }).update({ state: 'running' });
        return store.running();
      });
      expect(running?.scoreField).to.equal('chance');
      expect(await text(`/campaigns/${String(id)}/edit`)).to.match(/value="chance" selected/);
      for (const scoreField of ['hair', 'nothing']) {
        const answer = await supervisor.post('/campaigns', fields({ name: 'Other', scoreField }));
        expect(answer.status, scoreField).to.equal(422);
        expect(answer.text).to.contain('f-scoreField');
      }
    } finally {
      await db()('contact_fields').whereIn('key', ['chance', 'hair']).del();
    }
  });

  it('keep what the form says, through a change and back', async () => {
    const list = await listOf('+442079460001', '+442079460002');
    const id = await create({
      sources: `list:${String(list)}`,
      callerIds: '020 7946 0999\n0161 555 0000',
      'recycle.busy.delay': '2h',
      'recycle.busy.from': '9',
      'recycle.busy.to': '18:30',
      scheduleUntil: '2036-12-24T18:00',
      quotaHuman: '20',
      ...{ promiseAttempts: '5', promiseRetryMin: '90', promiseGraceMin: '0' },
    });
    const settings = (await row(id))['settings'] as Record<string, unknown>;
    expect(settings).to.deep.include({
      callerIds: ['+442079460999', '+441615550000'],
      quota: { human: 20, machine: 0 },
      ...{ promiseAttempts: 5, promiseRetryMs: 90 * 60_000, promiseGraceMs: 0 },
      weekly: ALL_WEEK,
    });
    expect((settings['recycling'] as Record<string, unknown>)['busy']).to.deep.equal({
      ...{ delayMs: 7_200_000, most: 3, number: 'same' },
      ...{ fromMinute: 540, toMinute: 1_110 },
    });
    const form = await text(`/campaigns/${String(id)}/edit`);
    for (const shown of [
      `name="promiseRetryMin" type="text" value="90"`,
      'value="2h"',
      'value="18:30"',
      'value="2036-12-24T18:00"',
    ])
      expect(form).to.contain(shown);
    expect(await db()('leads').where({ campaign_id: id })).to.have.length(2);
    const other = await listOf('+442079460003');
    const answer = await supervisor.post(`/campaigns/${String(id)}`, {
      ...fields({ name: 'Summer', sources: [`list:${String(other)}`] }),
      version: '1',
    });
    expect(answer.status).to.equal(303);
    const states = await db()('leads').where({ campaign_id: id }).orderBy('id').pluck('state');
    expect(states).to.deep.equal(['removed', 'removed', 'open']);
    const late = await supervisor.post(`/campaigns/${String(id)}`, { ...fields(), version: '1' });
    expect(late.status).to.equal(409);
    expect(late.text).to.contain('Summer');
  });

  it('say what is wrong beside the field, and what would be right', async () => {
    for (const [changes, words] of [
      [{ name: '' }, 'f-name-problem'],
      [{ queue: '' }, 'Choose the queue'],
      [{ queue: '9999' }, 'not in use any more'],
      [{ mode: 'notification' }, 'Choose the flow'],
      [{ machine: 'message' }, 'Choose the message that machines hear'],
      [{ 'week.0.from': '', 'week.0.to': '' }, 'at least one period'],
      [{ 'week.0.from': '25:00' }, 'f-week.0.from-problem'],
      [{ 'week.0.days': [] }, 'f-week.0.days-problem'],
      [{ 'recycle.busy.delay': 'soon' }, 'Write 15m, 2h or 1d'],
      [{ 'recycle.busy.most': '-1' }, 'f-recycle.busy.most-problem'],
      [{ 'recycle.fax.from': '99' }, 'f-recycle.fax.from-problem'],
      [{ scheduleFrom: 'tomorrow' }, 'Write a day and a time'],
      [
        { scheduleFrom: '2026-12-02T09:00', scheduleUntil: '2026-12-01T09:00' },
        'stop after it starts',
      ],
      [{ scheduleDays: [] }, 'f-scheduleDays-problem'],
      [{ ringS: '5' }, 'f-ringS-problem'],
      [{ abandonPercent: '300' }, 'f-abandonPercent-problem'],
      [{ callerIds: 'nobody' }, 'f-callerIds-problem'],
      [{ zone: 'Mars/Base' }, 'f-zone'],
      [{ sources: 'list:4000000' }, 'not in use any more'],
      [{ promiseAttempts: '0' }, 'f-promiseAttempts-problem'],
      [{ promiseRetryMin: '0' }, 'f-promiseRetryMin-problem'],
      [{ promiseGraceMin: 'soon' }, 'f-promiseGraceMin-problem'],
      [{ sources: 'all' }, 'f-sources-problem'],
    ] as const) {
      const answer = await supervisor.post('/campaigns', fields(changes));
      expect(answer.status, JSON.stringify(changes)).to.equal(422);
      expect(answer.text, JSON.stringify(changes)).to.contain(words);
    }
    expect(await db()('campaigns')).to.deep.equal([]);
    await create();
    expect((await supervisor.post('/campaigns', fields())).text).to.contain('f-name-problem');
  });

  it('start, pause and stop, each with words first and a line in the audit log', async () => {
    // At any time of the day.
    const id = await create({
      ruleSet: 'none',
      sources: `list:${String(await listOf('+442079460001'))}`,
    });
    const path = `/campaigns/${String(id)}`;
    expect(await text(`${path}/start`)).to.contain('1 person may be called.');
    expect((await supervisor.post(`${path}/start`)).location).to.equal(path);
    expect(await row(id)).to.deep.include({ state: 'running' });
    expect((await store.clear(id, 1)).length).to.equal(1);
    expect(await text(`${path}/pause`)).to.contain('1 call is under way');
    await supervisor.post(`${path}/pause`, { reason: 'Fire drill' });
    expect(await row(id)).to.deep.include({ state: 'paused', state_reason: 'Fire drill' });
    expect(await text(path)).to.contain('Fire drill');
    // Somebody else did it before.
    await supervisor.post(`${path}/pause`, { reason: 'Again' });
    expect(await row(id)).to.deep.include({ state_reason: 'Fire drill' });
    const runs = await supervisor.post(`${path}/archive`);
    expect(runs.status).to.equal(409);
    expect(runs.text).to.contain('stop the campaign first').and.contain(`href="${path}/stop"`);
    await supervisor.post(`${path}/stop`);
    expect(await row(id)).to.deep.include({ state: 'stopped' });
    expect((await supervisor.post(`${path}/archive`)).status).to.equal(303);
    await supervisor.post(`${path}/restore`);
    const audit = await db()('audit_entries')
      .where({ object_kind: 'campaign', object_id: String(id) })
      .orderBy('id')
      .pluck('action');
    expect(audit).to.deep.equal([
      ...['campaign.create', 'campaign.running', 'campaign.paused', 'campaign.stopped'],
      ...['campaign.archive', 'campaign.restore'],
    ]);
  });

  it('do not start what lacks people or the message that the law asks for', async () => {
    const id = await create({ abandonedPrompt: '' });
    const path = `/campaigns/${String(id)}/start`;
    const said = await text(path);
    expect(said).to.contain('at least one list').and.contain('asks for a message');
    expect((await supervisor.post(path)).status).to.equal(422);
    expect(await row(id)).to.deep.include({ state: 'draft' });
  });

  it('ask for the name before thousands are dialled', async () => {
    const list = await makeList(db(), []);
    await db().raw(`INSERT INTO contacts (name) SELECT CONCAT('P', seq) FROM seq_1_to_1200`);
    await db().raw(`INSERT INTO contact_list_members SELECT ?, id FROM contacts`, [list]);
    const id = await create({ sources: `list:${String(list)}` });
    const path = `/campaigns/${String(id)}/start`;
    expect(await text(path))
      .to.contain('1,200 people')
      .and.contain('Type &quot;Spring offer&quot;');
    const refused = await supervisor.post(path, { name: 'spring' });
    expect(refused.status).to.equal(422);
    expect(await row(id)).to.deep.include({ state: 'draft' });
    expect((await supervisor.post(path, { name: 'Spring offer' })).status).to.equal(303);
    expect(await row(id)).to.deep.include({ state: 'running' });
  });

  it('say why nothing is dialled, rule by rule, and what would be', async () => {
    const contacts = await makeContacts(db(), [
      { name: 'Ada', numbers: ['+442079460001'] },
      { name: 'Ben', numbers: ['+442079460002'] },
      { name: 'Lin', numbers: ['+442079460003'] },
      { name: 'Nobody', numbers: [] },
    ]);
    const list = await makeList(db(), contacts);
    const id = await makeCampaign(db(), { lists: [list], state: 'draft' });
    await supervisor.post(`/campaigns/${String(id)}/start`);
    const why = `/live/campaigns/${String(id)}/why`;
    expect(await text(why)).to.contain('4 people are due');
    await store.optOut({ ...STRANGER, number: '+442079460002', source: 'agent' });
    const [cleared] = await store.clear(id, 1);
    await store.clear(id, 1);
    await store.tell(cleared?.attempt as never, { result: 'busy' });
    const funnel = await text(why);
    for (const said of [
      'Everybody in its lists',
      'Being called now',
      'May not be called: On the do-not-call list',
      'May not be called: No number in service',
      'Wait for another attempt',
      'Nobody may be called now',
    ])
      expect(funnel, said).to.contain(said);
    await supervisor.post(`/campaigns/${String(id)}/pause`);
    expect(await text(why)).to.contain('It is paused.');
    const before = await db()('attempts').count({ n: '*' });
    const dry = await text(`/campaigns/${String(id)}/dry-run?at=2036-12-01T10%3A00`);
    expect(dry).to.contain('Ada').and.contain('Would be dialed');
    expect(await db()('attempts').count({ n: '*' })).to.deep.equal(before);
    expect(await text(`/campaigns/${String(id)}/dry-run?at=never`)).to.contain('Write a day');
    const people = await text(`/campaigns/${String(id)}/leads?state=refused`);
    expect(people).to.contain('Ben').and.contain('On the do-not-call list').and.not.contain('Ada');
    expect(await text(`/campaigns/${String(id)}/leads?q=020+7946+0003`)).to.contain('Lin');
    // Ben is off the list again.
    await db()('do_not_call').del();
    await supervisor.post(`/campaigns/${String(id)}/look-again`);
    expect(await text(why)).to.contain('2 people are looked at again.');
    expect(await db()('leads').where({ state: 'refused' })).to.deep.equal([]);
  });

  it('show results, rates and the best hours, and give every attempt as a file', async () => {
    const id = await create({
      sources: `list:${String(await listOf('+442079460001', '+442079460002'))}`,
      ruleSet: 'none',
    });
    await supervisor.post(`/campaigns/${String(id)}/start`);
    for (const result of ['human', 'busy'] as const) {
      const [one] = await store.clear(id, 1);
      await store.tell(one?.attempt as never, { result, callerId: '+442079460999' });
    }
    const page = await text(`/campaigns/${String(id)}`);
    for (const said of ['Person', 'Busy', '50.0%', 'Customers', '020) 7946 0999', 'Best time'])
      expect(page, said).to.contain(said);
    expect(await text('/campaigns')).to.contain('1 of 2');
    const file = await supervisor.get(`/campaigns/${String(id)}/export.csv`);
    expect(file.text.trim().split('\r\n')).to.have.length(3);
    expect(file.text).to.contain('+442079460001').and.contain('Person');
  });

  it('give the evidence for a number: dials, refusals, rules, consent and the list', async () => {
    const contacts = await makeContacts(db(), [
      { name: 'Ada Finch', numbers: ['+442079460001'], consent: 'given' },
    ]);
    const list = await makeList(db(), contacts);
    const id = await makeCampaign(db(), { lists: [list], state: 'draft' });
    await supervisor.post(`/campaigns/${String(id)}/start`);
    const [one] = await store.clear(id, 1);
    await store.optOut({ ...STRANGER, number: '+442079460001', source: 'key', campaign: id });
    await store.tell(one?.attempt as never, { result: 'no-answer' });
    await db()('leads').update({ next_at: new Date() });
    await store.clear(id, 1);
    const page = await text('/campaigns/evidence?number=020+7946+0001');
    for (const said of [
      ...['1 dial, 1 refusal', 'Ada Finch', 'web form', 'Key press', 'Spring offer', 'none@'],
      'On the list of this campaign since',
    ])
      expect(page, said).to.contain(said);
    const file = await supervisor.get('/campaigns/evidence/export.csv?number=%2B442079460001');
    const lines = file.text.trim().split('\r\n');
    expect(lines).to.have.length(5);
    expect(file.text).to.contain('- Do-not-call list: On the list of this campaign');
    const byPlace = await text(`/campaigns/evidence?contact=${String(contacts[0])}&place=0`);
    expect(byPlace).to.contain('1 dial, 1 refusal').and.contain('export.csv?contact');
    expect(await text(`/campaigns/evidence?contact=${String(contacts[0])}&place=7`)).to.contain(
      'Type a number.',
    );
    expect(await text('/campaigns/evidence?number=12')).to.contain('role="alert"');
    expect(await text('/campaigns/evidence')).to.contain('Type a number.');
    expect(await text('/campaigns/evidence?number=%2B442079460777')).to.contain('never dialed');
  });

  it('are named where something that they use would be archived', async () => {
    const id = await create();
    const [calendar] = await db()('calendars').insert({
      ...{ name: 'Holidays', zone: 'Europe/London', weekly: '[]', exceptions: '[]' },
    });
    await db()('campaigns')
      .where({ id })
      .update({ settings: db().raw("JSON_SET(settings, '$.holidays', ?)", [calendar as number]) });
    const usage = new KnexUsageReports(db());
    const used = [{ kind: 'campaign', id, name: 'Spring offer' }];
    expect(await usage.ofQueue(at.queue as QueueId)).to.deep.equal(used);
    expect(await usage.ofCalendar(calendar as CalendarId)).to.deep.equal(used);
    const prompts = await new KnexPromptReports(db()).uses();
    expect(prompts.get(at.prompt as PromptId)).to.deep.equal(used);
    await supervisor.post(`/campaigns/${String(id)}/archive`);
    expect(await usage.ofQueue(at.queue as QueueId)).to.deep.equal([]);
  });

  it('are not archived while a flow books appointments for them, published or not; the page names the flow', async () => {
    const id = await create({ mode: 'appointment' });
    const OTHER = 4_000_000;
    const steps = (campaign: number) => ({
      start: 'book',
      steps: {
        book: {
          ...{ kind: 'appointment', label: 'Book', campaign, calendar: 1, everyMinutes: 30 },
          ...{ leadMinutes: 0, number: '{{caller_number}}', accepted: 'bye', declined: 'bye' },
        },
        bye: { kind: 'hangup', label: 'Goodbye' },
      },
    });
    const flow = async (name: string): Promise<number> => {
      const [made = 0] = await db()('ivr_flows').insert({ name, published_version: 1 });
      await db()('ivr_flow_versions').insert({
        ...{ flow_id: made, flow_version: 1, note: '' },
        definition: JSON.stringify(steps(OTHER)),
      });
      return made;
    };
    const [published, drafted] = [await flow('Front desk'), await flow('Evenings')];
    const draft = (campaign: number) =>
      db()('ivr_flow_drafts').insert({
        ...{ flow_id: drafted, definition: JSON.stringify(steps(campaign)) },
      });
    const tryArchive = () => supervisor.post(`/campaigns/${String(id)}/archive`);
    const setPublished = (campaign: number) =>
      db()('ivr_flow_versions')
        .where({ flow_id: published })
        .update({ definition: JSON.stringify(steps(campaign)) });

    await setPublished(id);
    await draft(id);
    const both = await tryArchive();
    expect(both.status).to.equal(409);
    expect(both.text).to.contain('2 things still use it');
    for (const name of ['Front desk', 'Evenings']) expect(both.text).to.contain(`>${name}</a>`);
    expect((await row(id))['archived_at']).to.equal(null);

    await setPublished(OTHER);
    const one = await tryArchive();
    expect(one.status).to.equal(409);
    expect(one.text).to.contain(`href="/setup/ivr/${String(drafted)}">Evenings</a>`);
    expect(one.text).not.to.contain('>Front desk</a>');
    expect(await text(`/campaigns/${String(id)}/edit`)).to.contain('>Evenings</a>');

    // Only what the draft says last counts.
    await draft(OTHER);
    expect((await tryArchive()).status).to.equal(303);
    expect((await row(id))['archived_at']).not.to.equal(null);
  });

  it('stop by the schedule, and are done when nobody is left', async () => {
    const { database, clock, log } = at.site.parts;
    const keeper = new CampaignKeeper({
      ...{ database, clock, log, segments: NO_SEGMENTS },
      auditLog: knexAuditLog,
    });
    const over = await makeCampaign(db(), {
      name: 'Over',
      lists: [await listOf('+442079460001')],
      settings: { schedule: { from: '', until: '2020-01-01T00:00', days: [1, 2, 3, 4, 5, 6, 7] } },
    });
    const empty = await makeCampaign(db(), {
      name: 'Empty',
      lists: [await makeList(db(), [], 'E')],
    });
    const waits = await makeCampaign(db(), {
      name: 'Waits',
      lists: [await makeList(db(), [], 'W')],
      settings: { endsWhenEmpty: false },
    });
    const busy = await makeCampaign(db(), { name: 'Busy', lists: [await listOf('+442079460002')] });
    await keeper.lookAfter();
    expect(await row(over)).to.deep.include({ state: 'stopped', state_reason: 'schedule' });
    expect(await row(empty)).to.deep.include({ state: 'done', state_reason: 'nobody-left' });
    expect(await row(waits)).to.deep.include({ state: 'running' });
    expect(await row(busy)).to.deep.include({ state: 'running' });
    expect(await store.clear(busy, 5)).to.have.length(1);
    expect(await text('/campaigns')).to.contain('Nobody is left to call.');
  });
});
