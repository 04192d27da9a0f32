import { z } from 'zod';
import {
  MAX_CHOICES,
  MAX_SCORE,
  QUESTION_KINDS,
  type QuestionKind,
  type Texts,
} from '../../engines/survey/survey.js';
import { parseSeconds, problem } from '../../kernel/fields.js';
import type { PromptId, SurveyQuestionId } from '../../kernel/ids.js';
import { blankQuestion, SURVEY_LIMITS, type QuestionDraft } from './survey.js';

/** Values by name as forms send and show them. */
export type FlatValues = Readonly<Record<string, unknown>>;
/** One question as typed. */
export type TypedRow = Readonly<Record<string, string>>;

const ROW = /^questions\.(\d{1,2})\.([a-zA-Z]{2,10})$/;

/** The questions of a form in their order; numbers that no form shows are left out. */
export function questionRowsOf(flat: FlatValues): readonly TypedRow[] {
  const rows: Record<string, string>[] = [];
  for (const [name, value] of Object.entries(flat)) {
    const [, at, field] = ROW.exec(name) ?? [];
    if (field === undefined || Number(at) >= SURVEY_LIMITS.questions) continue;
    while (rows.length <= Number(at)) rows.push({});
    const row = rows[Number(at)];
    if (row) row[field] = typeof value === 'string' ? value.trim() : '';
  }
  return rows.filter((row) => kindOf(row) !== undefined);
}

/** Rows as the fields of a form. */
export const flatQuestions = (rows: readonly TypedRow[]): FlatValues =>
  Object.fromEntries(
    rows.flatMap((row, at) =>
      Object.entries(row).map(([field, value]) => [`questions.${String(at)}.${field}`, value]),
    ),
  );

export const kindOf = (row: TypedRow): QuestionKind | undefined =>
  QUESTION_KINDS.find((kind) => kind === row['kind']);

/** A question as a row. */
export function rowOf(question: QuestionDraft): TypedRow {
  const { id, kind, prompt, texts } = question;
  const lines = (language: keyof Texts): string =>
    question.kind === 'choice' ? question.choices.map((choice) => choice[language]).join('\n') : '';
  return {
    ...{ id: id === undefined ? '' : String(id), kind },
    ...{ prompt: prompt === undefined ? '' : String(prompt), en: texts.en, zh: texts['zh-CN'] },
    ...(question.kind === 'score' ? { from: String(question.from), to: String(question.to) } : {}),
    ...(question.kind === 'choice'
      ? { choicesEn: lines('en').trimEnd(), choicesZh: lines('zh-CN').trimEnd() }
      : {}),
    ...(question.kind === 'comment' ? { maxS: String(question.maxMs / 1_000) } : {}),
  };
}

/** What a button of the form does to its rows. */
export function changedRows(flat: FlatValues): readonly TypedRow[] {
  const rows = questionRowsOf(flat);
  const [verb = '', at = ''] = typeof flat['do'] === 'string' ? flat['do'].split(':') : [];
  const place = Number(at);
  if (verb === 'add') return withNew(rows, flat['newQuestion']);
  if (verb === 'remove') return rows.filter((_row, index) => index !== place);
  const other = verb === 'up' ? place - 1 : verb === 'down' ? place + 1 : place;
  const [moved, neighbour] = [rows[place], rows[other]];
  if (moved === undefined || neighbour === undefined) return rows;
  return rows.map((row, index) => (index === place ? neighbour : index === other ? moved : row));
}

function withNew(rows: readonly TypedRow[], chosen: unknown): readonly TypedRow[] {
  const kind = QUESTION_KINDS.find((one) => one === chosen);
  return kind === undefined || rows.length >= SURVEY_LIMITS.questions
    ? rows
    : [...rows, rowOf(blankQuestion(kind))];
}

type Report = (
  field: string,
  message: string,
  params?: Readonly<Record<string, string | number>>,
) => void;

/** Reads rows; what is wrong is a problem of its field. */
export const questionRowsField = () =>
  z.custom<readonly TypedRow[]>().transform((rows, context): readonly QuestionDraft[] => {
    if (rows.length === 0)
      context.addIssue({ ...problem('surveys.problem.no-questions'), path: [] });
    return rows.flatMap((row, at) => {
      const report: Report = (field, message, params) =>
        context.addIssue({ ...problem(message, params), path: [at, field] });
      return readRow(row, report) ?? [];
    });
  });

function readRow(row: TypedRow, report: Report): QuestionDraft | undefined {
  const kind = kindOf(row);
  const prompt = row['prompt'] ?? '';
  const id = row['id'] ?? '';
  const base = {
    id: /^[1-9]\d{0,9}$/.test(id) ? (Number(id) as SurveyQuestionId) : undefined,
    ...(/^[1-9]\d{0,9}$/.test(prompt) ? { prompt: Number(prompt) as PromptId } : {}),
    texts: readTexts(row, report),
  };
  switch (kind) {
    case 'score':
      return { ...base, kind, ...readScale(row, report) };
    case 'yes-no':
      return { ...base, kind };
    case 'choice':
      return { ...base, kind, choices: readChoices(row, report) };
    case 'comment':
      return { ...base, kind, maxMs: readSeconds(row, report) * 1_000 };
    case undefined:
      return undefined;
  }
}

function readTexts(row: TypedRow, report: Report): Texts {
  const [en = '', zh = ''] = [row['en'], row['zh']];
  if (en === '' && zh === '') report('en', 'surveys.problem.text-needed');
  for (const [field, text] of Object.entries({ en, zh }))
    if (text.length > SURVEY_LIMITS.text)
      report(field, 'form.problem.too-long', { max: SURVEY_LIMITS.text });
  return { en, 'zh-CN': zh };
}

function readScale(row: TypedRow, report: Report): { readonly from: number; readonly to: number } {
  const number = (field: string, min: number, max: number): number => {
    const text = row[field] ?? '';
    const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    report(field, 'form.problem.between', { min, max });
    return min;
  };
  return { from: number('from', 0, 1), to: number('to', 2, MAX_SCORE) };
}

function readChoices(row: TypedRow, report: Report): readonly Texts[] {
  const lines = (field: string): readonly string[] =>
    (row[field] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const [en, zh] = [lines('choicesEn'), lines('choicesZh')];
  const count = Math.max(en.length, zh.length);
  const field = en.length === 0 && zh.length > 0 ? 'choicesZh' : 'choicesEn';
  if (count < 2 || count > MAX_CHOICES)
    report(field, 'surveys.problem.choices', { min: 2, max: MAX_CHOICES });
  else if (en.length > 0 && zh.length > 0 && en.length !== zh.length)
    report('choicesZh', 'surveys.problem.choices-differ', { en: en.length, zh: zh.length });
  for (const [name, texts] of Object.entries({ choicesEn: en, choicesZh: zh }))
    if (texts.some((text) => text.length > SURVEY_LIMITS.choice))
      report(name, 'surveys.problem.choice-long', { max: SURVEY_LIMITS.choice });
  return Array.from({ length: count }, (_, at) => ({ en: en[at] ?? '', 'zh-CN': zh[at] ?? '' }));
}

function readSeconds(row: TypedRow, report: Report): number {
  const { min, max } = SURVEY_LIMITS.maxS;
  const seconds = parseSeconds(row['maxS'] ?? '');
  if (seconds !== undefined && seconds >= min && seconds <= max) return seconds;
  report('maxS', 'form.problem.between-seconds', { min, max });
  return min;
}
