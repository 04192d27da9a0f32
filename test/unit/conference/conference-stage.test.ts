import { expect } from 'chai';
import type { ChannelId, ConferenceId, DidId } from '../../../src/kernel/ids.js';
import type { ConferenceConfig } from '../../../src/telephony/directory.js';
import type { DeskCommand } from '../../../src/telephony/live.js';
import { bye, endClean, flowBench, heard } from '../../support/flow-bench.js';
import { ADA, DID, SwitchboardBench } from '../../support/switchboard-bench.js';

const ROOM = 3 as ConferenceId;
const HOST_PIN = '4711';
const GUEST_PIN = '1234';
const PLAIN: ConferenceConfig = {
  ...{ id: ROOM, name: 'Board', number: '8000', hostPin: HOST_PIN, guestPin: GUEST_PIN },
  ...{ guestsWait: false, endsWithHost: false, maxMembers: 0 },
  ...{ announces: 'tone', records: 'on-demand', invites: 'national' },
};

/** A DID leads straight to the room, and desks dial its number. */
const start = (changes: Partial<ConferenceConfig> = {}): Promise<SwitchboardBench> => {
  const config = { ...PLAIN, ...changes };
  const target = { kind: 'conference', id: ROOM } as const;
  return flowBench(
    { bye },
    {
      conferences: new Map([[ROOM, config]]),
      conferencesByNumber: new Map([[config.number, config]]),
      didsByNumber: new Map([
        [DID, { id: 1 as DidId, number: DID, name: 'Main', target, language: 'en' }],
      ]),
    },
  );
};

/** Somebody who dials in, enters a PIN, and hears the welcome out. */
async function join(
  bench: SwitchboardBench,
  pin: string,
  from = '+442079460901',
): Promise<ChannelId> {
  const channel = await bench.callIn(DID, from);
  await bench.press(channel, `${pin}#`);
  await bench.advance(6_000);
  return channel;
}

const room = (bench: SwitchboardBench) => bench.rooms.live[0];
const member = (bench: SwitchboardBench, number: string) =>
  room(bench)?.members.find((one) => one.number === number);
const inBridge = (bench: SwitchboardBench): readonly ChannelId[] =>
  [...bench.ari.bridges.values()].flatMap((bridge) => [...bridge.channels]);
const told = (bench: SwitchboardBench): readonly string[] =>
  bench.ari.log
    .filter((line) => line.startsWith('playToBridge '))
    .map((line) => /media\/([^/\s]+)\.wav/.exec(line)?.[1] ?? '');
const ask = (bench: SwitchboardBench, command: Partial<DeskCommand>) =>
  bench.ask({ conferenceId: ROOM, by: 'Sue', ...command } as DeskCommand);
const callOf = (bench: SwitchboardBench, number: string) => {
  const found = member(bench, number);
  if (found === undefined) throw new Error(`${number} is not in the room`);
  return found.call;
};
const ALICE = '+442079460901';
const BEN = '+442079460902';

