import type {
  AgentId,
  QueueId,
  RecordingId,
  SurveyId,
  SurveyQuestionId,
  SurveyRunId,
} from './ids.js';

/**
 * How a survey came to its end. completed: all questions were asked and at least one was answered · declined: the caller did
 * not want to · no-answer: nothing was pressed that counted · given-up: silence in between. Who hangs up ends it without one.
 */
export type SurveyEnd = 'completed' | 'declined' | 'no-answer' | 'given-up';

/** Whom a survey was offered to, what was answered, and how it ended. */
export type SurveyEventBody =
  /** The caller is asked to answer questions by keys: after a talk in a queue, or in a flow. `run` names this time. */
  | {
      readonly kind: 'survey-offered';
      readonly run: SurveyRunId;
      readonly surveyId: SurveyId;
      readonly version: number;
      readonly name: string;
      readonly questions: number;
      readonly queueId?: QueueId;
      readonly agentId?: AgentId;
    }
  /** The queue has a survey, and this caller was not asked: why. */
  | {
      readonly kind: 'survey-skipped';
      readonly surveyId: SurveyId;
      readonly name: string;
      readonly queueId: QueueId;
      readonly reason: string;
    }
  | { readonly kind: 'survey-begun'; readonly run: SurveyRunId }
  /** `place` from 0. A value is the number pressed, the place of a choice from 1, or 1 for yes and 0 for no. */
  | {
      readonly kind: 'survey-answered';
      readonly run: SurveyRunId;
      readonly question: SurveyQuestionId;
      readonly place: number;
      readonly questionKind: string;
      readonly label: string;
      readonly value: number;
      /** What the value was called: the text of a choice; '' for numbers, yes and no. */
      readonly said: string;
    }
  | {
      readonly kind: 'survey-comment';
      readonly run: SurveyRunId;
      readonly question: SurveyQuestionId;
      readonly place: number;
      readonly label: string;
      readonly recordingId: RecordingId;
      readonly file: string;
      readonly node: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'survey-finished'; readonly run: SurveyRunId; readonly end: SurveyEnd };
