import { expect } from 'chai';
import { makeSealer } from '../../../src/adapters/crypto/seal.js';
import type { AgentId, ExtensionId, UserId } from '../../../src/kernel/ids.js';
import { ADMIN, agent, extension, queue, refusal } from '../../support/setup-drafts.js';
import { startSetupSite, type SetupSite } from '../../support/setup-site.js';
import { TestClient } from '../../support/web.js';

describe('agents, their queues and their accounts', () => {
  let setup: SetupSite;
  const sealer = makeSealer(Buffer.alloc(32, 7));
  const user = async (id: UserId | undefined) =>
    setup.site.parts.database('users').where({ id }).first<Record<string, unknown> | undefined>();

  before(async function () {
    this.timeout(60_000);
    setup = await startSetupSite();
  });
  after(() => setup.site.stop());

  it('are made together; the first password works once and must be changed', async () => {
    const { agents, site } = setup;
    const made = await agents.createAgent(
      ADMIN,
      agent('3001', { name: 'Mara Quill', login: 'mara' }),
    );
    expect(made.password).to.match(/^[a-z2-9]{20}$/);
    const stored = await agents.get(ADMIN, made.id);
    expect(stored).to.deep.include({
      name: 'Mara Quill',
      login: 'mara',
      role: 'agent',
      hasPin: false,
    });
    const client = new TestClient(site.url);
    expect((await client.signIn('mara', made.password)).status).to.equal(303);
    expect((await client.get('/')).location).to.equal('/me/password');
    expect(JSON.stringify(await site.parts.database('audit_entries').select())).not.to.include(
      made.password,
    );
  });

  it('are not made at all when the account cannot be', async () => {
    const { agents, site } = setup;
    expect(await refusal(agents.createAgent(ADMIN, agent('3002', { login: 'admin' })))).to.equal(
      'invalid-fields login: configuration.problem.taken',
    );
    expect(await refusal(agents.createAgent(ADMIN, agent('3001', { login: 'free' })))).to.equal(
      'invalid-fields number: configuration.problem.taken',
    );
    expect(await site.parts.database('agents').where({ number: '3002' })).to.deep.equal([]);
    expect(await site.parts.database('users').where({ login: 'free' })).to.deep.equal([]);
  });

  it('seal the PIN, keep it when the form leaves it empty, and take it away on request', async () => {
    const { agents, site } = setup;
    const { id } = await agents.createAgent(ADMIN, agent('3003', { pin: '4711' }));
    const sealed = async () =>
      (
        await site.parts
          .database('agents')
          .where({ id })
          .first<{ pin_sealed: string }>('pin_sealed')
      ).pin_sealed;
    expect(await sealed()).not.to.include('4711');
    expect(sealer.open(await sealed())).to.equal('4711');
    await agents.saveAgent(ADMIN, id, 1, agent('3003', { name: 'Renamed' }));
    expect(sealer.open(await sealed())).to.equal('4711');
    await agents.saveAgent(ADMIN, id, 2, agent('3003', { name: 'Renamed', removePin: true }));
    expect(await sealed()).to.equal('');
    const lines = await site.parts
      .database('audit_entries')
      .where({ object_kind: 'agent', object_id: String(id) });
    expect(JSON.stringify(lines)).to.include('changed').and.not.include('4711');
  });

  it('carry name, login and role over to the account', async () => {
    const { agents } = setup;
    const { id } = await agents.createAgent(ADMIN, agent('3004'));
    await agents.saveAgent(
      ADMIN,
      id,
      1,
      agent('3004', { name: 'Theo Lark', login: 'theo', role: 'supervisor' }),
    );
    const { userId } = await agents.get(ADMIN, id);
    expect(await user(userId)).to.deep.include({
      name: 'Theo Lark',
      login: 'theo',
      role: 'supervisor',
    });
    expect(
      await refusal(
        agents.saveAgent(ADMIN, id, 2, agent('3004', { login: 'theo', role: 'administrator' })),
      ),
    ).to.equal('invalid-fields role: agents.problem.role');
  });

  it('are archived with the account, signed out, and restored with both', async () => {
    const { agents, queues, notes } = setup;
    const queueId = await queues.create(ADMIN, queue('Archive test'));
    const { id } = await agents.createAgent(ADMIN, agent('3005', { queues: [queueId] }));
    const { userId } = await agents.get(ADMIN, id);
    notes.signedOut.length = 0;
    expect(await agents.archive(ADMIN, id)).to.deep.equal([]);
    expect((await user(userId))?.['archived_at']).to.be.instanceOf(Date);
    expect(notes.signedOut).to.deep.equal([userId]);
    expect((await queues.get(ADMIN, queueId)).members).to.deep.equal([]);
    await agents.restore(ADMIN, id);
    expect((await user(userId))?.['archived_at']).to.equal(null);
    expect((await queues.get(ADMIN, queueId)).members).to.deep.equal([id]);
  });

  it('get a new password that ends all their sessions', async () => {
    const { agents, notes } = setup;
    const { id, password } = await agents.createAgent(ADMIN, agent('3006'));
    const { userId } = await agents.get(ADMIN, id);
    const before = (await user(userId))?.['password_hash'];
    notes.signedOut.length = 0;
    const renewed = await agents.renewPassword(ADMIN, id);
    expect(renewed.password).not.to.equal(password);
    expect((await user(userId))?.['password_hash']).not.to.equal(before);
    expect((await user(userId))?.['must_change_password']).to.equal(1);
    expect(notes.signedOut).to.deep.equal([userId]);
  });

  it('get an account later where they had none', async () => {
    const { agents, site } = setup;
    const [id] = (await site.parts
      .database('agents')
      .insert({ name: 'By hand', number: '3007' })) as [AgentId];
    const made = await agents.saveAgent(
      ADMIN,
      id,
      1,
      agent('3007', { name: 'By hand', login: 'byhand' }),
    );
    expect(made?.login).to.equal('byhand');
    expect((await agents.get(ADMIN, id)).userId).to.be.a('number');
  });

  it('may share their own phone', async () => {
    const { agents, extensions } = setup;
    const phone = await extensions.createPhone(ADMIN, extension('2301'));
    await agents.createAgent(ADMIN, agent('3008', { extensionId: phone.id }));
    const second = await agents.createAgent(ADMIN, agent('3009', { extensionId: phone.id }));
    expect((await agents.get(ADMIN, second.id)).extensionId).to.equal(phone.id);
    expect(
      await refusal(
        agents.createAgent(ADMIN, agent('3010', { extensionId: 999_999 as ExtensionId })),
      ),
    ).to.equal('invalid-fields extensionId: agents.problem.extension-gone');
  });

  it('show one membership on both sides, and a save of one side is a conflict on the other', async () => {
    const { agents, queues } = setup;
    const queueId = await queues.create(ADMIN, queue('Both sides'));
    const { id } = await agents.createAgent(ADMIN, agent('3011'));
    await queues.save(ADMIN, queueId, 1, queue('Both sides', { members: [id] }));
    expect((await agents.get(ADMIN, id)).queues).to.deep.equal([queueId]);
    expect(await refusal(agents.saveAgent(ADMIN, id, 1, agent('3011')))).to.equal('conflict');
    await agents.saveAgent(ADMIN, id, 2, agent('3011'));
    expect((await queues.get(ADMIN, queueId)).members).to.deep.equal([]);
    expect(
      await refusal(
        queues.save(ADMIN, queueId, 2, queue('Both sides', { members: [id], recording: 'never' })),
      ),
    ).to.equal('conflict');
  });

  it('come out whole when queues and agents are saved at once', async () => {
    const { agents, queues } = setup;
    const queueIds = await Promise.all(
      ['P', 'Q', 'R'].map((name) => queues.create(ADMIN, queue(`Crossed ${name}`))),
    );
    const made = await Promise.all(
      ['3020', '3021', '3022'].map((number) => agents.createAgent(ADMIN, agent(number))),
    );
    const outcomes = await Promise.all([
      ...queueIds.map((id, n) =>
        refusal(
          queues.save(
            ADMIN,
            id,
            1,
            queue(`Crossed ${'PQR'[n] ?? ''}`, {
              members: made.map((one) => one.id).sort((a, b) => a - b),
            }),
          ),
        ),
      ),
      ...made.map((one, n) =>
        refusal(
          agents.saveAgent(
            ADMIN,
            one.id,
            1,
            agent(`302${String(n)}`, { queues: [...queueIds].sort((a, b) => a - b) }),
          ),
        ),
      ),
    ]);
    expect(new Set(outcomes)).to.satisfy((kinds: Set<string>) =>
      [...kinds].every((kind) => kind === 'not refused' || kind === 'conflict'),
    );
    for (const id of queueIds)
      for (const one of made) {
        const isMember = (await queues.get(ADMIN, id)).members.includes(one.id);
        expect((await agents.get(ADMIN, one.id)).queues.includes(id)).to.equal(isMember);
      }
  });
});
