import { expect } from 'chai';
import { AriError } from '../../../src/telephony/ari/port.js';
import {
  CODECS,
  OUR_MARK,
  phoneObjects,
  registrationUri,
  trunkObjects,
  type PjsipObject,
  type TrunkSettings,
} from '../../../src/telephony/ari/provisioning.js';
import {
  isSame,
  keyOf,
  partsOf,
  planProvisioning,
  type Fields,
  type ObjectKey,
} from '../../../src/telephony/ari/provisioning-plan.js';
import { ProvisioningRunner } from '../../../src/telephony/ari/provisioning-runner.js';
import { FakeAdmin } from '../../support/fake-asterisk-admin.js';

const phone = (number: string, name = 'Ada', password = 'secret'): readonly PjsipObject[] =>
  phoneObjects({ number, name, password });
const trunk = (more: Partial<TrunkSettings> = {}): readonly PjsipObject[] =>
  trunkObjects({
    id: 3,
    host: '192.0.2.1',
    port: 5060,
    transport: 'udp',
    username: 'account',
    password: 'secret',
    registration: true,
    addresses: ['192.0.2.0/24', '198.51.100.7'],
    codecs: CODECS,
    ...more,
  });
const fieldsOf = (objects: readonly PjsipObject[], key: ObjectKey): Fields | undefined =>
  objects.find((object) => keyOf(object) === key)?.fields;
const node = (objects: readonly PjsipObject[], endpoints: readonly string[] = []) => ({
  objects: new Map(objects.map((object) => [keyOf(object), object.fields])),
  endpoints: new Set(endpoints),
});

describe('SIP objects of a phone and of a trunk', () => {
  it('a phone registers with its number and dials into its own context', () => {
    const objects = phone('2001', 'Ada "the" <first>');
    expect(objects.map(keyOf)).to.deep.equal(['auth/2001', 'aor/2001', 'endpoint/2001']);
    expect(fieldsOf(objects, 'endpoint/2001')).to.include({
      auth: '2001',
      aors: '2001',
      context: 'from-phones',
      identify_by: 'username',
      direct_media: 'no',
      trust_id_inbound: 'no',
      callerid: '"Ada  the   first" <2001>',
      sdp_session: OUR_MARK,
    });
  });

  it('a trunk has one identify for each address, and registers where it is told to', () => {
    const objects = trunk();
    expect(objects.map(keyOf)).to.deep.equal([
      'auth/trunk-3',
      'aor/trunk-3',
      'endpoint/trunk-3',
      'identify/trunk-3-192.0.2.0_24',
      'identify/trunk-3-198.51.100.7',
      'registration/trunk-3',
    ]);
    expect(fieldsOf(objects, 'endpoint/trunk-3')).to.include({
      context: 'from-trunk',
      identify_by: 'ip',
      outbound_auth: 'trunk-3',
      from_user: 'account',
    });
    expect(fieldsOf(objects, 'registration/trunk-3')).to.include({
      client_uri: registrationUri({ username: 'account', host: '192.0.2.1', port: 5060 }),
      server_uri: 'sip:192.0.2.1:5060',
    });
  });

  it('a trunk without an account is known by its address and port', () => {
    const objects = trunk({ username: '', registration: true, addresses: [], transport: 'tcp' });
    expect(objects.map(({ type }) => type)).to.deep.equal(['aor', 'endpoint', 'identify']);
    expect(objects.at(-1)?.fields).to.deep.equal({ endpoint: 'trunk-3', match: '192.0.2.1:5060' });
    expect(fieldsOf(objects, 'aor/trunk-3')?.['contact']).to.equal(
      'sip:192.0.2.1:5060;transport=tcp',
    );
  });

  it('every form of a type has the same fields: a partial update leaves nothing behind', () => {
    const forms = [trunk(), trunk({ username: '', registration: false }), trunk({ fromUser: '' })];
    const names = forms.map((form) => Object.keys(fieldsOf(form, 'endpoint/trunk-3') ?? {}).sort());
    expect(names[1]).to.deep.equal(names[0]);
    expect(names[2]).to.deep.equal(names[0]);
  });

  it('no attribute is given twice in one value, but lists that Asterisk keeps', () => {
    for (const { fields } of [...phone('2001'), ...trunk()])
      for (const [name, value] of Object.entries(fields))
        if (name === 'match' || name === 'contact') expect(value).to.not.contain(',');
  });
});

