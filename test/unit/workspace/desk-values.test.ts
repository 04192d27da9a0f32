import { expect } from 'chai';
import { deskTopic, deskValues } from '../../../src/features/workspace/desk-values.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { Language } from '../../../src/kernel/call-event.js';
import type { CallId } from '../../../src/kernel/ids.js';
import { DEFAULT_CODES } from '../../../src/telephony/feature-codes.js';
import type { Directory, DirectorySnapshot } from '../../../src/telephony/directory.js';
import { loadMessages } from '../../../src/web/i18n.js';
import type { LiveViewer } from '../../../src/web/kit/index.js';
import {
  adasCall,
  inLine,
  MARA,
  PHONE_2001,
  queuesWith,
  REPAIRS,
  snapshotOf,
  type Moment,
} from '../../support/live-moments.js';

const messages = loadMessages((key) => {
  throw new Error(`no text ${key}`);
});

const viewer = (language: Language = 'en'): LiveViewer => ({
  language,
  zone: 'Europe/London',
  country: 'GB',
  actor: { ...SYSTEM_ACTOR, role: 'agent', agentId: MARA },
  t: (key, params) => messages.translate(language, key, params),
});

const current = {
  agents: new Map([[MARA, { id: MARA, name: 'Mara Quill', extensionId: PHONE_2001 }]]),
  extensions: new Map([[PHONE_2001, { id: PHONE_2001, number: '2001', name: 'Mara Quill' }]]),
  queues: new Map([[REPAIRS, { id: REPAIRS, ringTimeoutMs: 20_000, serviceLevelMs: 20_000 }]]),
  notReadyReasons: new Map([
    [
      'lunch',
      {
        code: 'lunch',
        names: { en: 'Lunch', 'zh-CN': '用餐' },
        limitMs: 1_800_000,
        dayLimitMs: 3_600_000,
        isActive: true,
        agentsMayChoose: true,
      },
    ],
  ]),
  didsByNumber: new Map([['+448005550110', { name: 'Repairs line' }]]),
  extensionsByNumber: new Map(),
  featureCodes: DEFAULT_CODES,
};
const directory: Pick<Directory, 'current'> = { current: current as object as DirectorySnapshot };

const used = { minutes: 0 };
const parts = {
  directory,
  today: {
    usedBefore: () => new Map([['lunch', used.minutes * 60_000]]),
    countedFrom: (since: number) => since,
    onChange: () => () => undefined,
  },
};

const valuesOf = (moment: Moment, language?: Language) =>
  deskValues(snapshotOf(moment, 1), viewer(language), MARA, parts);

const SEAT = { extension: '2001' } as const;

