import { expect } from 'chai';
import { busy, ringing } from '../../src/demo/carrier.js';
import { hear, pageOf, talk, useLab } from '../support/lab.js';
import { configured, ringsInstead, storyOfPhone, takeByKey } from '../support/phones.js';
import type { TestClient } from '../support/web.js';

/** Where whoever is outside answers. */
const OUTSIDE = '+442079460253';
/** Ann's own number from outside. */
const HER_NUMBER = '2001';

/** What the keys of forwarding.test.ts set, set on the page of the own phone instead; Ann's phone is 2001 and rings 5 s. */
describe('what the page of the own phone sets', function () {
  this.timeout(60_000);
  const lab = useLab();
  let ann: TestClient;

  before(async () => {
    ann = await pageOf(lab, 'ann');
  });
  afterEach(() => set({}));

  /** Saves the form with these fields and all others empty, and waits until calls go by it. */
  async function set(fields: Readonly<Record<string, string>>): Promise<void> {
    const { text } = await ann.get('/my-phone');
    const version = /name="version" value="(\d+)"/.exec(text)?.[1];
    const answer = await ann.post('/my-phone', {
      ...(version === undefined ? {} : { version }),
      callWaiting: 'on',
      ...fields,
    });
    expect(answer.status, /class="problem[^>]*>([^<]*)/.exec(answer.text)?.[1]).to.equal(303);
    await configured(lab);
  }
  const why = async (since: Date, kind: 'forwarded' | 'not-rung'): Promise<unknown> =>
    (await storyOfPhone(lab, '2003', since)).events.find((event) => event.kind === kind);

  it('sends every call on, until it is taken away', async () => {
    await set({ forwardAlways: '2005' });
    const since = new Date();
    const { caller, called } = await ringsInstead(lab, '2003', HER_NUMBER, '2005');
    await called.answer();
    await caller.answered(5_000);
    await caller.listen();
    await talk(caller, called);
    await caller.hangUp();
    expect(await why(since, 'forwarded')).to.include({ number: '2001', to: '2005', why: 'always' });
    await set({});
    const back = await ringsInstead(lab, '2003', HER_NUMBER, '2001');
    await back.caller.hangUp();
  });

  it('sends calls on when the phone is busy, and when nobody answers', async () => {
    await set({ forwardBusy: '2005', forwardNoAnswer: '2004' });
    lab.carrier.at('2001', busy);
    const whenBusy = await ringsInstead(lab, '2003', HER_NUMBER, '2005');
    await whenBusy.caller.hangUp();
    lab.carrier.at('2001', ringing);
    const since = new Date();
    const whenAway = await ringsInstead(lab, '2003', HER_NUMBER, '2004');
    await whenAway.caller.hangUp();
    expect(await why(since, 'forwarded')).to.include({ to: '2004', why: 'no-answer' });
  });

  it('lets calls follow to other phones, outside by a key', async () => {
    await set({
      followMeOn: 'on',
      followMeConfirms: 'on',
      ...{ 'followMe.0.number': '2005', 'followMe.0.ringS': '5' },
      ...{ 'followMe.1.number': OUTSIDE, 'followMe.1.ringS': '20', 'followMe.1.together': 'on' },
    });
    lab.carrier.at('2001', ringing);
    lab.carrier.at('2005', ringing);
    const rings = lab.carrier.ringsAt(OUTSIDE, 15_000);
    const since = new Date();
    const caller = await lab.carrier.dial('2003', HER_NUMBER);
    const called = await rings;
    await takeByKey(caller, called);
    await hear(caller, called);
    await caller.hangUp();
    const story = await storyOfPhone(lab, '2003', since);
    expect(story.row.result).to.equal('answered');
  });

  it('leaves the phone alone while it must not be disturbed', async () => {
    await set({ doNotDisturb: 'on' });
    const since = new Date();
    const caller = await lab.carrier.dial('2003', HER_NUMBER);
    await caller.answered(5_000);
    await caller.listen();
    await caller.ear.waitForSound(5_000);
    await caller.hangUp();
    expect(await why(since, 'not-rung')).to.include({ why: 'do-not-disturb' });
  });

  it('keeps a second call away once call waiting is off', async () => {
    await set({ callWaiting: '' });
    const { caller, called } = await ringsInstead(lab, '2003', HER_NUMBER, '2001');
    await called.answer();
    await caller.answered(5_000);
    const second = await lab.carrier.dial('2005', HER_NUMBER);
    await lab.product.nowHas('the mailbox instead', 8_000, (now) =>
      now.calls.some(({ from, stage }) => from === '2005' && stage === 'voicemail'),
    );
    await second.hangUp();
    await caller.hangUp();
    await called.ended(5_000);
  });

  it('calls a speed dial of the own', async () => {
    const saved = await ann.post('/my-phone/speed-dial', {
      ...{ code: '17', number: '2004', name: 'Workshop' },
    });
    expect(saved.status).to.equal(303);
    await configured(lab);
    const own = lab.carrier.ringsAt('2001', 8_000);
    expect((await ann.post('/my-phone/speed-dial/call', { number: '2004' })).status).to.equal(303);
    const phone = await own;
    const there = lab.carrier.ringsAt('2004', 8_000);
    await phone.answer();
    const called = await there;
    await called.answer();
    await hear(phone, called);
    await phone.hangUp();
    expect((await ann.post('/my-phone/speed-dial/17/remove', {})).status).to.equal(303);
  });
});
