import type { Knex } from 'knex';
import type { SurveyOutcome } from '../../engines/reporting/fold-surveys.js';
import type { CallId, RecordingId, SurveyQuestionId, SurveyRunId } from '../../kernel/ids.js';
import type { RunAnswer, RunFilters, RunLine } from './survey-results.js';

interface RunRow {
  readonly id: SurveyRunId;
  readonly call_id: CallId;
  readonly call_at: Date;
  readonly from_number: string;
  readonly queue_name: string | null;
  readonly agent_name: string | null;
  readonly outcome: SurveyOutcome;
}

interface AnswerRow {
  readonly run_id: SurveyRunId;
  readonly question_id: SurveyQuestionId;
  readonly value: number | null;
  readonly recording_id: RecordingId | null;
  readonly state: 'waiting' | 'stored' | 'missing' | null;
  readonly duration_ms: number | null;
}

/** Leaves the runs (`survey_runs as r`) of a scope; everything typed goes in as a bound parameter. */
export function scoped<Query extends Knex.QueryBuilder>(
  query: Query,
  scope: Omit<RunFilters, 'what' | 'question' | 'value'>,
): Query {
  void query.where('r.survey_id', scope.survey).where('r.test', false);
  if (scope.fromAt !== undefined) void query.where('r.call_at', '>=', new Date(scope.fromAt));
  if (scope.toAt !== undefined) void query.where('r.call_at', '<', new Date(scope.toAt));
  if (scope.queueId !== undefined) void query.where('r.queue_id', scope.queueId);
  if (scope.agentId !== undefined) void query.where('r.agent_id', scope.agentId);
  return query;
}

/** The same, narrowed further by what became of them. */
export function filtered<Query extends Knex.QueryBuilder>(
  query: Query,
  filters: RunFilters,
): Query {
  const { what, question, value } = filters;
  void scoped(query, filters);
  switch (what) {
    case undefined:
      break;
    case 'begun':
      void query.whereNotNull('r.begun_at');
      break;
    case 'answered':
      void query.where('r.answers', '>', 0);
      break;
    case 'comment':
      void query.whereExists((answers: Knex.QueryBuilder) => {
        void answers
          .from('survey_answers as c')
          .whereRaw('c.run_id = r.id')
          .whereNotNull('c.recording_id');
      });
      break;
    default:
      void query.where('r.outcome', what);
  }
  if (question !== undefined)
    void query.whereExists((answers: Knex.QueryBuilder) => {
      void answers.from('survey_answers as a').whereRaw('a.run_id = r.id');
      void answers.where('a.question_id', question);
      if (value !== undefined) void answers.where('a.value', value);
    });
  return query;
}

/** Runs with the names of what they were about. */
export const namedRuns = (db: Knex) =>
  db('survey_runs as r')
    .leftJoin('queues as q', 'q.id', 'r.queue_id')
    .leftJoin('agents as g', 'g.id', 'r.agent_id')
    .select('r.id', 'r.call_id', 'r.call_at', 'r.from_number', 'r.outcome', {
      queue_name: 'q.name',
      agent_name: 'g.name',
    });

/** Adds the answers to rows of {@link namedRuns}. */
export async function runLines(db: Knex, found: readonly unknown[]): Promise<readonly RunLine[]> {
  const rows = found as readonly RunRow[];
  const answers = await db('survey_answers as a')
    .leftJoin('recordings as c', 'c.id', 'a.recording_id')
    .leftJoin('survey_questions as s', 's.id', 'a.question_id')
    .whereIn(
      'a.run_id',
      rows.map(({ id }) => id),
    )
    .orderBy(['a.run_id', 's.position', 'a.question_id'])
    .select<AnswerRow[]>('a.run_id', 'a.question_id', 'a.value', 'a.recording_id', {
      state: 'c.state',
      duration_ms: 'c.duration_ms',
    });
  return rows.map((row) => ({
    id: row.id,
    callId: row.call_id,
    callAt: row.call_at,
    number: row.from_number,
    queueName: row.queue_name ?? '',
    agentName: row.agent_name ?? '',
    outcome: row.outcome,
    answers: answers.filter((answer) => answer.run_id === row.id).map(answerOf),
  }));
}

const answerOf = (row: AnswerRow): RunAnswer => ({
  questionId: row.question_id,
  value: row.value ?? undefined,
  recording:
    row.recording_id === null
      ? undefined
      : {
          id: row.recording_id,
          state: row.state ?? 'missing',
          durationMs: row.duration_ms ?? 0,
        },
});
