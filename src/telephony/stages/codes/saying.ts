import { numberPiece } from '../../../engines/speech/sound.js';
import type { Call } from '../../calls/call.js';
import { playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type EndedStage, type Stage } from '../../calls/stage.js';
import type { DeskAnswer } from '../../live.js';
import type { SystemPromptName } from '../../system-prompts.js';

/** The end of a call that dialled a code; `reason` goes to the ledger. */
export const done = (reason: string): EndedStage => ended('contained', 'system', 16, reason);

/** Says what a code did, then ends the call. */
export const say = (prompt: SystemPromptName, reason: string): Stage => ({
  kind: 'announce',
  prompt,
  then: done(reason),
});

/** Says several sounds one after the other. */
export const sayMedia = (call: Call, media: readonly string[]): Promise<void> =>
  call.scope.run('say', (scope) => playPrompt(scope, call, media));

/** The digits of a key, one by one. */
export const keyMedia = (s: CallServices, call: Call, key: string): readonly string[] =>
  s.prompts.spoken(() => Array.from(key, (digit) => numberPiece(Number(digit))), call);

/** Says what became of it. */
export function result(answer: DeskAnswer, prompt: SystemPromptName): Stage {
  if (answer.ok) return say(prompt, prompt);
  switch (answer.code) {
    case 'extension-taken':
      return say('extension-taken', answer.code);
    case 'do-not-disturb':
      return say('do-not-disturb-on', answer.code);
    case 'code-needed':
      return say('disposition-needed', answer.code);
    case 'phone-not-registered':
      return say('phone-not-connected', answer.code);
    case 'not-signed-in':
      return say('nobody-signed-in', answer.code);
    default:
      return say('not-possible-now', answer.code);
  }
}
