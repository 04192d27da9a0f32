import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { SurveyId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type {
  ResultPeriod,
  ResultScope,
  RunFilters,
  RunLine,
  RunQuery,
  SurveyResults,
} from './survey-results.js';

/** Looking at what callers answered: for people who may see all calls. Comments are heard by those who hear recordings. */
export class SurveyResultsService {
  constructor(
    private readonly results: SurveyResults,
    private readonly audit: AuditLog,
  ) {}

  surveys(actor: Actor, period: ResultPeriod) {
    requirePermission(actor, 'calls.read');
    return this.results.surveys(period);
  }

  /** Throws `not-found`. */
  async name(actor: Actor, survey: SurveyId): Promise<string> {
    requirePermission(actor, 'calls.read');
    const name = await this.results.name(survey);
    if (name === undefined) throw new AppError('not-found', `no survey ${String(survey)}`);
    return name;
  }

  /** Everything of one survey; `asked` is the question that the tables look at, the first that can be where undefined. */
  async one(actor: Actor, scope: ResultScope, asked: number | undefined) {
    const name = await this.name(actor, scope.survey);
    const [totals, questions, choices] = await Promise.all([
      this.results.totals(scope),
      this.results.questions(scope),
      this.results.choices(scope.survey),
    ]);
    const rated = questions.filter(
      ({ question }) => question.kind === 'score' || question.kind === 'yes-no',
    );
    const main = rated.find(({ question }) => question.id === asked) ?? rated[0];
    const [queues, agents, days] = await Promise.all(
      (['queue', 'agent', 'day'] as const).map((by) =>
        this.results.groups(scope, by, main?.question.id),
      ),
    );
    return {
      ...{ name, totals, questions, choices, rated, main },
      groups: { queue: queues ?? [], agent: agents ?? [], day: days ?? [] },
    };
  }

  async runs(actor: Actor, query: RunQuery) {
    requirePermission(actor, 'calls.read');
    const [found, questions, choices] = await Promise.all([
      this.results.runs(query),
      this.questions(actor, query),
      this.results.choices(query.survey),
    ]);
    return { ...found, questions, choices, mayHear: can(actor, 'recordings.hear') };
  }

  /** Questions with their answers, whatever else narrows the list. */
  questions(actor: Actor, { survey }: Pick<ResultScope, 'survey'>) {
    requirePermission(actor, 'calls.read');
    const everything = {
      ...{ fromAt: undefined, toAt: undefined, queueId: undefined, agentId: undefined },
    };
    return this.results.questions({ survey, ...everything });
  }

  /** Every run that matches, in batches, with a line in the audit log first. */
  async export(
    actor: Actor,
    filters: RunFilters,
    visit: (lines: readonly RunLine[]) => Promise<void>,
  ): Promise<void> {
    const name = await this.name(actor, filters.survey);
    await this.audit.record(actor, {
      action: 'survey.export',
      objectKind: 'survey',
      objectId: String(filters.survey),
      objectName: name,
    });
    await this.results.each(filters, visit);
  }
}
