import { newChannelId, newRecordingId, type ConferenceId } from '../../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../../kernel/numbers.js';
import type { AriEventOf } from '../../ari/events.js';
import { AriError, type AriPort, type OriginateOptions } from '../../ari/port.js';
import type { ConferenceConfig, ExtensionConfig } from '../../directory.js';
import { outsideProblem } from '../../forward-target.js';
import type { DeskAnswer, DeskCommand, DeskRefusal } from '../../live.js';
import { trunksFor } from '../../stages/trunk-dialling.js';
import { PHONE_VARIABLES } from '../leg.js';
import type { CallServices } from '../services.js';
import type { OpenRoom } from './open-room.js';

type Command<K extends DeskCommand['kind']> = Extract<DeskCommand, { readonly kind: K }>;
const DONE: DeskAnswer = { ok: true };
const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
/** The first argument of a channel by which a room calls somebody. */
export const INVITE_CONTEXT = 'room-invite';
/** How long a room rings; the stage that dials decides, this is only how the channel is made. */
const RING_MS = 45_000;

/** What supervisors do with a room at the page. */
export function changeRoom(
  s: CallServices,
  { conferenceId, action, by }: Command<'room'>,
): DeskAnswer {
  const room = s.rooms.inUse(conferenceId);
  if (room === undefined) return refuse('room-empty');
  const actor = { via: 'page', name: by } as const;
  const ask = (event: Parameters<OpenRoom['ask']>[0]): DeskAnswer => {
    const refusal = room.ask(event, actor);
    return refusal === undefined ? DONE : refuse(refusal);
  };
  switch (action) {
    case 'lock':
    case 'unlock':
      return ask({ kind: 'lock', isLocked: action === 'lock' });
    case 'record':
      return ask({ kind: 'record', recording: newRecordingId() });
    default:
      return ask({ kind: action });
  }
}

/** The same with somebody who is in it. */
export function changeMember(
  s: CallServices,
  { conferenceId, callId, action, by }: Command<'room-member'>,
): DeskAnswer {
  const room = s.rooms.inUse(conferenceId);
  if (room === undefined) return refuse('room-empty');
  const actor = { via: 'page', name: by } as const;
  const refusal =
    action === 'remove'
      ? room.ask({ kind: 'remove', call: callId }, actor)
      : room.ask({ kind: 'mute', call: callId, isMuted: action === 'mute' }, actor);
  return refusal === undefined ? DONE : refuse(refusal);
}

/** The room calls somebody. Answers when it begins to ring, or why it cannot. */
export async function invite(
  s: CallServices,
  ari: AriPort,
  { conferenceId, number: typed, by }: Command<'room-invite'>,
  takeUp: (event: AriEventOf<'StasisStart'>) => void,
): Promise<DeskAnswer> {
  const room = s.rooms.inUse(conferenceId);
  const config = s.directory.current.conferences.get(conferenceId);
  if (room === undefined || config === undefined) return refuse('room-empty');
  const { members } = room.state;
  if (config.maxMembers > 0 && members.length >= config.maxMembers) return refuse('room-full');
  const digits = typed.normalize('NFKC').replace(/[\s().-]/g, '');
  const extension = s.directory.current.extensionsByNumber.get(digits);
  const target = extension === undefined ? outside(s, config, digits) : phone(s, config, extension);
  if ('ok' in target) return target;
  if (members.some(({ number }) => number === target.number))
    return refuse('in-the-room-already', target.number);
  const isCalled = [...s.calls.values()].some(
    ({ stage }) =>
      stage.kind === 'conference-invite' &&
      stage.room === conferenceId &&
      stage.guest.number === target.number,
  );
  if (isCalled) return refuse('in-the-room-already', target.number);
  const channel = newChannelId(extension === undefined ? 'outside' : 'extension');
  const args = [INVITE_CONTEXT, String(conferenceId), target.number, by];
  try {
    await ari.createChannel({
      channel,
      endpoint: target.endpoint,
      appArgs: args,
      callerNumber: target.shown,
      callerName: extension === undefined ? '' : config.name,
      timeoutMs: RING_MS,
      variables: target.variables,
    });
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    if (error.failure === 'unavailable') return refuse('pbx-offline');
    return extension === undefined
      ? refuse('no-free-line')
      : refuse('phone-not-registered', extension.number);
  }
  takeUp({
    type: 'StasisStart',
    channel,
    args,
    snapshot: {
      ...{ id: channel, name: target.endpoint, state: 'Down', exten: '' },
      ...{ callerNumber: '', callerName: '', createdAt: s.clock.now() },
    },
  });
  return DONE;
}

type Callee = Pick<OriginateOptions, 'endpoint'> & {
  readonly number: string;
  /** The number that it sees. */
  readonly shown: string;
  readonly variables: Readonly<Record<string, string>>;
};

function phone(
  s: CallServices,
  config: ConferenceConfig,
  extension: ExtensionConfig,
): Callee | DeskAnswer {
  const { number, handling } = extension;
  if (!s.endpoints.isRegistered(number)) return refuse('phone-not-registered', number);
  if (handling.doNotDisturb) return refuse('do-not-disturb', number);
  const endpoint = `PJSIP/${number}`;
  return { number, endpoint, shown: config.number, variables: PHONE_VARIABLES };
}

/** As if the room had dialled: as far as it may, never an emergency service, never one of our own numbers. */
function outside(s: CallServices, config: ConferenceConfig, digits: string): Callee | DeskAnswer {
  if (!/^\+?\d{2,20}$/.test(digits)) return refuse('bad-number', digits.slice(0, 40));
  const number = normaliseNumber(digits, s.country);
  const problem = outsideProblem(config.invites, number, s.country);
  if (problem === 'bad-number') return refuse('bad-number', digits);
  if (problem !== undefined || s.directory.current.didsByNumber.has(number))
    return refuse('not-permitted', classifyNumber(number, s.country));
  const [trunk] = trunksFor(s);
  if (trunk === undefined) return refuse('no-free-line');
  const endpoint = `PJSIP/${number}@trunk-${String(trunk.id)}`;
  return { number, endpoint, shown: trunk.callerId, variables: {} };
}

/** Which room an invitation is for, whom it calls, and who asked for it. */
export function readInvite(args: readonly string[]) {
  const [, id = '', number = '', by = ''] = args;
  return { room: Number(id) as ConferenceId, number, by };
}