describe('A conference room', () => {
  it('knows hosts and guests by their PINs, tells how many are in it, and a tone who comes and goes', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    expect(heard(bench, alice)).to.include('conference-alone');
    const ben = await join(bench, GUEST_PIN, BEN);
    expect(heard(bench, ben)).to.include('say-people-one');
    expect(inBridge(bench)).to.have.members([alice, ben]);
    expect(member(bench, ALICE)?.role).to.equal('host');
    expect(member(bench, BEN)?.role).to.equal('guest');
    expect(told(bench)).to.deep.equal(['say-room-in']);
    bench.ari.hangUpFarEnd(ben);
    await bench.advance(500);
    expect(told(bench)).to.deep.equal(['say-room-in', 'say-room-out']);
    await endClean(bench, alice);
    expect(bench.roomMemory.size).to.equal(0);
    expect(bench.last('call-ended')?.result).to.equal('answered');
  });

  it('ends the call after three wrong PINs', async () => {
    const bench = await start();
    const caller = await bench.callIn();
    for (const pin of ['1#', '2#', '3#']) await bench.press(caller, pin);
    await bench.advance(3_000);
    expect(bench.last('call-ended')).to.include({ result: 'refused', reason: 'wrong-pin' });
    await endClean(bench);
  });

  it('counts wrong PINs by the caller’s number, and lets nobody in whose number is locked', async () => {
    const bench = await start();
    const subjects: string[] = [];
    bench.selfService.checkPin = (pin) => {
      subjects.push(pin.subject);
      return Promise.resolve({ kind: 'pin-locked' });
    };
    const caller = await bench.callIn(DID, BEN);
    await bench.press(caller, `${GUEST_PIN}#`);
    await bench.advance(3_000);
    expect(subjects).to.deep.equal([`conference ${BEN}`]);
    expect(heard(bench, caller).at(-1)).to.equal('conference-pin-locked');
    expect(bench.last('call-ended')?.reason).to.equal('pin-locked');
    await endClean(bench);
  });

  it('asks only hosts for a PIN where guests have none', async () => {
    const bench = await start({ guestPin: '' });
    const guest = await join(bench, '', BEN);
    expect(heard(bench, guest)[0]).to.equal('conference-host-pin');
    expect(member(bench, BEN)?.role).to.equal('guest');
    await endClean(bench, guest);
  });

  it('lets guests wait with music until a host is there, and ends when the last host leaves', async () => {
    const bench = await start({ guestsWait: true, endsWithHost: true });
    const ben = await join(bench, GUEST_PIN, BEN);
    expect(member(bench, BEN)?.isWaiting).to.equal(true);
    expect(heard(bench, ben)).to.include('conference-wait');
    expect(bench.ari.channels.get(ben)?.music).to.equal('default');
    expect(inBridge(bench)).to.deep.equal([]);
    const alice = await join(bench, HOST_PIN);
    expect(inBridge(bench)).to.have.members([alice, ben]);
    expect(bench.ari.channels.get(ben)?.music).to.equal(undefined);
    bench.ari.hangUpFarEnd(alice);
    await bench.advance(3_000);
    expect(heard(bench, ben).at(-1)).to.equal('conference-ended');
    expect(bench.last('call-ended')).to.include({ result: 'answered', reason: 'host-left' });
    await endClean(bench);
  });

  it('takes no more than there may be, and nobody while it is locked', async () => {
    const bench = await start({ maxMembers: 2 });
    const alice = await join(bench, HOST_PIN);
    const ben = await join(bench, GUEST_PIN, BEN);
    const third = await join(bench, GUEST_PIN, '+442079460903');
    expect(heard(bench, third).at(-1)).to.equal('conference-full');
    bench.ari.hangUpFarEnd(ben);
    await bench.advance(500);
    await bench.press(alice, '*3');
    expect(room(bench)?.isLocked).to.equal(true);
    const fourth = await join(bench, GUEST_PIN, '+442079460904');
    expect(heard(bench, fourth).at(-1)).to.equal('conference-locked');
    expect(bench.ledger.filter(({ kind }) => kind === 'conference-changed')).to.have.length(1);
    await endClean(bench, alice);
  });

  it('obeys keys: everybody mutes themselves, hosts the guests, and end it after a confirmation', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    const ben = await join(bench, GUEST_PIN, BEN);
    await bench.press(ben, '*1');
    expect(bench.ari.channels.get(ben)?.isMuted).to.equal(true);
    await bench.press(ben, '*1');
    expect(bench.ari.channels.get(ben)?.isMuted).to.equal(false);
    await bench.press(ben, '*4');
    expect(heard(bench, ben).at(-1)).to.equal('wrong-key');
    await bench.advance(1_500);
    await bench.press(alice, '*4');
    expect(member(bench, BEN)?.isMuted).to.equal(true);
    await bench.press(ben, '*2');
    await bench.advance(1_500);
    expect(heard(bench, ben).at(-1)).to.equal('say-people-one');
    await bench.press(ben, '*');
    await bench.advance(6_000);
    expect(heard(bench, ben).at(-1)).to.equal('conference-help-guest');
    await bench.press(alice, '*9');
    await bench.advance(200);
    expect(room(bench)?.members).to.have.length(2);
    await bench.press(alice, '1');
    await bench.advance(3_000);
    expect(heard(bench, ben).at(-1)).to.equal('conference-ended');
    await endClean(bench);
  });

  it('is recorded as one, with each call’s part of it, and tells whoever comes in', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    await bench.press(alice, '*5');
    await bench.advance(2_000);
    expect(told(bench)).to.include('conference-recorded');
    // Alone, with a companion, so that silence is recorded, too.
    expect(inBridge(bench)).to.have.length(2);
    const ben = await join(bench, GUEST_PIN, BEN);
    expect(heard(bench, ben)).to.include('conference-recorded say-people-one');
    expect(inBridge(bench)).to.have.members([alice, ben]);
    await bench.advance(5_000);
    bench.ari.hangUpFarEnd(ben);
    await bench.advance(2_000);
    bench.ari.hangUpFarEnd(alice);
    await bench.advance(2_000);
    const parts = bench.ledger.flatMap((e) => (e.kind === 'conference-recorded' ? [e] : []));
    const ended = bench.last('recording-ended');
    expect(parts).to.have.length(2);
    expect(ended?.files).to.have.length(1);
    expect(ended?.conferenceId).to.equal(ROOM);
    expect(ended?.recordedMs).to.equal(parts[1]?.recordedMs);
    expect(parts[0]?.recordedMs).to.be.lessThan(parts[1]?.recordedMs ?? 0);
    const order = bench.kinds();
    expect(order.lastIndexOf('recording-ended')).to.be.lessThan(order.lastIndexOf('call-ended'));
    await endClean(bench);
  });

  it('is always recorded where it is set so, and cannot be stopped', async () => {
    const bench = await start({ records: 'always' });
    const alice = await join(bench, HOST_PIN);
    expect(heard(bench, alice).join(' ')).to.include('conference-recorded');
    expect(room(bench)?.recordedSince).to.be.a('number');
    expect(await ask(bench, { kind: 'room', action: 'stop-recording' })).to.include({
      code: 'room-always-recorded',
    });
    await endClean(bench, alice);
    expect(bench.kinds()).to.include('recording-ended');
  });

  it('keeps an agent who is in it from being offered calls', async () => {
    const bench = await start({ guestPin: '', hostPin: '' });
    bench.signIn(ADA);
    const desk = bench.ari.arrive({ endpoint: '2001', args: ['phone', '8000'] });
    await bench.advance(3_000);
    expect(bench.roster.state(ADA)?.state).to.equal('talking');
    expect(bench.last('connected')?.agentId).to.equal(ADA);
    await endClean(bench, desk);
    expect(bench.roster.state(ADA)?.state).to.not.equal('talking');
  });

  it('shows who speaks, but not of those who are muted', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    bench.ari.talk(alice, true);
    await bench.advance(100);
    expect(member(bench, ALICE)?.isTalking).to.equal(true);
    const channel = bench.ari.channels.get(alice);
    if (channel) channel.sendsNothing = true;
    await bench.advance(3_500);
    expect(member(bench, ALICE)?.isTalking, 'her phone sends nothing').to.equal(false);
    if (channel) channel.sendsNothing = false;
    await bench.advance(2_000);
    expect(member(bench, ALICE)?.isTalking).to.equal(true);
    await bench.press(alice, '*1');
    expect(member(bench, ALICE)?.isTalking).to.equal(false);
    await endClean(bench, alice);
  });
});

