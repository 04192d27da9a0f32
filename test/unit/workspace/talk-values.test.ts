import { expect } from 'chai';
import { drawDesk } from '../../../src/features/workspace/desk-picture.js';
import { talkCard, talkValues } from '../../../src/features/workspace/talk-values.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { LiveTalk, LiveTalkParty } from '../../../src/telephony/live.js';
import { loadMessages } from '../../../src/web/i18n.js';
import type { LiveViewer } from '../../../src/web/kit/index.js';
import { adasCall, MARA, snapshotOf, THEO } from '../../support/live-moments.js';

const messages = loadMessages((key) => {
  throw new Error(`no text ${key}`);
});
const viewer: LiveViewer = {
  ...{ language: 'en', zone: 'Europe/London', country: 'GB' },
  actor: { ...SYSTEM_ACTOR, role: 'agent', agentId: MARA },
  t: (key, params) => messages.translate('en', key, params),
};

const mara: LiveTalkParty = { number: '2001', name: 'Mara Quill', agentId: MARA, role: 'partner' };
const theo = { number: '2002', name: 'Theo Lark', agentId: THEO } as const;

function deskOf(agent: typeof MARA, talk: LiveTalk) {
  const call = adasCall({ stage: 'talk', connectedAt: Date.now(), talk });
  const at = { state: 'talking', callId: call.id } as const;
  const snapshot = snapshotOf(
    { mara: { ...at, extension: '2001' }, theo: { ...at, extension: '2002' }, calls: [call] },
    1,
  );
  const desk = drawDesk(snapshot, agent);
  if (desk === undefined) throw new Error('no desk');
  return desk;
}
const valuesOf = (talk: LiveTalk, agent = MARA) => talkValues(deskOf(agent, talk), viewer);

describe('the card of a talk', () => {
  it('lets whoever has the call hold, ask and transfer', () => {
    expect(valuesOf({ parties: [mara] })).to.include({
      ...{ isHolder: true, canHold: true, canResume: false, canConsult: true, mayTransfer: true },
      ...{ isConsult: false, isConference: false },
    });
  });

  it('on hold takes back what the page holds, and says where the phone does', () => {
    const held = (by: 'page' | 'phone'): LiveTalk => ({
      ...{ parties: [mara], hold: { since: 5, by }, heldSince: 5 },
    });
    expect(valuesOf(held('page'))).to.include({
      canResume: true,
      heldSince: 5,
      isHeldByPhone: false,
    });
    expect(valuesOf(held('phone'))).to.include({
      ...{ canResume: false, canConsult: false, isHeldByPhone: true },
    });
    expect(talkCard(deskOf(MARA, held('page')))).to.deep.equal({
      ...{ key: 'workspace.card.held', tone: 'hold' },
    });
  });

  it('while consulting shows both sides, and who hears whom', () => {
    const consult = (more: object): LiveTalk => ({
      parties: [mara, { ...theo, role: 'consulted' }],
      consult: { since: 7, isSwapped: false, ...more },
    });
    expect(valuesOf(consult({}))).to.include({
      ...{ consultWho: 'Theo Lark', consultNote: 'Rings', consultSince: 7, canSwap: false },
      ...{ callerNote: 'On hold', completeText: 'Transfer without waiting', canHold: false },
    });
    expect(valuesOf(consult({ answeredAt: 9 }))).to.include({
      ...{ consultNote: 'You hear each other', callerNote: 'On hold', canSwap: true },
      ...{ consultSince: 9, completeText: 'Complete transfer' },
    });
    expect(valuesOf(consult({ answeredAt: 9, isSwapped: true }))).to.include({
      ...{ consultNote: 'On hold', callerNote: 'You hear each other', isSwapped: true },
    });
  });

  it('of somebody who is asked rings, then says about whom, and has no buttons but hanging up', () => {
    const consult = (answeredAt?: number): LiveTalk => ({
      parties: [mara, { ...theo, role: 'consulted' }],
      consult: { since: 7, isSwapped: false, ...(answeredAt === undefined ? {} : { answeredAt }) },
    });
    const ringing = deskOf(THEO, consult());
    expect(ringing.mode).to.equal('ringing');
    expect(ringing.call?.party).to.deep.equal({ number: '2001', name: 'Mara Quill' });
    expect(talkValues(ringing, viewer)).to.include({
      asked: 'Asks you about Ada Finch, who is waiting.',
    });
    expect(valuesOf(consult(9), THEO)).to.include({
      ...{ isHolder: false, canConsult: false, isConsult: false },
    });
  });

  it('in a conference names everybody, and has no hold', () => {
    const talk: LiveTalk = { parties: [mara, { ...theo, role: 'member' }] };
    expect(valuesOf(talk)).to.include({
      ...{ isConference: true, canHold: false, canConsult: true, mayTransfer: false },
      members: 'In the conference: Mara Quill, Theo Lark',
    });
  });

  it('says why nobody could be asked, and why a call is back', () => {
    const lastConsult = { number: '2002', name: 'Theo Lark', outcome: 'busy', at: 3 } as const;
    expect(valuesOf({ parties: [mara], lastConsult })).to.include({
      consultProblem: 'Theo Lark is on another call.',
      consultProblemAt: 3,
    });
    const call = adasCall({
      ...{ stage: 'ring-extension', other: '2001' },
      transfer: { to: '2002 Theo Lark', returned: 'no-answer' },
    });
    const desk = drawDesk(
      snapshotOf({ mara: { state: 'available', extension: '2001' }, calls: [call] }, 1),
      MARA,
    );
    expect(desk && talkValues(desk, viewer)).to.include({
      returned: 'Back from 2002 Theo Lark: no answer.',
    });
  });

  it('leaves the agent whose dialled call was sent on', () => {
    const call = adasCall({
      ...{ direction: 'outbound', from: '2001', stage: 'talk', connectedAt: 5 },
      about: { number: '+442079460999', name: '' },
      talk: { parties: [{ ...theo, role: 'partner' }] },
    });
    const now = snapshotOf(
      {
        mara: { state: 'available', extension: '2001' },
        theo: { state: 'talking', extension: '2002', callId: call.id },
        calls: [call],
      },
      1,
    );
    expect(drawDesk(now, MARA)?.call).to.equal(undefined);
    expect(drawDesk(now, THEO)?.call?.party.number).to.equal('+442079460999');
  });
});
