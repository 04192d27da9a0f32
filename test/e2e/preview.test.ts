import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import type { AgentId, CampaignId, ContactId, QueueId } from '../../src/kernel/ids.js';
import type { CampaignMode } from '../../src/telephony/campaigns.js';
import type { LivePreview } from '../../src/telephony/live-previews.js';
import { makeQueue } from '../support/feature-queues.js';
import { agentIs, makeAvailable, talk, useLab } from '../support/lab.js';
import { makeCampaign, makeContacts, makeList } from '../support/outbound.js';
import { dialCode } from '../support/phones.js';
import { until } from '../support/until.js';

const GRACE = '+442079460711';
const ALAN = '+442079460712';
const KATE = '+442079460713';
const LIMIT_MS = 8_000;

describe('calling for a campaign, the agent first, on real phones', function () {
  this.timeout(60_000);
  const lab = useLab();
  let queue: QueueId;
  let ann: AgentId;

  before(async () => {
    ann = lab.company.agents.ann.id;
    queue = await makeQueue(lab, 'Outbound', { wrapUpS: 2, members: [ann], recording: 'always' });
  });
  afterEach(async () => {
    await lab.product.database('campaigns').update({ state: 'stopped' });
  });

  async function campaign(
    mode: CampaignMode,
    people: readonly (readonly [name: string, number: string])[],
  ): Promise<{ readonly id: CampaignId; readonly contacts: readonly ContactId[] }> {
    const db = lab.product.database;
    const contacts = await makeContacts(
      db,
      people.map(([name, number]) => ({ name, numbers: [number] })),
    );
    const name = `${mode} ${people[0]?.[0] ?? ''}`;
    const list = await makeList(db, contacts, name);
    const id = await makeCampaign(db, {
      ...{ name, mode, state: 'draft', lists: [list] },
      settings: { endsWhenEmpty: false, previewLimitMs: 60_000, ringMs: 15_000 },
    });
    const [sourceId] = (await db('campaign_sources').where({ campaign_id: id }).pluck('id')) as [
      number,
    ];
    if (mode === 'preview')
      await db('leads').insert(
        contacts.map((contact, at) => ({
          ...{ campaign_id: id, contact_id: contact, source_id: sourceId },
          next_at: new Date(Date.now() - 60_000 + at),
        })),
      );
    await db('campaigns').where({ id }).update({ queue_id: queue, state: 'running' });
    return { id, contacts };
  }

  const shown = (who: string): Promise<LivePreview> =>
    lab.product.nowHas(`${who} before Ann`, LIMIT_MS, (now) => {
      const preview = now.agents.find(({ id }) => id === ann)?.preview;
      return preview?.name === who && preview;
    });
  /** Ann calls from the page: her phone rings, and she lifts it. The customer's phone rings then. */
  async function callNow(who: string, number: string): Promise<{ ann: Party; customer: Party }> {
    const { attempt } = await shown(who);
    const own = lab.carrier.ringsAt('2001', LIMIT_MS);
    const rings = lab.carrier.ringsAt(number, LIMIT_MS);
    await lab.product.order({ kind: 'preview-call', agentId: ann, attempt });
    const phone = await own;
    await phone.answer();
    await phone.listen();
    return { ann: phone, customer: await rings };
  }
  const result = (number: string, wanted: string): Promise<Record<string, unknown>> =>
    until(`the result ${wanted} of ${number}`, LIMIT_MS, () =>
      lab.product
        .database('attempts')
        .where({ number, result: wanted, kind: 'dial' })
        .first<Record<string, unknown> | undefined>('*'),
    );

  it('shows the record, rings the agent, then the customer; talk, wrap-up, the next; skip, busy, and keys of the phone', async () => {
    await campaign('preview', [
      ['Grace Hall', GRACE],
      ['Alan Wood', ALAN],
      ['Kate Moss', KATE],
    ]);
    // She is hardly available before the first record comes.
    const extensionId = lab.company.extensions.get('2001');
    if (extensionId === undefined) throw new Error('no extension 2001');
    await lab.product.order({ kind: 'agent-sign-in', agentId: ann, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId: ann });
    const { ann: phone, customer } = await callNow('Grace Hall', GRACE);
    await talk(phone, customer);
    await agentIs(lab, 'ann', 'talking');
    await customer.hangUp();
    await agentIs(lab, 'ann', 'wrap-up');
    const row = await result(GRACE, 'human');
    expect(row).to.include({ agent_id: ann, mode: 'preview' });
    expect(row['reasons']).to.not.equal('[]');

    // The next comes behind the wrap-up: busy, without one.
    const { attempt } = await shown('Alan Wood');
    lab.carrier.at(ALAN, (party) => party.hangUp(17));
    const own = lab.carrier.ringsAt('2001', LIMIT_MS);
    await lab.product.order({ kind: 'preview-call', agentId: ann, attempt });
    await (await own).answer();
    await result(ALAN, 'busy');
    await shown('Kate Moss');

    // Without a page: skipped by the phone's keys.
    await dialCode(lab, '2001', '*22');
    await result(KATE, 'skipped');
    await agentIs(lab, 'ann', 'available');
  });

  it('calls an appointment at its time, the agent first', async () => {
    const { id, contacts } = await campaign('appointment', [['Ida Byron', '+442079460714']]);
    await makeAvailable(lab, 'ann');
    await lab.product.database('follow_ups').insert({
      ...{ kind: 'appointment', contact_id: contacts[0], campaign_id: id, agent_id: ann },
      ...{ number: '+442079460714', due_at: new Date(Date.now() + 3_000), note: 'new machine' },
      source: 'page',
    });
    const { ann: phone, customer } = await callNow('Ida Byron', '+442079460714');
    await talk(phone, customer);
    await customer.hangUp();
    await until('the promise to be kept', LIMIT_MS, async () => {
      const row = await lab.product
        .database('follow_ups')
        .where({ campaign_id: id })
        .first<{ state: string; attempts: number } | undefined>('state', 'attempts');
      return row?.state === 'done' && row.attempts === 1;
    });
    expect((await result('+442079460714', 'human'))['mode']).to.equal('appointment');
  });

  it('loses nobody when the program is killed, or the agent leaves, with a record before them', async () => {
    await campaign('preview', [
      ['Ruth Hale', '+442079460715'],
      ['Omar Reid', '+442079460716'],
    ]);
    const extensionId = lab.company.extensions.get('2001');
    if (extensionId === undefined) throw new Error('no extension 2001');
    await lab.product.order({ kind: 'agent-sign-in', agentId: ann, extensionId });
    await lab.product.order({ kind: 'agent-available', agentId: ann });
    await shown('Ruth Hale');
    await lab.product.process.kill();
    await lab.product.process.start();
    // What was read is as it was; she has somebody else meanwhile.
    await shown('Omar Reid');
    await result('+442079460715', 'failed');
    await lab.product.order({ kind: 'agent-sign-out', agentId: ann });
    await result('+442079460716', 'failed');
    const open = await lab.product
      .database('leads')
      .whereIn('state', ['calling'])
      .select<object[]>('id');
    expect(open).to.deep.equal([]);
  });
});
