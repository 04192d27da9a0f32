import { expect } from 'chai';
import { makeAgentMessagesFeature } from '../../../src/features/agent-messages/index.js';
import { adasCall, MARA, REPAIRS, snapshotOf, type Moment } from '../../support/live-moments.js';
import { wallboardFeatures } from '../../support/wallboard-site.js';
import { TestSite, type TestClient } from '../../support/web.js';

describe('filters of live lists, and messages to agents', function () {
  this.timeout(60_000);
  let site: TestSite;
  let supervisor: TestClient;
  let seq = 1;
  const show = (moment: Moment): void => {
    site.parts.live.publish(snapshotOf(moment, ++seq));
  };

  before(async () => {
    site = await TestSite.start((parts) => [
      ...wallboardFeatures(parts),
      makeAgentMessagesFeature({ ...parts, logger: parts.log }),
    ]);
    const { database, directory } = site.parts;
    await database('queues').insert({
      id: REPAIRS,
      name: 'Repairs',
      overflow: '{"kind":"hangup"}',
    });
    await database('agents').insert([
      { id: MARA, name: 'Mara Quill', number: '2107' },
      { id: 2, name: 'Theo Lark', number: '2108' },
      { id: 3, name: 'Nobody Else', number: '2109' },
    ]);
    await database('queue_members').insert(
      [MARA, 2].map((agent_id) => ({ queue_id: REPAIRS, agent_id })),
    );
    await directory.refresh();
    supervisor = await site.client('supervisor');
  });
  after(() => site.stop());

  it('agents by state, team and name; what makes no sense filters nothing', async () => {
    show({
      mara: { state: 'talking', extension: '2001' },
      theo: { state: 'available', queues: [] },
    });
    const names = async (query: string): Promise<readonly boolean[]> => {
      const { text } = await supervisor.get(`/live/agents?${query}`);
      return ['Mara Quill', 'Theo Lark'].map((name) => text.includes(name));
    };
    expect(await names('')).to.deep.equal([true, true]);
    expect(await names('state=talking')).to.deep.equal([true, false]);
    expect(await names(`queue=${String(REPAIRS)}`)).to.deep.equal([true, false]);
    expect(await names('q=LARK')).to.deep.equal([false, true]);
    expect(await names('q=20&state=bogus')).to.deep.equal([true, false]);
    expect(await names('q=%27%3B--%F0%9F%98%80')).to.deep.equal([false, false]);
  });

  it('calls by direction, line, phase, number and agent', async () => {
    show({
      mara: { state: 'talking' },
      calls: [
        adasCall({ fromName: 'Ada Finch' }),
        adasCall({ fromName: 'Bo Reed', stage: 'talk', agentId: MARA, from: '+442079460199' }),
        adasCall({
          fromName: 'Cy Holt',
          direction: 'outbound',
          stage: 'dial-outside',
          from: '2107',
        }),
      ],
    });
    const names = async (query: string): Promise<string> => {
      const { text } = await supervisor.get(`/live/calls?${query}`);
      return ['Ada Finch', 'Bo Reed', 'Cy Holt'].filter((name) => text.includes(name)).join();
    };
    expect(await names('')).to.equal('Ada Finch,Bo Reed,Cy Holt');
    expect(await names('direction=outbound')).to.equal('Cy Holt');
    expect(await names('phase=queue')).to.equal('Ada Finch');
    expect(await names(`queue=${String(REPAIRS)}&phase=talk`)).to.equal('Bo Reed');
    expect(await names('q=020+7946+0199')).to.equal('Bo Reed');
    expect(await names('q=quill')).to.equal('Bo Reed');
  });

  it('a message reaches those who serve a team and those who are named, once each, and is in the audit log', async () => {
    await supervisor.get('/live/messages');
    const refused = await supervisor.post('/live/messages', { text: 'Hello' });
    expect(refused.status).to.equal(422);
    expect(refused.text).to.contain('Choose a team or an agent.').and.contain('Hello');
    const sent = await supervisor.post('/live/messages', {
      ...{ text: 'Delivery delays in the north', queues: [String(REPAIRS)], agents: ['1', '3'] },
    });
    expect(sent.status).to.equal(303);
    const { database } = site.parts;
    const recipients = await database('agent_message_recipients')
      .orderBy('agent_id')
      .pluck('agent_id');
    expect(recipients).to.deep.equal([1, 2, 3]);
    const audit = await database('audit_entries').where({ action: 'agent.message' });
    expect(audit).to.have.length(1);
    expect((await supervisor.get('/live/messages')).text).to.contain('Seen by 0 of 3');
    const user = await database('users').where({ login: 'agent' }).first<{ id: number }>('id');
    await database('agents').where({ id: MARA }).update({ user_id: user.id });
    const agent = await site.client('agent');
    expect((await agent.post('/workspace/messages/1/seen')).status).to.equal(303);
    expect((await supervisor.get('/live/messages')).text).to.contain('Seen by 1 of 3');
    await agent.get('/me');
    expect((await agent.post('/live/messages', { text: 'x', agents: ['1'] })).status).to.equal(403);
  });
});
