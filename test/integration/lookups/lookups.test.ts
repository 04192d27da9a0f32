import { expect } from 'chai';
import { RedisPinGuard } from '../../../src/adapters/redis/pin-guard.js';
import { LookupRunner, type LookUp } from '../../../src/adapters/mysql/lookup-runner.js';
import { argonHasher } from '../../../src/adapters/crypto/password.js';
import { openDirectory } from '../../../src/features/directory/index.js';
import type { ConferenceId, LookupId } from '../../../src/kernel/ids.js';
import type { LookupConfig } from '../../../src/telephony/directory.js';
import { ADMIN, extension } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import { until } from '../../support/until.js';
import type { TestClient } from '../../support/web.js';

const never = new AbortController().signal;

describe('what flows ask, and where it is set up', () => {
  let setup: SetupSite;
  let admin: TestClient;
  const runner = new LookupRunner();
  const connection = (changes: Partial<LookupConfig> = {}): LookupConfig => {
    const { host, port, name, user, password } = setup.site.mariadb.config;
    return {
      ...{ id: 1 as LookupId, version: 1, name: 'CRM', host, port, database: name },
      ...{ user, password },
      ...changes,
    };
  };
  const ask = (query: string, changes: Partial<LookUp> = {}, to: Partial<LookupConfig> = {}) =>
    runner.run(
      connection(to),
      {
        ...{ query, parameters: {}, timeoutMs: 3_000 },
        answers: [{ variable: 'name', column: 'name' }],
        ...changes,
      },
      never,
    );
  const reason = async (...asked: Parameters<typeof ask>) => {
    const answer = await ask(...asked);
    return answer.kind === 'look-up-failed' ? answer.reason : answer.kind;
  };

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    await setup.site.parts.database.schema.createTable('customers', (t) => {
      t.string('number', 40).primary();
      t.string('name', 80);
      t.decimal('balance', 10, 2);
    });
    await setup.site.parts.database('customers').insert([
      { number: '4711', name: "O'Hara", balance: '12.50' },
      { number: '4712', name: null, balance: '0.00' },
    ]);
  });
  after(async () => {
    runner.close();
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('look-ups bind their variables and give the first row', async () => {
    const query = 'SELECT name, balance FROM customers WHERE number = :account;';
    const answers = [
      { variable: 'name', column: 'name' },
      { variable: 'due', column: 'balance' },
    ];
    const found = await ask(query, { parameters: { account: '4711' }, answers });
    expect(found).to.deep.equal({ kind: 'rows', variables: { name: "O'Hara", due: '12.50' } });
    expect(await ask(query, { parameters: { account: '4712' }, answers })).to.deep.include({
      variables: { name: '', due: '0.00' },
    });
    for (const account of ["' OR 1=1 -- ", '4711; DROP TABLE customers', ''])
      expect(await reason(query, { parameters: { account } }), account).to.equal('no-rows');
    expect(
      await reason(query, {
        answers: [{ variable: 'x', column: 'nothing' }],
        parameters: { account: '4711' },
      }),
    ).to.equal('missing-column');
  });

  it('look-ups only read, whatever is written into them', async () => {
    for (const query of [
      'UPDATE customers SET name = 1',
      'SELECT 1; DELETE FROM customers',
      "SELECT name FROM customers INTO OUTFILE '/tmp/customers'",
      'SELECT name INTO @x FROM customers',
      '/*! DELETE FROM customers */',
      'SELECT name FROM customers FOR UPDATE',
      "SELECT 5--1 AS name INTO OUTFILE '/tmp/customers'",
      "SELECT LOAD_FILE('/etc/hostname') AS name",
    ])
      expect(await reason(query), query).to.equal('not-a-select');
    expect(await ask('SELECT 5--1 AS name # a sum\n')).to.deep.equal({
      ...{ kind: 'rows', variables: { name: '6' } },
    });
    expect(await reason('SELECT NEXTVAL(no_such_sequence) AS name')).to.match(/^ER_/);
    expect(await reason('SELECT nothing FROM nowhere')).to.equal('ER_NO_SUCH_TABLE');
    expect(await setup.site.parts.database('customers').select()).to.have.length(2);
  });

  it('look-ups end in time, keep one row of many, and say why they fail', async () => {
    expect(await reason('SELECT SLEEP(5) AS name', { timeoutMs: 200 })).to.equal('timeout');
    const many =
      'WITH RECURSIVE n AS (SELECT 1 AS name UNION ALL SELECT name + 1 FROM n WHERE name < 900) SELECT name FROM n LIMIT 900';
    expect(await ask(many)).to.deep.equal({ kind: 'rows', variables: { name: '1' } });
    expect(await reason('SELECT 1 AS name', {}, { version: 2, password: 'wrong' })).to.equal(
      'ER_ACCESS_DENIED_ERROR',
    );
    expect(await reason('SELECT 1 AS name', {}, { version: 3, port: 1 })).to.equal('ECONNREFUSED');
    const stop = new AbortController();
    const asked = runner.run(
      connection({ version: 4 }),
      { query: 'SELECT SLEEP(5) AS name', parameters: {}, timeoutMs: 9_000, answers: [] },
      stop.signal,
    );
    stop.abort();
    expect(await asked).to.deep.equal({ kind: 'look-up-failed', reason: 'hung-up' });
  });

  it('PINs are counted over all calls, locked after the last wrong one, and free again in time', async () => {
    const guard = new RedisPinGuard(setup.site.parts.redis, setup.site.parts.log);
    const check = (entered: string, changes = {}) =>
      guard.check({
        ...{ kind: 'check-pin', entered, expected: '4711', subject: '+442079460001' },
        ...{ lockAfter: 5, lockMs: 400 },
        ...changes,
      });
    expect(await check('4711')).to.deep.equal({ kind: 'pin-ok' });
    const hash = await argonHasher.hash('2580');
    expect((await check('2580', { expected: hash, subject: 'b' })).kind).to.equal('pin-ok');
    expect((await check('2581', { expected: hash, subject: 'b' })).kind).to.equal('pin-wrong');
    expect((await check('1', { expected: '$argon2 no hash', subject: 'b' })).kind).to.equal(
      'pin-wrong',
    );
    expect((await check('', { expected: '', subject: 'b' })).kind).to.equal('pin-wrong');

    const five = await Promise.all(['1', '2', '3', '4', '5'].map((pin) => check(pin)));
    expect(five.map((one) => (one.kind === 'pin-wrong' ? one.left : -1)).sort()).to.deep.equal([
      0, 1, 2, 3, 4,
    ]);
    expect((await check('4711')).kind).to.equal('pin-locked');
    expect((await check('4711', { subject: 'somebody else' })).kind).to.equal('pin-ok');
    await until('the lock to end', 5_000, async () =>
      (await check('4711')).kind === 'pin-ok' ? true : undefined,
    );
  });

  it('a right PIN of guests forgives only itself: nobody tries out those of hosts between two of them', async () => {
    const guard = new RedisPinGuard(setup.site.parts.redis, setup.site.parts.log);
    const check = async (entered: string) => {
      const { kind } = await guard.check({
        ...{ kind: 'check-pin', entered, expected: '1234', subject: 'conference 2001' },
        ...{ lockAfter: 3, lockMs: 60_000, forgives: 'this-one' },
      });
      return kind;
    };
    for (let times = 0; times < 5; times++) expect(await check('1234')).to.equal('pin-ok');
    expect(await check('1')).to.equal('pin-wrong');
    expect(await check('1234')).to.equal('pin-ok');
    expect(await check('2')).to.equal('pin-wrong');
    expect(await check('1234')).to.equal('pin-ok');
    expect(await check('3')).to.equal('pin-wrong');
    expect(await check('1234')).to.equal('pin-locked');
  });

  it('pages of connections: created, tried, saved without the password, never shown, never archived while in use', async () => {
    const { host, port, name, user, password } = setup.site.mariadb.config;
    for (const path of ['/setup/lookups', '/setup/conferences'])
      expect((await (await setup.site.client('supervisor')).get(path)).status, path).to.equal(403);
    expect((await admin.get('/setup/lookups')).text).to.include('No connections yet.');
    await admin.get('/setup/lookups/new');
    const fields = { name: 'CRM', host, port: String(port), database: name, user, password };
    const wrong = await admin.post('/setup/lookups', { ...fields, host: 'http://x', port: '0' });
    expect(wrong.status).to.equal(422);
    expect(wrong.text).to.include('A host name or an address');
    const made = await admin.post('/setup/lookups', fields);
    expect(made.status).to.equal(303);
    const path = (made.location ?? '').replace(/\?.*/, '');
    const shown = await admin.get(path);
    expect(shown.text).to.not.include(password);
    const tried = await admin.post(`${path}/try`);
    expect((await admin.get(tried.location ?? '')).text).to.include('Connected. The server says:');
    const [row] = (await setup.site.parts.database('lookup_connections').select('*')) as {
      password_sealed: string;
    }[];
    expect(row?.password_sealed).to.match(/^v1\./);
    const version = /name="version" value="(\d+)"/.exec((await admin.get(path)).text)?.[1] ?? '';
    await admin.post(path, { ...fields, password: '', name: 'CRM 2', version });
    const directory = await openDirectory(
      setup.site.parts.database,
      setup.site.parts.sealer,
      setup.site.parts.log,
    );
    const [kept] = directory.current.lookups.values();
    expect(kept).to.include({ name: 'CRM 2', password });
    directory.close();
    expect(setup.notes.announced).to.include('lookups');
  });

  it('pages of conference rooms: a number of their own, a PIN that nobody sees', async () => {
    await setup.extensions.createPhone(ADMIN, extension('2001'));
    await admin.get('/setup/conferences/new');
    const plain = { maxMembers: '0', announces: 'tone', records: 'never', invites: 'internal' };
    const taken = await admin.post('/setup/conferences', {
      ...{ ...plain, name: 'Board', number: '2001', guestPin: '12' },
    });
    expect(taken.status).to.equal(422);
    expect(taken.text).to.include('4 to 12 digits.');
    const extensionTaken = await admin.post('/setup/conferences', {
      ...{ ...plain, name: 'Board', number: '2001' },
    });
    expect(extensionTaken.text).to.include('An extension has this number.');
    const made = await admin.post('/setup/conferences', {
      ...{ ...plain, name: 'Board', number: '8000', guestPin: '4711' },
    });
    expect(made.status).to.equal(303);
    const list = await admin.get('/setup/conferences');
    expect(list.text).to.include('8000').and.not.include('4711');
    await admin.get('/setup/extensions/new');
    const clash = await admin.post('/setup/extensions', {
      ...{ number: '8000', name: 'Desk', permission: 'national', callerId: '' },
      ...{ ringTimeoutS: '25', language: 'en' },
    });
    expect(clash.text).to.include('A conference room has this number.');
    const directory = await openDirectory(
      setup.site.parts.database,
      setup.site.parts.sealer,
      setup.site.parts.log,
    );
    const room = directory.current.conferencesByNumber.get('8000');
    expect(room).to.include({ guestPin: '4711', announces: 'tone' });
    directory.close();
    expect(await setup.conferences.service.get(ADMIN, (room?.id ?? 0) as ConferenceId)).to.include({
      hasGuestPin: true,
    });
  });
});
