import { expect } from 'chai';
import type { UserId } from '../../../src/kernel/ids.js';
import { makeAuditFeature } from '../../../src/features/audit/index.js';
import { TestSite, type TestClient } from '../../support/web.js';

const EVIL = `<img src=x onerror="alert('1')">`;
const NEW = {
  login: 'rhea.dunn',
  name: 'Rhea Dunn',
  role: 'agent',
  language: 'zh-CN',
  password: 'a good long phrase',
};

describe('users', function () {
  this.timeout(60_000);
  let site: TestSite;
  let admin: TestClient;
  before(async () => {
    site = await TestSite.start((parts) => [makeAuditFeature(parts.database)]);
    admin = await site.client('admin');
  });
  after(() => site.stop());
  const idOf = async (login: string): Promise<UserId> => {
    const row = await site.parts
      .database('users')
      .where({ login })
      .first<{ id: UserId } | undefined>('id');
    if (!row) throw new Error(`no user ${login}`);
    return row.id;
  };

  it('are created, and can sign in', async () => {
    await admin.get('/setup/users/new');
    const answer = await admin.post('/setup/users', NEW);
    expect(answer.location).to.equal('/setup/users');
    const list = await admin.get('/setup/users');
    expect(list.text).to.include('User created.').and.include('Rhea Dunn');
    expect((await admin.get('/setup/users')).text).not.to.include('User created.');
    const rhea = await site.client();
    expect((await rhea.signIn('rhea.dunn', NEW.password)).status).to.equal(303);
    expect((await rhea.get('/me')).text).to.include('<html lang="zh-CN"');
  });

  it('come back with everything typed and a text beside each wrong field', async () => {
    await admin.get('/setup/users/new');
    const answer = await admin.post('/setup/users', {
      ...NEW,
      login: 'no spaces',
      name: '',
      password: 'tiny-pass-unused',
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('value="no spaces"').and.include('Not saved: 2 fields need');
    expect(answer.text).to.match(
      /id="f-login"[^>]*aria-invalid="true" aria-describedby="f-login-problem"/,
    );
    expect(answer.text).to.include('<a href="#f-name">Name</a>');
    expect(answer.text).not.to.include('tiny-pass-unused');
    expect(answer.text).to.match(/<option value="zh-CN" selected>/);
  });

  it('are refused with a login that is taken', async () => {
    await admin.get('/setup/users/new');
    const answer = await admin.post('/setup/users', { ...NEW, login: 'AGENT' });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('id="f-login-problem"');
  });

  it('are refused with an easy password', async () => {
    await admin.get('/setup/users/new');
    const answer = await admin.post('/setup/users', { ...NEW, login: 'x.y', password: 'short' });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.include('Use at least 10 characters.');
  });

  it('show both versions when two administrators save the same user', async () => {
    const id = await idOf('supervisor');
    const path = `/setup/users/${String(id)}`;
    const other = await site.client('admin');
    const fields = { login: 'supervisor', role: 'supervisor', language: 'en' };
    await admin.get(path);
    await other.get(path);
    const first = await other.post(path, { ...fields, name: 'Theirs', version: '1' });
    expect(first.status).to.equal(303);
    const second = await admin.post(path, { ...fields, name: 'Mine', version: '1' });
    expect(second.status).to.equal(409);
    expect(second.text).to.include('<td>Theirs</td><td>Mine</td>').and.include('value="Mine"');
    expect(second.text).to.include('name="version" value="2"');
    const third = await admin.post(path, { ...fields, name: 'Mine', version: '2' });
    expect(third.status).to.equal(303);
    const row = await site.parts.database('users').where({ id }).first<{ name: string }>('name');
    expect(row.name).to.equal('Mine');
  });

  it('keep one administrator', async () => {
    const id = await idOf('admin');
    const path = `/setup/users/${String(id)}`;
    await admin.get(path);
    const fields = { login: 'admin', name: 'Test admin', language: 'en', version: '1' };
    const demoted = await admin.post(path, { ...fields, role: 'agent' });
    expect(demoted.status).to.equal(422);
    expect(demoted.text).to.include('This is the last administrator.');
    expect((await admin.post(`${path}/archive`)).status).to.equal(422);
    expect((await admin.get('/setup/users')).status).to.equal(200);
  });

  it('keep one administrator also when two archive each other at once', async () => {
    await site.addUser('second', 'administrator');
    const [one, two] = [await idOf('admin'), await idOf('second')];
    const other = await site.client('second');
    await Promise.all([admin.get('/setup/users/new'), other.get('/setup/users/new')]);
    const statuses = await Promise.all([
      admin.post(`/setup/users/${String(two)}/archive`),
      other.post(`/setup/users/${String(one)}/archive`),
    ]);
    expect(statuses.map((answer) => answer.status)).to.include(422);
    const left = await site.parts
      .database('users')
      .where('role', 'administrator')
      .whereNull('archived_at')
      .count<{ n: number }[]>({ n: '*' });
    expect(left[0]?.n).to.equal(1);
    await site.parts.database('users').where('id', one).update({ archived_at: null });
    await site.parts.database('users').where('id', two).update({ archived_at: new Date() });
    admin = await site.client('admin');
  });

  it('are signed out when archived, and can be restored from the toast', async () => {
    await site.addUser('nia', 'agent', 'Nia Corbin');
    const nia = await site.client('nia');
    const path = `/setup/users/${String(await idOf('nia'))}`;
    await admin.get(path);
    expect((await admin.post(`${path}/archive`)).location).to.equal('/setup/users');
    expect((await nia.get('/me')).status).to.equal(302);
    expect((await (await site.client()).signIn('nia')).status).to.equal(401);
    const list = await admin.get('/setup/users');
    expect(list.text).to.include(`action="${path}/restore"`).and.not.include('>Nia Corbin</a>');
    expect((await admin.get('/setup/users?archived=yes')).text).to.include('>Nia Corbin</a>');
    await admin.post(`${path}/restore`);
    expect((await (await site.client()).signIn('nia')).status).to.equal(303);
  });

  it('are signed out when their role changes', async () => {
    await site.addUser('kit', 'agent');
    const kit = await site.client('kit');
    const path = `/setup/users/${String(await idOf('kit'))}`;
    await admin.get(path);
    await admin.post(path, {
      login: 'kit',
      name: 'Kit',
      role: 'supervisor',
      language: 'en',
      version: '1',
    });
    expect((await kit.get('/me')).status).to.equal(302);
  });

  it('with markup in their names show it as text everywhere', async () => {
    const id = await site.addUser('evil', 'agent', EVIL);
    const path = `/setup/users/${String(id)}`;
    const evil = await site.client('evil');
    await admin.get(path);
    await admin.post(path, {
      login: 'evil',
      name: EVIL,
      role: 'agent',
      language: 'zh-CN',
      version: '1',
    });
    for (const answer of [
      await evil.get('/me'),
      await admin.get('/setup/users'),
      await admin.get(path),
      await admin.get('/setup/audit'),
      await admin.get(`/setup/users?q=${encodeURIComponent(EVIL)}`),
      await admin.post(path, { login: EVIL, name: EVIL, role: EVIL, language: EVIL, version: '2' }),
    ]) {
      expect(answer.text).not.to.include('<img');
      expect(answer.text).to.include('&lt;img');
    }
  });

  for (const text of [`' OR '1'='1`, `%`, `_`, `\\`, `'; DROP TABLE users; -- `])
    it(`search for ${text} is only a text`, async () => {
      const answer = await admin.get(`/setup/users?q=${encodeURIComponent(text)}`);
      expect(answer.status).to.equal(200);
      expect(answer.text).to.include('Nothing matches this search');
    });

  it('ignore a sort and a filter that do not exist', async () => {
    const answer = await admin.get(
      '/setup/users?sort=password_hash&page=99999999&size=7&role=x%27%20OR%201=1',
    );
    expect(answer.status).to.equal(200);
    expect(answer.text).to.include('Nothing matches');
    expect(answer.text).not.to.include('$argon2id');
  });

  it('leave a line for each change, with what changed and without passwords', async () => {
    const page = await admin.get('/setup/audit?kind=user');
    expect(page.text).to.include('<del>Theirs</del>').and.include('<ins>Mine</ins>');
    const rows = await site.parts
      .database('audit_entries')
      .select<{ action: string; changes: unknown }[]>('action', 'changes');
    expect(rows.map((row) => row.action)).to.include.members(['user.create', 'user.archive']);
    expect(JSON.stringify(rows)).not.to.include(NEW.password).and.not.include('$argon2id');
  });

  it('are not changed where the audit line cannot be written', async () => {
    await site.parts.database.schema.renameTable('audit_entries', 'audit_away');
    try {
      await admin.get('/setup/users/new');
      const answer = await admin.post('/setup/users', { ...NEW, login: 'unseen' });
      expect(answer.status).to.equal(500);
    } finally {
      await site.parts.database.schema.renameTable('audit_away', 'audit_entries');
    }
    const rows = (await site.parts.database('users').where('login', 'unseen')) as unknown[];
    expect(rows).to.deep.equal([]);
  });
});

describe('my settings', function () {
  this.timeout(60_000);
  let site: TestSite;
  before(async () => {
    site = await TestSite.start();
  });
  after(() => site.stop());

  it('change language, theme and density for this user at once', async () => {
    const agent = await site.client('agent');
    await agent.post('/me', {
      name: '苏禾',
      language: 'zh-CN',
      theme: 'dark',
      density: 'comfortable',
    });
    const page = await agent.get('/me');
    expect(page.text).to.match(
      /<html lang="zh-CN" data-theme="dark" data-bs-theme="dark" data-density="comfortable">/,
    );
    const supervisor = await site.client('supervisor');
    expect((await supervisor.get('/me')).text).to.include('<html lang="en"');
  });

  it('switch the language from the menu and return to the page', async () => {
    const agent = await site.client('agent');
    const answer = await agent.post('/me/language', { language: 'en', back: '/me?x=1' });
    expect(answer.location).to.equal('/me?x=1');
    const foreign = await agent.post('/me/theme', { theme: 'light', back: 'https://evil.example' });
    expect(foreign.location).to.equal('/');
  });

  it('refuse values that do not exist', async () => {
    const agent = await site.client('agent');
    const answer = await agent.post('/me', {
      name: 'x',
      language: 'xx',
      theme: 'pink',
      density: '',
    });
    expect(answer.status).to.equal(422);
  });
});
