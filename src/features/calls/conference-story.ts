import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import type { Told } from './story.js';

/** What happened to a call in a conference room. */
export type ConferenceEvent = CallEvent & {
  readonly kind:
    'conference-joined' | 'conference-changed' | 'conference-recorded' | 'conference-invited';
};

const ICONS = {
  muted: 'microphone-off',
  unmuted: 'microphone',
  removed: 'user-minus',
  'guests-muted': 'microphone-off',
  locked: 'lock',
  unlocked: 'lock-open',
  'recording-on': 'player-record',
  'recording-off': 'player-stop',
  ended: 'phone-off',
} as const;

/** One of its events as a sentence; `phone` writes numbers for the reader. */
export function tellConference(
  event: ConferenceEvent,
  t: Translate,
  phone: (number: string) => string,
): Told {
  switch (event.kind) {
    case 'conference-joined':
      return {
        icon: 'users-group',
        text: t('calls.story.conference', { name: event.name }),
        why: event.role === 'host' ? [t('calls.story.conference-host')] : [],
      };
    case 'conference-changed': {
      const by = event.via === 'phone' ? phone(event.by) : event.by;
      return {
        icon: ICONS[event.what],
        text: t(`calls.story.conference-${event.what}`, { by }),
        why: [t(`calls.story.transferred-via-${event.via}`)],
      };
    }
    case 'conference-recorded':
      return {
        icon: 'player-stop',
        text: t('calls.story.conference-recorded', { time: formatDuration(event.recordedMs) }),
      };
    case 'conference-invited':
      return {
        icon: 'user-plus',
        text: t('calls.story.conference-invited', { name: event.name, by: event.by }),
      };
  }
}
