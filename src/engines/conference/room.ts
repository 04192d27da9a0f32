import type { CallId, ChannelId, RecordingId } from '../../kernel/ids.js';

export type RoomRole = 'host' | 'guest';

/** What an administrator set for a room, as far as it decides who is in it. */
export interface RoomRules {
  /** So many at most, those who wait counted; 0 is without limit. */
  readonly maxMembers: number;
  /** Guests hear music until a host is in. */
  readonly guestsWait: boolean;
  /** Nobody stays when the last host leaves. */
  readonly endsWithHost: boolean;
  readonly records: RoomRecords;
}
/** never: nobody can · on-demand: a host or a supervisor begins and ends it · always: as long as somebody is in. */
export const ROOM_RECORDS = ['never', 'on-demand', 'always'] as const;
export type RoomRecords = (typeof ROOM_RECORDS)[number];

/**
 * Where a member is:
 *
 *   join ─▶ entering ─▶ in
 *     └──▶ waiting ─┘       (a guest, until a host is in)
 */
export type MemberPlace = 'waiting' | 'entering' | 'in';

export interface RoomMember {
  readonly call: CallId;
  readonly channel: ChannelId;
  readonly role: RoomRole;
  /** E.164 or an extension's number; '' where the caller shows none. */
  readonly number: string;
  readonly name: string;
  readonly joinedAt: number;
  /** Since when the others hear it. */
  readonly enteredAt?: number;
  readonly place: MemberPlace;
  readonly isMuted: boolean;
}

export interface RoomRecording {
  readonly id: RecordingId;
  readonly startedAt: number;
}

/** A room in which somebody is, as small serializable data. */
export interface RoomState {
  /** In the order in which they came. */
  readonly members: readonly RoomMember[];
  readonly isLocked: boolean;
  readonly recording?: RoomRecording;
}

export const EMPTY_ROOM: RoomState = { members: [], isLocked: false };

export type RoomEvent =
  /** `isBack`: was in before a restart, and is let in whatever the rules say. `isInvited`: a lock does not count. */
  | {
      readonly kind: 'join';
      readonly member: Omit<RoomMember, 'place' | 'isMuted' | 'joinedAt' | 'enteredAt'>;
      readonly isInvited: boolean;
      readonly isBack: boolean;
    }
  /** Hears the others, and is heard. */
  | { readonly kind: 'entered'; readonly call: CallId; readonly recording: RecordingId }
  | { readonly kind: 'leave'; readonly call: CallId }
  | { readonly kind: 'mute'; readonly call: CallId; readonly isMuted: boolean }
  | { readonly kind: 'mute-guests' }
  | { readonly kind: 'lock'; readonly isLocked: boolean }
  | { readonly kind: 'record'; readonly recording: RecordingId }
  /** It really began at this moment, or could not. */
  | { readonly kind: 'recording-begun' | 'recording-failed'; readonly recording: RecordingId }
  | { readonly kind: 'stop-recording' }
  | { readonly kind: 'remove'; readonly call: CallId }
  | { readonly kind: 'end' };

/** Why somebody is not in a room any more who did not hang up. */
export type SentAway = 'removed' | 'room-ended' | 'host-left';

/** What everybody in the room hears. */
export type RoomNews =
  | { readonly what: 'joined' | 'left'; readonly number: string }
  | { readonly what: 'locked' | 'unlocked' | 'guests-muted' | 'recorded' | 'recording-ended' };

export type RoomEffect =
  /** The host is there: the music ends. */
  | { readonly kind: 'admit'; readonly call: CallId }
  | { readonly kind: 'mute'; readonly member: RoomMember; readonly isMuted: boolean }
  | { readonly kind: 'tell'; readonly news: RoomNews }
  | { readonly kind: 'send-away'; readonly call: CallId; readonly why: SentAway }
  | { readonly kind: 'start-recording'; readonly recording: RoomRecording }
  | { readonly kind: 'stop-recording'; readonly recording: RoomRecording }
  /** Nobody is in it any more. */
  | { readonly kind: 'close' };

