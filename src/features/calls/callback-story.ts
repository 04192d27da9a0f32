import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import type { Told } from './story.js';

/** A caller wants to be called back, a call is a try of that, or nobody calls back any more. `queue`: its name; `phone` writes numbers for the reader. */
export function tellCallback(
  event: CallEvent & { kind: 'callback-asked' | 'callback-tried' | 'callback-closed' },
  t: Translate,
  { queue, phone }: { readonly queue: string; readonly phone: (number: string) => string },
): Told {
  if (event.kind === 'callback-asked')
    return {
      icon: 'phone-calling',
      text: t('calls.story.callback-asked', { number: phone(event.number), queue }),
    };
  if (event.kind === 'callback-closed')
    return {
      icon: 'phone-off',
      text: t(`calls.story.callback-closed.${event.why}`, { number: phone(event.number), queue }),
    };
  return {
    icon: 'phone-calling',
    text: t('calls.story.callback-tried', { queue, attempt: event.attempt }),
    why: [t('decision.waited', { time: formatDuration(event.waitedMs) })],
  };
}
