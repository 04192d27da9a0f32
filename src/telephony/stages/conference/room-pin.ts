import { createHash, timingSafeEqual } from 'node:crypto';
import type { RoomRole } from '../../../engines/conference/room.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askDigits } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import type { ConferenceConfig } from '../../directory.js';

/** Wrong PINs that one call may enter. */
const TRIES_IN_CALL = 3;
const DIGITS = { max: 12, timeoutMs: 8_000 } as const;
/** Wrong PINs of one number over all its calls and rooms; then it is refused until it has not tried for so long. */
export const ROOM_PIN_TRIES = 5;
export const ROOM_PIN_LOCK_MS = 10 * 60_000;

/**
 * What a caller is in a room, by the PIN. Where only hosts have one, whoever enters none is a guest. Where nobody has one,
 * all are guests.
 */
export async function roleByPin(
  scope: Scope,
  s: CallServices,
  call: Call,
  room: ConferenceConfig,
): Promise<RoomRole | 'wrong' | 'locked'> {
  const { hostPin, guestPin } = room;
  if (hostPin === '' && guestPin === '') return 'guest';
  const isOpen = guestPin === '';
  const asked = s.prompts.named(isOpen ? 'conference-host-pin' : 'enter-pin', call);
  let before: readonly string[] = [];
  for (let tries = 0; tries < TRIES_IN_CALL; tries++) {
    const entered = await askDigits(scope, call, [...before, ...asked], DIGITS);
    if (entered === '' && isOpen) return 'guest';
    const role = isSame(entered, hostPin) ? 'host' : isSame(entered, guestPin) ? 'guest' : 'wrong';
    const verdict = await s.selfService.checkPin({
      kind: 'check-pin',
      entered,
      expected: role === 'host' ? hostPin : guestPin === '' ? hostPin : guestPin,
      // Those who show no number count together.
      subject: `conference ${call.facts.from}`,
      lockAfter: ROOM_PIN_TRIES,
      lockMs: ROOM_PIN_LOCK_MS,
      // Else whoever knows the guests' PIN could try out all of the hosts'.
      forgives: role === 'host' || hostPin === '' ? 'all' : 'this-one',
    });
    if (verdict.kind === 'pin-ok' && role !== 'wrong') return role;
    if (verdict.kind === 'pin-locked') return 'locked';
    before = s.prompts.named('wrong-pin', call);
  }
  return 'wrong';
}

/** Tells nothing by the time that it takes. An empty PIN is nobody's. */
function isSame(entered: string, pin: string): boolean {
  const [one, two] = [entered, pin].map((text) => createHash('sha256').update(text).digest());
  return pin !== '' && one !== undefined && two !== undefined && timingSafeEqual(one, two);
}
