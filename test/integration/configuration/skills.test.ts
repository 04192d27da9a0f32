import { expect } from 'chai';
import { KnexUsageReports } from '../../../src/features/configuration/index.js';
import type { AgentId, SkillId } from '../../../src/kernel/ids.js';
import { ADMIN, agent, queue, refusal, SUPERVISOR } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestAnswer, TestClient } from '../../support/web.js';

describe('skills and the matrix', () => {
  let setup: SetupSite;
  let client: TestClient;
  let billing: SkillId;
  let french: SkillId;
  let amy: AgentId;
  let ben: AgentId;
  const cell = (id: AgentId, skill: SkillId) => `l-${String(id)}-${String(skill)}`;
  const levels = async (id: AgentId) =>
    Object.fromEntries((await setup.agents.get(ADMIN, id)).levels);
  const shownIn = (page: TestAnswer) => /name="shown" value="([^"]*)"/.exec(page.text)?.[1] ?? '';
  const auditLines = async (id: AgentId) =>
    setup.site.parts
      .database('audit_entries')
      .where({ object_kind: 'agent', object_id: String(id), action: 'agent.change' })
      .orderBy('id');
  const skill = (name: string, language?: string) =>
    setup.skills.create(ADMIN, {
      name,
      description: '',
      kind: language === undefined ? 'skill' : 'language',
      language,
    });

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    billing = await skill('Billing');
    french = await skill('French', 'fr');
    const repairs = await setup.queues.create(ADMIN, queue('Repairs'));
    const made = agent('5001', { name: 'Amy <Turner>', queues: [repairs] });
    amy = (await setup.agents.createAgent(ADMIN, made)).id;
    ben = (await setup.agents.createAgent(ADMIN, agent('5002', { name: 'Ben' }))).id;
    client = await setup.site.client('supervisor');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('are saved by a supervisor from a plain form of every cell, with a line for each agent changed', async () => {
    const page = await client.get('/setup/skills');
    expect(page.text).to.include('Amy &lt;Turner&gt;').and.not.include('Amy <Turner>');
    const answer = await client.post('/setup/skills/levels?page=1', {
      shown: shownIn(page),
      [cell(amy, billing)]: '60',
      [cell(amy, french)]: '',
      [cell(ben, billing)]: '',
      [cell(ben, french)]: '100',
    });
    expect([answer.status, answer.location]).to.deep.equal([303, '/setup/skills']);
    expect((await client.get('/setup/skills')).text).to.include('Saved 2 levels of 2 agents');
    expect(await levels(amy)).to.deep.equal({ [billing]: 60 });
    expect(await levels(ben)).to.deep.equal({ [french]: 100 });
    const [line] = (await auditLines(ben)) as { changes: object; user_name: string }[];
    expect(line?.user_name).to.equal('Test supervisor');
    expect(JSON.stringify(line?.changes)).to.include('French 100').and.not.include('Billing');
    expect(setup.notes.announced.at(-1)).to.equal('skills');
  });

  it('let two people win who change different cells', async () => {
    const shown = shownIn(await client.get('/setup/skills'));
    const other = await setup.site.client('admin');
    await other.get('/setup/skills');
    await other.post('/setup/skills/levels', { shown, [cell(amy, french)]: '20' });
    const answer = await client.post('/setup/skills/levels', {
      shown,
      [cell(amy, billing)]: '70',
      [cell(ben, billing)]: '',
    });
    expect(answer.status).to.equal(303);
    expect(await levels(amy)).to.deep.equal({ [billing]: 70, [french]: 20 });
  });

  it('show both levels to whoever comes later to the same cell; saving once more means it', async () => {
    const shown = shownIn(await client.get('/setup/skills'));
    await setup.levels.save(ADMIN, [{ agent: amy, skill: french, before: 20, after: 33 }]);
    const typed = { [cell(amy, french)]: '44', [cell(ben, billing)]: '12' };
    const page = await client.post('/setup/skills/levels', { shown, ...typed });
    expect(page.status).to.equal(409);
    expect(page.text)
      .to.include('<td>Amy &lt;Turner&gt;, French</td><td>33</td><td>44</td>')
      .and.include(`data-use-for="${cell(amy, french)}"`);
    expect(await levels(ben)).to.deep.equal({ [french]: 100 });
    const again = await client.post('/setup/skills/levels', { shown: shownIn(page), ...typed });
    expect(again.status).to.equal(303);
    expect((await levels(amy))[french]).to.equal(44);
    expect((await levels(ben))[billing]).to.equal(12);
  });

  it('keep what was typed and say which cell is wrong', async () => {
    const shown = shownIn(await client.get('/setup/skills'));
    const page = await client.post('/setup/skills/levels', {
      shown,
      [cell(amy, billing)]: '101',
      [cell(ben, billing)]: '13',
    });
    expect(page.status).to.equal(422);
    expect(page.text)
      .to.include(`href="#f-${cell(amy, billing)}"`)
      .and.include('value="101"')
      .and.include('value="13"')
      .and.include('Use a whole number from 1 to 100');
    expect((await levels(ben))[billing]).to.equal(12);
  });

  it('are set for several agents at once, or for everybody who matches', async () => {
    await client.get('/setup/skills');
    const nobody = await client.post('/setup/skills/bulk', { skill: String(french), level: '60' });
    expect(nobody.status).to.equal(422);
    expect(nobody.text).to.include('Tick at least one agent');
    const chosen = { skill: String(french), level: '60', agents: [String(amy), String(ben)] };
    expect((await client.post('/setup/skills/bulk', chosen)).status).to.equal(303);
    expect([(await levels(amy))[french], (await levels(ben))[french]]).to.deep.equal([60, 60]);
    const answer = await client.post('/setup/skills/bulk?q=Ben', {
      skill: String(french),
      level: '',
      everybody: 'on',
    });
    expect(answer.location).to.equal('/setup/skills?q=Ben');
    expect(await levels(ben)).to.deep.equal({ [billing]: 12 });
    expect((await levels(amy))[french]).to.equal(60);
  });

  it('can be narrowed to a queue, and counted by who is signed in', async () => {
    setup.site.parts.live.publish(
      quietMoment({
        agents: [
          {
            id: amy,
            name: 'Amy',
            state: 'available',
            since: 0,
            reason: '',
            extension: '2001',
            queues: [],
          },
        ],
      }),
    );
    await setup.site.parts.directory.refresh();
    const page = await client.get('/setup/skills?queue=1');
    expect(page.text).to.include('Amy &lt;Turner&gt;').and.not.include('>Ben<');
    expect(page.text).to.include('1 of 2 signed in').and.include('1 of 1 signed in');
    const read = setup.site.parts.directory.current;
    expect([...(read.agents.get(amy)?.skills ?? [])]).to.deep.equal([
      [billing, 70],
      [french, 60],
    ]);
    expect(read.skills.get(french)).to.deep.equal({
      id: french,
      name: 'French',
      kind: 'language',
      language: 'fr',
    });
  });

  it('go out as a file and come back in, after a check that names lines and reasons', async () => {
    const file = await client.get('/setup/skills/export.csv');
    expect(file.text)
      .to.include('number,name,Billing,French')
      .and.include('5001,Amy <Turner>,70,60');
    const upload = async (content: string) => {
      await client.get('/setup/skills/import');
      const body = new FormData();
      body.append('_csrf', client.csrf);
      body.append('file', new Blob([content]), 'levels.csv');
      return client.send('/setup/skills/import', { body });
    };
    expect((await upload(file.text)).text).to.include('The file changes nothing.');
    const page = await upload('number,Billing\n5001,71\n5002,\n5999,1\n5001,2\n');
    expect(page.text)
      .to.include('4 rows: 2 levels change for 2 agents, 2 rows rejected')
      .and.include('There is no agent with this number')
      .and.include('The same as in line 2');
    const checked = /name="checked" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await client.post('/setup/skills/import/run', { checked })).status).to.equal(303);
    expect([await levels(amy), await levels(ben)]).to.deep.equal([
      { [billing]: 71, [french]: 60 },
      {},
    ]);
    expect((await client.post('/setup/skills/import/run', { checked })).status).to.equal(422);
  });

  it('are on the page of the agent too, whose version a change in the matrix raises', async () => {
    const admin = await setup.site.client('admin');
    const path = `/setup/agents/${String(amy)}`;
    const page = await admin.get(path);
    expect(page.text)
      .to.include(`name="levels.${String(billing)}"`)
      .and.include('value="71"');
    const stored = await setup.agents.get(ADMIN, amy);
    const fields = {
      version: String(stored.version),
      name: stored.name,
      number: stored.number,
      login: stored.login,
      role: stored.role,
      language: stored.language,
      queues: stored.queues.map(String),
      [`levels.${String(billing)}`]: '5',
      [`levels.${String(french)}`]: '',
    };
    const wrong = await admin.post(path, { ...fields, [`levels.${String(french)}`]: '500' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include(`<a href="#f-levels.${String(french)}">French</a>`);
    expect((await admin.post(path, fields)).status).to.equal(303);
    expect(await levels(amy)).to.deep.equal({ [billing]: 5 });
    await setup.levels.setForAgents(SUPERVISOR, [amy], french, 9);
    const version = String(stored.version + 1);
    const late = await admin.post(path, { ...fields, version });
    expect(late.status).to.equal(409);
    expect(late.text).to.include('<td>French</td><td>9</td><td></td>');
  });

  it('keep their levels while they are archived, and cannot be archived while something asks for them', async () => {
    const { database } = setup.site.parts;
    const id = await skill('Italian', 'it');
    expect(await refusal(skill('Italian again', 'it'))).to.equal(
      'invalid-fields language: configuration.problem.taken',
    );
    await setup.levels.setForAgents(ADMIN, [ben], id, 50);
    await setup.skills.archive(ADMIN, id);
    expect(await levels(ben)).to.deep.equal({});
    expect(await refusal(setup.levels.setForAgents(ADMIN, [ben], id, 60))).to.include(
      'skills.problem.gone',
    );
    await setup.skills.restore(ADMIN, id);
    expect(await levels(ben)).to.deep.equal({ [id]: 50 });
    await database.schema.createTable('made_up_demands', (t) => {
      t.integer('queue_id');
      t.integer('skill_id');
    });
    await database('made_up_demands').insert({ queue_id: 1, skill_id: id });
    const usage = new KnexUsageReports(database, [
      {
        kind: 'queue-skill',
        table: 'made_up_demands',
        ownerColumn: 'queue_id',
        owners: 'queues',
      },
    ]);
    expect(await usage.ofSkill(id)).to.deep.equal([
      { kind: 'queue-skill', id: 1, name: 'Repairs' },
    ]);
    expect(await usage.ofSkill(billing)).to.deep.equal([]);
  });

  it('are not for agents, nor for requests without a token', async () => {
    const outsider = await setup.site.client('agent');
    expect((await outsider.get('/setup/skills')).status).to.equal(403);
    expect((await client.post('/setup/skills/levels', { _csrf: 'x' })).status).to.equal(403);
    const nobody = { ...SUPERVISOR, role: 'agent' as const };
    expect(await refusal(setup.levels.save(nobody, []))).to.equal('not-allowed');
  });

  it('take a page of 50 agents and 30 skills as a plain form', async function () {
    this.timeout(30_000);
    for (let n = 0; n < 30; n += 1) await skill(`Skill ${String(n)}`);
    const { database } = setup.site.parts;
    await database('agents').insert(
      Array.from({ length: 60 }, (_, n) => ({
        name: `Zed ${String(n)}`,
        number: `7${String(100 + n)}`,
      })),
    );
    const page = await client.get('/setup/skills?q=Zed');
    const names = [...page.text.matchAll(/name="(l-\d+-\d+)"/g)].map(([, name = '']) => name);
    expect(names.length).to.equal(50 * 33);
    const fields = Object.fromEntries(names.map((name) => [name, '1']));
    const answer = await client.post('/setup/skills/levels?q=Zed', { shown: '', ...fields });
    expect(answer.status).to.equal(303);
    const [count] = await database('agent_skills')
      .where({ level: 1 })
      .count<{ n: number }[]>({ n: '*' });
    expect(count?.n).to.equal(names.length);
  });
});
