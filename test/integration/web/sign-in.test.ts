import { expect } from 'chai';
import { TestSite, TEST_PASSWORD } from '../../support/web.js';

describe('sign-in', function () {
  this.timeout(60_000);
  let site: TestSite;
  before(async () => {
    site = await TestSite.start();
  });
  after(() => site.stop());
  beforeEach(async () => {
    const keys = await site.parts.redis.keys('cb:sign-in:*');
    if (keys.length > 0) await site.parts.redis.del(...keys);
  });

  it('opens pages with a cookie that scripts cannot read', async () => {
    const client = await site.client();
    await client.get('/login');
    const answer = await client.post('/login', {
      login: ' Admin ',
      password: TEST_PASSWORD,
      back: '/setup/users?q=a',
    });
    expect(answer.status).to.equal(303);
    expect(answer.location).to.equal('/setup/users?q=a');
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith('cb_session='));
    expect(cookie).to.match(/^cb_session=[\w-]{43};.*HttpOnly/);
    expect(cookie).to.include('SameSite=Lax');
    expect((await client.get('/setup/users')).status).to.equal(200);
  });

  it('sends a browser that is not signed in to the sign-in page and back', async () => {
    const client = await site.client();
    const answer = await client.get('/setup/users?q=x');
    expect(answer.status).to.equal(302);
    expect(answer.location).to.equal('/login?back=%2Fsetup%2Fusers%3Fq%3Dx');
  });

  it('answers alike to a wrong password and to an unknown name', async () => {
    const texts = [];
    for (const login of ['admin', 'nobody-here']) {
      const client = await site.client();
      await client.get('/login');
      const answer = await client.post('/login', { login, password: 'wrong password' });
      expect(answer.status).to.equal(401);
      texts.push(/role="alert"[^]*?<span>([^<]*)/.exec(answer.text)?.[1]);
    }
    expect(texts[0]).to.be.a('string').that.is.not.empty;
    expect(texts[0]).to.equal(texts[1]);
  });

  it('keeps the name and never the password on the page', async () => {
    const client = await site.client();
    await client.get('/login');
    const answer = await client.post('/login', { login: 'admin', password: 'wrong-secret-1' });
    expect(answer.text).to.include('value="admin"').and.not.include('wrong-secret-1');
  });

  for (const login of ['supervisor', 'not-a-user'])
    it(`closes for a while after five wrong tries, for ${login}, also with the right password`, async () => {
      const client = await site.client();
      await client.get('/login');
      const wrong = async () =>
        (await client.post('/login', { login, password: 'not the password' })).status;
      const statuses = [await wrong(), await wrong(), await wrong(), await wrong(), await wrong()];
      expect(statuses).to.deep.equal([401, 401, 401, 401, 429]);
      const answer = await client.post('/login', { login, password: TEST_PASSWORD });
      expect(answer.status).to.equal(429);
      expect(answer.text).to.match(/possible again at \d\d:\d\d/);
      const other = await site.client();
      expect((await other.signIn('admin')).status).to.equal(303);
    });

  it('counts tries of one address for many names together', async () => {
    const client = await site.client();
    await client.get('/login');
    const statuses = [];
    for (let index = 0; index < 31; index += 1)
      statuses.push(
        (await client.post('/login', { login: `guess-${String(index)}`, password: 'x' })).status,
      );
    expect(statuses.slice(0, 29)).to.deep.equal(Array<number>(29).fill(401));
    expect(statuses.slice(29)).to.deep.equal([429, 429]);
  });

  it('refuses a sign-in form that another site made', async () => {
    const client = await site.client();
    await client.get('/login');
    const fields = { login: 'admin', password: TEST_PASSWORD };
    const foreign = await client.post('/login', fields, { origin: 'https://evil.example' });
    expect(foreign.status).to.equal(403);
    const planted = await client.post('/login', { ...fields, _csrf: 'made up' });
    expect(planted.status).to.equal(403);
    expect(planted.text).to.include('The form has expired');
  });

  it('ends the session at the server when somebody signs out', async () => {
    const client = await site.client('agent');
    const cookie = client.cookieHeader;
    const answer = await client.post('/sign-out');
    expect(answer.location).to.equal('/login?out');
    const thief = await fetch(`${site.url}/me`, { headers: { cookie }, redirect: 'manual' });
    expect(thief.status).to.equal(302);
  });

  it('gives a new session id at each sign-in', async () => {
    const client = await site.client('agent');
    const before = client.cookieHeader;
    await client.post('/sign-out');
    await client.signIn('agent');
    expect(client.cookieHeader).not.to.equal(before);
  });

  it('keeps neither session id nor password in Redis', async () => {
    const client = await site.client('agent');
    const id = /cb_session=([\w-]+)/.exec(client.cookieHeader)?.[1] ?? '?';
    const { redis } = site.parts;
    for (const key of await redis.keys('cb:*')) {
      expect(key).not.to.include(id);
      if ((await redis.type(key)) === 'hash')
        expect(JSON.stringify(await redis.hgetall(key))).not.to.include(id);
    }
  });

  it('lets a session end after twelve idle hours', async () => {
    const client = await site.client('agent');
    const { redis } = site.parts;
    await client.get('/me');
    for (const key of await redis.keys('cb:session:*'))
      expect(await redis.ttl(key)).to.be.within(12 * 3600 - 60, 12 * 3600);
  });

  it('writes sign-ins, sign-outs and lock-outs to the audit log', async () => {
    const client = await site.client('agent');
    await client.post('/sign-out');
    await client.get('/login');
    for (let index = 0; index < 5; index += 1)
      await client.post('/login', { login: 'agent', password: 'wrong' });
    const rows = (await site.parts
      .database('audit_entries')
      .where('object_name', 'in', ['Test agent', 'agent'])
      .orderBy('id', 'desc')
      .limit(3)) as { action: string; address: string }[];
    expect(rows.map((row) => row.action)).to.deep.equal([
      'user.lock-out',
      'user.sign-out',
      'user.sign-in',
    ]);
    expect(rows[0]?.address).to.equal('127.0.0.1');
  });

  it('shows the sign-in page in the language that was chosen or that the browser prefers', async () => {
    const client = await site.client();
    const chinese = await client.get('/login', { 'accept-language': 'zh-CN,zh;q=0.9' });
    expect(chinese.text).to.include('<html lang="zh-CN"').and.include('登录');
    await client.post('/login/language', { language: 'en' });
    const chosen = await client.get('/login', { 'accept-language': 'zh-CN,zh;q=0.9' });
    expect(chosen.text).to.include('<html lang="en"');
  });
});

