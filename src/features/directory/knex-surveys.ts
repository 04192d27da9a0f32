import type { Knex } from 'knex';
import { z } from 'zod';
import type { Spoken, Survey, SurveyQuestion, Texts } from '../../engines/survey/survey.js';
import type { PromptId, SurveyId, SurveyQuestionId } from '../../kernel/ids.js';

/** A row of `surveys`. */
export interface SurveyRow {
  readonly id: SurveyId;
  readonly version: number;
  readonly archived_at: Date | null;
  readonly updated_at: Date;
  readonly name: string;
  readonly asks_consent: number;
  readonly intro_prompt_id: PromptId | null;
  readonly intro_en: string;
  readonly intro_zh: string;
  readonly thanks_prompt_id: PromptId | null;
  readonly thanks_en: string;
  readonly thanks_zh: string;
  readonly timeout_s: number;
  readonly repeats: number;
}

/** A row of `survey_questions`. */
export interface SurveyQuestionRow {
  readonly id: SurveyQuestionId;
  readonly survey_id: SurveyId;
  readonly position: number;
  readonly removed: number;
  readonly kind: string;
  readonly prompt_id: PromptId | null;
  readonly text_en: string;
  readonly text_zh: string;
  readonly scale_from: number;
  readonly scale_to: number;
  readonly choices: unknown;
  readonly max_s: number;
}

const choicesSchema = z.array(z.object({ en: z.string(), 'zh-CN': z.string() }));

const spoken = (prompt: PromptId | null, en: string, zh: string): Spoken => ({
  ...(prompt === null ? {} : { prompt }),
  texts: { en, 'zh-CN': zh },
});

/** The choices of a question, which a column of JSON holds: parsed or as text, by server and driver. */
export const readChoices = (column: unknown): readonly Texts[] =>
  choicesSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);

/** What a row says; one of a kind that this version does not know is absent. */
export function questionOf(row: SurveyQuestionRow): SurveyQuestion | undefined {
  const base = { id: row.id, ...spoken(row.prompt_id, row.text_en, row.text_zh) };
  switch (row.kind) {
    case 'score':
      return { ...base, kind: 'score', from: row.scale_from, to: row.scale_to };
    case 'yes-no':
      return { ...base, kind: 'yes-no' };
    case 'choice':
      return { ...base, kind: 'choice', choices: readChoices(row.choices) };
    case 'comment':
      return { ...base, kind: 'comment', maxMs: row.max_s * 1_000 };
    default:
      return undefined;
  }
}

/** Surveys with their questions, in the order of the rows. */
export async function surveysOf(db: Knex, rows: readonly SurveyRow[]): Promise<readonly Survey[]> {
  const questions = await db('survey_questions')
    .whereIn(
      'survey_id',
      rows.map(({ id }) => id),
    )
    .where({ removed: false })
    .orderBy(['survey_id', 'position', 'id'])
    .select<SurveyQuestionRow[]>('*');
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    name: row.name,
    asksConsent: row.asks_consent === 1,
    intro: spoken(row.intro_prompt_id, row.intro_en, row.intro_zh),
    thanks: spoken(row.thanks_prompt_id, row.thanks_en, row.thanks_zh),
    timeoutMs: row.timeout_s * 1_000,
    repeats: row.repeats,
    questions: questions.flatMap((one) =>
      one.survey_id === row.id ? (questionOf(one) ?? []) : [],
    ),
  }));
}

/** Every survey in use, for calls. */
export async function readSurveys(db: Knex): Promise<readonly Survey[]> {
  const rows = await db('surveys').whereNull('archived_at').orderBy('id').select<SurveyRow[]>('*');
  return surveysOf(db, rows);
}
