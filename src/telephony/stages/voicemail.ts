import type { Call } from '../calls/call.js';
import { recordMessage } from '../calls/message.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';

export const MAX_MESSAGE_MS = 180_000;

/** Greeting, beep, message. */
export async function voicemailStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'voicemail'>,
): Promise<Stage> {
  await call.answer();
  const own = stage.greeting === undefined ? [] : s.prompts.of(stage.greeting, call);
  const greeting = own.length > 0 ? own : s.prompts.named('leave-message', call);
  const left = await recordMessage(call.scope, s, call, greeting, {
    maxMs: MAX_MESSAGE_MS,
    endKey: '#',
    ...(stage.extensionId === undefined ? {} : { extension: stage.extensionId }),
    ...(stage.queueId === undefined ? {} : { queue: stage.queueId }),
  });
  return left !== undefined
    ? ended('voicemail', 'system', 16, 'message-left')
    : {
        kind: 'announce',
        prompt: 'message-too-short',
        then: ended('contained', 'system', 16, 'message-too-short'),
      };
}