describe('the desk of an agent', () => {
  it('is unknown before anything was heard, and for an agent whom the calls do not know', () => {
    expect(deskValues(undefined, viewer(), MARA, parts)).to.include({ isUnknown: true });
    const strangers = { ...snapshotOf({}, 1), agents: [] };
    expect(deskValues(strangers, viewer(), MARA, parts)).to.include({ mode: 'unknown' });
  });

  it('offers to sign in, and says whether the own phone could ring', () => {
    expect(valuesOf({})).to.include({
      mode: 'signed-out',
      primary: 'sign-in',
      seatText: 'Your phone 2001 is registered.',
      canDial: false,
    });
    const lost = valuesOf({ extensions: [{ id: PHONE_2001, number: '2001', registered: false }] });
    expect(lost).to.include({ seatState: 'not-registered' });
  });

  it('tells the reason of a not-ready state, but not the ones that tell nothing', () => {
    const lunch = valuesOf({ mara: { ...SEAT, state: 'not-ready', reason: 'lunch' } });
    expect(lunch).to.include({ stateText: 'Not ready · Lunch', primary: 'available' });
    const fresh = valuesOf({ mara: { ...SEAT, state: 'not-ready', reason: 'signed-in' } });
    expect(fresh).to.include({ stateText: 'Not ready', canGoAvailable: true });
    const zh = valuesOf({ mara: { ...SEAT, state: 'not-ready', reason: 'lunch' } }, 'zh-CN');
    expect(zh).to.include({ stateText: '示忙 · 用餐' });
  });

  it('turns red past the limit of an occurrence and past that of the day, and says what is used', () => {
    const lunch = (minutesAgo: number) =>
      valuesOf({
        mara: {
          ...SEAT,
          state: 'not-ready',
          reason: 'lunch',
          since: Date.now() - minutesAgo * 60_000 - 1_000,
        },
      });
    expect(lunch(29)).to.include({ tone: 'notready', stateText: 'Not ready · Lunch' });
    expect(lunch(31)).to.include({
      tone: 'alarm',
      stateIcon: 'alert-triangle',
      stateText: 'Not ready · Lunch · over the limit',
      'reason:lunch.used': '31 of 60 min today, 30 min each time',
    });
    used.minutes = 50;
    expect(lunch(9)).to.include({ tone: 'notready' });
    expect(lunch(11)).to.include({ tone: 'alarm' });
    used.minutes = 0;
  });

  it('says so when the product set the agent not ready', () => {
    const missed = valuesOf({ mara: { ...SEAT, state: 'not-ready', reason: 'missed-calls' } });
    expect(missed).to.include({ wasMissing: true, stateText: 'Not ready · Missed calls' });
  });

  it('shows queue and caller while the phone rings, and until when', () => {
    const call = adasCall();
    const since = Date.now() - 6_000;
    const values = valuesOf({
      mara: { ...SEAT, state: 'ringing', since, callId: call.id },
      calls: [call],
      queues: queuesWith([inLine(call.id, 106_000)]),
    });
    expect(values).to.include({
      mode: 'ringing',
      source: 'Repairs',
      who: 'Ada Finch',
      number: '(020) 7946 0123',
      via: 'Repairs line 0800 555 0110',
      path: '2 Repairs › 1 Washing machine',
      ringUntil: since + 20_000,
      liftText: 'Lift the handset of 2001',
      windowTitle: '☎ Repairs · Ada Finch',
      announcement: 'Incoming call, Repairs, Ada Finch',
      canHangUp: false,
      primary: '',
    });
    expect(values['waitSince']).to.be.a('number');
  });

  it('shows the number where nobody said a name, and says where there is no number', () => {
    const state = { ...SEAT, state: 'ringing' } as const;
    const nameless = adasCall({ fromName: '' });
    const numberOnly = valuesOf({ mara: { ...state, callId: nameless.id }, calls: [nameless] });
    expect(numberOnly).to.include({ who: '(020) 7946 0123', number: '' });
    const withheld = adasCall({ from: '', fromName: '' });
    const nobody = valuesOf({ mara: { ...state, callId: withheld.id }, calls: [withheld] });
    expect(nobody).to.include({ who: 'Number withheld', number: '' });
  });

  it('shows recording, timer and next state while talking', () => {
    const connectedAt = Date.now() - 222_000;
    const call = adasCall({ stage: 'talk', connectedAt, recording: true, agentId: MARA });
    const values = valuesOf({
      mara: { ...SEAT, state: 'talking', callId: call.id, next: 'not-ready', reason: 'lunch' },
      calls: [call],
    });
    expect(values).to.include({
      mode: 'talking',
      callSince: connectedAt,
      isRecording: true,
      isNext: true,
      next: 'not-ready',
      nextText: 'Not ready · Lunch',
      canHangUp: true,
      windowTitle: '',
    });
  });

  it('calls a number that the agent dialed "calling" until somebody answers', () => {
    const call = adasCall({
      direction: 'outbound',
      from: '2001',
      fromName: 'Mara Quill',
      to: '+442079460155',
      other: '+442079460155',
      stage: 'dial-outside',
    });
    const talking = { ...SEAT, state: 'talking', callId: call.id } as const;
    const values = valuesOf({ mara: talking, calls: [call] });
    expect(values).to.include({
      mode: 'calling',
      who: '(020) 7946 0155',
      canHangUp: true,
      via: '',
    });
    const answered = { ...call, stage: 'talk', connectedAt: Date.now() };
    expect(valuesOf({ mara: talking, calls: [answered] })).to.include({ mode: 'talking' });
  });

  it('rings for a direct call too, although the agent stays available for queues', () => {
    const call = adasCall({
      direction: 'internal',
      from: '2002',
      fromName: 'Theo Lark',
      to: '2001',
      other: '2001',
      stage: 'ring-extension',
      path: [],
    });
    const values = valuesOf({ mara: { ...SEAT, state: 'available' }, calls: [call] });
    expect(values).to.include({
      mode: 'ringing',
      state: 'available',
      source: 'Internal call',
      who: 'Theo Lark',
      ringUntil: null,
      callSince: call.stageSince,
    });
  });

  it("names the colleague at the other end of an agent's own internal call", () => {
    const call = adasCall({
      direction: 'internal',
      from: '2001',
      fromName: 'Mara Quill',
      to: '2002',
      other: '2002',
      stage: 'ring-extension',
    });
    const values = valuesOf({
      mara: { ...SEAT, state: 'available' },
      theo: { state: 'available', extension: '2002' },
      calls: [call],
    });
    expect(values).to.include({ mode: 'calling', who: 'Theo Lark', number: '2002' });
  });

  it('takes no code dialed on the phone for a call', () => {
    const call = adasCall({ direction: 'internal', from: '2001', to: '*12', stage: 'desk-code' });
    const values = valuesOf({ mara: { ...SEAT, state: 'available' }, calls: [call] });
    expect(values).to.include({ mode: 'idle', call: '' });
  });

  it('counts wrap-up down and says what comes then', () => {
    const until = Date.now() + 24_000;
    const values = valuesOf({ mara: { ...SEAT, state: 'wrap-up', until } });
    expect(values).to.include({
      mode: 'wrap-up',
      wrapUpUntil: until,
      stateSince: null,
      nextText: 'Available',
      primary: 'finish',
    });
  });

  it('offers nothing but signing out while the phone is lost', () => {
    const values = valuesOf({
      mara: { ...SEAT, state: 'phone-lost', reason: 'not-registered' },
      extensions: [{ id: PHONE_2001, number: '2001', registered: false }],
    });
    expect(values).to.include({
      isPhoneLost: true,
      isIdle: false,
      canDial: false,
      canChoose: false,
      mayChooseAvailable: false,
      phone: 'not-registered',
      primary: '',
    });
  });

  it('lists own queues with those in line, and marks a wait over the target', () => {
    const waiting = [inLine('A' as CallId, 252_000), inLine('B' as CallId, 22_000, 2)];
    const seat = { ...SEAT, state: 'available' } as const;
    const values = valuesOf({ mara: { ...seat, queues: [REPAIRS] }, queues: queuesWith(waiting) });
    expect(values).to.include({
      queues: '1',
      'queue:1.name': 'Repairs',
      'queue:1.waiting': 2,
      'queue:1.longestSince': waiting[0]?.since,
      'queue:1.isLate': true,
    });
    const short = valuesOf({ mara: seat, queues: queuesWith([inLine('A' as CallId, 5_000)]) });
    expect(short).to.include({ queues: '1 2', 'queue:1.isLate': false, 'queue:2.waiting': 0 });
  });

  it('is empty for users who are no agents', () => {
    const topic = deskTopic(parts);
    const supervisor = { ...viewer(), actor: { ...SYSTEM_ACTOR, role: 'supervisor' as const } };
    expect(topic.values(snapshotOf({}, 1), supervisor)).to.deep.equal({});
    expect(topic.sharedBy?.(viewer())).to.equal('agent 1');
  });
});
