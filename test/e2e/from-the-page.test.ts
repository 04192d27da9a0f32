import { expect } from 'chai';
import { busy } from '../../src/demo/carrier.js';
import type { Party } from '../../src/demo/party.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { ExtensionId } from '../../src/kernel/ids.js';
import {
  agentIs,
  CALLED_HZ,
  CALLER_HZ,
  callIn,
  hear,
  newCaller,
  pageOf,
  storyOf,
  talk,
  useLab,
} from '../support/lab.js';
import { configured, storyOfPhone } from '../support/phones.js';
import { until } from '../support/until.js';
import type { TestClient } from '../support/web.js';

/** What the third one's tone is. */
const THIRD_HZ = 440;
/** A number of the carrier that nobody else uses here. */
const OUTSIDE = '+442079460251';
/** A paging group that no other test has. */
const GATE = '791';

/** Ann sits at 2001 and works with the pages only: every button goes over HTTP and Redis to the real Asterisk. */
describe('from the page', function () {
  this.timeout(60_000);
  const lab = useLab();
  let ann: TestClient;

  before(async () => {
    await lab.configuration.pagingGroups.create(SYSTEM_ACTOR, {
      ...{ name: 'Gate', number: GATE },
      members: ['2004', '2005'].map(extension),
    });
    await configured(lab);
    ann = await pageOf(lab, 'ann');
  });

  function extension(number: string): ExtensionId {
    const id = lab.company.extensions.get(number);
    if (id === undefined) throw new Error(`no ${number}`);
    return id;
  }
  const rings = (number: string): Promise<Party> => lab.carrier.ringsAt(number, 8_000);

  /** Presses a button of a page without scripts: the browser is sent on where it was carried out. */
  async function press(path: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const answer = await ann.post(path, fields);
    expect(answer.status, `${path}: ${problemIn(answer.text)}`).to.equal(303);
  }
  const problemIn = (text: string): string =>
    /role="alert"[^>]*>(?:<svg.*?<\/svg>)?<span>([^<]+)/.exec(text)?.[1] ?? '';
  /** Gives a command of the agent's page, as its script does. */
  async function command(name: string, fields: Readonly<Record<string, string>> = {}) {
    const answer = await ann.post(`/workspace/commands/${name}`, fields, {
      accept: 'application/json',
    });
    expect(answer.status, `${name}: ${answer.text}`).to.equal(200);
  }
  /** Ann is at work. */
  async function signIn(): Promise<void> {
    await command('sign-in', { extension: '2001' });
    await command('available');
    await agentIs(lab, 'ann', 'available');
  }
  /** Ann's own phone rings for what the page was asked, and she lifts it; then somebody else's rings. */
  async function liftThen(
    own: Promise<Party>,
    number: string,
  ): Promise<[own: Party, other: Party]> {
    const phone = await own;
    const other = rings(number);
    await phone.answer();
    return [phone, await other];
  }
  /** Somebody from outside talks with Ann, who is at work. */
  async function talkWithAnn(): Promise<{ from: string; caller: Party; phone: Party }> {
    await signIn();
    const own = rings('2001');
    const from = newCaller();
    const caller = await callIn(lab, 'queue', from);
    const phone = await own;
    await talk(caller, phone);
    return { from, caller, phone };
  }
  const heldBy = (from: string, by: 'page' | undefined): Promise<unknown> =>
    lab.product.nowHas(by === undefined ? 'no hold' : 'the hold', 3_000, (now) =>
      now.calls.some((call) => call.from === from && call.talk && call.talk.hold?.by === by),
    );

  describe('pick-up', () => {
    it('takes a call that rings at a colleague, at the own phone', async () => {
      const since = new Date();
      const there = rings('2004');
      const caller = await lab.carrier.dial('2003', '2004');
      const rang = await there;
      await until('the button on the page', 5_000, async () =>
        /\/directory\/pick-up"[^>]*"person:2004.canPickUp" ?>/.test(
          (await ann.get('/directory')).text,
        ),
      );
      const own = rings('2001');
      await press('/directory/pick-up', { number: '2004' });
      const phone = await own;
      expect(phone.shown.number).to.equal('2003');
      await phone.answer();
      await rang.ended(5_000);
      await caller.answered(5_000);
      await hear(caller, phone);
      await caller.hangUp();
      const story = await storyOfPhone(lab, '2003', since);
      expect(story.events.find(({ kind }) => kind === 'picked-up')).to.include({
        ...{ number: '2001', from: '2004' },
      });
      // The phone that took it made no call of its own.
      expect(await lab.stories.from('2001', since)).to.deep.equal([]);
    });

    it('lets the own phone be when the colleague was quicker', async () => {
      const there = rings('2004');
      const caller = await lab.carrier.dial('2003', '2004');
      const called = await there;
      const own = rings('2001');
      await press('/directory/pick-up', { number: '2004' });
      const phone = await own;
      await called.answer();
      await phone.ended(5_000);
      await caller.answered(5_000);
      await hear(caller, called);
    });

    it('is refused beside its button for what a queue offers, as by the key', async () => {
      await lab.product.order({
        ...{ kind: 'agent-sign-in', agentId: lab.company.agents.bob.id },
        extensionId: extension('2002'),
      });
      await lab.product.order({ kind: 'agent-available', agentId: lab.company.agents.bob.id });
      const there = rings('2002');
      await callIn(lab, 'queue');
      await there;
      await ann.get('/directory');
      const answer = await ann.post('/directory/pick-up', { number: '2002', at: 'people:2002' });
      expect(answer.status).to.equal(409);
      expect(problemIn(answer.text)).to.contain('Nothing rings at 2002');
    });
  });

  it('intercom speaks to a colleague’s phone', async () => {
    const since = new Date();
    const own = rings('2001');
    await press('/directory/intercom', { number: '2005' });
    const [phone, called] = await liftThen(own, '2005');
    expect(phone.shown).to.deep.equal({ number: '2005', name: 'Desk 2005' });
    await called.answer();
    await hear(phone, called);
    await phone.hangUp();
    expect((await storyOfPhone(lab, '2001', since)).row.result).to.equal('answered');
  });

  it('paging is heard at every phone of the group, and hears none', async () => {
    const since = new Date();
    const own = rings('2001');
    await press('/directory/page', { number: GATE });
    const phone = await own;
    const there = ['2004', '2005'].map(rings);
    await phone.answer();
    const phones = await Promise.all(there);
    await phone.listen();
    for (const one of phones) {
      await one.answer();
      await one.listen();
    }
    await phone.say(CALLER_HZ);
    await Promise.all(phones.map((one) => one.ear.waitForTone(CALLER_HZ, 8_000)));
    await Promise.all(phones.map((one) => one.say(CALLED_HZ)));
    await phone.ear.waitForSilence(1_000, 8_000);
    await phone.hangUp();
    await Promise.all(phones.map((one) => one.ended(5_000)));
    const story = await storyOfPhone(lab, '2001', since);
    expect(story.events.find(({ kind }) => kind === 'paged')).to.include({ name: 'Gate' });
  });

  describe('call-back on busy', () => {
    /** Two others talk with each other. */
    async function keepBusy(number: string): Promise<Party> {
      const there = rings(number);
      const holder = await lab.carrier.dial('2004', number);
      await (await there).answer();
      await holder.answered(5_000);
      return holder;
    }
    /** When the colleague has hung up, first the own phone rings, then that of the colleague. */
    async function isCalledBack(holder: Party): Promise<void> {
      await lab.product.nowHas('the wish', 5_000, (now) =>
        now.extensions.some((one) => one.number === '2001' && one.callsBack === '2005'),
      );
      expect((await ann.get('/my-phone')).text).to.match(/\.callsBack"[^>]*>2005</);
      const own = rings('2001');
      await holder.hangUp();
      const [phone, called] = await liftThen(own, '2005');
      expect(phone.shown.name).to.equal('↩ Desk 2005');
      await called.answer();
      await hear(phone, called);
    }

    it('is asked for at a colleague who talks', async () => {
      const holder = await keepBusy('2005');
      await press('/directory/call-back', { number: '2005' });
      await isCalledBack(holder);
    });

    it('is asked for after a call that the page had dialled in vain', async () => {
      const holder = await keepBusy('2005');
      lab.carrier.at('2005', busy);
      const own = rings('2001');
      await press('/directory/call', { number: '2005' });
      const phone = await own;
      await phone.answer();
      await lab.product.nowHas('the busy announcement', 8_000, (now) =>
        now.calls.some((call) => call.from === '2001' && call.stage === 'announce'),
      );
      await phone.hangUp();
      await press('/my-phone/busy-callback');
      await isCalledBack(holder);
    });
  });

  it('redial dials what the phone itself dialled last', async () => {
    const first = rings('2005');
    const before = await lab.carrier.dial('2001', '2005');
    await first;
    await before.hangUp();
    await until('the last number on the page', 5_000, async () =>
      (await ann.get('/my-phone')).text.includes('2005 Desk 2005'),
    );
    await lab.product.isIdle();
    const own = rings('2001');
    await press('/my-phone/redial');
    const [phone, called] = await liftThen(own, '2005');
    await called.answer();
    await hear(phone, called);
  });

  it('dialling rings the own phone, then the number outside', async () => {
    await signIn();
    const since = new Date();
    const own = rings('2001');
    await command('dial', { number: OUTSIDE });
    const [phone, called] = await liftThen(own, OUTSIDE);
    await called.answer();
    await hear(phone, called);
    await phone.hangUp();
    await called.ended(5_000);
    expect((await storyOfPhone(lab, '2001', since)).row).to.include({
      ...{ direction: 'outbound', to_number: OUTSIDE, result: 'answered' },
    });
  });

  it('a blind transfer goes to an extension, and the agent is free', async () => {
    const { from, caller, phone } = await talkWithAnn();
    const there = rings('2003');
    await command('transfer', { target: `extension:${String(extension('2003'))}` });
    await phone.ended(3_000);
    const third = await there;
    expect(third.shown.number).to.equal(from);
    await third.answer();
    await hear(caller, third, THIRD_HZ);
    await agentIs(lab, 'ann', 'available');
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.events.filter(({ kind }) => kind === 'transferred')).to.have.length(1);
  });

  it('a parked call is taken again', async () => {
    const { from, caller, phone } = await talkWithAnn();
    await command('transfer', { target: 'park:any' });
    await phone.ended(3_000);
    const slot = await lab.product.nowHas(
      'the slot',
      5_000,
      (now) => now.calls.find((call) => call.from === from)?.parked?.slot,
    );
    await caller.ear.waitForSound(3_000);
    const own = rings('2001');
    await press(`/parked/${slot}/retrieve`);
    const again = await own;
    await again.answer();
    await hear(caller, again, THIRD_HZ);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.events.find(({ kind }) => kind === 'retrieved')).to.include({
      ...{ slot, number: '2001' },
    });
  });

  it('hold gives the caller music, and takes it away again', async () => {
    const { from, caller, phone } = await talkWithAnn();
    await command('hold');
    await heldBy(from, 'page');
    await phone.say(THIRD_HZ);
    await phone.ear.waitForSilence(500, 5_000);
    await caller.ear.waitForSound(3_000);
    await command('resume');
    await heldBy(from, undefined);
    await hear(caller, phone, THIRD_HZ);
    await caller.hangUp();
    const { events } = await storyOf(lab, from);
    expect(events.filter(({ kind }) => kind === 'held')).to.have.length(1);
  });

  it('a consult is asked for, swapped, dropped, and becomes a conference', async () => {
    const { from, caller, phone } = await talkWithAnn();
    const ask = async (): Promise<Party> => {
      const there = rings('2003');
      await command('consult', { target: `extension:${String(extension('2003'))}` });
      const third = await there;
      await third.answer();
      await hear(phone, third, THIRD_HZ);
      return third;
    };
    const first = await ask();
    await command('swap');
    await hear(caller, phone);
    await command('swap');
    await hear(phone, first, THIRD_HZ);
    await command('drop');
    await first.ended(3_000);
    await hear(caller, phone);
    const second = await ask();
    await command('conference');
    await Promise.all([caller, phone].map((one) => one.ear.waitForTone(THIRD_HZ, 8_000)));
    await phone.hangUp();
    await hear(caller, second, THIRD_HZ);
    await caller.hangUp();
    const story = await storyOf(lab, from);
    expect(story.row.result).to.equal('answered');
    expect(story.events.filter(({ kind }) => kind === 'consult-answered')).to.have.length(2);
  });

  it('a consult is completed, and the agent is free', async () => {
    const { from, caller, phone } = await talkWithAnn();
    const there = rings('2003');
    await command('consult', { target: `extension:${String(extension('2003'))}` });
    const third = await there;
    await third.answer();
    await hear(phone, third, THIRD_HZ);
    await command('complete');
    await phone.ended(3_000);
    await hear(caller, third, THIRD_HZ);
    await agentIs(lab, 'ann', 'available');
    await caller.hangUp();
    expect((await storyOf(lab, from)).recordings).to.have.length(1);
  });

  it('a recording is paused, and goes on', async () => {
    const { from, caller } = await talkWithAnn();
    const isRecorded = (isOn: boolean): Promise<unknown> =>
      lab.product.nowHas(`the recording to be ${isOn ? 'on' : 'off'}`, 8_000, (now) =>
        now.calls.some((call) => call.from === from && call.recording === isOn),
      );
    await isRecorded(true);
    await command('record-pause');
    await isRecorded(false);
    await command('record-resume');
    await isRecorded(true);
    await caller.hangUp();
    expect((await storyOf(lab, from)).recordings).to.have.length(2);
  });

  it('a message in the mailbox is called back', async () => {
    await signIn();
    await command('not-ready', { reason: 'break' });
    const from = newCaller();
    const caller = await callIn(lab, 'menu', from);
    await caller.press('3');
    await caller.ear.waitForTone(CALLER_HZ, 8_000);
    await caller.say(CALLED_HZ);
    await caller.endsWithin(2_200);
    await caller.hangUp();
    const id = await until('the message on the page', 10_000, async () => {
      const { text } = await ann.get(`/voicemail?q=${encodeURIComponent(from)}`);
      return /action="\/voicemail\/(\w+)\/call-back"/.exec(text)?.[1];
    });
    const own = rings('2001');
    await press(`/voicemail/${id}/call-back`);
    const [phone, called] = await liftThen(own, from);
    await called.answer();
    await hear(phone, called);
  });
});
