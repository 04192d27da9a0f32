import { expect } from 'chai';
import { desiredPjsipObjects } from '../../../src/features/trunks/index.js';
import type { PbxDraft } from '../../../src/features/trunks/pbx-trunk.js';
import type { TrunkId } from '../../../src/kernel/ids.js';
import { parseTargetText } from '../../../src/features/configuration/index.js';
import { lineHealth } from '../../../src/features/setup/health.js';
import type { LiveTrunk } from '../../../src/telephony/live-trunk.js';
import { ADMIN, did, extension, refusal, trunk } from '../../support/setup-drafts.js';
import { quietMoment, startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

const PBX: PbxDraft = {
  ranges: [{ from: '3000', to: '3499' }],
  permission: 'internal',
  elsewhere: { kind: 'hangup' },
};

describe('a trunk to another telephone system', function () {
  this.timeout(30_000);
  let setup: SetupSite;
  let admin: TestClient;
  let old: TrunkId;
  const version = async (id: TrunkId): Promise<number> =>
    (await setup.trunks.get(ADMIN, id)).version;
  const values = (pbx: Partial<PbxDraft> = {}, name = 'Old PBX') =>
    trunk(name, { pbx: { ...PBX, ...pbx } });
  const save = async (pbx: Partial<PbxDraft>): Promise<void> =>
    setup.trunks.saveSip(ADMIN, old, await version(old), values(pbx));
  const problem = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      await work;
    } catch (error) {
      return (error as { readonly problems?: readonly unknown[] }).problems?.[0];
    }
    return undefined;
  };

  before(async () => {
    setup = await startSetupSite();
    admin = await setup.site.client('admin');
    await setup.extensions.createPhone(ADMIN, extension('3001', { name: 'Anna Bell' }));
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('is refused where its ranges cover numbers of ours, by name, until they are said to have moved', async () => {
    expect(await refusal(setup.trunks.createSip(ADMIN, values()))).to.equal(
      'invalid-fields ranges: trunks.problem.range-of-ours',
    );
    const page = await admin.get('/setup/trunks/new');
    const answer = await admin.post('/setup/trunks', {
      ...{ version: /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '' },
      ...{ name: 'Old PBX', enabled: 'on', priority: '10', maxChannels: '0', callerId: '' },
      ...{ host: '192.0.2.20', port: '5060', transport: 'udp', username: '', password: '' },
      ...{ fromUser: '', addresses: '', codecs: 'alaw', dtmf: 'auto', kind: 'pbx' },
      ...{ ranges: '3000-3499', permission: 'internal', elsewhere: 'hangup' },
    });
    expect(answer.status).to.equal(422);
    expect(answer.text).to.contain('This number is ours: 3001 Anna Bell.').and.contain('3000-3499');
    old = await setup.trunks.createSip(ADMIN, values({ acceptsMoved: true }));
    expect((await setup.trunks.get(ADMIN, old)).pbx).to.deep.equal(PBX);
  });

  it('keeps what has moved without asking again, and asks for what a wider range covers anew', async () => {
    await save({ permission: 'national' });
    await setup.extensions.createPhone(ADMIN, extension('3600', { name: 'Ben Cole' }));
    expect(await problem(save({ ranges: [{ from: '3000', to: '3699' }] }))).to.deep.include({
      field: 'ranges',
      params: { count: 1, numbers: '3600 Ben Cole' },
    });
    await save({});
  });

  it('shows what has moved, on its page and on that of the extension', async () => {
    const page = await admin.get(`/setup/trunks/${String(old)}`);
    expect(page.text).to.contain('Moved here').and.contain('3001 Anna Bell');
    const phone = await admin.get('/setup/extensions/1');
    expect(phone.text).to.contain('3001 has moved here from “Old PBX”');
  });

  it('shares no number with another one', async () => {
    const other = values({ ranges: [{ from: '3400', to: '3800' }], acceptsMoved: true }, 'Other');
    expect(await refusal(setup.trunks.createSip(ADMIN, other))).to.equal(
      'invalid-fields ranges: trunks.problem.range-of-other',
    );
  });

  it('offers its numbers as targets, refuses others, and is not archived while something leads there', async () => {
    expect((await admin.get('/setup/dids/new')).text).to.contain('value="pbx:3005"');
    const there = parseTargetText('pbx:3005');
    const nowhere = parseTargetText('pbx:3999');
    if (there === undefined || nowhere === undefined) throw new Error('no targets');
    expect(
      await refusal(setup.dids.create(ADMIN, did('+442079460180', { target: nowhere }))),
    ).to.equal('invalid-fields target: configuration.problem.target-gone');
    const made = await setup.dids.create(ADMIN, did('+442079460181', { target: there }));
    expect((await admin.get('/setup/dids')).text).to.contain('3005 Old PBX');
    const uses = await setup.trunks.archive(ADMIN, old);
    expect(uses.map(({ kind, id }) => [kind, id])).to.deep.equal([['did', made]]);
    await setup.dids.archive(ADMIN, made);
  });

  it('takes members of ring groups and forwards', async () => {
    const group = await admin.post('/setup/ring-groups', {
      ...{ version: '0', name: 'Front', number: '', strategy: 'all', ringS: '20', prefix: '' },
      ...{ members: '3005', elsewhere: 'hangup' },
    });
    expect(group.status, group.text.slice(0, 200)).to.equal(303);
    await setup.site.parts.directory.refresh();
    const path = '/setup/extensions/1/calls';
    const sent = async (number: string) => {
      const { text } = await admin.get(path);
      const [, at = ''] = /name="version" value="(\d+)"/.exec(text) ?? [];
      return admin.post(path, { version: at, callWaiting: 'on', forwardAlways: number });
    };
    expect((await sent('3005')).status).to.equal(303);
    expect((await sent('3999')).text).to.contain('leads nowhere');
  });

  it('is pushed with callers of its own: asked often, in a context of its own, no user in From', async () => {
    const objects = await desiredPjsipObjects(setup.site.parts.database, setup.site.parts.sealer);
    const name = `trunk-${String(old)}`;
    const fields = (type: string) =>
      objects.find((object) => object.id === name && object.type === type)?.fields;
    expect(fields('endpoint')).to.include({ context: 'from-other-pbx', from_user: '' });
    expect(fields('aor')).to.include({ qualify_frequency: '10' });
  });

  it('is a part of its own on the health page, down while it does not answer', () => {
    const live = (changes: Partial<LiveTrunk>): LiveTrunk => ({
      ...{ id: old, name: 'Old PBX', online: true, channels: 0, maxChannels: 0, isPbx: true },
      ...changes,
    });
    const parts = (online: boolean) => lineHealth(quietMoment({ trunks: [live({ online })] }));
    expect(parts(true).find(({ name }) => name === 'other-pbx')?.state).to.equal('good');
    expect(parts(false).find(({ name }) => name === 'other-pbx')).to.deep.include({
      state: 'down',
      params: { count: 1, names: 'Old PBX' },
    });
    expect(parts(true).find(({ name }) => name === 'trunks')?.params).to.include({ count: 0 });
  });
});

describe('a codec that the telephone server cannot convert', function () {
  this.timeout(30_000);
  let setup: SetupSite;

  before(async () => {
    setup = await startSetupSite();
  });
  after(() => setup.site.stop());

  it('is not offered, and the page says why; where it was chosen before, it stays', async () => {
    const admin = await setup.site.client('admin');
    await setup.trunks.createSip(ADMIN, trunk('Plain', { codecs: ['alaw'] }));
    await setup.trunks.createSip(ADMIN, trunk('Modern', { codecs: ['opus', 'alaw'] }));
    const opus = '<option value="opus"';
    expect((await admin.get('/setup/trunks/1')).text).to.contain(opus);
    setup.site.parts.live.publish(quietMoment({ codecs: ['g722', 'alaw', 'ulaw'] }));
    const plain = (await admin.get('/setup/trunks/1')).text;
    expect(plain).to.not.contain(opus);
    expect(plain).to.contain('Opus is not offered: the telephone server has no module for it');
    expect((await admin.get('/setup/trunks/2')).text).to.contain(opus);
  });
});
