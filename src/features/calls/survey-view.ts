import type { CallEvent } from '../../kernel/call-event.js';
import { foldSurveys, type SurveyOutcome } from '../../engines/reporting/fold-surveys.js';
import type { RecordingId } from '../../kernel/ids.js';
import { formatDuration, type Translate } from '../../web/kit/index.js';
import { answerText } from './survey-story.js';

/** One answer of a caller; `recordingId` is set for a comment. */
interface AnswerView {
  readonly question: string;
  readonly answer: string;
  readonly recordingId: RecordingId | undefined;
}

/** A survey of a call, as the side of its page shows it. */
export interface SurveyView {
  readonly id: string;
  readonly name: string;
  readonly surveyId: number;
  readonly outcome: SurveyOutcome;
  readonly answers: readonly AnswerView[];
}

/** What a caller was asked and answered, from the events of the call in their order. */
export const surveyViews = (events: readonly CallEvent[], t: Translate): readonly SurveyView[] =>
  foldSurveys(events).runs.map(({ id, surveyId, outcome }) => {
    const offered = events.find((event) => event.kind === 'survey-offered' && event.run === id);
    const answers = new Map<number, AnswerView & { readonly place: number }>();
    for (const event of events)
      if (event.kind === 'survey-answered' && event.run === id)
        answers.set(event.question, {
          place: event.place,
          question: event.label,
          answer: answerText(event, t),
          recordingId: undefined,
        });
      else if (event.kind === 'survey-comment' && event.run === id)
        answers.set(event.question, {
          place: event.place,
          question: event.label,
          answer: t('survey.comment', { time: formatDuration(event.durationMs) }),
          recordingId: event.recordingId,
        });
    return {
      ...{ id, surveyId, outcome },
      name: offered?.kind === 'survey-offered' ? offered.name : '',
      answers: [...answers.values()].sort((a, b) => a.place - b.place),
    };
  });
