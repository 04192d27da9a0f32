import { expect } from 'chai';
import {
  newBridgeId,
  newChannelId,
  newPlaybackId,
  newRecordingId,
  type BridgeId,
  type ChannelId,
  type PlaybackId,
} from '../../src/kernel/ids.js';
import { Scope } from '../../src/kernel/scope.js';
import type { AriEventOf, Inbox } from '../../src/telephony/ari/events.js';
import {
  AriError,
  type AriEvent,
  type AriFailure,
  type AriPort,
} from '../../src/telephony/ari/port.js';

/** A caller at the far end, as the tests drive it. */
export interface FarCaller {
  readonly channel: ChannelId;
  readonly arrival: AriEventOf<'StasisStart'>;
  press(digits: string): Promise<void>;
  /** Speaks from now on for that long. */
  speak(ms: number): Promise<void>;
  hangUp(): Promise<void>;
}

/** One Asterisk, small or real, with what surrounds it. */
export interface ConformanceLab {
  readonly ari: AriPort;
  /** A call comes in, its caller named `callerName` at `callerNumber`; the far side has it under control. */
  arrive(callerNumber?: string, callerName?: string): Promise<FarCaller>;
  /** Lets time pass until the promise settles; fails after `limitMs`. */
  until<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
  pass(ms: number): Promise<void>;
  /** What an endpoint does when it is called. */
  readonly endpoints: Readonly<
    Record<'answers' | 'busy' | 'rings' | 'declines' | 'unreachable', string>
  >;
  /** A prompt of about a second or less, one of many seconds, one that is not there. */
  readonly sounds: Readonly<Record<'short' | 'long' | 'missing', string>>;
  /** Channels, bridges, recordings and inboxes that are still there. */
  leftovers(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const ALL_TYPES = [
  'StasisStart',
  'StasisEnd',
  'ChannelDestroyed',
  'ChannelHangupRequest',
  'ChannelStateChange',
  'ChannelDtmfReceived',
  'PlaybackFinished',
  'RecordingFinished',
  'Dial',
  'ChannelEnteredBridge',
  'ChannelLeftBridge',
] as const satisfies readonly AriEvent['type'][];
type AnyEvent = AriEventOf<(typeof ALL_TYPES)[number]>;

/** Drives one test: what it makes is taken down with its scope. */
class Driver {
  constructor(
    readonly lab: ConformanceLab,
    readonly scope: Scope,
  ) {}

  get ari(): AriPort {
    return this.lab.ari;
  }

  /** A caller who has been answered and whose ChannelDestroyed is told, with everything heard of it. */
  async caller(): Promise<FarCaller & { readonly inbox: Inbox<AnyEvent> }> {
    const caller = await this.lab.arrive();
    const inbox = this.listen(caller.channel);
    this.clearUp(caller.channel);
    await this.ari.watchChannel(caller.channel);
    await this.ari.answer(caller.channel);
    await this.heard(inbox, 'ChannelStateChange', ({ state }) => state === 'Up');
    return { ...caller, inbox };
  }

  listen(channel: ChannelId): Inbox<AnyEvent> {
    return this.ari.events.inbox(this.scope, channel, ALL_TYPES);
  }

  /** The next event of that type that fits; earlier ones of other types are passed over. */
  async heard<T extends AnyEvent['type']>(
    inbox: Inbox<AnyEvent>,
    type: T,
    fits: (event: AriEventOf<T>) => boolean = () => true,
  ): Promise<AriEventOf<T>> {
    const search = async (): Promise<AriEventOf<T>> => {
      for (;;) {
        const event = await inbox.next();
        if (event.type === type && fits(event as AriEventOf<T>)) return event as AriEventOf<T>;
      }
    };
    return await this.lab.until(search());
  }

  /** All event types up to and including `last`. */
  async heardUntil(inbox: Inbox<AnyEvent>, last: AnyEvent['type']): Promise<AnyEvent['type'][]> {
    const collect = async (): Promise<AnyEvent['type'][]> => {
      const types: AnyEvent['type'][] = [];
      for (;;) {
        types.push((await inbox.next()).type);
        if (types.at(-1) === last) return types;
      }
    };
    return await this.lab.until(collect());
  }

  async bridge(): Promise<BridgeId> {
    const bridge = newBridgeId();
    await this.ari.createBridge(bridge, 'conformance');
    this.scope.defer(() => ignoreGone(this.ari.destroyBridge(bridge)));
    return bridge;
  }

  async play(channel: ChannelId, ...media: string[]): Promise<PlaybackId> {
    const playback = newPlaybackId();
    await this.ari.play(channel, playback, media);
    return playback;
  }

  async originate(
    endpoint: string,
    timeoutMs = 20_000,
  ): Promise<{ channel: ChannelId; inbox: Inbox<AnyEvent> }> {
    const channel = newChannelId('outside');
    const inbox = this.listen(channel);
    this.clearUp(channel);
    await this.ari.originate({ ...this.call(channel, endpoint), timeoutMs });
    return { channel, inbox };
  }

  call(channel: ChannelId, endpoint: string) {
    return {
      channel,
      endpoint,
      appArgs: ['leg', 'call 1'],
      callerNumber: '+442079460123',
      callerName: 'Ada "the" <first>',
      timeoutMs: 20_000,
    };
  }

  clearUp(channel: ChannelId): void {
    this.scope.defer(() => ignoreGone(this.ari.hangup(channel)));
  }
}

async function ignoreGone(command: Promise<void>): Promise<void> {
  try {
    await command;
  } catch (error) {
    if (!(error instanceof AriError) || error.failure !== 'gone') throw error;
  }
}

async function refusal(command: Promise<unknown>): Promise<AriFailure | 'accepted'> {
  try {
    await command;
    return 'accepted';
  } catch (error) {
    if (error instanceof AriError) return error.failure;
    throw error;
  }
}

/**
 * What every AriPort keeps: the same tests run against the small Asterisk of the unit tests and against a real one, so
 * that what stages rely on is what they get.
 */
export function describeAriConformance(name: string, open: () => Promise<ConformanceLab>): void {
  describe(`${name} keeps the contract of AriPort:`, function () {
    this.timeout(60_000);
    let lab: ConformanceLab;
    before(async () => {
      lab = await open();
    });
    after(async () => {
      await lab.close();
    });
    afterEach(async () => {
      expect(await lab.leftovers()).to.deep.equal([]);
    });
    const test = (title: string, body: (driver: Driver) => Promise<void>): void => {
      it(title, () => Scope.run('test', (scope) => body(new Driver(lab, scope))));
    };
    describeChannels(test);
    describeSound(test);
    describeRecordings(test);
    describeDialling(test);
    describeBridges(test);
    describeConferences(test);
  });
}

type Test = (title: string, body: (driver: Driver) => Promise<void>) => void;

function describeChannels(test: Test): void {
  test('a call arrives with its number, name and arguments, ringing', async ({
    lab,
    ari,
    scope,
  }) => {
    const { arrival, channel } = await lab.arrive('+442079460777', 'Bob <b>"x"');
    scope.defer(() => ari.hangup(channel));
    expect(arrival.snapshot).to.include({
      id: channel,
      callerNumber: '+442079460777',
      state: 'Ring',
    });
    expect(arrival.snapshot.callerName).to.contain('Bob');
    expect(arrival.args[0]).to.equal('trunk');
    expect(arrival.snapshot.exten).to.equal(arrival.args[1]);
    expect((await ari.listChannels()).map(({ id }) => id)).to.include(channel);
  });

  test('answering makes it Up; ringing before that is accepted', async (driver) => {
    const { ari, lab } = driver;
    const { channel } = await lab.arrive();
    driver.clearUp(channel);
    const inbox = driver.listen(channel);
    await ari.ring(channel);
    await ari.answer(channel);
    const { state } = await driver.heard(inbox, 'ChannelStateChange');
    expect(state).to.equal('Up');
  });

  test('the far end hangs up: StasisEnd, then ChannelDestroyed with its cause; commands say gone', async (driver) => {
    const { channel, inbox, hangUp } = await driver.caller();
    await hangUp();
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    // The request may be told again while the channel is taken down.
    expect([...new Set(types)]).to.deep.equal([
      'ChannelHangupRequest',
      'StasisEnd',
      'ChannelDestroyed',
    ]);
    const { ari } = driver;
    const bridge = await driver.bridge();
    for (const command of [
      () => ari.answer(channel),
      () => ari.ring(channel),
      () => ari.hangup(channel),
      () => ari.play(channel, newPlaybackId(), [driver.lab.sounds.short]),
      () => ari.startMusic(channel, 'default'),
      () => ari.stopMusic(channel),
      () => ari.setVariable(channel, 'X', '1'),
      () => ari.markChannel(channel, 'x'),
      () => ari.watchChannel(channel),
      () => ari.sendDtmf(channel, '1'),
      () => ari.mute(channel),
      () => ari.unmute(channel),
      () => ari.detectTalking(channel, 500),
      () => ari.detectTone(channel, 1_000, 200),
      () => ari.detectMachine(channel),
      () => ari.addToConference(bridge, [channel]),
      () => ari.addToBridge(bridge, [channel]),
      () => ari.snoop(channel, newChannelId('snoop'), 'in'),
      () => ari.record(channel, { name: newRecordingId(), format: 'wav' }),
    ])
      expect(await refusal(command())).to.equal('gone');
  });

  test('we hang up: the far end is told, nobody else asks', async (driver) => {
    const { channel, inbox } = await driver.caller();
    await driver.ari.hangup(channel, 17);
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(types.at(-1)).to.equal('ChannelDestroyed');
    expect(types).to.include('StasisEnd');
  });

  test('a channel that is not watched ends with StasisEnd', async (driver) => {
    const { channel, hangUp } = await driver.lab.arrive();
    driver.clearUp(channel);
    const inbox = driver.listen(channel);
    await driver.ari.answer(channel);
    await hangUp();
    await driver.heard(inbox, 'StasisEnd');
  });

  test('a mark is in every later snapshot of the channel', async (driver) => {
    const { ari } = driver;
    const { channel } = await driver.caller();
    const mark = JSON.stringify({ call: '01J', stage: 'queue, "2" & ü' });
    await ari.markChannel(channel, mark);
    const found = (await ari.listChannels()).find(({ id }) => id === channel);
    expect(found?.mark).to.equal(mark);
  });

  test('keys arrive one by one', async (driver) => {
    const { inbox, press } = await driver.caller();
    await press('1*#');
    const digits: string[] = [];
    for (let i = 0; i < 3; i++)
      digits.push((await driver.heard(inbox, 'ChannelDtmfReceived')).digit);
    expect(digits.join('')).to.equal('1*#');
  });

  test('keys can be sent, music started and stopped, variables set', async (driver) => {
    const { ari } = driver;
    const { channel } = await driver.caller();
    await ari.sendDtmf(channel, '12');
    await ari.startMusic(channel, 'default');
    await ari.stopMusic(channel);
    await ari.setVariable(channel, 'TIMEOUT(absolute)', '3600');
  });
}

/** Whether it holds within a second. */
async function soon(
  { lab }: { readonly lab: { pass(ms: number): Promise<void> } },
  holds: () => Promise<boolean>,
): Promise<boolean> {
  for (let look = 0; look < 20; look++) {
    if (await holds()) return true;
    await lab.pass(50);
  }
  return holds();
}

function describeConferences(test: Test): void {
  test('a conference is made once, its members are muted and heard again, and it is recorded mixed', async (driver) => {
    const { ari, lab } = driver;
    const { channel, inbox } = await driver.caller();
    const bridge = await driver.bridge();
    await ari.detectTalking(channel, 500);
    await ari.addToConference(bridge, [channel]);
    await driver.heard(inbox, 'ChannelEnteredBridge');
    // A process that takes the room up makes it again: it stays as it is.
    await ari.createBridge(bridge, 'conformance');
    const found = (await ari.listBridges()).find(({ id }) => id === bridge);
    expect(found?.channels).to.include(channel);
    for (const twice of [1, 2]) {
      await ari.mute(channel);
      expect(await refusal(ari.unmute(channel)), String(twice)).to.equal('accepted');
    }
    expect(await ari.packetsFrom(channel)).to.be.a('number');
    // Of one alone who says nothing there would be no sound at all: with a third it is mixed, and silence is sound.
    const companion = newChannelId('snoop');
    driver.clearUp(companion);
    await ari.snoop(channel, companion, 'in');
    await ari.addListeners(bridge, [companion]);
    const name = newRecordingId();
    await ari.recordBridge(bridge, { name, format: 'wav' });
    expect(await ari.isRecording(name)).to.equal(true);
    await lab.pass(700);
    await ari.stopRecording(name);
    // Asterisk closes the file a moment after it has agreed.
    expect(await soon(driver, async () => !(await ari.isRecording(name)))).to.equal(true);
    expect((await ari.recordings.fetch(name)).length).to.be.greaterThan(8_000);
    await ari.recordings.remove(name);
  });
}

function describeSound(test: Test): void {
  test('a list of prompts plays to its end', async (driver) => {
    const { channel, inbox } = await driver.caller();
    const { short } = driver.lab.sounds;
    const playback = await driver.play(channel, short, short);
    const event = await driver.heard(inbox, 'PlaybackFinished');
    expect(event).to.include({ playback, failed: false });
    // Asterisk tells of the end a moment before it forgets the playback.
    const isGone = async (): Promise<boolean> =>
      (await refusal(driver.ari.stopPlayback(playback))) === 'gone';
    expect(await soon(driver, isGone)).to.equal(true);
  });

  test('a prompt can be stopped, and says so', async (driver) => {
    const { channel, inbox } = await driver.caller();
    const playback = await driver.play(channel, driver.lab.sounds.long, driver.lab.sounds.long);
    await driver.lab.pass(300);
    await driver.ari.stopPlayback(playback);
    const event = await driver.heard(inbox, 'PlaybackFinished');
    expect(event).to.include({ playback, failed: false });
  });

  test('a missing prompt fails', async (driver) => {
    const { channel, inbox } = await driver.caller();
    const playback = await driver.play(channel, driver.lab.sounds.missing);
    const event = await driver.heard(inbox, 'PlaybackFinished');
    expect(event).to.include({ playback, failed: true });
  });

  test('a tone goes on until it is stopped', async (driver) => {
    const { channel, inbox } = await driver.caller();
    const playback = await driver.play(channel, 'tone:440');
    await driver.lab.pass(3000);
    await driver.ari.stopPlayback(playback);
    expect(await driver.heard(inbox, 'PlaybackFinished')).to.include({ playback });
  });

  test('prompts queue: the second begins when the first ends', async (driver) => {
    const { channel, inbox } = await driver.caller();
    const first = await driver.play(channel, driver.lab.sounds.long);
    const second = await driver.play(channel, driver.lab.sounds.short);
    await driver.ari.stopPlayback(first);
    expect((await driver.heard(inbox, 'PlaybackFinished')).playback).to.equal(first);
    expect((await driver.heard(inbox, 'PlaybackFinished')).playback).to.equal(second);
  });

  test('variables, marks and bridging wait for the prompt; other commands do not', async (driver) => {
    const { ari, lab } = driver;
    const { channel, inbox } = await driver.caller();
    const other = await driver.caller();
    const bridge = await driver.bridge();
    const playback = await driver.play(channel, lab.sounds.long);
    const done: string[] = [];
    const note = (name: string) => (): void => {
      done.push(name);
    };
    const blocked = [
      ari.setVariable(channel, 'X', '1').then(note('variable')),
      ari.markChannel(channel, 'x').then(note('mark')),
      ari.addToBridge(bridge, [channel]).then(note('bridge')),
    ];
    await ari.setVariable(other.channel, 'X', '1');
    await ari.listChannels();
    await lab.pass(1000);
    expect(done).to.deep.equal([]);
    await ari.stopPlayback(playback);
    await driver.heard(inbox, 'PlaybackFinished');
    await lab.until(Promise.all(blocked));
    expect(done.sort()).to.deep.equal(['bridge', 'mark', 'variable']);
  });

  test('hanging up is immediate, also while a prompt plays', async (driver) => {
    const { channel, inbox } = await driver.caller();
    await driver.play(channel, driver.lab.sounds.long);
    await driver.ari.hangup(channel);
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(types).to.include('PlaybackFinished');
  });
}

function describeRecordings(test: Test): void {
  test('a recording is stopped, fetched, and removed', async (driver) => {
    const { ari, lab } = driver;
    const { channel, inbox, speak } = await driver.caller();
    const name = newRecordingId();
    await ari.record(channel, { name, format: 'wav' });
    await speak(2000);
    await lab.pass(2500);
    expect(await ari.isRecording(name)).to.equal(true);
    expect(await refusal(ari.record(channel, { name, format: 'wav' }))).to.equal('refused');
    await ari.stopRecording(name);
    const event = await driver.heard(inbox, 'RecordingFinished');
    expect(event).to.include({ name, failed: false });
    expect(event.durationMs).to.be.within(1000, 3500);
    expect(await ari.isRecording(name)).to.equal(false);
    const file = await ari.recordings.fetch(name);
    expect(file.subarray(0, 4).toString('latin1')).to.equal('RIFF');
    expect(await ari.recordings.list()).to.include(name);
    await ari.recordings.remove(name);
    expect(await refusal(ari.recordings.fetch(name))).to.equal('gone');
    expect(await refusal(ari.recordings.remove(name))).to.equal('gone');
    expect(await refusal(ari.stopRecording(name))).to.equal('gone');
  });

  test('names with folders are taken, names that leave the folder are not', async (driver) => {
    const { ari } = driver;
    const { channel, inbox } = await driver.caller();
    for (const name of ['../x', 'a/../../x', '/etc/passwd', '.x', 'a//b', '']) {
      expect(await refusal(ari.record(channel, { name, format: 'wav' }))).to.equal('refused');
      expect(await refusal(ari.recordings.fetch(name))).to.equal('refused');
      expect(await refusal(ari.recordings.remove(name))).to.equal('refused');
    }
    const name = `${newRecordingId()}/caller`;
    await ari.record(channel, { name, format: 'wav' });
    await ari.stopRecording(name);
    await driver.heard(inbox, 'RecordingFinished');
    expect((await ari.recordings.fetch(name)).length).to.be.greaterThan(40);
    await ari.recordings.remove(name);
  });

  test('a message ends with its key, and the key is told too', async (driver) => {
    const { ari } = driver;
    const { channel, inbox, press } = await driver.caller();
    const name = newRecordingId();
    await ari.record(channel, { name, format: 'wav', terminateOn: '#', maxDurationMs: 30_000 });
    await driver.lab.pass(500);
    await press('#');
    const types = await driver.heardUntil(inbox, 'RecordingFinished');
    expect(types).to.include('ChannelDtmfReceived');
    await ari.recordings.remove(name);
  });

  test('a message ends with silence, which does not count as talking', async (driver) => {
    const { ari } = driver;
    const { channel, inbox, speak } = await driver.caller();
    const name = newRecordingId();
    await ari.record(channel, { name, format: 'wav', maxSilenceMs: 2000, maxDurationMs: 30_000 });
    await speak(3000);
    const event = await driver.heard(inbox, 'RecordingFinished');
    expect(event.talkingMs).to.be.within(2000, 4000);
    await ari.recordings.remove(name);
  });

  test('a recording ends with its channel and is kept', async (driver) => {
    const { ari } = driver;
    const { channel, inbox, hangUp, speak } = await driver.caller();
    const name = newRecordingId();
    await ari.record(channel, { name, format: 'wav' });
    await speak(1000);
    await driver.lab.pass(1500);
    await hangUp();
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(types).to.include('RecordingFinished');
    expect((await ari.recordings.fetch(name)).length).to.be.greaterThan(40);
    await ari.recordings.remove(name);
  });

  test('a snoop can record as soon as it is there, is no arrival, and ends with its channel', async (driver) => {
    const { ari, lab } = driver;
    const { channel, hangUp, speak } = await driver.caller();
    let arrivals = 0;
    ari.events.onArrival(() => arrivals++);
    const snoop = newChannelId('snoop');
    const inbox = driver.listen(snoop);
    await ari.snoop(channel, snoop, 'in');
    const name = newRecordingId();
    await ari.record(snoop, { name, format: 'wav' });
    await speak(1000);
    await lab.pass(1500);
    await hangUp();
    const types = await driver.heardUntil(inbox, 'StasisEnd');
    expect(types).to.include('RecordingFinished').and.not.include('StasisStart');
    expect(arrivals).to.equal(0);
    await ari.recordings.remove(name);
  });
}

function describeDialling(test: Test): void {
  test('a far end rings, answers and enters with our arguments; nobody takes it for a new call', async (driver) => {
    const { ari, lab } = driver;
    let arrivals = 0;
    ari.events.onArrival(() => arrivals++);
    const { channel, inbox } = await driver.originate(lab.endpoints.answers);
    const ringing = await driver.heard(inbox, 'Dial', ({ progress }) => progress === 'RINGING');
    expect(ringing.channel).to.equal(channel);
    await driver.heard(inbox, 'Dial', ({ progress }) => progress === 'ANSWER');
    const start = await driver.heard(inbox, 'StasisStart');
    expect(start.args).to.deep.equal(['leg', 'call 1']);
    expect(start.snapshot.state).to.equal('Up');
    expect(arrivals).to.equal(0);
    await ari.hangup(channel);
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(types).to.include('StasisEnd');
  });

  test('a busy far end: cause 17, SIP 486', async (driver) => {
    const { inbox } = await driver.originate(driver.lab.endpoints.busy);
    const { cause, techCause } = await driver.heard(inbox, 'ChannelDestroyed');
    expect({ cause, techCause }).to.deep.equal({ cause: 17, techCause: 486 });
  });

  test('a far end that declines: cause 21', async (driver) => {
    const { inbox } = await driver.originate(driver.lab.endpoints.declines);
    const types = await driver.heard(inbox, 'ChannelDestroyed');
    expect(types.cause).to.equal(21);
    expect(types.techCause).to.be.oneOf([403, 603]);
  });

  test('a far end that only rings: cause 19 after our time, without StasisStart', async (driver) => {
    const { inbox } = await driver.originate(driver.lab.endpoints.rings, 2000);
    const types = await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(types).to.include('Dial').and.not.include('StasisStart').and.not.include('StasisEnd');
  });

  test('a ringing far end can be given up', async (driver) => {
    const { channel, inbox } = await driver.originate(driver.lab.endpoints.rings);
    await driver.heard(inbox, 'Dial', ({ progress }) => progress === 'RINGING');
    await driver.ari.hangup(channel, 26);
    await driver.heardUntil(inbox, 'ChannelDestroyed');
    expect(await refusal(driver.ari.hangup(channel))).to.equal('gone');
  });

  test('an endpoint that is not there is refused at once', async (driver) => {
    const channel = newChannelId('agent');
    const command = driver.ari.originate(driver.call(channel, driver.lab.endpoints.unreachable));
    expect(await refusal(command)).to.equal('refused');
  });

  test('a call for a caller who has left is not made', async (driver) => {
    const { ari, lab } = driver;
    const { channel: originator, inbox, hangUp } = await driver.caller();
    await hangUp();
    await driver.heard(inbox, 'ChannelDestroyed');
    const call = { ...driver.call(newChannelId('agent'), lab.endpoints.answers), originator };
    expect(await refusal(ari.originate(call))).to.equal('gone');
  });

  test('a created channel can be bridged before it is dialled, and answers without entering again', async (driver) => {
    const { ari, lab } = driver;
    const caller = await driver.caller();
    const channel = newChannelId('outside');
    const inbox = driver.listen(channel);
    driver.clearUp(channel);
    await ari.createChannel(driver.call(channel, lab.endpoints.answers));
    const bridge = await driver.bridge();
    await ari.addToBridge(bridge, [caller.channel, channel]);
    await ari.dial(channel, 20_000);
    const types: string[] = [];
    const answered = async (): Promise<void> => {
      for (;;) {
        const event = await inbox.next();
        types.push(event.type);
        if (event.type === 'Dial' && event.progress === 'ANSWER') return;
      }
    };
    await lab.until(answered());
    expect(types).to.not.include('StasisStart');
    await ari.hangup(channel);
    await driver.heardUntil(inbox, 'ChannelDestroyed');
  });

  test('a created channel that nobody answers ends like an originated one', async (driver) => {
    const { ari, lab } = driver;
    await driver.caller();
    const channel = newChannelId('outside');
    const inbox = driver.listen(channel);
    driver.clearUp(channel);
    await ari.createChannel(driver.call(channel, lab.endpoints.busy));
    await ari.dial(channel, 20_000);
    const { cause } = await driver.heard(inbox, 'ChannelDestroyed');
    expect(cause).to.equal(17);
  });
}

function describeBridges(test: Test): void {
  test('channels enter, move to another bridge, leave, and stay ours when a bridge is destroyed', async (driver) => {
    const { ari } = driver;
    const a = await driver.caller();
    const b = await driver.caller();
    const [first, second] = [await driver.bridge(), await driver.bridge()];
    await ari.addToBridge(first, [a.channel, b.channel]);
    for (const { inbox } of [a, b])
      expect((await driver.heard(inbox, 'ChannelEnteredBridge')).bridge).to.equal(first);
    const found = (await ari.listBridges()).find(({ id }) => id === first);
    expect(found?.channels).to.have.members([a.channel, b.channel]);
    await ari.addToBridge(second, [a.channel]);
    expect((await driver.heard(a.inbox, 'ChannelLeftBridge')).bridge).to.equal(first);
    expect((await driver.heard(a.inbox, 'ChannelEnteredBridge')).bridge).to.equal(second);
    await ari.removeFromBridge(second, [a.channel]);
    expect((await driver.heard(a.inbox, 'ChannelLeftBridge')).bridge).to.equal(second);
    await ari.destroyBridge(first);
    expect((await driver.heard(b.inbox, 'ChannelLeftBridge')).bridge).to.equal(first);
    const ids = (await ari.listChannels()).map(({ id }) => id);
    expect(ids).to.include.members([a.channel, b.channel]);
  });

  test('a channel that hangs up leaves its bridge first; the other stays in it', async (driver) => {
    const { ari } = driver;
    const a = await driver.caller();
    const b = await driver.caller();
    const bridge = await driver.bridge();
    await ari.addToBridge(bridge, [a.channel, b.channel]);
    await driver.heard(a.inbox, 'ChannelEnteredBridge');
    await a.hangUp();
    const types = await driver.heardUntil(a.inbox, 'ChannelDestroyed');
    expect(types.indexOf('ChannelLeftBridge')).to.be.within(0, types.indexOf('StasisEnd'));
    const found = (await ari.listBridges()).find(({ id }) => id === bridge);
    expect(found?.channels).to.deep.equal([b.channel]);
  });

  test('a bridge that is no more is gone', async (driver) => {
    const { ari } = driver;
    const { channel } = await driver.caller();
    const bridge = await driver.bridge();
    await ari.destroyBridge(bridge);
    // Accepted is not yet done.
    while ((await ari.listBridges()).some(({ id }) => id === bridge));
    expect(await refusal(ari.destroyBridge(bridge))).to.equal('gone');
    expect(await refusal(ari.addToBridge(bridge, [channel]))).to.equal('gone');
    expect(await refusal(ari.removeFromBridge(bridge, [channel]))).to.equal('gone');
  });

  test('a channel that still rings somewhere cannot be bridged', async (driver) => {
    const { channel, inbox } = await driver.originate(driver.lab.endpoints.rings);
    await driver.heard(inbox, 'Dial', ({ progress }) => progress === 'RINGING');
    const bridge = await driver.bridge();
    expect(await refusal(driver.ari.addToBridge(bridge, [channel]))).to.equal('refused');
  });
}
