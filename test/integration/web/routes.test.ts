import { expect } from 'chai';
import { ROLES, SYSTEM_ACTOR, type Actor, type RoleName } from '../../../src/kernel/actor.js';
import type { Database } from '../../../src/adapters/mysql/database.js';
import type { Desk } from '../../../src/telephony/live.js';
import { mayOpen } from '../../../src/web/access.js';
import type { PageRoute } from '../../../src/web/kit/index.js';
import { makeFeatures } from '../../../src/wiring/web-role.js';
import { emptySnapshot, TestSite, type TestAnswer, type TestClient } from '../../support/web.js';

const LOGINS: Readonly<Record<RoleName, string>> = {
  administrator: 'admin',
  supervisor: 'supervisor',
  agent: 'agent',
};
/** Nothing here reaches the calls: permission and token are checked before. */
const desk: Desk = {
  ask: () => Promise.resolve({ ok: false, code: 'calls-not-running', detail: '' }),
};

/** Every parameter gets a value that fits an id and exists nowhere. */
const pathOf = (route: PageRoute): string => route.path.replace(/:\w+/g, '4000000000');
/** Pages of the workspace need an agent behind the user, whatever the role. */
async function makeEverybodyAnAgent(database: Database): Promise<void> {
  const users = await database('users').select<{ id: number; name: string }[]>('id', 'name');
  for (const { id, name } of users)
    await database('agents').insert({ user_id: id, name, number: String(7_000 + id) });
}
const actorOf = (role: RoleName): Actor => ({ ...SYSTEM_ACTOR, role });

