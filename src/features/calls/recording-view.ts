import { foldPauses } from '../../engines/reporting/fold-pauses.js';
import type { CallEvent } from '../../kernel/call-event.js';
import type { Translate } from '../../web/kit/index.js';
import { endReasonText } from './reason-text.js';
import { voiceText } from './recording-story.js';

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
  if (has('conference-recorded'))
    return { text: t('calls.no-recording.room-goes-on'), isAlarm: false };
  if (has('connected')) {
    const decided = events.findLast((event) => event.kind === 'recording-decided');
    if (decided === undefined || decided.mode === 'always')
      return { text: t('calls.no-recording.policy'), isAlarm: false };
    const why = decided.why.map((one) => voiceText(one, t)).join(' ');
    return { text: `${t(`calls.no-recording.${decided.mode}`)} ${why}`, isAlarm: false };
  }
  return {
    text: t(isOver ? 'calls.no-recording.nobody-talked' : 'calls.no-recording.not-yet'),
    isAlarm: false,
  };
}

/** Why a call is recorded, in sentences; '' where nobody has decided it. */
export function whyRecorded(events: readonly CallEvent[], t: Translate): string {
  const decided = events.findLast((event) => event.kind === 'recording-decided');
  if (decided === undefined || decided.mode === 'never') return '';
  return t('calls.recording.why', {
    decided: t(`calls.story.recording-decided.${decided.mode}`),
    why: decided.why.map((one) => voiceText(one, t)).join(' '),
  });
}

/** A pause, in ms since the call began. */
export interface Gap {
  readonly fromMs: number;
  readonly ms: number;
}

/** The pauses of a call, each to be shown once, where it belongs; asked for in the order of the recordings. */
export function playerGaps(events: readonly CallEvent[], until: number) {
  const startedAt = events[0]?.at ?? 0;
  const gaps = foldPauses(events, until).map(({ from, to }): Gap => ({
    fromMs: from - startedAt,
    ms: to - from,
  }));
  return {
    /** Those before a recording that begins then. */
    before: (offsetMs: number): readonly Gap[] =>
      gaps.splice(0, gaps.filter(({ fromMs }) => fromMs < offsetMs).length),
    rest: (): readonly Gap[] => gaps.splice(0),
  };
}
