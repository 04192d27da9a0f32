import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import type { Told } from './story.js';

/** A caller wants to be called back, or a call is a try of that. `queue`: its name; `phone` writes numbers for the reader. */
export function tellCallback(
  event: CallEvent & { kind: 'callback-asked' | 'callback-tried' },
  t: Translate,
  { queue, phone }: { readonly queue: string; readonly phone: (number: string) => string },
): Told {
  if (event.kind === 'callback-asked')
    return {
      icon: 'phone-calling',
      text: t('calls.story.callback-asked', { number: phone(event.number), queue }),
    };
  return {
    icon: 'phone-calling',
    text: t('calls.story.callback-tried', { queue, attempt: event.attempt }),
    why: [t('decision.waited', { time: formatDuration(event.waitedMs) })],
  };
}
