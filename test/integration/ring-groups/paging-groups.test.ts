import { expect } from 'chai';
import type { ExtensionId } from '../../../src/kernel/ids.js';
import { ADMIN, extension, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('the set-up of paging groups', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  const ids = new Map<string, ExtensionId>();
  const idOf = (number: string) => String(ids.get(number));
  const groups = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.pagingGroupsByNumber;
  };

  before(async () => {
    setup = await startSetupSite();
    for (const number of ['2001', '2002', '2003']) {
      const phone = await setup.extensions.createPhone(ADMIN, extension(number));
      ids.set(number, phone.id);
    }
    admin = await setup.site.client('admin');
    await admin.get('/setup/paging-groups/new');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('is for administrators', async () => {
    for (const login of ['supervisor', 'agent']) {
      const client = await setup.site.client(login);
      expect((await client.get('/setup/paging-groups')).status).to.equal(403);
      expect((await client.post('/setup/paging-groups', {})).status).to.equal(403);
    }
  });

  it('says what is wrong beside the field, and makes nothing of it', async () => {
    const good = { name: 'Hall', number: '790', members: [idOf('2001')] };
    const wrong: readonly (readonly [fields: Record<string, string | string[]>, words: string])[] =
      [
        [{ name: '' }, 'f-name'],
        [{ number: '0790' }, '2 to 8 digits'],
        [{ number: '999' }, 'calls for help'],
        [{ number: '2002' }, 'An extension has this number'],
        [{ members: [] }, 'Choose one phone at least'],
        [{ members: ['99999'] }, 'A phone is not there any more'],
      ];
    for (const [fields, words] of wrong) {
      const answer = await admin.post('/setup/paging-groups', { ...good, ...fields });
      expect(answer.status, words).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect((await groups()).size).to.equal(0);
  });

  it('makes a group that phones reach by its number', async () => {
    const made = await admin.post('/setup/paging-groups', {
      ...{ name: 'Hall', number: '790', members: [idOf('2003'), idOf('2001')] },
    });
    expect(made).to.include({ status: 303, location: '/setup/paging-groups' });
    const group = (await groups()).get('790');
    expect(group?.name).to.equal('Hall');
    expect(group?.members).to.have.members([ids.get('2001'), ids.get('2003')]);
    expect(setup.notes.announced).to.include('paging-groups');
    expect((await admin.get('/setup/paging-groups')).text).to.contain('2001, 2003');
  });

  it('keeps its number and its phones while it is there', async () => {
    expect(await refusal(setup.extensions.createPhone(ADMIN, extension('790')))).to.contain(
      'number: configuration.problem.number-of.paging-group',
    );
    const group = (await groups()).get('790');
    const archive = () => setup.extensions.archive(ADMIN, ids.get('2003') ?? (0 as ExtensionId));
    expect(await archive()).to.deep.include({ kind: 'paging-group', id: group?.id, name: 'Hall' });
    const path = `/setup/paging-groups/${String(group?.id)}`;
    expect((await admin.post(`${path}/archive`)).status).to.equal(303);
    expect((await groups()).size).to.equal(0);
    expect(await archive()).to.deep.equal([]);
    await setup.extensions.createPhone(ADMIN, extension('790'));
    const restored = await admin.post(`${path}/restore`);
    expect(restored.status).to.equal(422);
    expect((await groups()).size).to.equal(0);
  });
});
