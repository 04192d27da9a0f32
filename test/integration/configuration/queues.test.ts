import { expect } from 'chai';
import { KnexUsageReports } from '../../../src/features/configuration/index.js';
import { readDirectory } from '../../../src/features/directory/knex-directory.js';
import type { QueueDraft } from '../../../src/features/queues/index.js';
import type {
  AgentId,
  CalendarId,
  MusicId,
  PromptId,
  QueueId,
  SkillId,
} from '../../../src/kernel/ids.js';
import type { DeskCommand } from '../../../src/telephony/live.js';
import { acdConfiguration } from '../../../src/telephony/calls/acd-configuration.js';
import { ADMIN, agent, queue, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const EVERYTHING = {
  strategy: 'weighted',
  weightLevel: 3,
  weightIdle: 4,
  weightLoad: 5,
  weightResult: 6,
  ringTimeoutS: 25,
  rejectMemoryS: 45,
  missesUntilNotReady: 2,
  autoAnswers: true,
  stickyS: 30,
  stickyDays: 9,
  weight: 12,
  maxTalking: 7,
  announceEveryS: 70,
  tellPlace: true,
  tellWait: true,
  tellEveryS: 50,
  callbackOffered: true,
  callbackAfterS: 33,
  callbackAttempts: 4,
  callbackRetryS: 120,
  callbackMaxAgeH: 12,
  maxWaitS: 400,
  maxLength: 20,
  maxPerAgent: 3,
  leaveWhenEmpty: false,
  clearAtClosing: true,
  wrapUpS: 40,
  wrapUpUntilDone: true,
  wrapUpExtensions: 2,
  wrapUpExtendS: 15,
  codeNeeded: true,
  recording: 'never',
  serviceLevelS: 11,
} as const satisfies Partial<QueueDraft>;

describe('queues with every rule', () => {
  let setup: SetupSite;
  let admin: TestClient;
  let technical: SkillId;
  let calendar: CalendarId;
  let prompt: PromptId;
  let music: MusicId;
  let agents: readonly AgentId[];

  const directory = () => readDirectory(setup.site.parts.database, setup.site.parts.sealer);
  const insert = async (table: string, row: object): Promise<number> =>
    (await setup.site.parts.database(table).insert(row))[0] ?? 0;

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    const skill = { name: 'Technical', description: '', kind: 'skill', language: undefined };
    technical = await setup.skills.create(ADMIN, skill as never);
    const days = { zone: 'Etc/UTC', weekly: '[]', exceptions: '[]' };
    calendar = (await insert('calendars', { name: 'Office', ...days })) as CalendarId;
    prompt = (await insert('prompts', { name: 'From sales' })) as PromptId;
    music = (await insert('music', { name: 'Slow' })) as MusicId;
    const made = [];
    for (const number of ['6001', '6002', '6003'])
      made.push((await setup.agents.createAgent(ADMIN, agent(number))).id);
    agents = made;
    await setup.levels.setForAgents(ADMIN, agents.slice(0, 1), technical, 80);
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  const full = (name: string, changes: Partial<QueueDraft> = {}): QueueDraft =>
    queue(name, {
      ...EVERYTHING,
      whisper: prompt,
      announcements: [prompt],
      music,
      calendar,
      skills: [
        {
          skill: technical,
          isRequired: true,
          minLevel: 60,
          relax: [{ afterS: 20, minLevel: 30 }],
        },
      ],
      members: [2, 0, 1].flatMap((at) => agents[at] ?? []),
      ...changes,
    });

  it('are kept as they were set, and reach the calls', async () => {
    const id = await setup.queues.create(ADMIN, full('Everything'));
    expect(await setup.queues.get(ADMIN, id)).to.deep.include(full('Everything'));
    const config = (await directory()).queues.get(id);
    expect(config).to.deep.equal({
      id,
      name: 'Everything',
      strategy: 'weighted',
      weights: { level: 3, idle: 4, load: 5, result: 6 },
      weight: 12,
      maxTalking: 7,
      requirements: [
        {
          skill: technical,
          minLevel: 60,
          isRequired: true,
          relax: [{ afterMs: 20_000, minLevel: 30 }],
        },
      ],
      rejectMemoryMs: 45_000,
      missesUntilNotReady: 2,
      ringTimeoutMs: 25_000,
      autoAnswers: true,
      whisper: prompt,
      wrapUp: {
        ms: 40_000,
        isUntilDone: true,
        extensions: 2,
        extendByMs: 15_000,
        isCodeNeeded: true,
      },
      maxWaitMs: 400_000,
      maxLength: 20,
      overflow: { kind: 'hangup' },
      maxPerAgent: 3,
      leavesWhenEmpty: false,
      calendarId: calendar,
      clearsAtClosing: true,
      stickyMs: 30_000,
      stickyDays: 9,
      musicId: music,
      announcements: [prompt],
      announceEveryMs: 70_000,
      tellsPlace: true,
      tellsWait: true,
      tellEveryMs: 50_000,
      callback: { offerAfterMs: 33_000, attempts: 4, retryMs: 120_000 },
      callbackMaxAgeMs: 12 * 3_600_000,
      recording: 'never',
      recordingNotice: 'default',
      callerId: '',
      serviceLevelMs: 11_000,
      members: [2, 0, 1].flatMap((at) => agents[at] ?? []),
    });
  });

  it('send callers elsewhere for each reason, in the form, in words and in calls', async () => {
    const other = await setup.queues.create(ADMIN, queue('Evening'));
    const id = await setup.queues.create(ADMIN, queue('Sends on'));
    const path = `/setup/queues/${String(id)}`;
    await admin.get(path);
    const answer = await admin.post(path, {
      version: '1',
      name: 'Sends on',
      overflow: 'hangup',
      overflowClosed: `queue:${String(other)}`,
      overflowEmpty: '',
      overflowFull: `queue-voicemail:${String(other)}`,
      overflowLate: `queue-voicemail:${String(id)}`,
      maxLength: '5',
      leaveWhenEmpty: 'on',
      calendar: String(calendar),
    });
    expect(answer.status).to.equal(303);
    expect((await directory()).queues.get(id)).to.deep.include({
      overflow: { kind: 'hangup' },
      overflowFor: {
        closed: { kind: 'queue', id: other },
        full: { kind: 'voicemail', queueId: other },
        late: { kind: 'voicemail', queueId: id },
      },
    });
    const page = (await admin.get(path)).text;
    expect(page).to.match(new RegExp(`value="queue:${String(other)}" selected`));
    expect(page).to.include('When nobody is signed in, the call goes to');
    expect(page).to.include('When 5 are in line already, the call goes to');
    expect(page).to.include('While “Office” is closed, new calls go to');
    const usage = new KnexUsageReports(setup.site.parts.database);
    expect(await usage.ofQueue(other)).to.deep.equal([{ kind: 'queue', id, name: 'Sends on' }]);
    const row = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'queue.change', object_id: String(id) })
      .first<{ changes: Readonly<Record<string, readonly unknown[]>> }>('changes');
    expect(row.changes['overflowClosed']).to.deep.equal(['', 'queue Evening']);
  });

  it('refuse a target of one reason that leads back, or is archived', async () => {
    const first = await setup.queues.create(ADMIN, queue('To and fro'));
    const behind = { overflowLate: { kind: 'queue', id: first } } as const;
    const second = await setup.queues.create(ADMIN, queue('Fro and to', behind));
    const back = { overflowClosed: { kind: 'queue', id: second } } as const;
    expect(await refusal(setup.queues.save(ADMIN, first, 1, queue('To and fro', back)))).to.equal(
      'invalid-fields overflowClosed: queues.problem.overflow-loop',
    );
    const gone = await setup.queues.create(ADMIN, queue('Was there'));
    expect(await setup.queues.archive(ADMIN, gone)).to.deep.equal([]);
    const dead = { overflowEmpty: { kind: 'queue', id: gone } } as const;
    expect(await refusal(setup.queues.create(ADMIN, queue('Leads nowhere', dead)))).to.equal(
      'invalid-fields overflowEmpty: configuration.problem.target-gone',
    );
  });

  it('play announcements in turn: rows that are left empty are none, archived ones are refused', async () => {
    const more = (await insert('prompts', { name: 'More' })) as PromptId;
    const id = await setup.queues.create(ADMIN, queue('Says much'));
    const path = `/setup/queues/${String(id)}`;
    await admin.get(path);
    const form = { version: '1', name: 'Says much', overflow: 'hangup', announceEveryS: '45' };
    const rows = Object.fromEntries(
      [more, '', prompt, more].map(
        (one, at) => [`announcements.${String(at)}`, String(one)] as const,
      ),
    );
    const answer = await admin.post(path, { ...form, ...rows });
    expect(answer.status).to.equal(303);
    expect((await directory()).queues.get(id)).to.deep.include({
      announcements: [more, prompt, more],
      announceEveryMs: 45_000,
    });
    const page = (await admin.get(path)).text;
    expect(page.match(/name="announcements\.\d"/g)).to.have.length(4);
    expect(page).to.include('the next of “More”, “From sales”, “More”.');
    await setup.site.parts
      .database('prompts')
      .where({ id: more })
      .update({ archived_at: new Date() });
    const save = setup.queues.save(
      ADMIN,
      id,
      2,
      queue('Says much', { announcements: [prompt, more] }),
    );
    expect(await refusal(save)).to.equal(
      'invalid-fields announcements.1: queues.problem.announcement-gone',
    );
  });

  it('have no callback where none is offered', async () => {
    const id = await setup.queues.create(ADMIN, full('No callback', { callbackOffered: false }));
    expect((await directory()).queues.get(id)).not.to.have.property('callback');
  });

  it('give the distribution levels, places and names of skills', async () => {
    const id = await setup.queues.create(ADMIN, full('Places'));
    const configured = acdConfiguration(await directory(), 0);
    const placeOf = (agent: AgentId | undefined) =>
      configured.agents
        .find((one) => one.id === agent)
        ?.queues.find((membership) => membership.queue === id)?.position;
    expect(agents.map(placeOf)).to.deep.equal([1, 2, 0]);
    expect(configured.agents.find((one) => one.id === agents[0])?.skills).to.deep.equal(
      new Map([[technical, 80]]),
    );
    expect(configured.skillNames?.get(technical)).to.equal('Technical');
  });

  it('take in an agent from the agent’s own page at the end, and go on in order after a move', async () => {
    const id = await setup.queues.create(ADMIN, queue('Grows', { members: agents.slice(1) }));
    const { id: added } = await setup.agents.createAgent(ADMIN, agent('6010', { queues: [id] }));
    expect((await setup.queues.get(ADMIN, id)).members).to.deep.equal([...agents.slice(1), added]);
    const { version } = await setup.queues.get(ADMIN, id);
    const members = [added, ...agents.slice(1)];
    await setup.queues.save(ADMIN, id, version, queue('Grows', { members }));
    expect((await setup.queues.get(ADMIN, id)).members).to.deep.equal(members);
  });

  it('are fifty for one agent', async () => {
    const [first] = agents;
    const ids: QueueId[] = [];
    for (let n = 0; n < 50; n += 1)
      ids.push(
        await setup.queues.create(
          ADMIN,
          queue(`Fifty ${String(n)}`, { members: first === undefined ? [] : [first] }),
        ),
      );
    const configured = acdConfiguration(await directory(), 0);
    const queues = configured.agents.find((one) => one.id === first)?.queues ?? [];
    expect(queues.map((one) => one.queue)).to.include.members(ids);
    const page = await admin.get(`/setup/agents/${String(first)}`);
    expect(page.status).to.equal(200);
  }).timeout(30_000);

  it('are saved with six hundred members and their places', async () => {
    const { database } = setup.site.parts;
    const rows = Array.from({ length: 600 }, (_, at) => ({
      name: `Crowd ${String(at)}`,
      number: String(70_000 + at),
    }));
    await database('agents').insert(rows);
    const ids = await database('agents')
      .whereILike('name', 'Crowd%')
      .orderBy('id')
      .pluck<AgentId[]>('id');
    const id = await setup.queues.create(ADMIN, queue('Crowded', { members: ids }));
    await admin.get(`/setup/queues/${String(id)}`);
    const answer = await admin.post(`/setup/queues/${String(id)}`, {
      version: '1',
      name: 'Crowded still',
      overflow: 'hangup',
      members: ids.map(String),
      ...Object.fromEntries(ids.map((agent, at) => [`place.${String(agent)}`, String(at + 1)])),
      [`place.${String(ids[599])}`]: '1',
    });
    expect([answer.status, answer.location]).to.deep.equal([303, `/setup/queues/${String(id)}`]);
    const saved = await setup.queues.get(ADMIN, id);
    expect([saved.name, saved.members.length]).to.deep.equal(['Crowded still', 600]);
    expect(saved.members.slice(0, 2)).to.deep.equal([ids[599], ids[0]]);
  }).timeout(30_000);

  it('which nobody can take are told where queues are listed and where skills are set', async () => {
    const SAID = 'Nobody can take calls of Not taken';
    const skills = [{ skill: technical, isRequired: true, minLevel: 81, relax: [] }];
    await setup.queues.create(ADMIN, queue('Not taken', { members: agents, skills }));
    expect((await admin.get('/setup/queues?q=Not+taken')).text).to.include('Nobody has the skills');
    expect((await admin.get('/setup/skills')).text).to.include(SAID);
    await setup.levels.setForAgents(ADMIN, agents.slice(1, 2), technical, 81);
    expect((await admin.get('/setup/skills')).text).not.to.include(SAID);
    expect((await admin.get('/setup/queues?q=Not+taken')).text).not.to.include(
      'Nobody has the skills',
    );
    await setup.levels.setForAgents(ADMIN, agents.slice(1, 2), technical, 0);
    expect((await admin.get('/setup/skills')).text).to.include(SAID);
  });

  it('are described field by field in the audit log, in names', async () => {
    const id = await setup.queues.create(ADMIN, queue('Audited'));
    await setup.queues.save(ADMIN, id, 1, full('Audited'));
    const row = await setup.site.parts
      .database('audit_entries')
      .where({ action: 'queue.change', object_id: String(id) })
      .first<{ changes: Readonly<Record<string, readonly unknown[]>> }>('changes');
    const { changes } = row;
    expect(Object.keys(changes)).to.include.members(
      Object.entries(EVERYTHING)
        .filter(([name, value]) => queue('Audited')[name as keyof QueueDraft] !== value)
        .map(([name]) => name),
    );
    expect(changes['skills']?.[1]).to.deep.equal(['Technical 60, after 20 s 30']);
    expect(changes['calendar']?.[1]).to.equal('Office');
    expect(changes['whisper']?.[1]).to.equal('From sales');
    expect(changes['members']?.[1]).to.deep.equal(['Agent 6003', 'Agent 6001', 'Agent 6002']);
  });

  it('keep their skill and calendar from being archived', async () => {
    const id = await setup.queues.create(ADMIN, full('Uses'));
    const usage = new KnexUsageReports(setup.site.parts.database);
    expect(await setup.skills.archive(ADMIN, technical)).to.deep.include({
      kind: 'queue-skill',
      id,
      name: 'Uses',
    });
    expect(await usage.ofCalendar(calendar)).to.deep.include({ kind: 'queue', id, name: 'Uses' });
  });

  it('cannot ask for what is archived', async () => {
    const gone = { name: 'Gone', archived_at: new Date() };
    const skill = (await insert('skills', gone)) as SkillId;
    const asked = [{ skill, isRequired: true, minLevel: 1, relax: [] }];
    expect(await refusal(setup.queues.create(ADMIN, full('A', { skills: asked })))).to.equal(
      'invalid-fields skills: queues.problem.skill-gone',
    );
    const whisper = (await insert('prompts', gone)) as PromptId;
    expect(await refusal(setup.queues.create(ADMIN, full('B', { whisper })))).to.equal(
      'invalid-fields whisper: queues.problem.announcement-gone',
    );
    const closed = { ...gone, zone: 'Etc/UTC', weekly: '[]', exceptions: '[]' };
    const other = (await insert('calendars', closed)) as CalendarId;
    expect(await refusal(setup.queues.create(ADMIN, full('C', { calendar: other })))).to.equal(
      'invalid-fields calendar: queues.problem.calendar-gone',
    );
  });

  it('say beside the field what contradicts, and keep the typed rows', async () => {
    await admin.get('/setup/queues/new');
    const answer = await admin.post('/setup/queues', {
      name: 'Contradicts',
      overflow: 'hangup',
      'skills.0.skill': String(technical),
      'skills.0.kind': 'required',
      'skills.0.level': '50',
      'skills.0.after0': '20',
      'skills.0.to0': '70',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('id="f-skills.0.to0-problem"');
    expect(answer.text).to.include('Use less than 50.');
    expect(answer.text).to.match(/name="skills\.0\.to0" value="70"/);
  });

  it('show who would get a call now and why, and who would not', async () => {
    const id = await setup.queues.create(ADMIN, full('Preview'));
    const path = `/setup/queues/${String(id)}/preview`;
    expect((await admin.get(path)).text).to.include('The program that runs the calls does not');
    const asked: DeskCommand[] = [];
    const [amy, ben] = agents;
    setup.notes.answer = (command) => {
      asked.push(command);
      return {
        ok: true,
        explanations: [
          { ...(amy && { agentId: amy }), isOffered: true, reasons: ['weighted:87.5', 'level:80'] },
          { ...(ben && { agentId: ben }), reasons: ['lacks-skill:1'] },
        ],
      };
    };
    const skill = `skills.0.skill=${String(technical)}&skills.0.level=40&skills.0.kind=preferred`;
    const page = await admin.get(`${path}?priority=20&waitedS=1:00&${skill}`);
    expect(asked).to.deep.equal([
      {
        kind: 'preview-offer',
        queueId: id,
        requirements: [{ skill: technical, minLevel: 40, isRequired: false, relax: [] }],
        priority: 20,
        waitedMs: 60_000,
        rule: { strategy: 'weighted', weights: { level: 3, idle: 4, load: 5, result: 6 } },
      },
    ]);
    expect(page.text).to.include('highest score (87.5) · level 80');
    expect(page.text).to.include('lacks a skill that is needed');
    const wrong = await admin.get(`${path}?priority=1000`);
    expect(wrong.text).to.include('id="f-priority-problem"');
  });

  it('try a distribution that is not saved, also for supervisors, who see no links to set-up', async () => {
    const id = await setup.queues.create(ADMIN, full('Tried'));
    const path = `/setup/queues/${String(id)}/preview`;
    const asked: DeskCommand[] = [];
    setup.notes.answer = (command) => {
      asked.push(command);
      const [agentId] = agents;
      return {
        ok: true,
        explanations: [{ ...(agentId && { agentId }), isOffered: true, reasons: [] }],
      };
    };
    const form = { name: 'Not saved', strategy: 'random', weightLevel: '0', weightIdle: '7' };
    await admin.get(`/setup/queues/${String(id)}`);
    const sent = await admin.post(path, form);
    expect([sent.status, sent.location]).to.deep.equal([
      303,
      `${path}?strategy=random&weightLevel=0&weightIdle=7`,
    ]);
    const tried = await admin.get(sent.location ?? '');
    expect(tried.text).to.include('Tried with a distribution that is not saved.');
    expect(asked.at(-1)).to.deep.include({
      rule: { strategy: 'random', weights: { level: 0, idle: 7, load: 5, result: 6 } },
    });
    expect((await setup.queues.get(ADMIN, id)).strategy).to.equal('weighted');
    const wrong = await admin.get(`${path}?weightIdle=101`);
    expect(wrong.text).to.include('id="f-weightIdle-problem"');
    const supervisor = await setup.site.client('supervisor');
    const seen = await supervisor.get(path);
    expect(seen.status).to.equal(200);
    expect(seen.text).not.to.match(/href="\/setup\/(queues|agents)/);
    const agent = await setup.site.client('agent');
    expect((await agent.get(path)).status).to.equal(403);
  });
});
