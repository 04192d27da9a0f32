import type { Call } from '../../calls/call.js';
import { playPrompt } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { AGAIN, check, KEEP, speak } from '../../calls/spoken-take.js';
import type { Stage } from '../../calls/stage.js';
import type { ExtensionConfig } from '../../directory.js';
import { MAX_NAME_MS } from '../../spoken-names.js';
import { say } from './saying.js';

/** Names that one call may speak before it keeps none. */
const MAX_TAKES = 20;

/** The owner of a phone says the own name, hears it, and keeps it or says it again. */
export function recordName(
  s: CallServices,
  call: Call,
  extension: ExtensionConfig,
): Promise<Stage> {
  return call.scope.run('record name', async (scope) => {
    for (let takes = 0; takes < MAX_TAKES; takes++) {
      await playPrompt(scope, call, [
        ...s.prompts.named('record-name', call),
        ...s.prompts.named('say-beep', call),
      ]);
      const name = await speak(scope, s, call, MAX_NAME_MS);
      if (name === undefined) return say('greeting-silent', 'name-silent');
      const key = await check(scope, s, call, name);
      if (key === AGAIN) continue;
      if (key !== KEEP) break;
      const outcome = await s.names.keep(extension.id, await call.ari.recordings.fetch(name));
      switch (outcome) {
        case 'kept':
          return say('recording-kept', 'name-kept');
        case 'failed':
          return say('service-problem', 'not-kept');
        default:
          return say('greeting-silent', 'name-silent');
      }
    }
    return say('recording-lost', 'name-not-kept');
  });
}
