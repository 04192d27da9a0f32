import { expect } from 'chai';
import type { Party } from '../../src/demo/party.js';
import { toneMs } from '../../src/demo/tones.js';
import { NEW_CONFERENCE } from '../../src/features/conferences/index.js';
import { SYSTEM_ACTOR } from '../../src/kernel/actor.js';
import type { ConferenceId } from '../../src/kernel/ids.js';
import type { LiveRoom } from '../../src/telephony/live.js';
import { hears, sentence } from '../support/heard.js';
import {
  CALLED_HZ,
  CALLER_HZ,
  callNumber,
  kindsOf,
  newCaller,
  soundOf,
  storyOf,
  useLab,
} from '../support/lab.js';
import { configured, storyOfPhone } from '../support/phones.js';

const ROOM_NUMBER = '8100';
const ROOM_DID = '+442079460185';
const OUTSIDE = '+442079460955';
const HOST_PIN = '471100';
const GUEST_PIN = '1234';
const PHONE = '2003';

describe('a conference room', function () {
  this.timeout(60_000);
  const lab = useLab();
  let room: ConferenceId;

  before(async () => {
    const { conferences, dids } = lab.configuration;
    room = await conferences.createRoom(SYSTEM_ACTOR, {
      ...{ ...NEW_CONFERENCE, name: 'Council', number: ROOM_NUMBER, announces: 'none' },
      ...{ hostPin: HOST_PIN, guestPin: GUEST_PIN, records: 'on-demand', invites: 'national' },
    });
    await dids.create(SYSTEM_ACTOR, {
      ...{ number: ROOM_DID, name: 'Council', language: 'en' },
      target: { kind: 'conference', id: room },
    });
    await configured(lab);
  });

  const now = (): LiveRoom | undefined => lab.product.now.rooms?.find(({ id }) => id === room);
  const roomHas = (what: string, look: (room: LiveRoom) => boolean) =>
    lab.product.nowHas(what, 8_000, ({ rooms }) => {
      const found = rooms?.find(({ id }) => id === room);
      return found !== undefined && look(found) && found;
    });
  const memberOf = (number: string) => now()?.members.find((one) => one.number === number);
  const order = (action: 'mute' | 'unmute' | 'remove', number: string) =>
    lab.product.order({
      ...{ kind: 'room-member', conferenceId: room, action, by: 'Sue' },
      callId: memberOf(number)?.call ?? ('' as never),
    });

  const open = async (from: string): Promise<Party> => {
    const host = await callNumber(lab, ROOM_DID, from);
    await hears(host.ear, await sentence(lab.product, 'enter-pin'), 5_000);
    await host.press(`${HOST_PIN}#`);
    await roomHas('the host', ({ members }) => members.length === 1);
    return host;
  };

  /** A host from outside and a guest at a desk, who hear each other. */
  async function meet(): Promise<{ host: Party; guest: Party; from: string }> {
    const from = newCaller();
    const host = await open(from);
    const guest = await lab.carrier.dial(PHONE, ROOM_NUMBER);
    await guest.answered(5_000);
    await guest.listen();
    await hears(guest.ear, await sentence(lab.product, 'enter-pin'), 5_000);
    await guest.press(`${GUEST_PIN}#`);
    await roomHas('the guest', ({ members }) => members.length === 2);
    await Promise.all([host.say(CALLER_HZ), guest.say(CALLED_HZ)]);
    await Promise.all([
      host.ear.waitForTone(CALLED_HZ, 8_000),
      guest.ear.waitForTone(CALLER_HZ, 8_000),
    ]);
    return { host, guest, from };
  }

  it('shows who speaks; who is muted is not heard, keys neither, and who is removed is gone', async () => {
    const since = new Date();
    const { host, guest, from } = await meet();
    expect(memberOf(from)?.role).to.equal('host');
    expect(memberOf(PHONE)?.role).to.equal('guest');
    await roomHas('both to speak', ({ members }) => members.every((one) => one.isTalking));
    await host.hush();
    await roomHas('the host to be silent', () => memberOf(from)?.isTalking === false);
    await order('mute', PHONE);
    await hears(guest.ear, await sentence(lab.product, 'conference-muted'), 5_000);
    await host.ear.waitForSilence(800, 5_000);
    await order('unmute', PHONE);
    await host.ear.waitForTone(CALLED_HZ, 5_000);
    // Keys: their owner hears the answer, the host hears nothing at all.
    await guest.hush();
    await host.ear.waitForSilence(500, 5_000);
    const quietFrom = host.ear.now();
    await guest.press('*2');
    await guest.ear.waitForSound(5_000);
    expect(host.ear.sounds(quietFrom), 'what the host heard').to.deep.equal([]);
    expect(host.keysReceived, 'keys that came out at the host').to.equal('');
    await guest.ear.waitForSilence(500, 8_000);
    await host.press('*3');
    await roomHas('the lock', ({ isLocked }) => isLocked);
    const late = await lab.carrier.dial('2004', ROOM_NUMBER);
    await late.answered(5_000);
    await late.listen();
    await late.ear.waitForSound(5_000);
    await late.press(`${GUEST_PIN}#`);
    await hears(late.ear, await sentence(lab.product, 'conference-locked'), 5_000);
    await late.hangUp();
    await order('remove', PHONE);
    await hears(guest.ear, await sentence(lab.product, 'conference-removed'), 5_000);
    await guest.ended(8_000);
    await roomHas('one to be left', ({ members }) => members.length === 1);
    await host.hangUp();
    const story = await storyOfPhone(lab, PHONE, since);
    expect(kindsOf(story).filter((kind) => kind === 'conference-changed')).to.have.length(4);
    expect(story.row).to.include({ result: 'answered', reason: 'removed-from-conference' });
    expect((await storyOf(lab, from)).row.result).to.equal('answered');
  });

  it('is recorded as one, and goes on as it was when the program is killed', async () => {
    const since = new Date();
    const { host, guest, from } = await meet();
    await lab.product.order({
      ...{ kind: 'room', conferenceId: room, action: 'record', by: 'Sue' },
    });
    await roomHas('the recording', ({ recordedSince }) => recordedSince !== undefined);
    await lab.product.order({ kind: 'room', conferenceId: room, action: 'lock', by: 'Sue' });
    await roomHas('the lock', ({ isLocked }) => isLocked);
    // What is said to both is over: then they hear nothing but each other.
    await Promise.all([host.hush(), guest.hush()]);
    await Promise.all([host.ear.waitForSound(5_000), guest.ear.waitForSound(5_000)]);
    await Promise.all([
      host.ear.waitForSilence(1_000, 10_000),
      guest.ear.waitForSilence(1_000, 10_000),
    ]);
    await Promise.all([host.say(CALLER_HZ), guest.say(CALLED_HZ)]);
    await guest.ear.waitForTone(CALLER_HZ, 8_000);
    const before = now();
    await lab.product.process.kill();
    const killedAt = guest.ear.now();
    await lab.product.process.start();
    const after = await roomHas('the room to be taken up', ({ members }) => members.length === 2);
    const asBefore = before?.members.map((member) => ({ ...member, isTalking: false }));
    expect(after.members.map((member) => ({ ...member, isTalking: false }))).to.deep.equal(
      asBefore,
    );
    expect(after).to.include({ isLocked: true, recordedSince: before?.recordedSince });
    await guest.endsWithin(1_000);
    const heard = guest.ear.tones(CALLER_HZ, killedAt);
    const breaks = heard
      .slice(1)
      .filter(({ startMs }, at) => startMs - (heard[at]?.endMs ?? 0) > 300);
    expect(breaks, 'the host was heard without a break').to.deep.equal([]);
    await lab.product.order({ kind: 'room', conferenceId: room, action: 'unlock', by: 'Sue' });
    const third = await lab.carrier.dial('2004', ROOM_NUMBER);
    await third.answered(5_000);
    await third.listen();
    await third.ear.waitForSound(5_000);
    await third.press(`${GUEST_PIN}#`);
    await third.ear.waitForTone(CALLER_HZ, 10_000);
    await third.hangUp();
    await host.press('*5');
    await roomHas('the end of the recording', ({ recordedSince }) => recordedSince === undefined);
    await host.hangUp();
    await guest.hangUp();
    const stories = [await storyOf(lab, from), await storyOfPhone(lab, PHONE, since)];
    const ended = stories.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === 'recording-ended' ? [event] : [])),
    );
    const recordings = stories.flatMap((story) => story.recordings);
    expect(ended).to.have.length(1);
    // Both calls lead to the same one.
    expect(new Set(recordings.map(({ id }) => id)).size).to.equal(1);
    const [recording] = recordings;
    expect(recording?.state, recording?.problem).to.equal('stored');
    const told = ended[0]?.recordedMs ?? 0;
    expect(Math.abs((recording?.durationMs ?? 0) - told), 'seconds recorded').to.be.below(400);
    for (const { row } of stories) expect(Math.abs(row.recorded_ms - told)).to.be.below(400);
    if (recording === undefined) throw new Error('there is no recording');
    const { rate, channels } = await soundOf(lab, recording);
    expect(channels).to.have.length(1);
    for (const tone of [CALLER_HZ, CALLED_HZ])
      expect(toneMs(channels[0] ?? new Int16Array(), rate, tone)).to.be.greaterThan(2_000);
  });

  it('calls somebody outside, who joins by a key', async () => {
    const host = await open(newCaller());
    const rings = lab.carrier.ringsAt(OUTSIDE, 8_000);
    await lab.product.order({
      ...{ kind: 'room-invite', conferenceId: room, number: '020 7946 0955', by: 'Sue' },
    });
    const invited = await rings;
    await roomHas('the invitation', ({ invites }) => invites[0]?.state === 'ringing');
    await invited.answer();
    await invited.listen();
    await hears(invited.ear, await sentence(lab.product, 'conference-invited'), 8_000);
    await invited.press('1');
    await roomHas('the other', ({ members }) => members.length === 2);
    await host.say(CALLER_HZ);
    await invited.ear.waitForTone(CALLER_HZ, 8_000);
    await lab.product.order({ kind: 'room', conferenceId: room, action: 'end', by: 'Sue' });
    await Promise.all([host, invited].map((party) => party.ended(10_000)));
    const story = (await lab.stories.from(ROOM_NUMBER, new Date(0))).at(-1);
    expect(story && kindsOf(story)).to.include.members(['conference-invited', 'leg-answered']);
  });
});
