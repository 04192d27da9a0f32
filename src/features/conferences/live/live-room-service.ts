import { requirePermission, type Actor, type Permission } from '../../../kernel/actor.js';
import { AppError } from '../../../kernel/errors.js';
import type { CallId, ConferenceId } from '../../../kernel/ids.js';
import type { MemberAction, RoomAction } from '../../../telephony/conference-rooms.js';
import type { ConferenceConfig, Directory } from '../../../telephony/directory.js';
import type { Desk, DeskAnswer, DeskCommand, LiveView } from '../../../telephony/live.js';
import type { AuditLog } from '../../audit/audit.js';

export const ROOM_ACTIONS: readonly RoomAction[] = [
  ...(['lock', 'unlock', 'mute-guests', 'record', 'stop-recording', 'end'] as const),
];
export const MEMBER_ACTIONS: readonly MemberAction[] = ['mute', 'unmute', 'remove'];

/** What sends somebody out of a room, or everybody, needs more. */
const needed = (action: RoomAction | MemberAction): Permission =>
  action === 'end' || action === 'remove' ? 'calls.end' : 'queues.steer';

export interface LiveRoomParts {
  readonly live: Pick<LiveView, 'current'>;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly audit: AuditLog;
}

/**
 * What supervisors do with conference rooms and with those who are in them. Each command is written to the audit log with what
 * came of it; refusals of the process that runs the calls are answers.
 */
export class LiveRoomService {
  constructor(private readonly parts: LiveRoomParts) {}

  /** Throws `not-found` for a room that is not there. */
  room(actor: Actor, id: ConferenceId): ConferenceConfig {
    requirePermission(actor, 'live.read');
    const room = this.parts.directory.current.conferences.get(id);
    if (room === undefined) throw new AppError('not-found', 'no such conference room');
    return room;
  }

  /** Does something with the whole room. */
  change(actor: Actor, id: ConferenceId, action: RoomAction): Promise<DeskAnswer> {
    const room = this.room(actor, id);
    requirePermission(actor, needed(action));
    return this.#give(actor, room, `conference.${action}`, {
      kind: 'room',
      conferenceId: id,
      ...{ action, by: actor.name },
    });
  }

  /** Does something with somebody who is in it. */
  changeMember(
    actor: Actor,
    id: ConferenceId,
    callId: CallId,
    action: MemberAction,
  ): Promise<DeskAnswer> {
    const room = this.room(actor, id);
    requirePermission(actor, needed(action));
    const now = this.parts.live.current?.rooms?.find((one) => one.id === id);
    const member = now?.members.find(({ call }) => call === callId);
    const who = member === undefined ? callId : member.name || member.number;
    return this.#give(
      actor,
      room,
      `conference.${action}-member`,
      { kind: 'room-member', conferenceId: id, callId, action, by: actor.name },
      who,
    );
  }

  /** The room calls a number: an extension's, or as far outside as the room may call. */
  invite(actor: Actor, id: ConferenceId, typed: string): Promise<DeskAnswer> {
    const room = this.room(actor, id);
    requirePermission(actor, 'queues.steer');
    const number = typed.trim();
    return this.#give(
      actor,
      room,
      'conference.invite',
      { kind: 'room-invite', conferenceId: id, number, by: actor.name },
      number.slice(0, 40),
    );
  }

  /** Where the calls did not answer in time nobody knows what came of it: the line says that, too. */
  async #give(
    actor: Actor,
    { id, name }: ConferenceConfig,
    action: string,
    command: DeskCommand,
    who?: string,
  ): Promise<DeskAnswer> {
    const answer = await this.parts.desk.ask(command);
    await this.parts.audit.record(actor, {
      action,
      objectKind: 'conference',
      objectId: String(id),
      objectName: name,
      changes: {
        ...(who === undefined ? {} : { member: ['', who] }),
        outcome: ['', answer.ok ? 'done' : answer.code],
      },
    });
    return answer;
  }
}
