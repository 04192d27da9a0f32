import { expect } from 'chai';
import { openDirectory } from '../../../src/features/directory/index.js';
import { KnexCallerHistory } from '../../../src/features/routing/index.js';
import type { CallId, HookId, QueueId, RoutingRuleId } from '../../../src/kernel/ids.js';
import { json, startHookServer, type HookServer } from '../../support/hook-server.js';
import { ADMIN, did, queue, refusal } from '../../support/setup-drafts.js';
import { liveQueue } from '../../support/live-line.js';
import { snapshotOf } from '../../support/live-moments.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('routing rules and hooks', () => {
  let setup: SetupSite;
  let admin: TestClient;
  let queueId: number;
  let server: HookServer;

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    server = await startHookServer();
    queueId = await setup.queues.create(ADMIN, queue('Gold'));
    await setup.dids.create(ADMIN, did('+442079460100'));
    // The skills of the site's options, under the same ids.
    for (const name of ['French', 'Latin'])
      await setup.skills.create(ADMIN, {
        name,
        description: '',
        kind: 'skill',
        language: undefined,
      });
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await server.stop();
    await setup.site.stop();
  });

  const rules = () => setup.routing.service.inOrder(ADMIN);
  const names = async () => (await rules()).map((rule) => rule.name);

  it('open for administrators only', async () => {
    const supervisor = await setup.site.client('supervisor');
    for (const path of ['/setup/routing', '/setup/routing/try', '/setup/hooks', '/setup/hooks/new'])
      expect((await supervisor.get(path)).status, path).to.equal(403);
    for (const path of ['/setup/routing/rows', '/setup/routing/1/move', '/setup/hooks/1/try'])
      expect((await supervisor.post(path)).status, path).to.equal(403);
  });

  it('say what there is where there is nothing yet', async () => {
    for (const path of ['/setup/routing', '/setup/hooks'])
      expect((await admin.get(path)).text)
        .to.include(`href="${path}/new"`)
        .and.include('cb-empty');
  });

  it('take conditions and effects row by row, without scripts, and keep what was typed', async () => {
    await admin.get('/setup/routing/new');
    const one = await admin.post('/setup/routing/rows', {
      name: 'Typed <b>',
      enabled: 'on',
      newCondition: 'caller-begins',
      do: 'add:conditions',
    });
    expect(one.status).to.equal(200);
    expect(one.text).to.include('name="conditions.0.prefixes"').and.include('Typed &lt;b&gt;');
    const two = await admin.post('/setup/routing/rows', {
      name: 'Typed <b>',
      'conditions.0.kind': 'caller-begins',
      'conditions.0.prefixes': '+4420',
      newEffect: 'priority-add',
      do: 'add:effects',
    });
    expect(two.text).to.include('>+4420</textarea>').and.include('name="effects.0.value"');
    const gone = await admin.post('/setup/routing/rows', {
      name: 'Typed <b>',
      'conditions.0.kind': 'caller-begins',
      'conditions.0.prefixes': '+4420',
      'effects.0.kind': 'priority-add',
      'effects.0.value': '20',
      do: 'remove:conditions:0',
    });
    expect(gone.text).to.include('value="20"').and.not.include('conditions.0');
    expect(await rules()).to.deep.equal([]);
  });

  it('say what is wrong beside each field', async () => {
    await admin.get('/setup/routing/new');
    const page = await admin.post('/setup/routing', {
      name: '',
      'conditions.0.kind': 'caller-begins',
      'conditions.0.prefixes': '020',
      'effects.0.kind': 'priority-set',
      'effects.0.value': '101',
    });
    expect(page.status).to.equal(422);
    expect(page.text)
      .to.include('id="f-conditions.0.prefixes-problem"')
      .and.include('020 is no beginning of a number')
      .and.include('id="f-effects.0.value-problem"')
      .and.include('value="101"');
  });

  it('store a rule, say it in words, and give it to calls', async () => {
    const answer = await admin.post('/setup/routing', {
      name: 'London',
      enabled: 'on',
      'conditions.0.kind': 'caller-begins',
      'conditions.0.prefixes': '+4420',
      'effects.0.kind': 'skill',
      'effects.0.skill': '1',
      'effects.0.minLevel': '60',
      'effects.0.isRequired': 'yes',
      'effects.0.relax': '0:30 30\n1:00 0',
      'effects.1.kind': 'queue',
      'effects.1.queue': String(queueId),
      'effects.2.kind': 'priority-add',
      'effects.2.value': '20',
    });
    expect(answer.status).to.equal(303);
    const [rule] = await rules();
    expect(rule?.effects).to.deep.equal([
      {
        kind: 'skill',
        skill: 1,
        minLevel: 60,
        isRequired: true,
        relax: [
          { afterMs: 30_000, minLevel: 30 },
          { afterMs: 60_000, minLevel: 0 },
        ],
      },
      { kind: 'queue', queue: queueId },
      { kind: 'priority-add', value: 20 },
    ]);
    const list = (await admin.get('/setup/routing')).text;
    expect(list).to.include('begins with +4420').and.include('send to Gold');
    const page = (await admin.get(`/setup/routing/${String(rule?.id)}`)).text;
    expect(page).to.include('0:30 30').and.include('value="60"');
    const { parts } = setup.site;
    const directory = await openDirectory(parts.database, parts.sealer, parts.log);
    directory.close();
    expect(directory.current.routingRules.map((one) => one.name)).to.deep.equal(['London']);
    expect(setup.notes.announced).to.include('routing-rules');
  });

  it('refuse what contradicts itself, and warn of what nobody can take or never comes', async () => {
    const { service } = setup.routing;
    const never = service.create(ADMIN, {
      name: 'Never',
      enabled: true,
      conditions: [
        { kind: 'language', languages: ['en'] },
        { kind: 'language', languages: ['zh-CN'] },
      ],
      effects: [{ kind: 'vip' }],
    });
    expect(await refusal(never)).to.equal('invalid-fields conditions: routing.problem.never-holds');
    await service.create(ADMIN, {
      name: 'Stop',
      enabled: true,
      conditions: [],
      effects: [{ kind: 'stop' }],
    });
    const late = await service.create(ADMIN, {
      name: 'Latin',
      enabled: true,
      conditions: [{ kind: 'customer-value', atLeast: 5 }],
      effects: [{ kind: 'skill', skill: 2 as never, minLevel: 10, isRequired: true, relax: [] }],
    });
    const page = (await admin.get(`/setup/routing/${String(late)}`)).text;
    expect(page)
      .to.include('Nobody can take this: no agent has Latin')
      .and.include('Never reached: Stop stops before it');
  });

  it('move up and down, switch off and on', async () => {
    expect(await names()).to.deep.equal(['London', 'Stop', 'Latin']);
    const last = (await rules())[2]?.id as RoutingRuleId;
    await admin.get('/setup/routing');
    await admin.post(`/setup/routing/${String(last)}/move`, { direction: 'up' });
    expect(await names()).to.deep.equal(['London', 'Latin', 'Stop']);
    await admin.post(`/setup/routing/${String(last)}/move`, { direction: 'down' });
    await admin.post(`/setup/routing/${String(last)}/move`, { direction: 'down' });
    expect(await names()).to.deep.equal(['London', 'Stop', 'Latin']);
    await admin.post(`/setup/routing/${String(last)}/enable`, {});
    expect((await rules())[2]?.enabled).to.equal(false);
    await admin.post(`/setup/routing/${String(last)}/enable`, { enabled: 'on' });
    expect((await rules())[2]?.enabled).to.equal(true);
    expect((await admin.post('/setup/routing/999/move', { direction: 'up' })).status).to.equal(404);
  });

  it('show what a call would meet, with reasons in words', async () => {
    const query = new URLSearchParams({
      from: '020 7946 0001',
      queue: String(queueId),
      language: 'en',
      priority: '10',
      at: '2026-11-25T10:00',
      attributes: 'need = repair',
    });
    const page = (await admin.get(`/setup/routing/try?${query.toString()}`)).text;
    expect(page)
      .to.include('Rule London applies')
      .and.include('London: priority +20')
      .and.include('London: requires French 60')
      .and.include('need = repair')
      .and.include('no earlier call');
    await setup.site.parts.directory.refresh();
    expect((await admin.get(`/setup/routing/try?${query.toString()}`)).text).to.include(
      'The queue is open.',
    );
    setup.site.parts.live.publish({
      ...snapshotOf({}, 1),
      queues: [
        {
          ...liveQueue(queueId as QueueId, 'Repairs'),
          changes: [
            {
              ...{ queueId: queueId as QueueId, kind: 'opening', isOpen: false, at: 0 },
              ...{ by: 'Ines', why: 'Storm' },
              until: Date.parse('2026-11-25T11:00Z'),
            },
          ],
        },
      ],
    });
    const closed = (await admin.get(`/setup/routing/try?${query.toString()}`)).text;
    expect(closed)
      .to.include('The queue is closed: the caller goes to')
      .and.include('Closed by hand until 11:00');
    query.set('at', '2026-11-25T11:00');
    const later = (await admin.get(`/setup/routing/try?${query.toString()}`)).text;
    expect(later).to.include('The queue is open.').and.not.include('by hand until');
    const empty = await admin.get('/setup/routing/try?queue=&at=never');
    expect(empty.text).to.include('id="f-queue-problem"').and.include('id="f-at-problem"');
  });

  it('remember when a number called and whom it talked to', async () => {
    const { database } = setup.site.parts;
    const now = Date.now();
    const call = (id: string, daysAgo: number, more: object = {}) => ({
      id: id.padEnd(26, '0'),
      started_at: new Date(now - daysAgo * 86_400_000),
      direction: 'inbound',
      from_number: '+442079460009',
      to_number: '+442079460100',
      node: 'pbx',
      ...more,
    });
    await database('calls').insert([
      call('A', 1),
      call('B', 3, { agent_id: 7, talk_ms: 5_000 }),
      call('C', 100, { agent_id: 8, talk_ms: 5_000 }),
      call('D', 2, {
        direction: 'outbound',
        from_number: '2001',
        to_number: '+442079460009',
        agent_id: 9,
        talk_ms: 9_000,
      }),
    ]);
    const history = new KnexCallerHistory(database, () => now);
    const past = await history.recall('+442079460009', 'A'.padEnd(26, '0') as CallId);
    expect(past.calledAt).to.deep.equal([now - 3 * 86_400_000]);
    expect(past.lastAgent).to.deep.equal({ agent: 9, at: now - 2 * 86_400_000 });
    expect(await history.recall('')).to.deep.equal({ calledAt: [] });
    const [plan] = (await database.raw(
      `explain select id, started_at, agent_id, talk_ms from calls where from_number = 'x'
       and direction = 'inbound' and started_at >= '2026-01-01' order by started_at desc limit 101`,
    )) as [{ key: string; Extra: string }[]];
    expect(plan[0]).to.include({ key: 'calls_caller_history' });
    expect(plan[0]?.Extra).to.include('Using index').and.not.include('filesort');
  });

  it('show a hook’s secret once, try it, and keep its answers', async () => {
    await admin.get('/setup/hooks/new');
    const form = { name: 'CRM', enabled: 'on', url: server.url, timeoutMs: '800' };
    const wrong = await admin.post('/setup/hooks', {
      ...form,
      url: 'ftp://x',
      timeoutMs: '9',
      allowedAddresses: 'here',
    });
    expect(wrong.status).to.equal(422);
    for (const field of ['url', 'timeoutMs', 'allowedAddresses'])
      expect(wrong.text).to.include(`id="f-${field}-problem"`);
    const made = await admin.post('/setup/hooks', form);
    const secret = /id="copy-secret">([^<]+)</.exec(made.text)?.[1] ?? '';
    expect(secret).to.have.length(20);
    const id = (await setup.site.parts.database('routing_hooks').first<{ id: HookId }>('id')).id;
    const path = `/setup/hooks/${String(id)}`;
    const page = await admin.get(path);
    expect(page.text).to.include('Not asked yet').and.not.include(secret);
    await admin.post(`${path}/try`, { from: '020 7946 0001' });
    expect((await admin.get(path)).text).to.include('Address not allowed: 127.0.0.1');
    await admin.post(path, { ...form, version: '1', allowedAddresses: '127.0.0.1' });
    server.answerWith(json({ queue: 'Gold', priority: 70 }));
    await admin.post(`${path}/try`, { from: '020 7946 0001' });
    expect((await admin.get(path)).text).to.include('queue Gold · priority 70');
    expect(JSON.parse(server.visits[0]?.body ?? '')).to.include({
      callId: 'test',
      from: '+442079460001',
      queue: 'Gold',
    });
    const { parts } = setup.site;
    const directory = await openDirectory(parts.database, parts.sealer, parts.log);
    directory.close();
    expect(directory.current.hooks[0]).to.deep.include({ name: 'CRM', secret });
    await admin.post(`${path}/secret`);
    expect((await setup.hooks.service.get(ADMIN, id)).version).to.equal(3);
  });

  it('speak Chinese', async () => {
    const users = setup.site.parts.database('users').where({ login: 'admin' });
    await users.clone().update({ language: 'zh-CN' });
    for (const [path, word] of [
      ['/setup/routing', '路由规则'],
      ['/setup/routing/new', '添加条件'],
      ['/setup/routing/try', '试算规则'],
      ['/setup/hooks/1', '最近的应答'],
    ] as const)
      expect((await admin.get(path)).text, path).to.include(word);
    await users.clone().update({ language: 'en' });
  });
});
