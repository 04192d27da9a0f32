import { expect } from 'chai';
import { NEW_CONFERENCE } from '../../../src/features/conferences/index.js';
import type { ExtensionId, RingGroupId } from '../../../src/kernel/ids.js';
import { ADMIN, did, extension, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import type { TestClient } from '../../support/web.js';

describe('the set-up of ring groups', function () {
  this.timeout(60_000);
  let setup: SetupSite;
  let admin: TestClient;
  const ids = new Map<string, ExtensionId>();
  const good = {
    name: 'Sales',
    number: '700',
    strategy: 'in-turn',
    ringS: '15',
    prefix: 'Sales',
    confirms: 'on',
    members: ['2002', '', '020 7946 0123', '2001'],
    elsewhere: 'hangup',
  };
  const groups = async () => {
    const { directory } = setup.site.parts;
    await directory.refresh();
    return directory.current.ringGroups;
  };
  const only = async () => [...(await groups()).values()][0];

  before(async () => {
    setup = await startSetupSite();
    for (const number of ['2001', '2002', '2003']) {
      const phone = await setup.extensions.createPhone(ADMIN, extension(number));
      ids.set(number, phone.id);
    }
    admin = await setup.site.client('admin');
    await admin.get('/setup/ring-groups/new');
  });
  after(async () => {
    expect(setup.site.errors).to.deep.equal([]);
    await setup.site.stop();
  });

  it('is for administrators', async () => {
    for (const login of ['supervisor', 'agent']) {
      const client = await setup.site.client(login);
      expect((await client.get('/setup/ring-groups')).status).to.equal(403);
      expect((await client.post('/setup/ring-groups', good)).status).to.equal(403);
    }
  });

  it('says what is wrong with members beside them, and keeps what was typed', async () => {
    const wrong: readonly (readonly [members: string[], words: string])[] = [
      [[''], 'Name one member at least'],
      [['2001', '2099'], 'is neither an extension nor a number'],
      [['2001', '999'], 'calls for help'],
      [['2001', '2001'], '2001 is there twice'],
      [['020 7946 0123', '+442079460123'], 'is there twice'],
      [Array.from({ length: 21 }, (_, at) => `0207946012${String(at % 10)}`), '20 members at most'],
    ];
    for (const [members, words] of wrong) {
      const answer = await admin.post('/setup/ring-groups', { ...good, members });
      expect(answer.status, words).to.equal(422);
      expect(answer.text).to.contain(words).and.contain('id="f-members"');
      const [first = ''] = members;
      if (first !== '') expect(answer.text).to.contain(`value="${first}"`);
    }
    expect((await groups()).size).to.equal(0);
  });

  it('makes a group that calls find by its number, with its members in their order', async () => {
    const made = await admin.post('/setup/ring-groups', good);
    expect(made).to.include({ status: 303, location: '/setup/ring-groups' });
    const group = await only();
    expect(group).to.deep.include({
      name: 'Sales',
      number: '700',
      strategy: 'in-turn',
      ringMs: 15_000,
      confirms: true,
      members: [
        { kind: 'extension', id: ids.get('2002') },
        { kind: 'outside', number: '+442079460123' },
        { kind: 'extension', id: ids.get('2001') },
      ],
      elsewhere: { kind: 'hangup' },
    });
    expect(setup.notes.announced).to.include('ring-groups');
    const { text } = await admin.get(`/setup/ring-groups/${String(group?.id)}`);
    expect(text).to.contain('value="(020) 7946 0123"');
    expect((await admin.get('/setup/ring-groups')).text).to.contain('2002, (020) 7946 0123, 2001');
  });

  it('lets a number have one meaning: extension, room or group', async () => {
    await setup.conferences.service.createRoom(ADMIN, {
      ...{ ...NEW_CONFERENCE, name: 'Board', number: '800' },
    });
    for (const [number, words] of [
      ['2001', 'An extension has this number'],
      ['800', 'A conference room has this number'],
      ['999', 'calls for help'],
      ['07', '2 to 8 digits'],
    ] as const) {
      const answer = await admin.post('/setup/ring-groups', { ...good, name: 'Other', number });
      expect(answer.status, number).to.equal(422);
      expect(answer.text).to.contain(words);
    }
    expect(await refusal(setup.extensions.createPhone(ADMIN, extension('700')))).to.contain(
      'number: configuration.problem.number-of.ring-group',
    );
    expect(await refusal(setup.extensions.createAll(ADMIN, [extension('700')]))).to.contain(
      'number: configuration.problem.taken',
    );
    expect([
      ...(await setup.extensions.taken(ADMIN, ['700', '800', '2001', '2098'])),
    ]).to.have.members(['700', '800', '2001']);
    const two = await admin.post('/setup/ring-groups', { ...good, name: 'No number', number: '' });
    expect(two.status).to.equal(303);
    const three = await admin.post('/setup/ring-groups', { ...good, name: 'None', number: '' });
    expect(three.status).to.equal(303);
  });

  it('offers groups wherever calls can go, and keeps those that are used', async () => {
    const group = await only();
    const id = group?.id ?? (0 as RingGroupId);
    const form = await admin.get('/setup/dids/new');
    expect(form.text).to.contain(`value="ring-group:${String(id)}"`);
    await setup.dids.create(ADMIN, did('+442079460150', { target: { kind: 'ring-group', id } }));
    const refused = await admin.post(`/setup/ring-groups/${String(id)}/archive`);
    expect(refused.status).to.equal(409);
    expect(
      await setup.extensions.archive(ADMIN, ids.get('2001') ?? (0 as ExtensionId)),
    ).to.deep.include({ kind: 'ring-group-member', id, name: 'Sales' });
    expect((await admin.get('/setup/dids')).text).to.contain(`/setup/ring-groups/${String(id)}`);
    const own = await admin.get(`/setup/ring-groups/${String(id)}`);
    expect(own.text).to.not.contain(`value="ring-group:${String(id)}"`);
    const version = /name="version" value="(\d+)"/.exec(own.text)?.[1] ?? '';
    const itself = await admin.post(`/setup/ring-groups/${String(id)}`, {
      ...good,
      version,
      elsewhere: `ring-group:${String(id)}`,
    });
    expect(itself.status).to.equal(422);
    expect(itself.text).to.contain('come back to this group');
  });
});