describe('A supervisor at the page of a room', () => {
  it('mutes, unmutes, removes, locks, records and ends; what is so already is done', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    const ben = await join(bench, GUEST_PIN, BEN);
    const callId = callOf(bench, BEN);
    const both = await Promise.all([
      ask(bench, { kind: 'room-member', callId, action: 'mute' }),
      ask(bench, { kind: 'room-member', callId, action: 'mute' }),
    ]);
    expect(both).to.deep.equal([{ ok: true }, { ok: true }]);
    expect(bench.ledger.filter((e) => e.kind === 'conference-changed')).to.have.length(1);
    await bench.advance(2_000);
    expect(heard(bench, ben).at(-1)).to.equal('conference-muted');
    const removed = await Promise.all([
      ask(bench, { kind: 'room-member', callId, action: 'remove' }),
      ask(bench, { kind: 'room-member', callId, action: 'remove' }),
    ]);
    expect(removed.map(({ ok }) => ok)).to.deep.equal([true, false]);
    expect(removed[1]).to.include({ code: 'not-in-room' });
    await bench.advance(200);
    expect(inBridge(bench)).to.deep.equal([alice]);
    await bench.advance(3_000);
    expect(heard(bench, ben).at(-1)).to.equal('conference-removed');
    expect(bench.last('call-ended')?.reason).to.equal('removed-from-conference');
    expect(await ask(bench, { kind: 'room', action: 'record' })).to.deep.equal({ ok: true });
    expect(await ask(bench, { kind: 'room', action: 'end' })).to.deep.equal({ ok: true });
    expect(await ask(bench, { kind: 'room', action: 'end' })).to.include({ code: 'room-empty' });
    await bench.advance(3_000);
    await endClean(bench);
  });

  it('invites an extension, which is in when it answers, and shows who does not', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 2_000 });
    bench.ari.farEnd('PJSIP/2002', { kind: 'busy', afterMs: 500 });
    expect(await ask(bench, { kind: 'room-invite', number: '2001' })).to.deep.equal({ ok: true });
    expect(await ask(bench, { kind: 'room-invite', number: '2002' })).to.deep.equal({ ok: true });
    expect(await ask(bench, { kind: 'room-invite', number: '2001' })).to.include({
      code: 'in-the-room-already',
    });
    await bench.advance(1_000);
    expect(room(bench)?.invites.map(({ state }) => state)).to.deep.equal(['ringing', 'busy']);
    await bench.advance(5_000);
    expect(member(bench, '2001')).to.include({ role: 'guest', name: 'Desk 1' });
    expect(inBridge(bench)).to.have.length(2);
    await bench.advance(15_000);
    expect(room(bench)?.invites).to.deep.equal([]);
    const results = bench.ledger.flatMap((e) => (e.kind === 'call-ended' ? [e.result] : []));
    expect(results).to.deep.equal(['busy']);
    await ask(bench, { kind: 'room', action: 'end' });
    await bench.advance(3_000);
    await endClean(bench, alice);
  });

  it('invites somebody outside, who joins by a key', async () => {
    const bench = await start({ records: 'never' });
    const alice = await join(bench, HOST_PIN);
    bench.ari.farEnd(/^PJSIP\/\+4420/, { kind: 'answers', afterMs: 1_000 });
    const number = '+442079460777';
    expect(await ask(bench, { kind: 'room-invite', number: '020 7946 0777' })).to.deep.equal({
      ok: true,
    });
    await bench.advance(1_500);
    const called = [...bench.ari.channels.values()].find(({ name }) => name.includes(number));
    if (called === undefined) throw new Error('nobody was called');
    expect(heard(bench, called.id)).to.deep.equal(['conference-invited']);
    expect(member(bench, number)).to.equal(undefined);
    await bench.press(called.id, '1');
    await bench.advance(3_000);
    expect(member(bench, number)?.role).to.equal('guest');
    await ask(bench, { kind: 'room', action: 'end' });
    await bench.advance(3_000);
    await endClean(bench, alice);
  });

  it('is told why somebody cannot be invited', async () => {
    const bench = await start({ invites: 'local', maxMembers: 2 });
    expect(await ask(bench, { kind: 'room-invite', number: '2001' })).to.include({
      code: 'room-empty',
    });
    const alice = await join(bench, HOST_PIN);
    const codeOf = async (number: string) => {
      const answer = await ask(bench, { kind: 'room-invite', number });
      return answer.ok ? 'ok' : answer.code;
    };
    bench.unregistered.add('2001');
    expect(await codeOf('2001')).to.equal('phone-not-registered');
    expect(await codeOf('999')).to.equal('not-permitted');
    expect(await codeOf('+15551234567')).to.equal('not-permitted');
    expect(await codeOf('abc')).to.equal('bad-number');
    expect(await codeOf(DID)).to.equal('not-permitted');
    await join(bench, GUEST_PIN, BEN);
    expect(await codeOf('2002')).to.equal('room-full');
    await ask(bench, { kind: 'room', action: 'end' });
    await bench.advance(3_000);
    await endClean(bench, alice);
  });
});

