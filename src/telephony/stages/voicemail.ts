import type { Call } from '../calls/call.js';
import { recordMessage } from '../calls/message.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import { MAX_MESSAGE_MS, type Mailbox } from '../mailboxes.js';

/** Greeting, beep, message. */
export async function voicemailStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'voicemail'>,
): Promise<Stage> {
  await call.answer();
  const box = await boxOf(s, stage);
  if (box?.isFull === true)
    return {
      kind: 'announce',
      prompt: 'mailbox-full',
      then: ended('contained', 'system', 16, 'mailbox-full'),
    };
  const left = await recordMessage(
    call.scope,
    s,
    call,
    greetingOf(s, call, stage, box),
    {
      maxMs: box?.maxMessageMs ?? MAX_MESSAGE_MS,
      endKey: '#',
      ...(stage.extensionId === undefined ? {} : { extension: stage.extensionId }),
      ...(stage.queueId === undefined ? {} : { queue: stage.queueId }),
    },
    {
      begun: stage.message,
      keep: (message) => {
        call.enter({ ...stage, message });
      },
    },
  );
  return left !== undefined
    ? ended('voicemail', 'system', 16, 'message-left')
    : {
        kind: 'announce',
        prompt: 'message-too-short',
        then: ended('contained', 'system', 16, 'message-too-short'),
      };
}

async function boxOf(
  s: CallServices,
  { extensionId, queueId }: StageOf<'voicemail'>,
): Promise<Mailbox | undefined> {
  if (extensionId !== undefined) return s.mailboxes.of({ kind: 'extension', id: extensionId });
  return queueId === undefined ? undefined : s.mailboxes.of({ kind: 'queue', id: queueId });
}

/** What the flow says goes before the box's own greeting; without either it is the spoken one. */
function greetingOf(
  s: CallServices,
  call: Call,
  stage: StageOf<'voicemail'>,
  box: Mailbox | undefined,
): readonly string[] {
  const ofFlow = stage.greeting === undefined ? [] : s.prompts.of(stage.greeting, call);
  if (ofFlow.length > 0) return ofFlow;
  const own = box?.greeting ?? '';
  return own === '' ? s.prompts.named('leave-message', call) : s.prompts.kept(own);
}
