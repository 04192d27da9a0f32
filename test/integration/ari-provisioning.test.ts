import { expect } from 'chai';
import type { AsteriskAri } from '../../src/adapters/asterisk-ari/asterisk-ari.js';
import type { RegistrationState } from '../../src/telephony/ari/port.js';
import {
  CODECS,
  phoneObjects,
  registrationUri,
  trunkObjects,
  type PjsipObject,
  type TrunkSettings,
} from '../../src/telephony/ari/provisioning.js';
import { ProvisioningRunner } from '../../src/telephony/ari/provisioning-runner.js';
import { connected, eventually, pbxAri, platformEnvironment } from '../support/pbx-lab.js';

const PHONES = 1000;

describe('SIP objects on a real node', function () {
  this.timeout(120_000);
  const env = platformEnvironment();
  let ari: AsteriskAri;
  let runner: ProvisioningRunner;

  const phones = (count: number, password = 'p,a;s"s${X}'): PjsipObject[] =>
    Array.from({ length: count }, (_, i) =>
      phoneObjects({ number: String(600_001 + i), name: `Phone "${String(i)}" 张`, password }),
    ).flat();
  const trunkSettings = (more: Partial<TrunkSettings> = {}): TrunkSettings => ({
    id: 9100,
    host: '127.0.0.1',
    port: Number(env('CB_CARRIER_SIP_PORT')) + 1,
    transport: 'udp',
    username: 'account',
    password: 'secret',
    registration: true,
    addresses: ['10.99.0.0/24', '10.98.0.5', '10.97.0.1:5070', 'fd00:99::/64', 'localhost'],
    codecs: CODECS,
    ...more,
  });

  before(async () => {
    ari = await connected(pbxAri({ app: 'cordboard-test-provisioning' }));
    await new ProvisioningRunner(ari.admin).reconcile([]);
  });
  beforeEach(() => {
    runner = new ProvisioningRunner(ari.admin);
  });
  afterEach(async () => {
    const { failed } = await runner.reconcile([]);
    expect(failed).to.deep.equal([]);
  });
  after(async () => {
    await ari.close();
  });

  it(`${String(PHONES)} phones are pushed in seconds; a second run has nothing to do`, async () => {
    const desired = phones(PHONES);
    const timed = async (): Promise<[object, number]> => {
      const from = performance.now();
      const outcome = await runner.reconcile(desired);
      return [outcome, Math.round(performance.now() - from)];
    };
    const [first, firstMs] = await timed();
    expect(first).to.deep.include({ added: desired.length, removed: 0, failed: [] });
    const [second, secondMs] = await timed();
    expect(second).to.deep.include({ added: 0, changed: 0, removed: 0, unchanged: desired.length });
    runner.forget();
    const [third, thirdMs] = await timed();
    expect(third).to.deep.include({ added: 0, changed: 0, removed: 0, unchanged: desired.length });
    console.log(
      `      pushed in ${String(firstMs)} ms, nothing to do ${String(secondMs)} ms, read back and compared ${String(thirdMs)} ms`,
    );
    expect(firstMs).to.be.lessThan(30_000);
    expect(secondMs).to.be.lessThan(firstMs / 4);
  });

  it('every form of a trunk is the same after it was read back', async () => {
    for (const settings of [
      trunkSettings(),
      trunkSettings({ transport: 'tcp', addresses: [] }),
      trunkSettings({ username: '', password: '', registration: false }),
      trunkSettings({ codecs: ['alaw'], fromUser: '' }),
    ]) {
      const desired = trunkObjects(settings);
      const { failed } = await runner.reconcile(desired);
      expect(failed).to.deep.equal([]);
      runner.forget();
      expect(await runner.reconcile(desired)).to.deep.include({ added: 0, changed: 0, removed: 0 });
    }
  });

  it('what was lost, edited or is not wanted any more is put right; what is not ours stays', async () => {
    const { admin } = ari;
    await admin.putObject('endpoint', 'foreign', { context: 'from-trunk', allow: '!all,alaw' });
    await admin.putObject('aor', 'foreign', { max_contacts: '3' });
    const desired = [...phones(3), ...trunkObjects(trunkSettings())];
    await runner.reconcile(desired);
    // Lost while we look away, and edited while we do not look at all.
    await admin.deleteObject('endpoint', '600001');
    await admin.deleteObject('identify', 'trunk-9100-10.98.0.5');
    expect(await runner.reconcile(desired)).to.deep.include({ added: 2, changed: 0, removed: 0 });
    await admin.putObject('endpoint', '600002', { context: 'somewhere-else' });
    await admin.putObject('auth', '600003', { password: 'edited' });
    runner.forget();
    expect(await runner.reconcile(desired)).to.deep.include({ added: 0, changed: 2, removed: 0 });
    expect((await admin.getObject('endpoint', '600002'))?.['context']).to.equal('from-phones');
    // A new process, which knows nothing, removes what an earlier one pushed: with its orphans.
    await admin.deleteObject('endpoint', '600001');
    runner = new ProvisioningRunner(admin);
    const { removed } = await runner.reconcile(phones(3).slice(6));
    expect(removed).to.equal(desired.length - 3 - 1);
    expect(await admin.listObjects('endpoint')).to.have.members(['600003', 'foreign']);
    expect(await admin.listObjects('aor')).to.have.members(['600003', 'foreign']);
    expect(await admin.listObjects('identify')).to.deep.equal([]);
    expect(await admin.listObjects('registration')).to.deep.equal([]);
    await admin.deleteObject('endpoint', 'foreign');
    await admin.deleteObject('aor', 'foreign');
  });

  it('an object that the node refuses is named; the others are pushed', async () => {
    const bad: PjsipObject = { type: 'aor', id: '600009', fields: { max_contacts: 'many' } };
    const outcome = await runner.reconcile([bad, ...phones(1)]);
    expect(outcome.failed.map(({ key }) => key)).to.deep.equal(['aor/600009']);
    expect(await ari.admin.listObjects('endpoint')).to.deep.equal(['600001']);
  });

  it('a registration says whether the carrier took it; the right password is tried at once', async () => {
    const account = trunkSettings({
      port: Number(env('CB_CARRIER_SIP_PORT')),
      username: env('CB_CARRIER_TRUNK_USER'),
      password: 'wrong',
    });
    const status = async (): Promise<RegistrationState['status'] | undefined> =>
      (await ari.admin.registrations())?.find(
        ({ clientUri }) => clientUri === registrationUri(account),
      )?.status;
    await runner.reconcile(trunkObjects(account));
    await eventually(async () => (await status()) === 'rejected', 20_000);
    const right = { ...account, password: env('CB_CARRIER_TRUNK_PASSWORD') };
    const { changed } = await runner.reconcile(trunkObjects(right));
    expect(changed).to.equal(2);
    await eventually(async () => (await status()) === 'registered', 20_000);
  });

  it('functions and variables can be read without leaving a channel; dangerous ones are refused', async () => {
    const { admin } = ari;
    await admin.writeGlobal('CB_TEST', 'a,b "c" ${X}');
    expect(await admin.readGlobal('CB_TEST')).to.equal('a,b "c" ${X}');
    expect(await admin.readGlobal('CB_TEST_ABSENT')).to.equal('');
    expect(await admin.readGlobal('DB_KEYS(cordboard-nothing)')).to.equal('');
    const failure = await admin.readGlobal('DB(pbx/UUID)').catch((error: unknown) => error);
    expect(failure).to.have.property('failure', 'refused');
    expect(await ari.listChannels()).to.deep.equal([]);
    expect(await admin.version()).to.match(/^22\./);
  });
});
