import type { Scope } from '../../kernel/scope.js';
import type { Call } from '../calls/call.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import { AGAIN, check, speak } from '../calls/spoken-take.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import type { PromptTake } from '../prompt-takes.js';

/** A longer prompt is refused when it is kept; Asterisk stops there. */
const MAX_TAKE_MS = 600_000;
/** Recordings of one call: somebody who speaks that often has put the phone down beside a radio. */
const MAX_TAKES = 20;

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
    const name = await speak(scope, s, call, MAX_TAKE_MS);
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
