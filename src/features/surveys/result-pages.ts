import { can } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { textIn } from '../../engines/survey/survey.js';
import type { SurveyId } from '../../kernel/ids.js';
import {
  listView,
  readList,
  sendCsv,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import {
  askedOf,
  periodOf,
  periodView,
  RUN_FILTER_NAMES,
  runFiltersOf,
  SCOPE_FILTERS,
  scopeOf,
  scopeViews,
  withFilters,
} from './result-filters.js';
import {
  countViews,
  groupViews,
  questionView,
  rateView,
  valueText,
  type ToRuns,
} from './results-view.js';
import { csvRun, csvRunHeader } from './run-csv.js';
import type { SurveyResultsService } from './survey-results-service.js';
import {
  RESULT_GROUPS,
  RUN_FILTERS,
  RUN_SORTS,
  type QuestionAnswers,
  type RunLine,
} from './survey-results.js';

export interface ResultPagesParts {
  readonly service: SurveyResultsService;
  readonly clock: Clock;
}

const PATH = '/quality/surveys';
const ACCESS = 'calls.read';

const RUN_COLUMNS = [
  { label: 'survey.column.at', sort: 'at' },
  { label: 'survey.column.caller' },
  { label: 'survey.queue' },
  { label: 'survey.agent' },
  { label: 'survey.column.outcome' },
  { label: 'survey.column.answers' },
  { label: 'survey.column.comment' },
] as const;

/** Adds the results of surveys: all, one, and the answers behind the figures. */
export function addResultPages(pages: PageRoutes, parts: ResultPagesParts): PageRoutes {
  return pages
    .get(PATH, ACCESS, (page) => showAll(page, parts))
    .get(`${PATH}/:id`, ACCESS, (page) => showOne(page, parts))
    .get(`${PATH}/:id/answers`, ACCESS, (page) => showRuns(page, parts))
    .get(`${PATH}/:id/answers/export.csv`, ACCESS, (page) => sendRuns(page, parts));
}

async function showAll(page: PageContext, { service, clock }: ResultPagesParts): Promise<void> {
  const surveys = await service.surveys(page.actor, periodOf(page, clock.now()));
  page.render('surveys/results', {
    title: page.t('survey.results.title'),
    styles: ['surveys'],
    asked: askedOf(page.query),
    filters: [periodView(page)],
    maySetUp: can(page.actor, 'surveys.edit'),
    surveys: surveys.map((survey) => {
      const path = `${PATH}/${String(survey.id)}`;
      return {
        name: survey.name,
        isArchived: survey.isArchived,
        href: withFilters(page, path, SCOPE_FILTERS),
        counts: countViews(page, survey, toRunsOf(page, survey.id)),
        rate: rateView(page, survey.answered, survey.offered),
      };
    }),
  });
}

/** Addresses of the answers of a survey, with what narrows this page. */
const toRunsOf =
  (page: PageContext, survey: SurveyId): ToRuns =>
  (changes) =>
    withFilters(page, `${PATH}/${String(survey)}/answers`, SCOPE_FILTERS, changes);

async function showOne(page: PageContext, { service, clock }: ResultPagesParts): Promise<void> {
  const id = page.id<SurveyId>();
  const path = `${PATH}/${String(id)}`;
  const now = clock.now();
  const scope = scopeOf(page, id, now);
  const found = await service.one(page.actor, scope, Number(page.query['question'] ?? 0));
  const { totals, questions, choices, rated, main, groups } = found;
  const toRuns = toRunsOf(page, id);
  const { t, language } = page;
  page.render('surveys/result', {
    title: found.name,
    crumbs: [{ label: t('survey.results.title'), href: PATH }],
    styles: ['surveys'],
    path,
    asked: { ...askedOf(page.query), question: main === undefined ? '' : String(main.question.id) },
    filters: [
      ...scopeViews(page, choices),
      ...(rated.length < 2
        ? []
        : [
            {
              name: 'question',
              label: t('survey.rated-by'),
              options: rated.map(({ question }) => ({
                value: String(question.id),
                label: textIn(question.texts, language),
              })),
            },
          ]),
    ],
    until: now,
    setUpHref: can(page.actor, 'surveys.edit') ? `/setup/surveys/${String(id)}` : undefined,
    answersHref: toRuns({}),
    commentsHref: toRuns({ what: 'comment' }),
    tiles: countViews(page, totals, toRuns),
    rate: rateView(page, totals.answered, totals.offered),
    isEmpty: totals.offered === 0,
    questions: questions.map((one) => questionView(page, one, toRuns)),
    ratedBy: main === undefined ? '' : textIn(main.question.texts, language),
    groups: RESULT_GROUPS.map((by) => ({
      by,
      isDay: by === 'day',
      title: t(`survey.by.${by}`),
      column: t(`survey.column.${by}`),
      lines: groupViews(page, by, groups[by], main?.question, toRuns),
    })),
  });
}

async function showRuns(page: PageContext, { service, clock }: ResultPagesParts): Promise<void> {
  const id = page.id<SurveyId>();
  const path = `${PATH}/${String(id)}`;
  const request = readList(page, {
    path: `${path}/answers`,
    sorts: RUN_SORTS,
    defaultSort: '-at',
    filters: RUN_FILTER_NAMES,
  });
  const name = await service.name(page.actor, id);
  const filters = runFiltersOf(page, id, clock.now());
  const found = await service.runs(page.actor, { ...request, ...filters });
  const { t } = page;
  const asked = askedOf(page.query);
  const rows = found.rows.map((run) => runView(page, run, found.questions, found.mayHear));
  const question = found.questions.find((one) => one.question.id === filters.question)?.question;
  const value = filters.value;
  page.render('surveys/answers', {
    title: t('survey.answers.title'),
    crumbs: [
      { label: t('survey.results.title'), href: PATH },
      { label: name, href: withFilters(page, path, SCOPE_FILTERS) },
    ],
    styles: ['surveys'],
    list: listView(
      { ...request, filters: asked as Record<string, string> },
      { rows, total: found.total },
      RUN_COLUMNS,
    ),
    filters: [
      ...scopeViews(page, found.choices),
      {
        name: 'what',
        label: t('survey.column.outcome'),
        any: t('list.any'),
        options: RUN_FILTERS.map((known) => ({ value: known, label: t(`survey.what.${known}`) })),
      },
    ],
    chosen: question && {
      text: textIn(question.texts, page.language),
      value: value === undefined ? '' : valueText(page, question, value),
      clear: withFilters(page, `${path}/answers`, RUN_FILTER_NAMES, { question: '', value: '' }),
    },
    exportHref: withFilters(page, `${path}/answers/export.csv`, RUN_FILTER_NAMES),
  });
}

function runView(
  page: PageContext,
  run: RunLine,
  questions: readonly QuestionAnswers[],
  mayHear: boolean,
) {
  const known = new Map(questions.map(({ question }) => [question.id, question]));
  return {
    ...run,
    href: `/calls/${run.callId}`,
    outcomeText: page.t(`survey.outcome.${run.outcome}`),
    answers: run.answers.flatMap(({ questionId, value }) => {
      const question = known.get(questionId);
      if (question === undefined || value === undefined) return [];
      return [
        {
          question: textIn(question.texts, page.language),
          answer: valueText(page, question, value),
        },
      ];
    }),
    comments: run.answers.flatMap(({ recording }) =>
      recording === undefined
        ? []
        : [
            {
              ...recording,
              src:
                mayHear && recording.state === 'stored'
                  ? `/recordings/${recording.id}/audio`
                  : undefined,
            },
          ],
    ),
  };
}

async function sendRuns(page: PageContext, { service, clock }: ResultPagesParts): Promise<void> {
  const at = clock.now();
  const filters = runFiltersOf(page, page.id<SurveyId>(), at);
  const questions = (await service.questions(page.actor, filters)).map(({ question }) => question);
  const head = csvRunHeader(page, questions);
  await sendCsv(page, { name: 'survey', head, at }, (write) =>
    service.export(page.actor, filters, (lines) =>
      write(lines.map((line) => csvRun(page, line, questions)).join('')),
    ),
  );
}
