import { newRecordingId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from './call.js';
import { askKey } from './prompts.js';
import type { CallServices } from './services.js';

/** So long a silence means that nobody speaks any more. */
const END_SILENCE_MS = 15_000;
/** Less talk than this is no word. */
const MIN_TALK_MS = 300;
const KEY_LIMIT_MS = 10_000;
/** So long a node may take to close a recording whose channel has gone. */
const CLOSE_LIMIT_MS = 3_000;
/** How often it is asked what to do with a recording before it is given up. */
const ASKED_AT_MOST = 3;

export const KEEP = '1';
export const AGAIN = '2';

/** The name of what was recorded on the node, from where it is removed with the call; undefined where nothing was said. */
export async function speak(
  scope: Scope,
  s: CallServices,
  call: Call,
  maxDurationMs: number,
): Promise<string | undefined> {
  const name = `${newRecordingId()}-prompt`;
  const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
  call.scope.defer(() => {
    discard(s, call, name);
  });
  await call.ari.record(call.channel, {
    name,
    format: 'wav',
    maxDurationMs,
    maxSilenceMs: END_SILENCE_MS,
    terminateOn: '#',
  });
  for (;;) {
    const event = await finished.next();
    if (event.name !== name) continue;
    return event.failed || event.talkingMs < MIN_TALK_MS ? undefined : name;
  }
}

/** Plays it back until somebody says what is to become of it. */
export async function check(
  scope: Scope,
  s: CallServices,
  call: Call,
  name: string,
): Promise<string | undefined> {
  call.digits.clear();
  for (let asked = 0; asked < ASKED_AT_MOST; asked++) {
    const media = [`recording:${name}`, ...s.prompts.named('keep-recording', call)];
    const key = await askKey(scope, call, media, KEY_LIMIT_MS);
    if (key === KEEP || key === AGAIN) return key;
  }
  return undefined;
}

/** A recording that is still being closed is not there yet. */
function discard(s: CallServices, call: Call, name: string): void {
  s.server.fork('discard take', async (scope) => {
    for (let tries = 1; ; tries++) {
      try {
        await call.ari.recordings.remove(name);
        return;
      } catch (error) {
        if (!(error instanceof AriError)) throw error;
        if (error.failure !== 'gone') {
          s.log.warn({ name, failure: error.failure }, 'a recorded prompt stays on the node');
          return;
        }
        if (tries === 2) return;
      }
      await s.clock.sleep(CLOSE_LIMIT_MS, scope.signal);
    }
  });
}
