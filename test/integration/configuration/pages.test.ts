import { expect } from 'chai';
import { ADMIN, agent, did, extension, queue, trunk } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const MARKUP = '<script>alert(1)</script><b onclick="x">"Ada" & Co</b>';
const ESCAPED = '&lt;script&gt;alert(1)&lt;/script&gt;';

const newDid = { number: '020 7946 0150', name: 'Typed', target: 'hangup', language: 'en' };

describe('the set-up pages', () => {
  let setup: SetupSite;
  let admin: TestClient;

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('open for administrators only', async () => {
    const { site } = setup;
    const clients = [await site.client('supervisor'), await site.client('agent')];
    const guest = await site.client();
    for (const name of ['trunks', 'dids', 'extensions', 'queues', 'agents'])
      for (const path of [`/setup/${name}`, `/setup/${name}/new`, `/setup/${name}/1`]) {
        for (const client of clients) expect((await client.get(path)).status, path).to.equal(403);
        expect((await guest.get(path)).location, path).to.match(/^\/login/);
      }
    const agentClient = clients[1];
    for (const path of [
      '/setup/dids',
      '/setup/dids/1',
      '/setup/dids/1/archive',
      '/setup/extensions/1/password',
      '/setup/agents/1/password',
    ])
      expect((await agentClient?.post(path, newDid))?.status, path).to.equal(403);
  });

  it('take no form without its token', async () => {
    const answer = await admin.post('/setup/dids', { ...newDid, _csrf: 'wrong' });
    expect(answer.status).to.equal(403);
    expect(await setup.site.parts.database('dids').where({ name: 'Typed' })).to.deep.equal([]);
  });

  it('say what there is where there is nothing yet', async () => {
    for (const name of ['trunks', 'dids', 'extensions', 'queues', 'agents']) {
      const page = await admin.get(`/setup/${name}`);
      expect(page.status).to.equal(200);
      expect(page.text).to.include(`href="/setup/${name}/new"`).and.include('cb-empty');
    }
  });

  it('keep what was typed and say what is wrong beside the field', async () => {
    await admin.get('/setup/queues/new');
    const page = await admin.post('/setup/queues', {
      name: 'Kept "name"',
      ringTimeoutS: '3',
      wrapUpS: '15',
      maxWaitS: '600',
      maxLength: 'many',
      overflow: '',
      announceEveryS: '60',
      serviceLevelS: '20',
    });
    expect(page.status).to.equal(422);
    expect(page.text).to.include('value="Kept &quot;name&quot;"').and.include('value="many"');
    expect(page.text)
      .to.include('id="f-ringTimeoutS-problem"')
      .and.include('Must be between 5 and 120 seconds');
    expect(page.text).to.match(
      /id="f-ringTimeoutS"[^>]*aria-invalid="true" aria-describedby="f-ringTimeoutS-problem"/,
    );
    expect(page.text).to.include('Must be a whole number between 0 and 10000');
    expect(page.text).to.include('href="#f-overflow"');
  });

  it('show both versions when somebody saved meanwhile, and lose nothing', async () => {
    const id = await setup.dids.create(ADMIN, did('+442079460151', { name: 'Before' }));
    const path = `/setup/dids/${String(id)}`;
    await admin.get(path);
    await setup.dids.save(ADMIN, id, 1, did('+442079460151', { name: 'Theirs' }));
    const mine = { number: '020 7946 0151', name: 'Mine', target: 'hangup', language: 'en' };
    const conflict = await admin.post(path, { ...mine, version: '1' });
    expect(conflict.status).to.equal(409);
    expect(conflict.text).to.include('data-use-value="Theirs"').and.include('value="Mine"');
    expect(conflict.text).to.include('name="version" value="2"');
    expect((await admin.post(path, { ...mine, version: '2' })).status).to.equal(303);
    expect((await setup.dids.get(ADMIN, id)).name).to.equal('Mine');
  });

  it('refuse to archive what is used, with links to the users', async () => {
    const queueId = await setup.queues.create(ADMIN, queue('Wanted'));
    const didId = await setup.dids.create(
      ADMIN,
      did('+442079460152', { target: { kind: 'queue', id: queueId } }),
    );
    await admin.get(`/setup/queues/${String(queueId)}`);
    const refused = await admin.post(`/setup/queues/${String(queueId)}/archive`);
    expect(refused.status).to.equal(409);
    expect(refused.text)
      .to.include(`href="/setup/dids/${String(didId)}"`)
      .and.include('(020) 7946 0152');
    await setup.dids.archive(ADMIN, didId);
    const done = await admin.post(`/setup/queues/${String(queueId)}/archive`);
    expect(done.location).to.equal('/setup/queues');
    const list = await admin.get('/setup/queues');
    expect(list.text).to.include(`action="/setup/queues/${String(queueId)}/restore"`);
    expect((await admin.get('/setup/queues?archived=yes')).text).to.include('Wanted');
  });

  it('show the form with the problem where restoring is refused', async () => {
    const queueId = await setup.queues.create(ADMIN, queue('Vanishing'));
    const didId = await setup.dids.create(
      ADMIN,
      did('+442079460153', { target: { kind: 'queue', id: queueId } }),
    );
    await setup.dids.archive(ADMIN, didId);
    await setup.queues.archive(ADMIN, queueId);
    const page = await admin.post(`/setup/dids/${String(didId)}/restore`);
    expect(page.status).to.equal(422);
    expect(page.text).to.include('id="f-target-problem"').and.include('(020) 7946 0153');
  });

  it('escape names wherever they appear', async () => {
    const { extensions, queues, agents, trunks, dids } = setup;
    const phone = await extensions.createPhone(ADMIN, extension('2001', { name: MARKUP }));
    const queueId = await queues.create(ADMIN, queue(MARKUP));
    const made = await agents.createAgent(
      ADMIN,
      agent('3001', { name: MARKUP, extensionId: phone.id, queues: [queueId] }),
    );
    await trunks.createSip(ADMIN, trunk(MARKUP));
    const didId = await dids.create(
      ADMIN,
      did('+442079460154', { name: MARKUP, target: { kind: 'queue', id: queueId } }),
    );
    const pages = [
      '/setup/extensions',
      `/setup/extensions/${String(phone.id)}`,
      '/setup/queues',
      `/setup/queues/${String(queueId)}`,
      '/setup/agents',
      `/setup/agents/${String(made.id)}`,
      '/setup/trunks',
      '/setup/dids',
      `/setup/dids/${String(didId)}`,
      `/setup/dids?q=${encodeURIComponent(MARKUP)}`,
    ];
    for (const path of pages) {
      const page = await admin.get(path);
      expect(page.status, path).to.equal(200);
      expect(page.text, path).not.to.include('<script>alert').and.not.include('<b onclick');
      expect(page.text, path).to.include(ESCAPED);
    }
  });

  it('take SQL in search fields, filters and sorts for what it is', async () => {
    const word = encodeURIComponent(`' OR 1=1; DROP TABLE dids; --`);
    for (const name of ['trunks', 'dids', 'extensions', 'queues', 'agents']) {
      const page = await admin.get(
        `/setup/${name}?q=${word}&sort=${word}&language=${word}&queue=${word}&permission=${word}&page=${word}`,
      );
      expect(page.status, name).to.equal(200);
      expect(page.text, name).to.include('cb-empty');
    }
    expect((await admin.get('/setup/dids/1%20OR%201=1')).status).to.equal(404);
  });

  it('speak Chinese from head to foot', async () => {
    await setup.site.parts
      .database('users')
      .where({ login: 'admin' })
      .update({ language: 'zh-CN' });
    const words: readonly (readonly [string, string])[] = [
      ['/setup/trunks', '新建中继'],
      ['/setup/trunks/new', '信令地址'],
      ['/setup/dids/new', '来电去向'],
      ['/setup/extensions/new', '呼叫权限'],
      ['/setup/extensions/import', '下载模板'],
      ['/setup/queues/new', '溢出去向'],
      ['/setup/agents/new', '工号'],
    ];
    for (const [path, word] of words) expect((await admin.get(path)).text, path).to.include(word);
    const problem = await admin.post('/setup/dids', { ...newDid, number: 'x' });
    expect(problem.text).to.include('2 到 15 位');
    await setup.site.parts.database('users').where({ login: 'admin' }).update({ language: 'en' });
  });

  it('show what is live: trunks with their problem, phones, agents', async () => {
    const { site, trunks } = setup;
    const id = await trunks.createSip(
      ADMIN,
      trunk('Refused', { username: 'a', password: 'b', register: true }),
    );
    site.parts.live.publish(
      quietMoment({
        trunks: [
          {
            id,
            name: 'Refused',
            online: false,
            registration: 'rejected',
            channels: 2,
            maxChannels: 10,
          },
        ],
        extensions: [{ id: 1 as never, number: '2001', registered: true }],
      }),
    );
    const list = (await admin.get('/setup/trunks')).text;
    expect(list).to.include('Registration refused').and.include('2 of 10');
    const page = (await admin.get(`/setup/trunks/${String(id)}`)).text;
    expect(page).to.include('The carrier refuses the user or the password');
    expect((await admin.get('/setup/extensions')).text).to.include('Registered');
  });

  it('warn of queues nobody serves, and of phones that two agents share', async () => {
    const { queues, agents, extensions } = setup;
    const empty = await queues.create(ADMIN, queue('Nobody here'));
    expect((await admin.get(`/setup/queues/${String(empty)}`)).text).to.include(
      'This queue has no members',
    );
    const phone = await extensions.createPhone(ADMIN, extension('2002'));
    await agents.createAgent(ADMIN, agent('3002', { name: 'Early', extensionId: phone.id }));
    const late = await agents.createAgent(
      ADMIN,
      agent('3003', { name: 'Late', extensionId: phone.id }),
    );
    const page = (await admin.get(`/setup/agents/${String(late.id)}`)).text;
    expect(page).to.include('Extension 2002 is also the own phone of Early');
    expect((await admin.get('/setup/agents')).text).to.include('Also the own phone of Early');
    const staffed = await queues.create(ADMIN, queue('Asleep', { members: [late.id] }));
    expect((await admin.get(`/setup/queues/${String(staffed)}`)).text).to.include(
      'No member is signed in',
    );
  });
});
