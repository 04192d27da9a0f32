import { expect } from 'chai';
import { KnexCallbackStore } from '../../../src/features/callbacks/index.js';
import type { ExtensionId, FlowId, QueueId } from '../../../src/kernel/ids.js';
import { callbackOf } from '../../support/callbacks-site.js';
import { agent, ADMIN, did, extension, queue, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

describe('what uses a queue or an extension', () => {
  let setup: SetupSite;
  let numbers = 2200;
  const newQueue = (name: string) => setup.queues.create(ADMIN, queue(name));
  const newExtension = async (): Promise<ExtensionId> =>
    (await setup.extensions.createPhone(ADMIN, extension(String((numbers += 1))))).id;
  const flow = async (name: string, step: Record<string, unknown>): Promise<number> => {
    const { database } = setup.site.parts;
    const [id] = (await database('ivr_flows').insert({ name, published_version: 2 })) as [number];
    const definition = (steps: unknown) => JSON.stringify({ start: 'a', steps });
    await database('ivr_flow_versions').insert([
      {
        flow_id: id,
        flow_version: 1,
        definition: definition({ a: { kind: 'hangup', label: 'x' } }),
      },
      { flow_id: id, flow_version: 2, definition: definition({ a: { label: 'x', ...step } }) },
      {
        flow_id: id,
        flow_version: 3,
        definition: definition({ a: { kind: 'hangup', label: 'x' } }),
      },
    ]);
    return id;
  };

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
  });
  after(() => setup.site.stop());

  it('keeps a queue from being archived: DIDs, overflows of others, published flows', async () => {
    const { queues, dids } = setup;
    const id = await newQueue('Repairs');
    const didId = await dids.create(ADMIN, did('+442079460100', { target: { kind: 'queue', id } }));
    const other = await queues.create(
      ADMIN,
      queue('Billing', { overflow: { kind: 'voicemail', queueId: id } }),
    );
    const flowId = await flow('Main menu', { kind: 'queue', queue: id });
    expect(await queues.archive(ADMIN, id)).to.deep.equal([
      { kind: 'did', id: didId, name: '+442079460100' },
      { kind: 'queue', id: other, name: 'Billing' },
      { kind: 'flow', id: flowId, name: 'Main menu' },
    ]);
    expect((await queues.get(ADMIN, id)).archivedAt).to.equal(undefined);
    await dids.archive(ADMIN, didId);
    await queues.archive(ADMIN, other);
    await setup.site.parts
      .database('ivr_flows')
      .where({ id: flowId })
      .update({ published_version: 3 });
    expect(await queues.archive(ADMIN, id)).to.deep.equal([]);
    expect((await queues.get(ADMIN, id)).archivedAt).to.be.instanceOf(Date);
  });

  it('keeps a queue from being archived while callbacks are open, and says how many', async () => {
    const { queues, site } = setup;
    const id = await newQueue('Promises');
    const store = new KnexCallbackStore(site.parts.database);
    const kept = ['+442079460301', '+442079460302'].map((number) =>
      callbackOf({ queueId: id, number }),
    );
    for (const callback of kept) await store.add(callback);
    expect(await queues.archive(ADMIN, id)).to.deep.equal([
      { kind: 'callbacks', id, name: '', count: 2 },
    ]);
    const admin = await site.client('admin');
    const path = `/setup/queues/${String(id)}`;
    const link = `href="/callbacks?queue&#x3D;${String(id)}"`;
    expect((await admin.get(path)).text)
      .to.contain('2 open callbacks')
      .and.contain(link);
    const refused = await admin.post(`${path}/archive`, {});
    expect(refused.status).to.equal(409);
    expect(refused.text).to.contain('Not archived: 2 callbacks are open in this queue.');
    expect(refused.text).to.not.contain('still uses it');
    for (const { id: callback } of kept) await store.update(callback, { state: 'cancelled' });
    expect(await queues.archive(ADMIN, id)).to.deep.equal([]);
  });

  it('is not the queue itself: overflowing into the own mailbox is no use', async () => {
    const { queues } = setup;
    const id = await newQueue('Own mailbox');
    await queues.save(
      ADMIN,
      id,
      1,
      queue('Own mailbox', { overflow: { kind: 'voicemail', queueId: id } }),
    );
    expect(await queues.archive(ADMIN, id)).to.deep.equal([]);
  });

  it('keeps an extension from being archived, and its mailbox from being switched off', async () => {
    const { extensions, dids, agents } = setup;
    const id = await newExtension();
    const didId = await dids.create(
      ADMIN,
      did('+442079460101', { target: { kind: 'voicemail', extensionId: id } }),
    );
    const { id: agentId } = await agents.createAgent(
      ADMIN,
      agent('3001', { name: 'Mara', extensionId: id }),
    );
    expect(await extensions.archive(ADMIN, id)).to.deep.equal([
      { kind: 'did', id: didId, name: '+442079460101' },
      { kind: 'agent', id: agentId, name: 'Mara' },
    ]);
    const stored = await extensions.get(ADMIN, id);
    expect(
      await refusal(extensions.save(ADMIN, id, stored.version, { ...stored, voicemail: false })),
    ).to.equal('invalid-fields voicemail: extensions.problem.mailbox-used');
    await dids.save(ADMIN, didId, 1, did('+442079460101', { target: { kind: 'extension', id } }));
    await extensions.save(ADMIN, id, stored.version, { ...stored, voicemail: false });
    expect((await extensions.get(ADMIN, id)).voicemail).to.equal(false);
  });

  it('keeps whatever a step of a published flow names from being archived', async () => {
    const { queues, extensions, dids, skills } = setup;
    const kinds = { description: '', kind: 'skill', language: undefined } as const;
    const skill = await skills.create(ADMIN, { name: 'Swedish', ...kinds });
    const [asked, called, told] = [await newQueue('A'), await newQueue('C'), await newQueue('M')];
    const shown = await dids.create(ADMIN, did('+442079460188'));
    const phone = await newExtension();
    const next = 'a';
    const steps = {
      Swedes: { kind: 'queue', queue: asked, priority: 0, skills: [{ skill, minLevel: 40 }] },
      'Ring back': { kind: 'callback', queue: called, otherNumber: false, done: next, full: next },
      Complaints: { kind: 'record', queue: told, maxS: 60, saved: next, none: next },
      Suggestions: { kind: 'record', extension: phone, maxS: 60, saved: next, none: next },
      Mobile: {
        ...{ kind: 'outside', number: '+442079460123', ringS: 20, callerId: shown },
        ...{ noAnswer: next, busy: next },
      },
    };
    const ids = new Map<string, number>();
    for (const [name, step] of Object.entries(steps)) ids.set(name, await flow(name, step));
    const use = (name: string) => [{ kind: 'flow', id: ids.get(name), name }];
    expect(await skills.archive(ADMIN, skill)).to.deep.equal(use('Swedes'));
    expect(await queues.archive(ADMIN, asked)).to.deep.equal(use('Swedes'));
    expect(await queues.archive(ADMIN, called)).to.deep.equal(use('Ring back'));
    expect(await queues.archive(ADMIN, told)).to.deep.equal(use('Complaints'));
    expect(await dids.archive(ADMIN, shown)).to.deep.equal(use('Mobile'));
    expect(await extensions.archive(ADMIN, phone)).to.deep.equal(use('Suggestions'));
    const stored = await extensions.get(ADMIN, phone);
    expect(
      await refusal(extensions.save(ADMIN, phone, stored.version, { ...stored, voicemail: false })),
    ).to.equal('invalid-fields voicemail: extensions.problem.mailbox-used');
    const admin = await setup.site.client('admin');
    await admin.get(`/setup/skills/${String(skill)}`);
    const answer = await admin.post(`/setup/skills/${String(skill)}/archive`, {});
    expect(answer.status).to.equal(409);
    expect(answer.text).to.include(`<a href="/setup/ivr/${String(ids.get('Swedes'))}">Swedes</a>`);
  });

  it('keeps DIDs and queues that a hook is asked about from being archived, and hooks from naming archived ones', async () => {
    const { queues, dids, site } = setup;
    const hooks = setup.hooks.service;
    const queueId = await newQueue('Asked about');
    const didId = await dids.create(ADMIN, did('+442079460189'));
    const draft = {
      ...{ name: 'CRM', enabled: false, url: 'http://127.0.0.1:9/', timeoutMs: 800 },
      ...{ dids: [didId], queues: [queueId], allowedAddresses: [], caCertificate: '' },
    };
    const { id } = await hooks.createHook(ADMIN, draft);
    const use = [{ kind: 'hook', id, name: 'CRM' }];
    expect(await queues.archive(ADMIN, queueId)).to.deep.equal(use);
    expect(await dids.archive(ADMIN, didId)).to.deep.equal(use);
    const admin = await site.client('admin');
    await admin.get(`/setup/queues/${String(queueId)}`);
    const answer = await admin.post(`/setup/queues/${String(queueId)}/archive`, {});
    expect(answer.text).to.include(`<a href="/setup/hooks/${String(id)}">CRM</a>`);
    await hooks.archive(ADMIN, id);
    expect(await queues.archive(ADMIN, queueId)).to.deep.equal([]);
    expect(await refusal(hooks.restore(ADMIN, id))).to.equal(
      'invalid-fields queues: hooks.problem.gone-queues',
    );
    await dids.archive(ADMIN, didId);
    expect(await refusal(hooks.createHook(ADMIN, { ...draft, name: 'New' }))).to.equal(
      'invalid-fields dids: hooks.problem.gone-dids',
    );
  });

  it('keeps everything that a routing rule names from being archived, and names the rule', async () => {
    const { queues, dids, agents, skills, regions, site } = setup;
    const queueId = await newQueue('Gold');
    const didId = await dids.create(ADMIN, did('+442079460177'));
    const { id: agentId } = await agents.createAgent(ADMIN, agent('3077'));
    const skillId = await skills.create(ADMIN, {
      name: 'Danish',
      description: '',
      kind: 'skill',
      language: undefined,
    });
    const regionId = await regions.create(ADMIN, { name: 'Jutland', prefixes: ['+4586'] });
    const [rule] = (await site.parts.database('routing_rules').insert({
      name: 'Danes first',
      enabled: false,
      position: 1,
      conditions: JSON.stringify([
        { kind: 'did', ids: [didId] },
        { kind: 'region', ids: [regionId] },
      ]),
      effects: JSON.stringify([
        { kind: 'skill', skill: skillId, minLevel: 1, isRequired: true, relax: [] },
        { kind: 'queue', queue: queueId },
        { kind: 'agent', agent: agentId, forMs: 1_000 },
      ]),
    })) as [number];
    const archiveAll = async () => [
      await queues.archive(ADMIN, queueId),
      await dids.archive(ADMIN, didId),
      await agents.archive(ADMIN, agentId),
      await skills.archive(ADMIN, skillId),
      await regions.archive(ADMIN, regionId),
    ];
    const use = [{ kind: 'routing-rule', id: rule, name: 'Danes first' }];
    expect(await archiveAll()).to.deep.equal([use, use, use, use, use]);
    const admin = await site.client('admin');
    const paths = [
      `queues/${String(queueId)}`,
      `dids/${String(didId)}`,
      `agents/${String(agentId)}`,
    ];
    for (const path of [...paths, `skills/${String(skillId)}`, `regions/${String(regionId)}`]) {
      await admin.get(`/setup/${path}`);
      const answer = await admin.post(`/setup/${path}/archive`, {});
      expect(answer.status, path).to.equal(409);
      expect(answer.text, path).to.include(
        `<a href="/setup/routing/${String(rule)}">Danes first</a>`,
      );
    }
    await site.parts
      .database('routing_rules')
      .where({ id: rule })
      .update({ archived_at: new Date() });
    expect(await archiveAll()).to.deep.equal([[], [], [], [], []]);
    await site.parts.database('routing_rules').where({ id: rule }).update({ archived_at: null });
    expect(await refusal(setup.routing.service.setEnabled(ADMIN, rule as never, true))).to.include(
      'routing.problem.unknown-',
    );
  });

  it('cannot lead to what is archived, absent or without a mailbox', async () => {
    const { dids, queues, extensions } = setup;
    const queueId = await newQueue('Gone');
    await queues.archive(ADMIN, queueId);
    const extensionId = await newExtension();
    const stored = await extensions.get(ADMIN, extensionId);
    await extensions.save(ADMIN, extensionId, 1, { ...stored, voicemail: false });
    const targets = [
      { kind: 'queue', id: queueId },
      { kind: 'queue', id: 999_999 as QueueId },
      { kind: 'voicemail', queueId },
      { kind: 'voicemail', extensionId },
      { kind: 'flow', id: 999_999 },
    ] as const;
    for (const target of targets)
      expect(
        await refusal(dids.create(ADMIN, did('+442079460102', { target: target as never }))),
      ).to.equal('invalid-fields target: configuration.problem.target-gone');
  });

  it('cannot lead to a flow that nobody published yet, and forms do not offer it', async () => {
    const { dids, site } = setup;
    const flowId = await flow('Half made', { kind: 'hangup' });
    const publish = (version: number) =>
      site.parts.database('ivr_flows').where({ id: flowId }).update({ published_version: version });
    const admin = await site.client('admin');
    const offers = async (): Promise<boolean> =>
      (await admin.get('/setup/dids/new')).text.includes(`value="flow:${String(flowId)}"`);
    const values = did('+442079460109', { target: { kind: 'flow', id: flowId as FlowId } });
    await publish(0);
    expect(await offers()).to.equal(false);
    expect(await refusal(dids.create(ADMIN, values))).to.equal(
      'invalid-fields target: configuration.problem.target-gone',
    );
    await publish(1);
    expect(await offers()).to.equal(true);
    expect(await dids.create(ADMIN, values)).to.be.above(0);
  });

  it('refuses to restore what leads to something archived meanwhile', async () => {
    const { dids, queues } = setup;
    const queueId = await newQueue('Short-lived');
    const didId = await dids.create(
      ADMIN,
      did('+442079460103', { target: { kind: 'queue', id: queueId } }),
    );
    await dids.archive(ADMIN, didId);
    await queues.archive(ADMIN, queueId);
    expect(await refusal(dids.restore(ADMIN, didId))).to.equal(
      'invalid-fields target: configuration.problem.target-gone',
    );
    await dids.save(ADMIN, didId, 2, did('+442079460103'));
    await dids.restore(ADMIN, didId);
    expect((await dids.get(ADMIN, didId)).archivedAt).to.equal(undefined);
  });

  it('never ends in a DID that leads to an archived queue, however saves and archiving race', async () => {
    const { dids, queues } = setup;
    for (let round = 0; round < 10; round += 1) {
      const queueId = await newQueue(`Race ${String(round)}`);
      const number = `+4420794602${String(round).padStart(2, '0')}`;
      const [, uses] = await Promise.all([
        refusal(dids.create(ADMIN, did(number, { target: { kind: 'queue', id: queueId } }))),
        queues.archive(ADMIN, queueId),
      ]);
      const isArchived = (await queues.get(ADMIN, queueId)).archivedAt !== undefined;
      const found = await dids.list(ADMIN, {
        search: number,
        sortBy: 'number',
        descending: false,
        offset: 0,
        limit: 1,
        archived: false,
        filters: {},
      });
      expect(isArchived && found.total > 0).to.equal(false);
      expect(isArchived).to.equal(uses.length === 0);
    }
  });

  it('refuses overflows that lead round in a circle, and names the way', async () => {
    const { queues } = setup;
    const first = await newQueue('First');
    const second = await queues.create(
      ADMIN,
      queue('Second', { overflow: { kind: 'queue', id: first } }),
    );
    const third = await queues.create(
      ADMIN,
      queue('Third', { overflow: { kind: 'queue', id: second } }),
    );
    const save = queues.save(
      ADMIN,
      first,
      1,
      queue('First', { overflow: { kind: 'queue', id: third } }),
    );
    const problem = await save.then(
      () => undefined,
      (error: unknown) => (error as { problems: readonly unknown[] }).problems[0],
    );
    expect(problem).to.deep.equal({
      field: 'overflow',
      message: 'queues.problem.overflow-loop',
      params: { path: 'First → Third → Second → First' },
    });
    expect(
      await refusal(
        queues.save(ADMIN, first, 1, queue('First', { overflow: { kind: 'queue', id: first } })),
      ),
    ).to.equal('invalid-fields overflow: queues.problem.overflow-loop');
  });
});
