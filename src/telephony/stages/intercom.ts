import type { Call } from '../calls/call.js';
import type { CallServices } from '../calls/services.js';
import { ended, type Stage, type StageOf } from '../calls/stage.js';
import { phoneOf } from './ring-phone.js';
import { ringMany } from './ring-many.js';

/** A phone that does not answer by itself rings for so long. */
const RING_MS = 15_000;

/** Speaks to one phone, which answers by itself: not where it has a call, or must not be disturbed; nothing is forwarded. */
export async function intercomStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'intercom'>,
): Promise<Stage> {
  const extension = s.directory.current.extensions.get(stage.extension);
  if (extension === undefined)
    return {
      kind: 'announce',
      prompt: 'unknown-number',
      then: ended('refused', 'system', 1, 'unknown-extension'),
    };
  call.other = extension.number;
  call.changed();
  const ring = { timeoutMs: RING_MS, answersItself: true };
  const next = await ringMany(s, call, [[phoneOf(s, call, extension.id, ring)]]);
  if (next.kind === 'talk') return next;
  const isBusy = next.why === 'busy';
  return {
    kind: 'announce',
    prompt: isBusy ? 'extension-busy' : 'nobody-answers',
    then: isBusy
      ? ended('busy', 'callee', 17, next.why)
      : ended('no-answer', 'callee', 19, next.why),
  };
}
