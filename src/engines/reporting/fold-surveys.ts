import type { CallEvent, SurveyEnd } from '../../kernel/call-event.js';
import type {
  AgentId,
  CallId,
  QueueId,
  RecordingId,
  SurveyId,
  SurveyQuestionId,
  SurveyRunId,
} from '../../kernel/ids.js';

/** How a survey ended, `hung-up` where the caller ended it; `open` while it goes on. */
export type SurveyOutcome = SurveyEnd | 'hung-up' | 'open';

/** One time that a survey was offered to a caller. */
export interface SurveyRunRow {
  readonly id: SurveyRunId;
  readonly callId: CallId;
  readonly surveyId: SurveyId;
  readonly version: number;
  /** After whose talk; undefined where a flow asked. */
  readonly queueId: QueueId | undefined;
  readonly agentId: AgentId | undefined;
  readonly fromNumber: string;
  /** When the call came in: a call counts in one period, whole. */
  readonly callAt: number;
  readonly offeredAt: number;
  readonly begunAt: number | undefined;
  readonly outcome: SurveyOutcome;
  /** Questions answered, comments among them. */
  readonly answers: number;
  readonly test: boolean;
}

/** The answer to one question; of several, which only a restart can make, the last. */
export interface SurveyAnswerRow {
  readonly runId: SurveyRunId;
  readonly questionId: SurveyQuestionId;
  readonly surveyId: SurveyId;
  readonly callAt: number;
  /** Undefined for a comment. */
  readonly value: number | undefined;
  readonly recordingId: RecordingId | undefined;
  readonly answeredAt: number;
}

type Offered = Extract<CallEvent, { readonly kind: 'survey-offered' }>;
type Answered = Extract<CallEvent, { readonly kind: 'survey-answered' | 'survey-comment' }>;

export interface FoldedSurveys {
  readonly runs: readonly SurveyRunRow[];
  readonly answers: readonly SurveyAnswerRow[];
}

/** The surveys of a call and what was answered, as far as is known: an answer counts as soon as it was given. */
export function foldSurveys(ordered: readonly CallEvent[]): FoldedSurveys {
  const arrived = ordered.find((event) => event.kind === 'call-arrived');
  if (arrived?.kind !== 'call-arrived') return { runs: [], answers: [] };
  const isOver = ordered.some((event) => event.kind === 'call-ended');
  const runs = new Map<SurveyRunId, SurveyRunRow>();
  const answers: SurveyAnswerRow[] = [];
  for (const event of ordered) {
    if (event.kind !== 'survey-offered' || runs.has(event.run)) continue;
    const given = answersOf(ordered, event);
    const begun = ordered.find((one) => one.kind === 'survey-begun' && one.run === event.run);
    runs.set(event.run, {
      ...{ id: event.run, callId: event.callId, surveyId: event.surveyId, version: event.version },
      ...{ queueId: event.queueId, agentId: event.agentId },
      ...{ fromNumber: arrived.from, callAt: arrived.at, offeredAt: event.at, begunAt: begun?.at },
      outcome: outcomeOf(ordered, event, given, isOver),
      answers: given.length,
      test: arrived.test ?? false,
    });
    for (const one of given)
      answers.push({
        ...{ runId: event.run, questionId: one.question, surveyId: event.surveyId },
        callAt: arrived.at,
        value: one.kind === 'survey-answered' ? one.value : undefined,
        recordingId: one.kind === 'survey-comment' ? one.recordingId : undefined,
        answeredAt: one.at,
      });
  }
  return { runs: [...runs.values()], answers };
}

/** The last answer to each question. */
function answersOf(ordered: readonly CallEvent[], { run }: Offered): readonly Answered[] {
  const byQuestion = new Map<SurveyQuestionId, Answered>();
  for (const event of ordered)
    if ((event.kind === 'survey-answered' || event.kind === 'survey-comment') && event.run === run)
      byQuestion.set(event.question, event);
  return [...byQuestion.values()];
}

/** Whoever hangs up with or after the last answer has finished. */
function outcomeOf(
  ordered: readonly CallEvent[],
  { run, questions }: Offered,
  given: readonly Answered[],
  isOver: boolean,
): SurveyOutcome {
  const finished = ordered.findLast((one) => one.kind === 'survey-finished' && one.run === run);
  if (finished?.kind === 'survey-finished') return finished.end;
  if (!isOver) return 'open';
  return given.some(({ place }) => place === questions - 1) ? 'completed' : 'hung-up';
}
