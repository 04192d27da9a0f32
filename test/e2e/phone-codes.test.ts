import { expect } from 'chai';
import { busy } from '../../src/demo/carrier.js';
import { agentIs, CALLED_HZ, storyOf, talk, talkWithAnn, useLab } from '../support/lab.js';
import { until } from '../support/until.js';
import { configured, dialCode, storyOfPhone } from '../support/phones.js';

describe('what phones dial by short codes', function () {
  this.timeout(60_000);
  const lab = useLab();

  it('is the number behind a speed dial, and what was dialled last', async () => {
    await lab.product
      .database('speed_dials')
      .insert({ code: '42', name: 'Workshop', number: '2005' })
      .onConflict('code')
      .merge(['number']);
    await configured(lab);
    const since = new Date();
    for (const code of ['*042', '*66']) {
      const rings = lab.carrier.ringsAt('2005', 8_000);
      const caller = await lab.carrier.dial('2003', code);
      const called = await rings;
      await called.answer();
      await caller.answered(5_000);
      await caller.listen();
      await talk(caller, called);
      await caller.hangUp();
      const story = await storyOfPhone(lab, '2003', since);
      expect(story.row, code).to.include({ to_number: '2005', result: 'answered' });
    }
  });

  it('is what became of a talk: while it lasts on a second line, and again a moment later', async () => {
    await lab.product
      .database('dispositions')
      .insert([
        { name_en: 'Sold', name_zh: '成交', position: 1, phone_key: '1' },
        { name_en: 'Complaint', name_zh: '投诉', position: 2, phone_key: '22' },
      ])
      .onConflict('phone_key')
      .merge(['name_en']);
    await configured(lab);
    const kept = (callId: string): Promise<readonly string[]> =>
      lab.product
        .database('call_dispositions as said')
        .join('dispositions as d', 'd.id', 'said.disposition_id')
        .where({ 'said.call_id': callId, 'said.agent_id': lab.company.agents.ann.id })
        .pluck('d.name_en');
    const dial = async (digits: string): Promise<string | undefined> => {
      const since = new Date();
      const party = await lab.carrier.dial('2001', digits);
      await party.answered(5_000);
      await party.listen();
      await party.ear.waitForSound(5_000);
      await party.ended(20_000);
      return until(`what became of ${digits}`, 15_000, async () => {
        const story = (await lab.stories.from('2001', since)).at(-1);
        return story?.row.ended_at ? story.row.reason : undefined;
      });
    };
    const { from, caller } = await talkWithAnn(lab);
    const callId = await until(
      'the talk on the pages',
      5_000,
      () => lab.product.now.calls.find((one) => one.from === from)?.id,
    );
    expect(await dial('*141')).to.equal('disposition-chosen');
    expect(await kept(callId)).to.deep.equal(['Sold']);
    // The talk went on meanwhile.
    await caller.ear.waitForTone(CALLED_HZ, 5_000);
    await caller.hangUp();
    await agentIs(lab, 'ann', 'available');
    expect(await dial('*1422')).to.equal('disposition-chosen');
    expect(await kept(callId)).to.deep.equal(['Complaint']);
    expect(await dial('*149')).not.to.equal('disposition-chosen');
    expect(await kept(callId)).to.deep.equal(['Complaint']);
    expect((await storyOf(lab, from)).row).to.include({ id: callId, result: 'answered' });
  });

  it('is a callback when a busy extension is free: first the phone that asked, then the extension', async () => {
    lab.carrier.at('2005', busy);
    const first = await lab.carrier.dial('2003', '2005');
    await first.ended(15_000);
    // Two others talk with it now.
    const rings = lab.carrier.ringsAt('2005', 8_000);
    const holder = await lab.carrier.dial('2004', '2005');
    const held = await rings;
    await held.answer();
    await holder.answered(5_000);
    await dialCode(lab, '2003', '*37');
    await lab.product.nowHas('the wish on the pages', 5_000, (now) =>
      now.extensions.some((one) => one.number === '2003' && one.callsBack === '2005'),
    );
    const ringsBack = lab.carrier.ringsAt('2003', 20_000);
    await holder.hangUp();
    const asked = await ringsBack;
    expect(asked.shown).to.deep.equal({ number: '2005', name: '↩ Desk 2005' });
    const ringsThere = lab.carrier.ringsAt('2005', 8_000);
    await asked.answer();
    await asked.listen();
    const called = await ringsThere;
    await talk(asked, called);
    await asked.hangUp();
    await lab.product.nowHas('no wish', 5_000, (now) =>
      now.extensions.every((one) => one.callsBack === undefined),
    );
  });
});
