import { MAX_SCORE, QUESTION_KINDS, textIn } from '../../engines/survey/survey.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { SurveyId } from '../../kernel/ids.js';
import {
  formView,
  numberIn,
  type PageContext,
  type PageRoutes,
  versionOf,
} from '../../web/kit/index.js';
import { rowPages, usageViews, type UsageReports } from '../configuration/index.js';
import {
  changedRows,
  flatQuestions,
  kindOf,
  questionRowsOf,
  type FlatValues,
  type TypedRow,
} from './question-rows.js';
import { NEW_SURVEY, surveySchema, surveyValues } from './survey-form.js';
import type { SurveyService } from './survey-service.js';
import type { PromptOption, SurveyStore } from './survey-store.js';
import { surveyWarnings, surveyWords } from './survey-words.js';
import { SURVEY_LIMITS, SURVEY_SORTS, type StoredSurvey } from './survey.js';

/** What the pages are made of. */
export interface SurveyPagesParts {
  readonly service: SurveyService;
  readonly store: SurveyStore;
  readonly usage: UsageReports;
}

const PATH = '/setup/surveys';
const ACCESS = 'surveys.edit';

/** The set-up pages of surveys, added to `pages`. */
export const surveyPages = (parts: SurveyPagesParts, pages: PageRoutes): PageRoutes =>
  rowPages(
    {
      name: 'surveys',
      permission: ACCESS,
      service: parts.service,
      schema: surveySchema,
      list: {
        sorts: SURVEY_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'surveys.form.name', sort: 'name' },
          { label: 'surveys.form.questions' },
          { label: 'surveys.column.used', numeric: true },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, all) =>
          Promise.all(
            all.map(async ({ id, questions, updatedAt }) => ({
              questions: questions.map(({ texts }) => textIn(texts, page.language)),
              used: (await parts.usage.ofSurvey(id)).length,
              updatedAt,
            })),
          ),
        data: () => ({ styles: ['surveys'] }),
      },
      title: (_page, survey) => survey.name,
      newValues: () => NEW_SURVEY,
      values: (_page, survey) => surveyValues(survey),
      data: (page, survey) => editData(page, parts, survey, typedOr(page, survey)),
      create: (page, values) => parts.service.create(page.actor, values),
      created: (page, id) => page.redirect(`${PATH}/${String(id)}`, { message: 'surveys.created' }),
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
      uses: (survey) => parts.usage.ofSurvey(survey.id),
    },
    pages.post(`${PATH}/rows`, ACCESS, (page) => changeRows(page, parts)),
  );

/** A form that is shown again keeps the questions that were typed. */
const typedOr = (page: PageContext, survey: StoredSurvey | undefined): FlatValues => {
  if ('name' in page.body) return page.body;
  return survey === undefined ? NEW_SURVEY : surveyValues(survey);
};

async function editData(
  page: PageContext,
  parts: SurveyPagesParts,
  survey: StoredSurvey | undefined,
  flat: FlatValues,
) {
  const prompts = await parts.store.promptOptions();
  const rows = questionRowsOf(flat);
  const kinds = QUESTION_KINDS.map((value) => ({ value, label: page.t(`surveys.kind.${value}`) }));
  return {
    styles: ['setup', 'surveys'],
    limits: SURVEY_LIMITS,
    maxScore: MAX_SCORE,
    prompts: prompts.map((prompt) => promptOption(page, prompt)),
    kinds,
    isFull: rows.length >= SURVEY_LIMITS.questions,
    questionRows: rows.map((row, at) => questionView(page, row, at, rows.length)),
    fieldLabels: labelsOf(page, rows),
    ...(survey === undefined
      ? {}
      : {
          resultsHref: `/quality/surveys/${String(survey.id)}`,
          words: surveyWords(page, survey),
          warnings: surveyWarnings(page, survey, prompts),
        }),
  };
}

const promptOption = (page: PageContext, { id, name, languages }: PromptOption) => ({
  value: String(id),
  label: page.t('queues.announcement-option', {
    name,
    languages: languages.map((language) => page.t(`language.${language}`)).join(', '),
  }),
});

/** One question as the form shows it, by the names of its fields. */
function questionView(page: PageContext, row: TypedRow, at: number, count: number) {
  const kind = kindOf(row);
  const place = String(at + 1);
  const field = (name: string): string => `questions.${String(at)}.${name}`;
  return {
    kind,
    icon: {
      score: 'star',
      'yes-no': 'circle-check',
      choice: 'list-numbers',
      comment: 'microphone',
    }[kind ?? 'score'],
    title: page.t('surveys.question', {
      number: place,
      kind: page.t(`surveys.kind.${kind ?? ''}`),
    }),
    number: place,
    isFirst: at === 0,
    isLast: at === count - 1,
    at: String(at),
    id: field('id'),
    kindName: field('kind'),
    prompt: field('prompt'),
    texts: LANGUAGES.map((language) => {
      const name = field(language === 'en' ? 'en' : 'zh');
      return {
        name,
        label: page.t('surveys.text-in', { language: page.t(`language.${language}`) }),
      };
    }),
    from: field('from'),
    to: field('to'),
    choices: LANGUAGES.map((language) => {
      const name = field(language === 'en' ? 'choicesEn' : 'choicesZh');
      const words = { language: page.t(`language.${language}`) };
      return { name, label: page.t('surveys.choices-in', words) };
    }),
    maxS: field('maxS'),
  };
}

/** What summaries of problems and lists of conflicts call the fields of questions. */
function labelsOf(page: PageContext, rows: readonly TypedRow[]): Readonly<Record<string, string>> {
  const labels = new Map<string, string>();
  rows.forEach((_row, at) => {
    for (const field of FIELDS)
      labels.set(
        `questions.${String(at)}.${field}`,
        page.t('surveys.question-field', {
          number: at + 1,
          field: page.t(
            `surveys.field.${field.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)}`,
          ),
        }),
      );
  });
  return Object.fromEntries(labels);
}
const FIELDS = [
  ...['id', 'kind', 'prompt', 'en', 'zh', 'from', 'to'],
  ...['choicesEn', 'choicesZh', 'maxS'],
] as const;

/** The form again with its questions added, taken away or moved; nothing is saved and everything typed is kept. */
async function changeRows(page: PageContext, parts: SurveyPagesParts): Promise<void> {
  const typed: FlatValues = page.body;
  const others = Object.entries(typed).filter(([name]) => !/^questions\.|^do$|^_csrf$/.test(name));
  const values = {
    ...Object.fromEntries(others),
    asksConsent: typed['asksConsent'] === 'on',
    ...flatQuestions(changedRows(typed)),
  };
  const id = numberIn(page.body, 'survey');
  const stored = id > 0 ? await parts.service.get(page.actor, id as SurveyId) : undefined;
  const version = versionOf(page.body);
  const form = formView(
    {
      prefix: 'surveys.form',
      action: stored === undefined ? PATH : `${PATH}/${String(stored.id)}`,
    },
    values,
    version > 0 ? version : undefined,
  );
  const uses = stored === undefined ? [] : await parts.usage.ofSurvey(stored.id);
  page.render('surveys/edit', {
    title: stored?.name ?? page.t('surveys.new'),
    crumbs: [{ label: page.t('surveys.title'), href: PATH }],
    ...(stored === undefined ? { isNew: true } : { row: stored, uses: usageViews(page, uses) }),
    ...(await editData(page, parts, stored, values)),
    form,
  });
}