export type RoomRefusal =
  | 'room-full'
  | 'room-locked'
  | 'room-empty'
  | 'not-in-room'
  | 'room-not-recorded'
  | 'room-always-recorded';

export type RoomStep =
  | { readonly ok: true; readonly state: RoomState; readonly effects: readonly RoomEffect[] }
  | { readonly ok: false; readonly why: RoomRefusal };

export const memberOf = (state: RoomState, call: CallId): RoomMember | undefined =>
  state.members.find((member) => member.call === call);

/** Those who hear each other. */
export const membersIn = ({ members }: RoomState): readonly RoomMember[] =>
  members.filter(({ place }) => place === 'in');

/** What an event changes in a room, and what is to be done. What is so already is done, and changes nothing. */
export function stepRoom(
  state: RoomState,
  rules: RoomRules,
  event: RoomEvent,
  at: number,
): RoomStep {
  switch (event.kind) {
    case 'join':
      return join(state, rules, event, at);
    case 'entered':
      return entered(state, rules, event, at);
    case 'leave':
      return memberOf(state, event.call) === undefined
        ? done(state)
        : without(state, rules, event.call);
    case 'mute': {
      const member = memberOf(state, event.call);
      if (member === undefined) return refused('not-in-room');
      return muted(state, [member], event.isMuted);
    }
    case 'mute-guests': {
      if (state.members.length === 0) return refused('room-empty');
      const guests = state.members.filter(({ role }) => role === 'guest');
      return muted(state, guests, true, { what: 'guests-muted' });
    }
    case 'lock':
      if (state.members.length === 0) return refused('room-empty');
      if (state.isLocked === event.isLocked) return done(state);
      return done({ ...state, isLocked: event.isLocked }, [
        { kind: 'tell', news: { what: event.isLocked ? 'locked' : 'unlocked' } },
      ]);
    case 'record':
      if (membersIn(state).length === 0) return refused('room-empty');
      if (rules.records === 'never') return refused('room-not-recorded');
      return recorded(state, event.recording, at);
    case 'recording-begun':
      return state.recording?.id === event.recording
        ? done({ ...state, recording: { id: event.recording, startedAt: at } })
        : done(state);
    case 'recording-failed': {
      const { recording, ...rest } = state;
      return done(recording?.id === event.recording ? rest : state);
    }
    case 'stop-recording': {
      if (state.members.length === 0) return refused('room-empty');
      if (rules.records === 'always') return refused('room-always-recorded');
      const { recording, ...rest } = state;
      if (recording === undefined) return done(state);
      return done(rest, [
        { kind: 'stop-recording', recording },
        { kind: 'tell', news: { what: 'recording-ended' } },
      ]);
    }
    case 'remove': {
      if (memberOf(state, event.call) === undefined) return refused('not-in-room');
      const left = without(state, rules, event.call);
      return { ...left, effects: [sendAway(event.call, 'removed'), ...left.effects] };
    }
    case 'end':
      return state.members.length === 0 ? refused('room-empty') : over(state, 'room-ended');
  }
}

type Done = Extract<RoomStep, { readonly ok: true }>;
const done = (state: RoomState, effects: readonly RoomEffect[] = []): Done => ({
  ok: true,
  state,
  effects,
});
const refused = (why: RoomRefusal): RoomStep => ({ ok: false, why });
const sendAway = (call: CallId, why: SentAway): RoomEffect => ({ kind: 'send-away', call, why });

