import type { Knex } from 'knex';
import type { Counts } from '../../engines/reporting/intervals.js';
import type { SurveyId, SurveyQuestionId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import { questionOf, type SurveyQuestionRow } from '../directory/index.js';
import { filtered, namedRuns, runLines, scoped } from './knex-survey-runs.js';
import type {
  GroupLine,
  QuestionAnswers,
  ResultChoice,
  ResultGroup,
  ResultPeriod,
  ResultScope,
  RunCounts,
  RunFilters,
  RunLine,
  RunQuery,
  SurveyLine,
  SurveyResults,
} from './survey-results.js';

/** Sums come as decimal texts. */
type Sum = string | number | null;
type CountRow = Readonly<Record<keyof RunCounts, Sum>>;

const EXPORT_STEP = 500;
const QUARTER_S = 900;

const countsOf = (row: CountRow): RunCounts => ({
  offered: Number(row.offered),
  begun: Number(row.begun ?? 0),
  answered: Number(row.answered ?? 0),
  completed: Number(row.completed ?? 0),
});

/** Results of surveys in MariaDB or MySQL. Rejects while the database is away. */
export class KnexSurveyResults implements SurveyResults {
  constructor(private readonly db: Knex) {}

  async surveys({ fromAt, toAt }: ResultPeriod): Promise<readonly SurveyLine[]> {
    const runs = this.db('survey_runs as r')
      .where('r.test', false)
      .groupBy('r.survey_id')
      .select({ survey_id: 'r.survey_id', ...this.#sums() });
    if (fromAt !== undefined) void runs.where('r.call_at', '>=', new Date(fromAt));
    if (toAt !== undefined) void runs.where('r.call_at', '<', new Date(toAt));
    const rows: unknown = await this.db('surveys as s')
      .leftJoin(runs.as('n'), 'n.survey_id', 's.id')
      .where((either) => {
        void either.whereNull('s.archived_at').orWhereNotNull('n.survey_id');
      })
      .orderBy(['s.name', 's.id'])
      .select('s.id', 's.name', 's.archived_at', 'n.*');
    return (rows as (CountRow & { id: SurveyId; name: string; archived_at: Date | null })[]).map(
      (row) => ({
        ...{ id: row.id, name: row.name, isArchived: row.archived_at !== null },
        ...countsOf({ ...row, offered: row.offered ?? 0 }),
      }),
    );
  }

  async name(survey: SurveyId): Promise<string | undefined> {
    const row = await this.db('surveys')
      .where({ id: survey })
      .first<{ name: string } | undefined>('name');
    return row?.name;
  }

  async totals(scope: ResultScope): Promise<RunCounts> {
    const row: unknown = await scoped(this.db('survey_runs as r'), scope)
      .select(this.#sums())
      .first();
    return countsOf(row as CountRow);
  }

  async questions(scope: ResultScope): Promise<readonly QuestionAnswers[]> {
    const [rows, given] = await Promise.all([
      this.db('survey_questions')
        .where({ survey_id: scope.survey })
        .orderBy(['removed', 'position', 'id'])
        .select<SurveyQuestionRow[]>('*'),
      this.#answers(scope)
        .groupBy('a.question_id', 'a.value')
        .select('a.question_id', 'a.value', { count: this.db.raw('COUNT(*)') }) as Promise<
        { question_id: SurveyQuestionId; value: number | null; count: number }[]
      >,
    ]);
    return rows.flatMap((row): QuestionAnswers[] => {
      const question = questionOf(row);
      const own = given.filter((one) => one.question_id === row.id);
      const isAsked = row.removed === 0;
      if (question === undefined || (!isAsked && own.length === 0)) return [];
      return [
        {
          ...{ question, isAsked },
          counts: new Map(
            own.flatMap(({ value, count }) => (value === null ? [] : [[value, count]])),
          ),
          comments: own.find(({ value }) => value === null)?.count ?? 0,
        },
      ];
    });
  }

  async groups(
    scope: ResultScope,
    by: ResultGroup,
    question: SurveyQuestionId | undefined,
  ): Promise<readonly GroupLine[]> {
    const key = this.#keyOf(by);
    const [rows, given] = await Promise.all([
      scoped(this.db('survey_runs as r'), scope)
        .groupByRaw('1')
        .select({ key, ...this.#sums() }) as Promise<(CountRow & { key: Sum })[]>,
      question === undefined
        ? []
        : (this.#answers(scope)
            .where('a.question_id', question)
            .whereNotNull('a.value')
            .groupByRaw('1, 2')
            .select({ key, value: 'a.value', count: this.db.raw('COUNT(*)') }) as Promise<
            { key: Sum; value: number; count: number }[]
          >),
    ]);
    const answers = new Map<number, Map<number, number>>();
    for (const { key: of, value, count } of given) {
      const counts = answers.get(Number(of ?? 0)) ?? new Map<number, number>();
      answers.set(Number(of ?? 0), counts.set(value, count));
    }
    const names = by === 'day' ? new Map<number, string>() : await this.#names(by);
    return rows.map((row) => {
      const at = Number(row.key ?? 0);
      const counts: Counts = answers.get(at) ?? new Map();
      return {
        key: by === 'day' ? at * QUARTER_S * 1_000 : at,
        name: names.get(at) ?? '',
        counts,
        ...countsOf(row),
      };
    });
  }

  async runs(query: RunQuery): Promise<ListResult<RunLine>> {
    const direction = query.descending ? 'desc' : 'asc';
    const [rows, counted] = await Promise.all([
      filtered(namedRuns(this.db), query)
        .orderBy('r.call_at', direction)
        .orderBy('r.id', direction)
        .limit(query.limit)
        .offset(query.offset) as Promise<unknown[]>,
      filtered(this.db('survey_runs as r'), query).count({ n: '*' }).first() as Promise<{
        n: Sum;
      }>,
    ]);
    return { rows: await runLines(this.db, rows), total: Number(counted.n) };
  }

  async each(
    filters: RunFilters,
    visit: (lines: readonly RunLine[]) => Promise<void>,
  ): Promise<void> {
    // Ids are sortable by time: each step begins after the last one without counting its way there.
    for (let after = ''; ;) {
      const rows = (await filtered(namedRuns(this.db), filters)
        .where('r.id', '>', after)
        .orderBy('r.id')
        .limit(EXPORT_STEP)) as { readonly id: string }[];
      if (rows.length > 0) await visit(await runLines(this.db, rows));
      if (rows.length < EXPORT_STEP) return;
      after = rows.at(-1)?.id ?? after;
    }
  }

  async choices(survey: SurveyId) {
    const of = (table: 'queues' | 'agents', column: string): Promise<ResultChoice[]> =>
      this.db(table)
        .whereIn('id', this.db('survey_runs').where({ survey_id: survey }).select(column))
        .orderBy('name')
        .select<ResultChoice[]>('id', 'name');
    const [queues, agents] = await Promise.all([
      of('queues', 'queue_id'),
      of('agents', 'agent_id'),
    ]);
    return { queues, agents };
  }

  /** Answers of the runs of a scope. */
  #answers(scope: ResultScope) {
    return scoped(
      this.db('survey_runs as r').join('survey_answers as a', 'a.run_id', 'r.id'),
      scope,
    );
  }

  #keyOf(by: ResultGroup): Knex.Raw {
    if (by !== 'day') return this.db.raw('??', [`r.${by}_id`]);
    // Quarters of an hour make up the days of every zone.
    return this.db.raw("TIMESTAMPDIFF(SECOND, '1970-01-01', r.call_at) DIV ?", [QUARTER_S]);
  }

  #sums(): Readonly<Record<keyof RunCounts, Knex.Raw>> {
    return {
      offered: this.db.raw('COUNT(*)'),
      begun: this.db.raw('SUM(r.begun_at IS NOT NULL)'),
      answered: this.db.raw('SUM(r.answers > 0)'),
      completed: this.db.raw("SUM(r.outcome = 'completed')"),
    };
  }

  async #names(by: 'queue' | 'agent'): Promise<ReadonlyMap<number, string>> {
    const rows = await this.db(`${by}s`).select<{ id: number; name: string }[]>('id', 'name');
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