describe('passwords', function () {
  this.timeout(60_000);
  let site: TestSite;
  before(async () => {
    site = await TestSite.start();
  });
  after(() => site.stop());

  it('are changed with the current one, and other browsers are signed out', async () => {
    await site.addUser('mara', 'agent');
    const [here, there] = [await site.client('mara'), await site.client('mara')];
    await here.get('/me/password');
    const newPassword = 'another good phrase';
    const wrong = await here.post('/me/password', { currentPassword: 'no', newPassword });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('This is not the current password.').and.not.include(newPassword);
    const answer = await here.post('/me/password', { currentPassword: TEST_PASSWORD, newPassword });
    expect(answer.location).to.equal('/me');
    expect((await here.get('/me')).status).to.equal(200);
    expect((await there.get('/me')).status).to.equal(302);
    expect((await (await site.client()).signIn('mara', TEST_PASSWORD)).status).to.equal(401);
    expect((await (await site.client()).signIn('mara', newPassword)).status).to.equal(303);
  });

  it('that must be changed close every other page', async () => {
    await site.addUser('theo', 'supervisor');
    await site.parts
      .database('users')
      .where('login', 'theo')
      .update({ must_change_password: true });
    const client = await site.client('theo');
    expect((await client.get('/me')).location).to.equal('/me/password');
    await client.get('/me/password');
    await client.post('/me/password', {
      currentPassword: TEST_PASSWORD,
      newPassword: 'another good phrase',
    });
    expect((await client.get('/me')).status).to.equal(200);
  });

  it('are stored as argon2id', async () => {
    const rows = await site.parts
      .database('users')
      .select<{ password_hash: string }[]>('password_hash');
    for (const row of rows)
      expect(row.password_hash).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});