function join(
  state: RoomState,
  rules: RoomRules,
  { member, isInvited, isBack }: Extract<RoomEvent, { kind: 'join' }>,
  at: number,
): RoomStep {
  if (memberOf(state, member.call) !== undefined) return done(state);
  if (!isBack) {
    if (state.isLocked && !isInvited) return refused('room-locked');
    const isFull = rules.maxMembers > 0 && state.members.length >= rules.maxMembers;
    if (isFull) return refused('room-full');
  }
  const hasHost = state.members.some(({ role, place }) => role === 'host' && place === 'in');
  const waits = rules.guestsWait && member.role === 'guest' && !hasHost && !isBack;
  const joined: RoomMember = {
    ...member,
    joinedAt: at,
    place: waits ? 'waiting' : 'entering',
    isMuted: false,
  };
  return done({ ...state, members: [...state.members, joined] });
}

function entered(
  state: RoomState,
  rules: RoomRules,
  { call, recording }: Extract<RoomEvent, { kind: 'entered' }>,
  at: number,
): RoomStep {
  const member = memberOf(state, call);
  if (member?.place !== 'entering') return done(state);
  const others = membersIn(state);
  const admits = member.role === 'host' ? state.members.filter(isWaiting) : [];
  const here = {
    ...state,
    members: state.members.map((one): RoomMember => {
      if (one.call === call) return { ...one, place: 'in', enteredAt: at };
      return admits.includes(one) ? { ...one, place: 'entering' } : one;
    }),
  };
  const told: RoomEffect[] =
    others.length === 0 ? [] : [{ kind: 'tell', news: { what: 'joined', number: member.number } }];
  const admitted = admits.map((one): RoomEffect => ({ kind: 'admit', call: one.call }));
  if (rules.records !== 'always') return done(here, [...told, ...admitted]);
  const step = recorded(here, recording, at);
  return { ...step, effects: [...told, ...step.effects, ...admitted] };
}

const isWaiting = ({ place }: RoomMember): boolean => place === 'waiting';

function recorded(state: RoomState, id: RecordingId, at: number): Done {
  if (state.recording !== undefined) return done(state);
  const recording = { id, startedAt: at };
  return done({ ...state, recording }, [
    { kind: 'start-recording', recording },
    { kind: 'tell', news: { what: 'recorded' } },
  ]);
}

function muted(
  state: RoomState,
  whom: readonly RoomMember[],
  isMuted: boolean,
  news?: RoomNews,
): Done {
  const changed = whom.filter((member) => member.isMuted !== isMuted);
  if (changed.length === 0) return done(state);
  const members = state.members.map((one) => (changed.includes(one) ? { ...one, isMuted } : one));
  return done({ ...state, members }, [
    ...changed.map((member): RoomEffect => ({ kind: 'mute', member, isMuted })),
    ...(news === undefined ? [] : [{ kind: 'tell', news } as const]),
  ]);
}

/** Somebody is not in it any more. */
function without(state: RoomState, rules: RoomRules, call: CallId): Done {
  const gone = memberOf(state, call);
  const members = state.members.filter((member) => member.call !== call);
  if (gone === undefined) return done(state);
  const rest = { ...state, members };
  if (members.length === 0) return over(rest, 'room-ended');
  const wasIn = gone.place === 'in';
  const isLastHost = gone.role === 'host' && !members.some(({ role }) => role === 'host');
  if (wasIn && isLastHost && rules.endsWithHost) return over(rest, 'host-left');
  if (!wasIn) return done(rest);
  if (membersIn(rest).length > 0)
    return done(rest, [{ kind: 'tell', news: { what: 'left', number: gone.number } }]);
  const { recording, ...unrecorded } = rest;
  // Only those are left who wait: there is nothing to record.
  return recording === undefined
    ? done(rest)
    : done(unrecorded, [{ kind: 'stop-recording', recording }]);
}

/** Whoever is in it goes. */
function over({ members, recording }: RoomState, why: SentAway): Done {
  return done(EMPTY_ROOM, [
    ...(recording === undefined ? [] : [{ kind: 'stop-recording', recording } as const]),
    ...members.map(({ call }) => sendAway(call, why)),
    { kind: 'close' },
  ]);
}
