import type { Call } from '../calls/call.js';
import { askKey } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';

const TAKE_KEY = '1';
const KEY_LIMIT_MS = 5_000;
const TIMES_ASKED = 3;

/** The phone outside from which somebody dials was lifted: a key starts the call, so that no mailbox of it does. */
export async function confirmDialStage(
  s: CallServices,
  call: Call,
  { then }: StageOf<'confirm-dial'>,
): Promise<Stage> {
  for (let times = 0; times < TIMES_ASKED; times++) {
    const media = s.prompts.named('press-to-dial', call);
    const key = await call.scope.run('confirm', (scope) =>
      askKey(scope, call, media, KEY_LIMIT_MS),
    );
    if (key === TAKE_KEY) return then;
  }
  return ended('no-answer', 'caller', 19, 'own-phone-not-confirmed');
}
