import { newRecordingId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { AriError } from '../ari/port.js';
import type { Call } from '../calls/call.js';
import { askKey, playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { PromptTake } from '../prompt-takes.js';

/** A longer prompt is refused when it is kept; Asterisk stops there. */
const MAX_TAKE_MS = 600_000;
/** So long a silence means that nobody speaks any more. */
const END_SILENCE_MS = 15_000;
/** Less talk than this is no word. */
const MIN_TALK_MS = 300;
const KEY_LIMIT_MS = 10_000;
/** So long a node may take to close a recording whose channel has gone. */
const CLOSE_LIMIT_MS = 3_000;
/** How often it is asked what to do with a recording before it is given up. */
const ASKED_AT_MOST = 3;
/** Recordings of one call: somebody who speaks that often has put the phone down beside a radio. */
const MAX_TAKES = 20;

const KEEP = '1';
const AGAIN = '2';

/** Somebody records a prompt at the phone: speak, hear it, keep it or speak again. */
export async function recordPromptStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'record-prompt'>,
): Promise<Stage> {
  await call.answer();
  const take = await s.takes.find(stage.take);
  if (take === undefined) return problem();
  // Hanging up leaves a take that nobody has decided about; one that is being kept is kept.
  const decision = { isMade: false };
  call.scope.defer(() => {
    if (!decision.isMade) s.takes.note(take.id, 'left');
  });
  return call.scope.run('prompt take', (scope) => record(scope, s, call, { take, decision }));
}

const problem = (): Stage => ({
  kind: 'announce',
  prompt: 'service-problem',
  then: ended('contained', 'system', 16, 'prompt-not-recorded'),
});

async function record(
  scope: Scope,
  s: CallServices,
  call: Call,
  { take, decision }: { readonly take: PromptTake; readonly decision: { isMade: boolean } },
): Promise<Stage> {
  for (let takes = 0; takes < MAX_TAKES; takes++) {
    s.takes.note(take.id, 'speaking');
    await playPrompt(scope, call, [
      ...s.prompts.named('record-prompt', call),
      ...s.prompts.named('say-beep', call),
    ]);
    const name = await speak(scope, s, call);
    if (name === undefined) {
      await playPrompt(scope, call, s.prompts.named('recording-lost', call));
      continue;
    }
    s.takes.note(take.id, 'checking');
    const key = await check(scope, s, call, name);
    if (key === AGAIN) continue;
    if (key === undefined) break;
    decision.isMade = true;
    const isKept = await s.takes.keep(take, await call.ari.recordings.fetch(name));
    if (!isKept) return problem();
    const then = ended('contained', 'system', 16, 'prompt-recorded');
    return { kind: 'announce', prompt: 'recording-kept', then };
  }
  decision.isMade = true;
  s.takes.note(take.id, 'left');
  const then = ended('contained', 'system', 16, 'prompt-not-recorded');
  return { kind: 'announce', prompt: 'goodbye', then };
}

/** The name of what was recorded on the node, from where it is removed with the call; undefined where nothing was said. */
async function speak(scope: Scope, s: CallServices, call: Call): Promise<string | undefined> {
  const name = `${newRecordingId()}-prompt`;
  const finished = call.ari.events.inbox(scope, call.channel, ['RecordingFinished']);
  call.scope.defer(() => {
    discard(s, call, name);
  });
  await call.ari.record(call.channel, {
    name,
    format: 'wav',
    maxDurationMs: MAX_TAKE_MS,
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
async function check(
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
