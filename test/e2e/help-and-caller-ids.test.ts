import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import { talk, useLab } from '../support/lab.js';
import { configured, storyOfPhone } from '../support/phones.js';

const OUTSIDE = '+442079460971';
const MOBILE = '+447700900971';
const SITE = '+442079460119';
const OWN = '+442079460172';

describe('calls for help and the numbers that are shown', function () {
  this.timeout(60_000);
  const lab = useLab();

  const setting = async (name: string, value: object | undefined): Promise<void> => {
    const settings = lab.product.database('settings');
    if (value === undefined) await settings.where({ name }).delete();
    else
      await settings
        .insert({ name, value: JSON.stringify({ version: 1, value }) })
        .onConflict('name')
        .merge();
    await configured(lab);
  };
  const trunkIs = async (columns: object): Promise<void> => {
    await lab.product.database('trunks').where({ id: lab.company.trunk }).update(columns);
    await configured(lab);
  };
  const agentIs = async (columns: object): Promise<void> => {
    const { id } = lab.company.agents.ann;
    await lab.product.database('agents').where({ id }).update(columns);
    await configured(lab);
  };

  /** Both hear each other for a moment. */
  async function talkTo(caller: Party, called: Party): Promise<void> {
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
  }

  it('a phone that may only call inside reaches help, shown as the site says, and is not recorded', async () => {
    await setting('emergency', { numbers: ['8888'], callerId: SITE });
    try {
      for (const number of ['999', '8888']) {
        const since = new Date();
        const rings = lab.carrier.ringsAt(number, 8_000);
        const caller = await lab.carrier.dial('2005', number);
        const help = await rings;
        expect(help.shown.number).to.equal(SITE);
        await lab.product.nowHas('the alarm', 3_000, (now) =>
          now.calls.some((call) => call.isForHelp === true && call.from === '2005'),
        );
        await talkTo(caller, help);
        const story = await storyOfPhone(lab, '2005', since);
        expect(story.row).to.include({ result: 'answered', to_number: number });
        expect(story.recordings).to.deep.equal([]);
        expect(story.events.some(({ kind }) => kind === 'help-called')).to.equal(true);
        const audited = await lab.product
          .database('audit_entries')
          .where({ action: 'emergency.call', object_id: story.row.id })
          .select<{ user_name: string }[]>('user_name');
        expect(audited).to.deep.equal([{ user_name: '2005' }]);
      }
    } finally {
      await setting('emergency', undefined);
    }
  });

  it('where the only line is taken, that call is ended for it', async () => {
    const since = new Date();
    const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
    const other = await lab.carrier.dial('2002', OUTSIDE);
    const called = await rings;
    await called.answer();
    await other.answered(5_000);
    // The carrier has one line: it is congested as long as the other call has it.
    let isFree = false;
    void called.ended(20_000).then(() => {
      isFree = true;
    });
    const reached = new Promise<Party>((resolve) => {
      lab.carrier.at('999', async (party) => {
        if (isFree) resolve(party);
        else await party.hangUp(34);
      });
    });
    const caller = await lab.carrier.dial('2005', '999');
    await talkTo(caller, await reached);
    const ended = await storyOfPhone(lab, '2002', since);
    expect(ended.row).to.include({ ended_by: 'system', reason: 'emergency-needs-line' });
    const help = await storyOfPhone(lab, '2005', since);
    expect(help.events.find(({ kind }) => kind === 'line-freed')).to.include({
      freed: ended.row.id,
    });
  });

  it('a number is withheld where the trunk may, and the call refused where it may not', async () => {
    const since = new Date();
    const refused = await lab.carrier.dial('2001', `*31${OUTSIDE}`);
    await refused.answered(8_000);
    await refused.ended(15_000);
    expect((await storyOfPhone(lab, '2001', since)).row.reason).to.equal(
      'withholding-not-permitted',
    );
    await trunkIs({ may_withhold: true });
    try {
      const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
      const caller = await lab.carrier.dial('2001', `*31${OUTSIDE}`);
      const called = await rings;
      expect(called.shown.number).to.match(/^(anonymous)?$/i);
      await talkTo(caller, called);
    } finally {
      await trunkIs({ may_withhold: false });
    }
  });

  it("a number that the trunk may not show gives way to the trunk's own", async () => {
    await trunkIs({ allowed_caller_ids: JSON.stringify(['+4416*']) });
    try {
      const since = new Date();
      const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
      const caller = await lab.carrier.dial('2002', OUTSIDE);
      const called = await rings;
      const shown = called.shown.number;
      await talkTo(caller, called);
      const { events } = await storyOfPhone(lab, '2002', since);
      const leg = events.find((e) => e.kind === 'leg-started' && e.role === 'outside');
      expect(leg).to.include({ callerId: shown, callerIdOf: 'trunk' });
    } finally {
      await trunkIs({ allowed_caller_ids: JSON.stringify([]) });
    }
  });

  it('the page rings a phone outside first, asks for a key, then the customer, who sees the agent', async () => {
    await agentIs({ outside_phone: MOBILE, caller_ids: JSON.stringify([OWN]) });
    try {
      const since = new Date();
      const extensionId = lab.company.extensions.get('2001');
      if (extensionId === undefined) throw new Error('no 2001');
      const agentId = lab.company.agents.ann.id;
      await lab.product.order({ kind: 'agent-sign-in', agentId, extensionId });
      const mobile = lab.carrier.ringsAt(MOBILE, 8_000);
      const customer = lab.carrier.ringsAt(OUTSIDE, 20_000);
      await lab.product.order({
        ...{ kind: 'agent-dial', agentId, number: OUTSIDE },
        from: 'outside-phone',
      });
      const agent = await mobile;
      await agent.answer();
      await agent.listen();
      await agent.ear.waitForSound(8_000);
      await agent.press('1');
      const called = await customer;
      expect(called.shown.number).to.equal(OWN);
      await talk(agent, called);
      await called.hangUp();
      await agent.ended(5_000);
      const story = await storyOfPhone(lab, '2001', since);
      expect(story.row).to.include({ direction: 'outbound', result: 'answered' });
    } finally {
      await agentIs({ outside_phone: '', caller_ids: JSON.stringify([]) });
    }
  });

  it('nobody lifts the own phone: the attempt is a call that says so', async () => {
    const since = new Date();
    const extensionId = lab.company.extensions.get('2001');
    if (extensionId === undefined) throw new Error('no 2001');
    lab.carrier.at('2001', (party) => party.hangUp(21));
    await lab.product.order({ kind: 'phone-dial', extensionId, number: OUTSIDE });
    const { row } = await storyOfPhone(lab, '2001', since);
    expect(row).to.include({ direction: 'outbound', to_number: OUTSIDE, result: 'no-answer' });
    expect(row.reason).to.equal('own-phone-declined');
  });
});
