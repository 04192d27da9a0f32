import type { CallEvent } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import { endReasonText } from './reason-text.js';
import type { Told } from './story.js';

/** What was recorded of a call, or could not be; and who has said so. */
export type RecordingEvent = CallEvent & {
  readonly kind:
    | 'recording-decided'
    | 'recording-told'
    | 'recording-switched'
    | 'recording-paused'
    | 'recording-resumed'
    | 'recording-started'
    | 'recording-ended'
    | 'recording-missing'
    | 'voicemail-left';
};

/** One event of a recording as a sentence; `who` names whoever is at a leg. */
export function tellRecording(
  event: RecordingEvent,
  t: Translate,
  who: (leg: ChannelId) => string,
): Told {
  switch (event.kind) {
    case 'recording-decided':
      return {
        icon: 'scale',
        text: t(`calls.story.recording-decided.${event.mode}`),
        why: event.why.map((one) => voiceText(one, t)),
      };
    case 'recording-told':
      return {
        icon: 'volume',
        text: t(`calls.story.recording-told.${event.answer}`),
        why: [t(`calls.story.recording-told.by-${event.how}`)],
      };
    case 'recording-switched':
      return {
        icon: event.isOn ? 'player-record' : 'player-stop',
        text: t(`calls.story.recording-switched.${event.isOn ? 'on' : 'off'}`, {
          who: who(event.by),
        }),
        why: [t(`calls.story.transferred-via-${event.via}`)],
      };
    case 'recording-paused':
      return {
        icon: 'player-pause',
        text: t('calls.story.recording-paused', { who: who(event.by) }),
        why: [t(`calls.story.transferred-via-${event.via}`)],
      };
    case 'recording-resumed':
      return {
        icon: 'player-play',
        text: t(`calls.story.recording-resumed.${event.why}`, {
          time: formatDuration(event.pausedMs),
        }),
      };
    case 'recording-started':
      return { icon: 'player-record', text: t('calls.story.recording-started') };
    case 'recording-ended':
      return {
        icon: 'player-stop',
        text: t('calls.story.recording-ended', { time: formatDuration(event.recordedMs) }),
      };
    case 'recording-missing': {
      const reason = endReasonText(t, event.reason);
      return {
        icon: 'alert-triangle',
        text: t('calls.story.recording-missing'),
        why: reason === '' ? [] : [reason],
        isAlarm: true,
      };
    }
    case 'voicemail-left':
      return {
        icon: 'microphone',
        text:
          event.durationMs === 0
            ? t('calls.story.voicemail-of-unknown-length')
            : t('calls.story.voicemail', { time: formatDuration(event.durationMs) }),
      };
  }
}

/** Who has said whether a call is recorded. */
export const voiceText = (
  { by, name }: { readonly by: string; readonly name: string },
  t: Translate,
): string => t(`calls.recording-voice.${by}`, { name });
