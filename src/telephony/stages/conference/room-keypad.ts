import { memberOf, type RoomRole } from '../../../engines/conference/room.js';
import { newRecordingId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askKey, playPrompt } from '../../calls/prompts.js';
import type { OpenRoom } from '../../calls/rooms/open-room.js';
import { countMedia } from '../../calls/rooms/room-sounds.js';
import type { CallServices } from '../../calls/services.js';
import { HOST_KEYS, ROOM_KEYS, type RoomKey } from '../../conference-rooms.js';
import type { SystemPromptName } from '../../system-prompts.js';

/** How long after the star the digit may come; then the keys are explained. */
const DIGIT_LIMIT_MS = 4_000;
const CONFIRM_LIMIT_MS = 5_000;
const CONFIRM_KEY = '1';

const KEYS = Object.keys(ROOM_KEYS) as readonly RoomKey[];

/** What somebody in a room does by keys: a star, then a digit. What is said to them, the others do not hear. */
export class RoomKeypad {
  constructor(
    private readonly s: CallServices,
    private readonly call: Call,
    private readonly room: OpenRoom,
    private readonly role: RoomRole,
  ) {}

  async listen(scope: Scope): Promise<never> {
    const { call } = this;
    for (;;) {
      const { digit } = await call.digits.next(scope);
      if (digit !== '*') continue;
      const pressed = await askKey(scope, call, [], DIGIT_LIMIT_MS);
      await this.#press(
        scope,
        KEYS.find((key) => ROOM_KEYS[key] === pressed),
      );
    }
  }

  async #press(scope: Scope, key: RoomKey = 'help'): Promise<void> {
    const { call, room, s } = this;
    const by = { via: 'phone', name: memberOf(room.state, call.id)?.number ?? '' } as const;
    if (HOST_KEYS.includes(key) && this.role !== 'host') return this.#say(scope, 'wrong-key');
    switch (key) {
      case 'mute': {
        const isMuted = memberOf(room.state, call.id)?.isMuted !== true;
        room.ask({ kind: 'mute', call: call.id, isMuted }, by);
        return;
      }
      case 'count': {
        const others = room.state.members.length - 1;
        return playPrompt(scope, call, countMedia(s.prompts, others, call));
      }
      case 'lock':
        room.ask({ kind: 'lock', isLocked: !room.state.isLocked }, by);
        return;
      case 'mute-guests':
        room.ask({ kind: 'mute-guests' }, by);
        return;
      case 'record': {
        const isOn = room.state.recording !== undefined;
        const refusal = room.ask(
          isOn ? { kind: 'stop-recording' } : { kind: 'record', recording: newRecordingId() },
          by,
        );
        return refusal === undefined ? undefined : this.#say(scope, 'wrong-key');
      }
      case 'end': {
        const question = s.prompts.named('conference-confirm-end', call);
        const answer = await askKey(scope, call, question, CONFIRM_LIMIT_MS);
        if (answer === CONFIRM_KEY) room.ask({ kind: 'end' }, by);
        return;
      }
      case 'help':
        return this.#say(
          scope,
          this.role === 'host' ? 'conference-help-host' : 'conference-help-guest',
        );
    }
  }

  #say(scope: Scope, prompt: SystemPromptName): Promise<void> {
    return playPrompt(scope, this.call, this.s.prompts.named(prompt, this.call));
  }
}