describe('the plan for a node', () => {
  it('an empty node gets everything, in the order of need', () => {
    const plan = planProvisioning([...trunk(), ...phone('2001')], node([]));
    expect(
      plan.puts.map((group) => [...new Set(group.map(({ type }) => type))].sort()),
    ).to.deep.equal([['aor', 'auth'], ['endpoint'], ['identify', 'registration']]);
    expect(plan).to.deep.include({ added: 9, changed: 0, removed: 0, unchanged: 0, deletes: [] });
  });

  it('what is not wanted goes in the reverse order', () => {
    const plan = planProvisioning([], node([...trunk(), ...phone('2001')], ['trunk-3', '2001']));
    expect(
      plan.deletes.map((group) => [...new Set(group.map((key) => partsOf(key).type))].sort()),
    ).to.deep.equal([['identify', 'registration'], ['endpoint'], ['aor', 'auth']]);
    expect(plan.removed).to.equal(9);
  });

  it('the way in which Asterisk writes values back is no change', () => {
    const [, , endpoint] = phone('2001');
    const written = {
      ...endpoint?.fields,
      direct_media: 'false',
      rtp_symmetric: 'true',
      allow: '(g722|alaw|ulaw|opus)',
      more: 'of its own',
    };
    expect(endpoint && isSame(endpoint, written)).to.equal(true);
    expect(endpoint && isSame(endpoint, { ...written, allow: '(alaw)' })).to.equal(false);
    expect(endpoint && isSame(endpoint, { ...written, context: 'x' })).to.equal(false);
    const match = (wanted: string, has: string): boolean =>
      isSame({ type: 'identify', id: 'x', fields: { match: wanted } }, { match: has });
    expect(match('192.0.2.0/24', '192.0.2.0/255.255.255.0')).to.equal(true);
    expect(match('192.0.2.0/24', '192.0.2.0/255.255.0.0')).to.equal(false);
    expect(match('192.0.2.1', '192.0.2.1/255.255.255.255')).to.equal(true);
    expect(match('192.0.2.1:5070', '192.0.2.1:5070/255.255.255.255')).to.equal(true);
    expect(match('2001:db8::/64', '2001:db8::/ffff:ffff:ffff:ffff::')).to.equal(true);
    expect(match('sip.example', '192.0.2.9/255.255.255.255')).to.equal(true);
  });

  it('a new password renews the registration; a new address renews the aor', () => {
    const renewed = planProvisioning(trunk({ password: 'new' }), node(trunk()));
    expect(renewed.deletes.flat()).to.deep.equal(['registration/trunk-3']);
    expect(renewed.puts.flat().map(keyOf)).to.deep.equal(['auth/trunk-3', 'registration/trunk-3']);
    expect(renewed).to.include({ added: 0, changed: 2, removed: 0, unchanged: 4 });
    const moved = planProvisioning(trunk({ port: 5070, registration: false }), node(trunk()));
    expect(moved.deletes.flat()).to.have.members(['registration/trunk-3', 'aor/trunk-3']);
  });

  it('what others pushed stays; what we left behind goes, also without its endpoint', () => {
    const foreign: PjsipObject[] = [
      { type: 'endpoint', id: '700', fields: { context: 'x' } },
      { type: 'aor', id: '700', fields: {} },
      { type: 'identify', id: 'theirs', fields: { endpoint: '700' } },
      { type: 'aor', id: '800', fields: {} },
      { type: 'auth', id: 'somebody', fields: {} },
    ];
    const orphans: PjsipObject[] = [
      { type: 'auth', id: '2002', fields: {} },
      { type: 'identify', id: 'trunk-9-x', fields: { endpoint: 'trunk-9' } },
    ];
    // 800 is an endpoint of the node's own files.
    const plan = planProvisioning([], node([...foreign, ...orphans], ['700', '800']));
    expect(plan.deletes.flat()).to.have.members(['auth/2002', 'identify/trunk-9-x']);
  });
});

describe('bringing a node in line', () => {
  it('pushes, has nothing to do, and notices what was lost and, when told to look, edited', async () => {
    const admin = new FakeAdmin();
    const runner = new ProvisioningRunner(admin);
    const desired = [...phone('2001'), ...trunk()];
    expect(await runner.reconcile(desired)).to.include({ added: 9 });
    admin.log.length = 0;
    expect(await runner.reconcile(desired)).to.include({ added: 0, unchanged: 9 });
    expect(admin.log).to.deep.equal([]);
    admin.objects.delete('auth/2001');
    expect(await runner.reconcile(desired)).to.include({ added: 1, unchanged: 8 });
    admin.objects.get('endpoint/2001')?.set('context', 'x');
    expect(await runner.reconcile(desired)).to.include({ changed: 0 });
    runner.forget();
    expect(await runner.reconcile(desired)).to.include({ changed: 1, unchanged: 8 });
    expect(await runner.reconcile(phone('2001'))).to.include({ removed: 6, unchanged: 3 });
    expect([...admin.objects.keys()]).to.have.members(phone('2001').map(keyOf));
  });

  it('names what the node refuses and goes on; stops when the node is away', async () => {
    const admin = new FakeAdmin();
    const put = admin.putObject.bind(admin);
    let failure: 'refused' | 'unavailable' = 'refused';
    admin.putObject = async (type, id, fields) => {
      if (type === 'aor' && id === '2001') throw new AriError(failure, 'put', 400, 'no');
      await put(type, id, fields);
    };
    const runner = new ProvisioningRunner(admin);
    const desired = [...phone('2001'), ...phone('2002')];
    const { failed } = await runner.reconcile(desired);
    expect(failed.map(({ key }) => key)).to.deep.equal(['aor/2001']);
    expect(admin.objects.has('endpoint/2002')).to.equal(true);
    failure = 'unavailable';
    const error = await runner.reconcile(desired).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(AriError).with.property('failure', 'unavailable');
  });
});
