import { expect } from 'chai';
import { makeSetupFeature } from '../../../src/features/setup/index.js';
import { eventually } from '../../support/private-process.js';
import { emptySnapshot, TestSite } from '../../support/web.js';

const start = (): Promise<TestSite> =>
  TestSite.start((parts) => [
    makeSetupFeature({
      database: parts.database,
      redis: parts.redis,
      live: parts.live,
      varDir: parts.config.varDir,
    }),
  ]);

describe('health', function () {
  this.timeout(60_000);
  let site: TestSite;
  before(async () => {
    site = await start();
  });
  after(() => site.stop());

  it('tells how each part is, and what to do about those that are down', async () => {
    const admin = await site.client('admin');
    site.parts.live.publish({
      ...emptySnapshot(1),
      trunks: [],
    });
    const page = await admin.get('/setup/health');
    expect(page.text).to.match(/MariaDB \d+\.\d+[^<]* answers in \d+ ms/);
    expect(page.text).to.match(/Redis \d+\.\d+[^<]* answers in \d+ ms/);
    expect(page.text).to.include('Says nothing: it does not run');
    const json = await admin.get('/setup/health.json', { accept: 'application/json' });
    expect(JSON.parse(json.text)).to.deep.include({ isGood: false });
    expect(JSON.parse(json.text)).to.have.nested.property('parts.database', 'good');
  });

  it('hears the program that runs the calls', async () => {
    const admin = await site.client('admin');
    await site.parts.redis.set('cb:health:calls', '{"calls":3,"pbxOnline":true}', 'EX', 5);
    const page = await admin.get('/setup/health');
    expect(page.text).to.include('3 calls in progress').and.include('Asterisk is connected.');
  });

  it('of the process is seen without signing in, and says nothing more', async () => {
    const answer = await (await site.client()).get('/healthz');
    expect(answer.text).to.equal('{"status":"up"}');
  });
});

describe('while a part is away', function () {
  this.timeout(90_000);
  let site: TestSite;
  beforeEach(async () => {
    site = await start();
  });
  afterEach(() => site.stop());

  it('pages say that it is the database, and come back by themselves', async () => {
    const admin = await site.client('admin');
    await site.mariadb.process.stop();
    const answer = await admin.get('/setup/users');
    expect(answer.status).to.equal(503);
    expect(answer.text)
      .to.include('does not answer: the database')
      .and.match(/Incident [0-9A-F]{8}/);
    expect((await admin.get('/healthz')).status).to.equal(200);
    expect((await admin.get('/login')).status).to.equal(503);
    await site.mariadb.process.start();
    await eventually('pages', async () => (await admin.get('/setup/users')).status === 200, 20_000);
  });

  it('pages say that it is Redis, and nobody is signed out when it is back', async () => {
    const admin = await site.client('admin');
    await site.redisServer.process.stop();
    const answer = await admin.get('/setup/users');
    expect(answer.status).to.equal(503);
    expect(answer.text).to.include('does not answer: Redis');
    await site.redisServer.process.start();
    await eventually('pages', async () => (await admin.get('/setup/users')).status === 200, 20_000);
  });

  it('an error never shows what broke inside', async () => {
    const admin = await site.client('admin');
    await site.parts.database.schema.renameTable('agents', 'agents_away');
    const answer = await admin.get('/setup/users');
    expect(answer.status).to.equal(500);
    expect(answer.text).not.to.match(/agents|SELECT|select |at \w+\.|\.ts|ER_/);
    const incident = /Incident ([0-9A-F]{8})/.exec(answer.text)?.[1] ?? '?';
    expect(site.errors.join('')).to.include(incident);
  });
});