describe('A room over a restart', () => {
  const restart = async (bench: SwitchboardBench): Promise<SwitchboardBench> => {
    bench.kill();
    bench.ari.losesListener();
    const next = new SwitchboardBench(bench.directory, bench);
    await next.start();
    await next.advance(1_000);
    return next;
  };

  it('keeps who is in it, roles, mutes, the lock and the recording', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    const ben = await join(bench, GUEST_PIN, BEN);
    for (const keys of ['*3', '*4', '*5']) {
      await bench.press(alice, keys);
      await bench.advance(1_500);
    }
    const before = room(bench);
    const next = await restart(bench);
    expect(room(next)).to.deep.equal(before);
    expect(inBridge(next)).to.have.members([alice, ben]);
    expect(next.ari.channels.get(ben)?.isMuted).to.equal(true);
    // The keys still work, and nobody was asked or told anything again.
    await next.press(alice, '*5');
    await next.advance(500);
    expect(next.last('recording-ended')?.conferenceId).to.equal(ROOM);
    next.ari.hangUpFarEnd(ben);
    await endClean(next, alice);
    expect(next.roomMemory.size).to.equal(0);
  });

  it('ends where its host left meanwhile, and the recording has its call', async () => {
    const bench = await start({ endsWithHost: true });
    const alice = await join(bench, HOST_PIN);
    const ben = await join(bench, GUEST_PIN, BEN);
    await bench.press(alice, '*5');
    await bench.advance(2_000);
    bench.kill();
    bench.ari.losesListener();
    bench.ari.hangUpFarEnd(alice);
    await bench.advance(1_000);
    const next = new SwitchboardBench(bench.directory, bench);
    await next.start();
    await next.advance(3_000);
    expect(heard(next, ben).at(-1)).to.equal('conference-ended');
    expect(next.kinds().filter((kind) => kind === 'recording-ended')).to.have.length(1);
    await endClean(next);
  });

  it('goes on calling whom it has invited, once', async () => {
    const bench = await start();
    const alice = await join(bench, HOST_PIN);
    bench.ari.farEnd('PJSIP/2001', { kind: 'answers', afterMs: 10_000 });
    await ask(bench, { kind: 'room-invite', number: '2001' });
    await bench.advance(1_000);
    const next = await restart(bench);
    expect(room(next)?.invites.map(({ state }) => state)).to.deep.equal(['ringing']);
    await next.advance(12_000);
    expect(member(next, '2001')?.name).to.equal('Desk 1');
    expect(room(next)?.invites).to.deep.equal([]);
    expect(next.ari.log.filter((line) => line.startsWith('dial '))).to.have.length(1);
    await ask(next, { kind: 'room', action: 'end' });
    await next.advance(3_000);
    await endClean(next, alice);
  });

  it('lets a guest wait on', async () => {
    const bench = await start({ guestsWait: true });
    const ben = await join(bench, GUEST_PIN, BEN);
    const next = await restart(bench);
    expect(member(next, BEN)?.isWaiting).to.equal(true);
    expect(next.ari.channels.get(ben)?.music).to.equal('default');
    const alice = await join(next, HOST_PIN);
    expect(inBridge(next)).to.have.members([alice, ben]);
    next.ari.hangUpFarEnd(ben);
    await endClean(next, alice);
  });
});
