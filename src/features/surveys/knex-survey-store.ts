import type { Knex } from 'knex';
import type { Survey } from '../../engines/survey/survey.js';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { PromptId, SurveyId, SurveyQuestionId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexUsageReports, KnexVersionedStore, type TableMapping } from '../configuration/index.js';
import {
  questionOf,
  surveysOf,
  type SurveyQuestionRow,
  type SurveyRow,
} from '../directory/index.js';
import type { PromptOption, SurveyStore } from './survey-store.js';
import {
  isSameScale,
  type QuestionDraft,
  type StoredSurvey,
  type SurveyDraft,
  type SurveySort,
} from './survey.js';

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredSurvey[]> {
  const all = rows as readonly SurveyRow[];
  const surveys = new Map((await surveysOf(db, all)).map((one) => [one.id, one]));
  return all.flatMap((row) => {
    const survey = surveys.get(row.id);
    return survey === undefined ? [] : [storedOf(row, survey)];
  });
}

const storedOf = (row: SurveyRow, { timeoutMs, ...survey }: Survey): StoredSurvey => ({
  ...survey,
  timeoutS: timeoutMs / 1_000,
  archivedAt: row.archived_at ?? undefined,
  updatedAt: row.updated_at,
});

const columns = ({ name, asksConsent, intro, thanks, timeoutS, repeats }: SurveyDraft) => ({
  ...{ name, asks_consent: asksConsent, timeout_s: timeoutS, repeats },
  intro_prompt_id: intro.prompt ?? null,
  intro_en: intro.texts.en,
  intro_zh: intro.texts['zh-CN'],
  thanks_prompt_id: thanks.prompt ?? null,
  thanks_en: thanks.texts.en,
  thanks_zh: thanks.texts['zh-CN'],
});

const questionColumns = (question: QuestionDraft, position: number) => ({
  ...{ position, removed: false, kind: question.kind },
  prompt_id: question.prompt ?? null,
  text_en: question.texts.en,
  text_zh: question.texts['zh-CN'],
  scale_from: question.kind === 'score' ? question.from : 0,
  scale_to: question.kind === 'score' ? question.to : 0,
  choices: JSON.stringify(question.kind === 'choice' ? question.choices : []),
  max_s: question.kind === 'comment' ? question.maxMs / 1_000 : 0,
});

/** Locks the prompts, so that they are still there when the survey is saved. */
async function check(tx: Knex, { intro, thanks, questions }: SurveyDraft): Promise<void> {
  const named = [
    { field: 'introPrompt', prompt: intro.prompt },
    { field: 'thanksPrompt', prompt: thanks.prompt },
    ...questions.map(({ prompt }, at) => ({ field: `questions.${String(at)}.prompt`, prompt })),
  ].flatMap(({ field, prompt }) => (prompt === undefined ? [] : [{ field, prompt }]));
  const ids = [...new Set(named.map(({ prompt }) => prompt))];
  const found = await tx('prompts')
    .whereIn('id', ids)
    .whereNull('archived_at')
    .orderBy('id')
    .forShare()
    .select<{ id: PromptId }[]>('id');
  const there = new Set(found.map(({ id }) => id));
  const gone = named.filter(({ prompt }) => !there.has(prompt));
  if (gone.length > 0)
    throw new AppError(
      'invalid-fields',
      'a prompt is not there',
      gone.map(({ field }) => ({ field, message: 'surveys.problem.prompt-gone' })),
    );
}

/** A question of another survey, or of another scale, is a new one. */
async function writeQuestions(tx: Knex, id: SurveyId, { questions }: SurveyDraft): Promise<void> {
  const rows = await tx('survey_questions')
    .where({ survey_id: id, removed: false })
    .select<SurveyQuestionRow[]>('*');
  const had = new Map(
    rows.map((row): [SurveyQuestionId, QuestionDraft | undefined] => [row.id, questionOf(row)]),
  );
  const kept = new Set<SurveyQuestionId>();
  for (const [at, question] of questions.entries()) {
    const before = question.id === undefined ? undefined : had.get(question.id);
    const values = questionColumns(question, at + 1);
    if (question.id !== undefined && before !== undefined && isSameScale(before, question)) {
      kept.add(question.id);
      await tx('survey_questions').where({ id: question.id }).update(values);
    } else await tx('survey_questions').insert({ survey_id: id, ...values });
  }
  const removed = [...had.keys()].filter((one) => !kept.has(one));
  await tx('survey_questions').whereIn('id', removed).update({ removed: true });
}

const MAPPING: TableMapping<SurveyId, SurveyDraft, StoredSurvey, SurveySort> = {
  table: 'surveys',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  uniques: { name: 'name' },
  columns,
  read,
  uses: (db, id) => new KnexUsageReports(db).ofSurvey(id),
  check,
  writeParts: writeQuestions,
};

/** Surveys in MariaDB. */
export class KnexSurveyStore
  extends KnexVersionedStore<SurveyId, SurveyDraft, StoredSurvey, SurveySort>
  implements SurveyStore
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async promptOptions(): Promise<readonly PromptOption[]> {
    const prompts = await this.db('prompts')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: PromptId; name: string }[]>('id', 'name');
    const files = await this.db('prompt_files')
      .orderBy('language')
      .select<{ prompt_id: PromptId; language: Language }[]>('prompt_id', 'language');
    return prompts.map((prompt) => ({
      ...prompt,
      languages: files.filter((file) => file.prompt_id === prompt.id).map((file) => file.language),
    }));
  }
}
