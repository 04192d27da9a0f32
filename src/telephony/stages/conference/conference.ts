import type { RoomRefusal, SentAway } from '../../../engines/conference/room.js';
import type { Call } from '../../calls/call.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf } from '../../calls/stage.js';
import type { SystemPromptName } from '../../system-prompts.js';
import { RoomSeat } from './room-seat.js';
import { roleByPin } from './room-pin.js';

/** The caller is in a conference room, with everybody else who is, until hanging up or being sent away. */
export async function conferenceStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'conference'>,
): Promise<Stage> {
  const room = s.directory.current.conferences.get(stage.room);
  // Whoever is in it stays, also where nobody else comes in any more.
  if (room === undefined && stage.joinedAt === undefined)
    return say('unknown-number', 1, 'unknown-conference');
  await call.answer();
  return call.scope.run('conference', async (scope) => {
    let role = stage.role ?? 'guest';
    if (room !== undefined && stage.role === undefined && stage.joinedAt === undefined) {
      const known = await roleByPin(scope, s, call, room);
      if (known === 'wrong') return say('goodbye', 21, 'wrong-pin');
      if (known === 'locked') return say('conference-pin-locked', 21, 'pin-locked');
      role = known;
    }
    const sent = await new RoomSeat(s, call, { ...stage, role }, room).sit(scope);
    return whySent(sent);
  });
}

const say = (
  prompt: SystemPromptName,
  cause: number,
  reason: string,
  result: 'refused' | 'answered' = 'refused',
): Stage => ({ kind: 'announce', prompt, then: ended(result, 'system', cause, reason) });

function whySent(why: RoomRefusal | SentAway): Stage {
  switch (why) {
    case 'room-full':
      return say('conference-full', 17, why);
    case 'room-locked':
      return say('conference-locked', 21, why);
    case 'removed':
      return say('conference-removed', 16, 'removed-from-conference', 'answered');
    case 'room-ended':
    case 'host-left':
      return say('conference-ended', 16, why, 'answered');
    default:
      return say('service-problem', 16, why);
  }
}
