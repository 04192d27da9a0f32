import type { SurveyOutcome } from '../../engines/reporting/fold-surveys.js';
import type { Counts } from '../../engines/reporting/intervals.js';
import type { SurveyQuestion } from '../../engines/survey/survey.js';
import type {
  AgentId,
  CallId,
  QueueId,
  RecordingId,
  SurveyId,
  SurveyQuestionId,
  SurveyRunId,
} from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';

/** Calls that came in from `fromAt` up to, not including, `toAt` (ms since the epoch; open where undefined). */
export interface ResultPeriod {
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
}

/** What narrows results. Test calls are left out. */
export interface ResultScope extends ResultPeriod {
  readonly survey: SurveyId;
  readonly queueId: QueueId | undefined;
  readonly agentId: AgentId | undefined;
}

/**
 * How often a survey was offered, and what became of it: `begun` took part, `answered` gave at least one answer, `completed`
 * came to the end. Each is a part of the one before.
 */
export interface RunCounts {
  readonly offered: number;
  readonly begun: number;
  readonly answered: number;
  readonly completed: number;
}

/** Answers to one question by value; comments by themselves. */
export interface QuestionAnswers {
  readonly question: SurveyQuestion;
  /** False: it is not asked any more. */
  readonly isAsked: boolean;
  readonly counts: Counts;
  readonly comments: number;
}

/** What results are grouped by. */
export const RESULT_GROUPS = ['queue', 'agent', 'day'] as const;
export type ResultGroup = (typeof RESULT_GROUPS)[number];

/** One line of a table: a queue, an agent, or a quarter of an hour of a day. */
export interface GroupLine extends RunCounts {
  /** Row id; 0 where a flow asked. For days: the beginning of a quarter of an hour, ms since the epoch. */
  readonly key: number;
  /** '' for days, and where a flow asked. */
  readonly name: string;
  /** Answers to the question that is looked at, by value. */
  readonly counts: Counts;
}

/** A survey in the list of all results. */
export interface SurveyLine extends RunCounts {
  readonly id: SurveyId;
  readonly name: string;
  readonly isArchived: boolean;
}

/** What narrows the list of single surveys. */
export interface RunFilters extends ResultScope {
  readonly what: RunFilter | undefined;
  readonly question: SurveyQuestionId | undefined;
  /** Only with a question. */
  readonly value: number | undefined;
}

/** Parts that the counts open, outcomes, and those with a comment. */
export const RUN_FILTERS = [
  ...(['begun', 'answered', 'completed', 'comment'] as const),
  ...(['declined', 'no-answer', 'given-up', 'hung-up', 'open'] as const),
] as const;
export type RunFilter = (typeof RUN_FILTERS)[number];

export const RUN_SORTS = ['at'] as const;
export type RunSort = (typeof RUN_SORTS)[number];
export type RunQuery = ListQuery<RunSort> & RunFilters;

/** One time that a survey was offered. */
export interface RunLine {
  readonly id: SurveyRunId;
  readonly callId: CallId;
  readonly callAt: Date;
  readonly number: string;
  readonly queueName: string;
  readonly agentName: string;
  readonly outcome: SurveyOutcome;
  /** In the order of the questions. */
  readonly answers: readonly RunAnswer[];
}

export interface RunAnswer {
  readonly questionId: SurveyQuestionId;
  /** Undefined for a comment. */
  readonly value: number | undefined;
  readonly recording: RunComment | undefined;
}

export interface RunComment {
  readonly id: RecordingId;
  readonly state: 'waiting' | 'stored' | 'missing';
  readonly durationMs: number;
}

/** Something that results can be narrowed by. */
export interface ResultChoice {
  readonly id: number;
  readonly name: string;
}

/** Reads what callers answered, from the tables that the ledger fills. */
export interface SurveyResults {
  /** Surveys in use, and others that were offered in the period; by name. */
  surveys(period: ResultPeriod): Promise<readonly SurveyLine[]>;
  /** Archived ones too. */
  name(survey: SurveyId): Promise<string | undefined>;
  totals(scope: ResultScope): Promise<RunCounts>;
  /** Questions that are asked, in their order, and those that are not any more but were answered. */
  questions(scope: ResultScope): Promise<readonly QuestionAnswers[]>;
  /** `question`: whose answers are counted beside. */
  groups(
    scope: ResultScope,
    by: ResultGroup,
    question: SurveyQuestionId | undefined,
  ): Promise<readonly GroupLine[]>;
  runs(query: RunQuery): Promise<ListResult<RunLine>>;
  /** Calls `visit` with one batch after the other, the oldest first. */
  each(filters: RunFilters, visit: (lines: readonly RunLine[]) => Promise<void>): Promise<void>;
  /** Queues and agents for whom a survey was offered, by name. */
  choices(survey: SurveyId): Promise<{
    readonly queues: readonly ResultChoice[];
    readonly agents: readonly ResultChoice[];
  }>;
}
