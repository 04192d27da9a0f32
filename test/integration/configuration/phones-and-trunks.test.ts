import { expect } from 'chai';
import { desiredPjsipObjects as desiredPhones } from '../../../src/features/extensions/index.js';
import { desiredPjsipObjects as desiredTrunks } from '../../../src/features/trunks/index.js';
import { ADMIN, extension, refusal, SUPERVISOR, trunk } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';

describe('phones and trunks, as the telephone server is to know them', () => {
  let setup: SetupSite;
  const phoneObjects = async (number: string) =>
    (await desiredPhones(setup.site.parts.database, setup.site.parts.sealer)).filter(
      (object) => object.id === number,
    );
  const trunkObjects = async (id: number) =>
    (await desiredTrunks(setup.site.parts.database, setup.site.parts.sealer)).filter(
      (object) =>
        object.id === `trunk-${String(id)}` || object.id.startsWith(`trunk-${String(id)}-`),
    );
  const passwordOf = async (number: string) =>
    (await phoneObjects(number)).find((object) => object.type === 'auth')?.fields['password'];

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
  });
  after(() => setup.site.stop());

  it('phones: password made once, sealed, pushed in clear; archived phones vanish', async () => {
    const { extensions, site } = setup;
    const phone = await extensions.createPhone(ADMIN, extension('2001'));
    expect(phone.password).to.match(/^[a-z2-9]{20}$/);
    expect((await phoneObjects('2001')).map((object) => object.type)).to.deep.equal([
      'auth',
      'aor',
      'endpoint',
    ]);
    expect(await passwordOf('2001')).to.equal(phone.password);
    const tables = JSON.stringify([
      await site.parts.database('extensions').select(),
      await site.parts.database('audit_entries').select(),
    ]);
    expect(tables).not.to.include(phone.password);
    await extensions.archive(ADMIN, phone.id);
    expect(await phoneObjects('2001')).to.deep.equal([]);
    await extensions.restore(ADMIN, phone.id);
    expect(await passwordOf('2001')).to.equal(phone.password);
  });

  it('phones: a new password replaces the old one; a save of the form does not', async () => {
    const { extensions } = setup;
    const phone = await extensions.createPhone(ADMIN, extension('2002'));
    await extensions.save(ADMIN, phone.id, 1, extension('2002', { name: 'Renamed' }));
    expect(await passwordOf('2002')).to.equal(phone.password);
    const renewed = await extensions.renewPassword(ADMIN, phone.id);
    expect(renewed.password).not.to.equal(phone.password);
    expect(await passwordOf('2002')).to.equal(renewed.password);
    expect(await refusal(extensions.renewPassword(SUPERVISOR, phone.id))).to.equal('not-allowed');
  });

  it('phones: many are created together, or none', async () => {
    const { extensions, notes } = setup;
    notes.announced.length = 0;
    const many = Array.from({ length: 200 }, (_, n) => extension(String(5000 + n)));
    const phones = await extensions.createAll(ADMIN, many);
    expect(new Set(phones.map((phone) => phone.password)).size).to.equal(200);
    expect(notes.announced).to.deep.equal(['extensions']);
    const clash = [extension('6001'), extension('5000'), extension('6002')];
    expect(await refusal(extensions.createAll(ADMIN, clash))).to.equal(
      'invalid-fields number: configuration.problem.taken',
    );
    expect(await extensions.taken(ADMIN, ['6001', '6002', '5000'])).to.deep.equal(
      new Set(['5000']),
    );
    expect(notes.announced).to.deep.equal(['extensions']);
  });

  it('phones: 1,000 become objects in less than two seconds', async function () {
    this.timeout(60_000);
    const { extensions } = setup;
    await extensions.createAll(
      ADMIN,
      Array.from({ length: 1_000 }, (_, n) => extension(String(700_000 + n))),
    );
    const startedAt = Date.now();
    const objects = await desiredPhones(setup.site.parts.database, setup.site.parts.sealer);
    expect(Date.now() - startedAt).to.be.lessThan(2_000);
    expect(objects.length).to.be.greaterThan(3_000);
  });

  it('trunks: by address, and with account and registration', async () => {
    const { trunks } = setup;
    const plain = await trunks.createSip(
      ADMIN,
      trunk('By address', { addresses: ['203.0.113.5', '203.0.113.6:5070'] }),
    );
    expect((await trunkObjects(plain)).map((object) => object.type)).to.deep.equal([
      'aor',
      'endpoint',
      'identify',
      'identify',
    ]);
    const account = await trunks.createSip(
      ADMIN,
      trunk('With account', { username: 'acme', password: 'correct horse', register: true }),
    );
    const objects = await trunkObjects(account);
    expect(objects.map((object) => object.type)).to.include.members(['auth', 'registration']);
    expect(objects.find((object) => object.type === 'auth')?.fields).to.deep.include({
      username: 'acme',
      password: 'correct horse',
    });
  });

  it('trunks: the password stays when the form leaves it empty, changes, and goes with the user', async () => {
    const { trunks, site } = setup;
    const values = trunk('Secrets', { username: 'acme', password: 'first secret' });
    const id = await trunks.createSip(ADMIN, values);
    const password = async () =>
      (await trunkObjects(id)).find((object) => object.type === 'auth')?.fields['password'];
    await trunks.saveSip(ADMIN, id, 1, { ...values, password: '', priority: 20 });
    expect(await password()).to.equal('first secret');
    await trunks.saveSip(ADMIN, id, 2, { ...values, password: 'second secret', priority: 20 });
    expect(await password()).to.equal('second secret');
    await trunks.saveSip(ADMIN, id, 3, { ...values, password: '', username: '', priority: 20 });
    expect(await password()).to.equal(undefined);
    expect((await trunks.get(ADMIN, id)).hasPassword).to.equal(false);
    const tables = JSON.stringify([
      await site.parts.database('trunks').select(),
      await site.parts.database('audit_entries').select(),
    ]);
    expect(tables).not.to.match(/(first|second) secret/);
    expect(tables).to.include('changed');
  });

  it('trunks: incomplete credentials are refused beside the field that misses', async () => {
    const { trunks } = setup;
    const cases = [
      [trunk('A', { register: true }), 'username: trunks.problem.register-needs-user'],
      [trunk('A', { username: 'acme' }), 'password: trunks.problem.user-needs-password'],
      [trunk('A', { password: 'secret' }), 'username: trunks.problem.password-needs-user'],
    ] as const;
    for (const [values, problem] of cases)
      expect(await refusal(trunks.createSip(ADMIN, values))).to.equal(`invalid-fields ${problem}`);
  });

  it('trunks: switched off or archived, nothing of them is pushed', async () => {
    const { trunks } = setup;
    const id = await trunks.createSip(ADMIN, trunk('Off and on'));
    await trunks.saveSip(ADMIN, id, 1, trunk('Off and on', { enabled: false }));
    expect(await trunkObjects(id)).to.deep.equal([]);
    await trunks.saveSip(ADMIN, id, 2, trunk('Off and on'));
    expect(await trunkObjects(id)).to.have.length(3);
    await trunks.archive(ADMIN, id);
    expect(await trunkObjects(id)).to.deep.equal([]);
  });
});