describe('every route', function () {
  this.timeout(120_000);
  let site: TestSite;
  const clients = new Map<RoleName, TestClient>();
  before(async () => {
    site = await TestSite.start((parts, users) => makeFeatures(parts, users, parts.live, desk));
    site.parts.live.publish(emptySnapshot(1));
    await makeEverybodyAnAgent(site.parts.database);
    for (const role of ROLES) clients.set(role, await site.client(LOGINS[role]));
  });
  after(() => site.stop());
  const clientOf = (role: RoleName): TestClient => {
    const client = clients.get(role);
    if (!client) throw new Error(role);
    return client;
  };
  const gets = (): readonly PageRoute[] =>
    site.app.routes.filter((route) => route.method === 'get');
  const posts = (): readonly PageRoute[] =>
    site.app.routes.filter((route) => route.method === 'post');
  const closed = (route: PageRoute): boolean => route.access !== 'public';

  it('is there: set-up, calls and live pages among them', () => {
    const paths = site.app.routes.map((route) => route.path);
    expect(paths).to.include.members(['/live', '/setup/users', '/setup/audit', '/setup/health']);
  });

  it('answers packed where the browser takes that; files are packed once, beforehand', async () => {
    const cookie = clientOf('administrator').cookieHeader;
    const asked = (path: string, encoding: string) =>
      fetch(`${site.url}${path}`, { headers: { cookie, 'accept-encoding': encoding } });
    const encodings = { 'br, gzip': 'br', gzip: 'gzip', identity: null };
    const bodies = new Set<number>();
    for (const [accepted, given] of Object.entries(encodings)) {
      const answer = await asked('/setup/users', accepted);
      expect(answer.headers.get('content-encoding'), accepted).to.equal(given);
      expect(answer.headers.get('vary')).to.include('Accept-Encoding');
      const text = await answer.text();
      expect(text)
        .to.include('Test supervisor')
        .and.match(/<\/html>\s*$/);
      bodies.add(text.replace(/(name="_csrf" value|csrf-token" content)="[^"]*"/g, '').length);
    }
    expect(bodies.size).to.equal(1);
    const asset = await asked(
      /\/assets\/[^"]+\.css/.exec(await (await asked('/login', 'gzip')).text())?.[0] ?? '',
      'br, gzip',
    );
    expect(asset.headers.get('content-encoding')).to.equal('gzip');
  });

  it('has one handler only', () => {
    const names = site.app.routes.map((route) => `${route.method} ${route.path}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it('sends strangers to the sign-in page', async () => {
    const stranger = await site.client();
    for (const route of gets().filter(closed)) {
      const answer = await stranger.get(pathOf(route));
      expect(answer.status, route.path).to.equal(302);
      expect(answer.location, route.path).to.match(/^\/login\?back=/);
    }
    for (const route of posts().filter(closed)) {
      const answer = await stranger.post(pathOf(route));
      expect(answer.status, route.path).to.equal(401);
    }
  });

  for (const role of ROLES)
    it(`opens for ${role} exactly what the permissions say`, async () => {
      const client = clientOf(role);
      for (const route of gets()) {
        const answer = await client.get(pathOf(route));
        // Desk phones prove themselves by a name and a password of their own.
        if (route.path === '/provision/:file') expect(answer.status).to.equal(401);
        else if (mayOpen(actorOf(role), route.access))
          expect(answer.status, route.path).to.be.oneOf([200, 302, 303, 304, 404]);
        else expect(answer.status, route.path).to.equal(403);
      }
      await client.get('/me');
      for (const route of posts().filter((one) => !mayOpen(actorOf(role), one.access))) {
        const answer = await client.post(pathOf(route));
        expect(answer.status, route.path).to.equal(403);
      }
    });

  it('refuses a form without the token, with that of another session, and from another site', async () => {
    const admin = clientOf('administrator');
    await admin.get('/me');
    const foreign = clientOf('agent').csrf;
    for (const route of posts()) {
      const path = pathOf(route);
      const refused = async (answer: TestAnswer): Promise<void> => {
        expect(answer.status, path).to.equal(403);
        expect(answer.text, path).to.include('The form has expired');
      };
      if (route.uploadBytes !== undefined) {
        const body = new FormData();
        body.append('_csrf', 'wrong');
        body.append('file', new Blob(['x']), 'x.wav');
        await refused(await admin.send(path, { body }));
      } else {
        const headers = route.jsonBytes === undefined ? {} : { 'content-type': 'application/json' };
        await refused(await admin.send(path, { headers }));
        await refused(await admin.send(path, { headers: { ...headers, 'x-csrf-token': foreign } }));
        if (route.jsonBytes === undefined)
          await refused(await admin.post(path, { _csrf: foreign }));
      }
      const elsewhere = await admin.post(path, {}, { origin: 'https://evil.example' });
      expect(elsewhere.status, path).to.equal(403);
    }
  });

  for (const language of ['en', 'zh-CN'])
    it(`shows a page without inline script or style, in ${language}, with nothing missing`, async () => {
      const admin = clientOf('administrator');
      await admin.get('/me');
      await admin.post('/me/language', { language, back: '/me' });
      for (const route of gets()) {
        const { status, text, headers } = await admin.get(pathOf(route));
        if (![200, 404].includes(status)) continue;
        if (!(headers.get('content-type') ?? '').startsWith('text/html')) continue;
        expect(headers.get('content-security-policy'), route.path).to.include(
          "script-src 'self';style-src 'self'",
        );
        expect(text, route.path).not.to.match(
          /<script(?![^>]*\ssrc=)[^>]*>|<style|\sstyle=|\son\w+=["']/,
        );
        if (text.startsWith('<!doctype'))
          expect(text, route.path).to.include(`<html lang="${language}"`);
      }
      await admin.post('/me/language', { language: 'en', back: '/me' });
    });

  it('broke no page and missed no text', () => {
    expect(site.errors).to.deep.equal([]);
  });

  it('has only menu entries that lead somewhere', async () => {
    for (const role of ROLES) {
      const client = clientOf(role);
      for (const path of ['/me', '/setup/users']) {
        const { text } = await client.get(path);
        const sidebar = /<nav class="cb-side"[^]*?<\/nav>/.exec(text)?.[0] ?? '';
        for (const [, href = ''] of sidebar.matchAll(/href="([^"]+)"/g))
          expect((await client.get(href)).status, `${role} ${href}`).to.be.oneOf([200, 303]);
      }
    }
  });

  it('that does not exist says so, signed in or not', async () => {
    const answer = await clientOf('agent').get('/no/such/page');
    expect(answer.status).to.equal(404);
    expect(answer.text).to.include('There is nothing at this address.');
  });

  it('says which role is missing what', async () => {
    const answer = await clientOf('agent').get('/setup/users');
    expect(answer.text).to.include('Your role (Agent) does not include this page.');
  });
});
