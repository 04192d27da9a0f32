import type { Call } from '../calls/call.js';
import { playPrompt } from '../calls/prompts.js';
import type { CallServices } from '../calls/services.js';
import type { Stage, StageOf } from '../calls/stage.js';

/** Says why the call cannot go on: nobody is dropped without a word. */
export async function announceStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'announce' | 'goodbye'>,
): Promise<Stage> {
  await call.answer();
  const media =
    stage.kind === 'announce'
      ? s.prompts.named(stage.prompt, call)
      : s.prompts.of(stage.prompt, call);
  await call.scope.run('announce', (scope) => playPrompt(scope, call, media));
  return stage.then;
}
