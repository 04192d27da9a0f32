import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import { endReasonText } from './reason-text.js';
import type { Told } from './story.js';

/** What happened to a call as a whole, by nobody's doing in it. */
export type WholeEvent = CallEvent & { readonly kind: 'context-passed' | 'refused' | 'adopted' };

/** One such event as a sentence. */
export function tellWhole(event: WholeEvent, t: Translate): Told {
  switch (event.kind) {
    case 'context-passed':
      return {
        icon: 'tag',
        text: t('calls.story.context', {
          values: Object.entries(event.values)
            .map(([name, value]) => `${name} = ${value}`)
            .join(' · '),
        }),
      };
    case 'refused':
      return {
        icon: 'ban',
        text: t('calls.story.refused'),
        why: [endReasonText(t, event.reason)],
      };
    case 'adopted':
      return {
        icon: 'refresh',
        text: t(
          event.stage === 'kept-by-node' ? 'calls.story.kept-by-node' : 'calls.story.adopted',
        ),
        why: [t('calls.story.away', { time: formatDuration(event.awayMs) })],
      };
  }
}
