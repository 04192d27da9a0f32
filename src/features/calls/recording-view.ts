import type { CallEvent } from '../../kernel/call-event.js';
import type { Translate } from '../../web/kit/index.js';
import { endReasonText } from './reason-text.js';

/** Why a call has no recording, in words. An alarm where there should be one. */
export interface NoRecording {
  readonly text: string;
  readonly isAlarm: boolean;
}

/** The reason why nothing is stored of a call that has no row of a recording; a page never only says "none". */
export function whyNoRecording(
  events: readonly CallEvent[],
  isOver: boolean,
  t: Translate,
): NoRecording {
  const has = (kind: CallEvent['kind']): boolean => events.some((event) => event.kind === kind);
  const missing = events.findLast((event) => event.kind === 'recording-missing');
  if (missing !== undefined)
    return {
      text: t('calls.no-recording.refused', { reason: endReasonText(t, missing.reason) }),
      isAlarm: true,
    };
  if (has('recording-started') && !has('recording-ended'))
    return isOver
      ? { text: t('calls.no-recording.cut-off'), isAlarm: true }
      : { text: t('calls.no-recording.under-way'), isAlarm: false };
  if (has('connected')) return { text: t('calls.no-recording.policy'), isAlarm: false };
  return {
    text: t(isOver ? 'calls.no-recording.nobody-talked' : 'calls.no-recording.not-yet'),
    isAlarm: false,
  };
}
