import { timingSafeEqual } from 'node:crypto';
import { newPlaybackId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import { bridgeOfRoom } from '../calls/conference-rooms.js';
import { askDigits, playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { ConferenceConfig } from '../directory.js';

/** Wrong PINs of one caller before the call is ended. */
const PIN_TRIES = 3;
const PIN_LIMITS = { max: 12, timeoutMs: 8_000 };

/** The caller is in a conference room, with everybody else who is, until hanging up. */
export async function conferenceStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'conference'>,
): Promise<Stage> {
  const room = s.directory.current.conferences.get(stage.room);
  if (room === undefined)
    return {
      kind: 'announce',
      prompt: 'unknown-number',
      then: ended('refused', 'system', 1, 'unknown-conference'),
    };
  await call.answer();
  return call.scope.run('conference', (scope) => meet(scope, s, call, room, stage));
}

async function meet(
  scope: Scope,
  s: CallServices,
  call: Call,
  room: ConferenceConfig,
  stage: StageOf<'conference'>,
): Promise<Stage> {
  // Whoever was in already when the program was started again is not asked a second time.
  const isIn = stage.joinedAt !== undefined;
  if (!isIn && !(await knowsPin(scope, s, call, room.pin)))
    return {
      kind: 'announce',
      prompt: 'goodbye',
      then: ended('refused', 'system', 21, 'wrong-pin'),
    };
  call.other = room.number;
  const isFirst = s.rooms.count(room.id) === 0;
  if (!isIn && isFirst) await playPrompt(scope, call, s.prompts.named('conference-alone', call));
  scope.defer(() => s.rooms.leave(call, room.id));
  await s.rooms.join(call, room.id);
  const joinedAt = stage.joinedAt ?? call.clock.now();
  call.connectedAt = joinedAt;
  scope.defer(() => {
    call.connectedAt = undefined;
    const talkedMs = Math.max(0, (call.goneAt ?? call.clock.now()) - joinedAt);
    if (call.gone) call.record({ kind: 'disconnected', talkedMs }, call.goneAt);
  });
  if (!isIn) {
    call.record({ kind: 'connected', leg: call.channel });
    call.record({ kind: 'conference-joined', conferenceId: room.id, name: room.name });
    if (room.announcesJoin && !isFirst) await announce(s, call, room);
  }
  call.enter({ ...stage, joinedAt });
  return scope.wait(new Promise<never>(() => undefined));
}

async function knowsPin(scope: Scope, s: CallServices, call: Call, pin: string): Promise<boolean> {
  if (pin === '') return true;
  for (let tries = 0; tries < PIN_TRIES; tries++) {
    const wrong = tries === 0 ? [] : s.prompts.named('wrong-pin', call);
    const media = [...wrong, ...s.prompts.named('enter-pin', call)];
    if (isSame(await askDigits(scope, call, media, PIN_LIMITS), pin)) return true;
  }
  return false;
}

/** Tells nothing by the time that it takes. */
function isSame(typed: string, pin: string): boolean {
  const [one, two] = [typed, pin].map((text) => Buffer.from(text.padEnd(PIN_LIMITS.max + 8)));
  return (
    one !== undefined && two !== undefined && one.length === two.length && timingSafeEqual(one, two)
  );
}

/** Everybody in the room hears that somebody joined; that it cannot be played must not end anybody's call. */
async function announce(s: CallServices, call: Call, room: ConferenceConfig): Promise<void> {
  const media = s.prompts.named('conference-joined', call);
  if (media.length === 0) return;
  try {
    await call.ari.playToBridge(bridgeOfRoom(room.id), newPlaybackId(), media);
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    s.log.warn({ callId: call.id, failure: error.failure }, 'a conference was not told who joined');
  }
}
