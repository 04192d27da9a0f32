import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import type { Told } from './story.js';

export type SurveyEvent = Extract<CallEvent, { readonly kind: `survey-${string}` }>;

/** What a caller answered, in words: the number, yes or no, or the choice with its key. */
export function answerText(
  {
    questionKind,
    value,
    said,
  }: Pick<SurveyEvent & { kind: 'survey-answered' }, 'questionKind' | 'value' | 'said'>,
  t: Translate,
): string {
  if (questionKind === 'yes-no') return t(value === 1 ? 'survey.yes' : 'survey.no');
  return said === '' ? String(value) : `${String(value)} ${said}`;
}

/** One line of a survey in a call's story. */
export function tellSurvey(event: SurveyEvent, t: Translate): Told {
  switch (event.kind) {
    case 'survey-offered':
      return {
        icon: 'clipboard-list',
        text: t('calls.story.survey-offered', { name: event.name }),
      };
    case 'survey-skipped':
      return {
        icon: 'clipboard-list',
        text: t('calls.story.survey-skipped', { name: event.name }),
        why: [t(`survey.skipped.${event.reason}`)],
      };
    case 'survey-begun':
      return { icon: 'circle-check', text: t('calls.story.survey-begun') };
    case 'survey-answered':
      return {
        icon: 'dialpad',
        text: t('calls.story.survey-answered', {
          question: event.label,
          answer: answerText(event, t),
        }),
      };
    case 'survey-comment':
      return {
        icon: 'microphone',
        text: t('calls.story.survey-comment', { time: formatDuration(event.durationMs) }),
        why: [event.label],
      };
    case 'survey-finished':
      return { icon: 'clipboard-list', text: t(`calls.story.survey-${event.end}`) };
  }
}
