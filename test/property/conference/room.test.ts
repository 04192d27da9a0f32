import { expect } from 'chai';
import fc from 'fast-check';
import {
  EMPTY_ROOM,
  membersIn,
  stepRoom,
  type RoomEffect,
  type RoomEvent,
  type RoomRules,
  type RoomState,
} from '../../../src/engines/conference/room.js';
import type { CallId, ChannelId, RecordingId } from '../../../src/kernel/ids.js';

const call = fc.integer({ min: 1, max: 6 }).map((n) => `call-${String(n)}` as CallId);
const recording = fc.integer({ min: 1, max: 99 }).map((n) => `rec-${String(n)}` as RecordingId);

const event: fc.Arbitrary<RoomEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('join' as const),
    member: fc.record({
      call,
      channel: fc.constant('channel' as ChannelId),
      role: fc.constantFrom('host' as const, 'guest' as const),
      number: fc.constantFrom('', '2001'),
      name: fc.constant(''),
    }),
    isInvited: fc.boolean(),
    isBack: fc.constant(false),
  }),
  fc.record({ kind: fc.constant('entered' as const), call, recording }),
  fc.record({ kind: fc.constant('leave' as const), call }),
  fc.record({ kind: fc.constant('mute' as const), call, isMuted: fc.boolean() }),
  fc.record({ kind: fc.constant('lock' as const), isLocked: fc.boolean() }),
  fc.record({ kind: fc.constant('record' as const), recording }),
  fc.record({
    kind: fc.constantFrom('recording-begun' as const, 'recording-failed' as const),
    recording,
  }),
  fc.record({ kind: fc.constant('remove' as const), call }),
  fc.constantFrom<RoomEvent>({ kind: 'mute-guests' }, { kind: 'stop-recording' }, { kind: 'end' }),
);
const rules: fc.Arbitrary<RoomRules> = fc.record({
  maxMembers: fc.integer({ min: 0, max: 4 }),
  guestsWait: fc.boolean(),
  endsWithHost: fc.boolean(),
  records: fc.constantFrom('never' as const, 'on-demand' as const, 'always' as const),
});

/** Plays events, and calls `look` after each that was not refused. */
function play(
  events: readonly RoomEvent[],
  by: RoomRules,
  look: (
    now: RoomState,
    before: RoomState,
    event: RoomEvent,
    effects: readonly RoomEffect[],
  ) => void,
): RoomState {
  let state: RoomState = EMPTY_ROOM;
  for (const [at, one] of events.entries()) {
    const step = stepRoom(state, by, one, at);
    if (!step.ok) continue;
    look(step.state, state, one, step.effects);
    state = step.state;
  }
  return state;
}

const check = (
  look: (
    by: RoomRules,
  ) => (
    now: RoomState,
    before: RoomState,
    event: RoomEvent,
    effects: readonly RoomEffect[],
  ) => void,
): void => {
  fc.assert(
    fc.property(fc.array(event, { size: 'max', maxLength: 60 }), rules, (events, by) => {
      play(events, by, look(by));
    }),
    { numRuns: 400 },
  );
};

describe('A room of a conference', () => {
  it('never has more in it than there may be, nobody twice, and nobody who came while it was locked uninvited', () => {
    check((by) => (now, before, one) => {
      const calls = now.members.map((member) => member.call);
      expect(new Set(calls).size).to.equal(calls.length);
      if (by.maxMembers > 0) expect(calls.length).to.be.at.most(by.maxMembers);
      if (one.kind === 'join' && before.isLocked && !one.isInvited)
        expect(now.members).to.deep.equal(before.members);
    });
  });

  it('lets no guest in who is to wait before a host is in, and none wait while one is', () => {
    check((by) => (now, _before, one) => {
      const hasHost = membersIn(now).some(({ role }) => role === 'host');
      if (!by.guestsWait)
        expect(now.members.some(({ place }) => place === 'waiting')).to.equal(false);
      if (one.kind === 'entered' && hasHost)
        for (const { role, place } of now.members)
          if (role === 'guest') expect(place).to.not.equal('waiting');
    });
  });

  it('is recorded only while somebody is in it: each recording is begun once and ended once', () => {
    fc.assert(
      fc.property(fc.array(event, { size: 'max', maxLength: 60 }), rules, (events, by) => {
        const open = new Set<RecordingId>();
        const state = play(events, by, (now, before, _event, effects) => {
          for (const effect of effects)
            if (effect.kind === 'start-recording') open.add(effect.recording.id);
            else if (effect.kind === 'stop-recording')
              expect(open.delete(effect.recording.id)).to.equal(true);
          if (before.recording !== undefined && now.recording === undefined)
            open.delete(before.recording.id);
          if (by.records === 'never') expect(now.recording).to.equal(undefined);
          if (now.recording !== undefined) expect(membersIn(now)).to.not.deep.equal([]);
        });
        expect([...open]).to.deep.equal(state.recording === undefined ? [] : [state.recording.id]);
      }),
      { numRuns: 400 },
    );
  });

  it('is closed exactly when the last one goes, and is then as new', () => {
    check(() => (now, before, _event, effects) => {
      const closes = effects.filter(({ kind }) => kind === 'close').length;
      const becameEmpty = before.members.length > 0 && now.members.length === 0;
      expect(closes).to.equal(becameEmpty ? 1 : 0);
      if (becameEmpty) expect(now).to.deep.equal(EMPTY_ROOM);
    });
  });

  it('sends away whoever is not in it any more and did not leave', () => {
    check(() => (now, before, one, effects) => {
      const gone = before.members
        .map((member) => member.call)
        .filter((id) => !now.members.some((member) => member.call === id));
      const sent = effects.flatMap((effect) => (effect.kind === 'send-away' ? [effect.call] : []));
      const left = one.kind === 'leave' ? [one.call] : [];
      expect([...sent, ...left.filter((id) => gone.includes(id))].sort()).to.deep.equal(
        gone.sort(),
      );
    });
  });

  it('does nothing twice: the same request again changes nothing', () => {
    check((by) => (now, _before, one) => {
      if (one.kind === 'remove' || one.kind === 'end' || one.kind === 'join') return;
      const again = stepRoom(now, by, one, 1_000);
      const isSame = !again.ok || again.state === now || one.kind === 'recording-begun';
      expect(isSame).to.equal(true);
      if (again.ok) expect(again.effects).to.deep.equal([]);
    });
  });
});
