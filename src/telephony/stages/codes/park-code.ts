import type { Call } from '../../calls/call.js';
import { parkHeld, slotInWords } from '../../calls/parking.js';
import { playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage } from '../../calls/stage.js';
import type { ExtensionConfig } from '../../directory.js';
import { say } from './saying.js';

/** Parks what this phone has on hold, and says where. */
export async function parkCode(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
): Promise<Stage> {
  const parked = await parkHeld(s, call, extension);
  if ('why' in parked) return say(parked.why, parked.why);
  await call.scope.run('slot', (scope) =>
    playPrompt(scope, call, slotInWords(s, call, parked.slot)),
  );
  return ended('contained', 'system', 16, 'parked');
}
