import { z } from 'zod';
import {
  ANSWER_KINDS,
  KEY_PATTERN,
  type ScriptPage,
  type ScriptQuestion,
  type ScriptTarget,
  type ScriptWay,
} from '../../engines/script/script.js';
import type { Texts } from '../../engines/survey/survey.js';
import { problem, textField } from '../../kernel/fields.js';
import type { DispositionId } from '../../kernel/ids.js';
import {
  blankPage,
  flatPages,
  typedPages,
  type FlatValues,
  type TypedPage,
  type TypedRow,
} from './script-rows.js';
import { SCRIPT_LIMITS, type ScriptDraft } from './script.js';

type Report = (
  path: readonly (string | number)[],
  message: string,
  params?: Readonly<Record<string, string | number>>,
) => void;

/** The form. Pages come as rows (`pages.0.titleEn`, `pages.0.ways.1.to` ...), which are named so in problems. */
export const scriptSchema = z.preprocess(
  (body) => ({ ...(body as FlatValues), pages: typedPages(body as FlatValues) }),
  z.object({ name: textField({ max: 80 }), pages: pagesField() }),
);

function pagesField() {
  return z.custom<readonly TypedPage[]>().transform((typed, context): readonly ScriptPage[] => {
    const report: Report = (path, message, params) =>
      context.addIssue({ ...problem(message, params), path: [...path] });
    if (typed.length === 0) report([], 'scripts.problem.no-pages');
    const keys = new Set(typed.map(({ fields }) => fields['key'] ?? ''));
    const asked = new Set<string>();
    return typed.map((page, at) => ({
      key: page.fields['key'] ?? '',
      title: readTexts(page.fields, ['titleEn', 'titleZh'], SCRIPT_LIMITS.title, (field, ...what) =>
        report([at, field], ...what),
      ),
      text: readTexts(page.fields, ['textEn', 'textZh'], SCRIPT_LIMITS.text, (field, ...what) =>
        report([at, field], ...what),
      ),
      questions: page.questions.map((row, index) =>
        readQuestion(row, asked, (field, ...what) =>
          report([at, 'questions', index, field], ...what),
        ),
      ),
      ways: page.ways.map((row, index) =>
        readWay(row, keys, (field, ...what) => report([at, 'ways', index, field], ...what)),
      ),
    }));
  });
}

/** Keys of the contact's own fields. */
const CONTACT_FIELD = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

type ReportField = (
  field: string,
  message: string,
  params?: Readonly<Record<string, string | number>>,
) => void;

function readTexts(
  row: TypedRow,
  [enField, zhField]: readonly [string, string],
  max: number,
  report: ReportField,
): Texts {
  const [en = '', zh = ''] = [row[enField], row[zhField]];
  if (en === '' && zh === '') report(enField, 'scripts.problem.text-needed');
  for (const [field, text] of [
    [enField, en],
    [zhField, zh],
  ] as const)
    if (text.length > max) report(field, 'form.problem.too-long', { max });
  return { en, 'zh-CN': zh };
}

function readQuestion(row: TypedRow, asked: Set<string>, report: ReportField): ScriptQuestion {
  const key = row['key'] ?? '';
  if (!KEY_PATTERN.test(key)) report('key', 'scripts.problem.key');
  else if (asked.has(key)) report('key', 'scripts.problem.key-twice', { key });
  asked.add(key);
  const kind = ANSWER_KINDS.find((one) => one === row['kind']) ?? 'text';
  const field = row['field'] ?? '';
  if (field !== '' && !CONTACT_FIELD.test(field)) report('field', 'form.problem.choose');
  return {
    ...{ key, kind, field },
    label: readTexts(row, ['en', 'zh'], SCRIPT_LIMITS.label, report),
    choices: kind === 'choice' ? readChoices(row, report) : [],
    isNeeded: row['needed'] === 'on',
  };
}

/** One a line; line by line the same in both languages, where both have them. */
function readChoices(row: TypedRow, report: ReportField): readonly Texts[] {
  const lines = (field: string): readonly string[] =>
    (row[field] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const [en, zh] = [lines('choicesEn'), lines('choicesZh')];
  const count = Math.max(en.length, zh.length);
  const field = en.length === 0 && zh.length > 0 ? 'choicesZh' : 'choicesEn';
  if (count < 2 || count > SCRIPT_LIMITS.choices)
    report(field, 'scripts.problem.choices', { min: 2, max: SCRIPT_LIMITS.choices });
  else if (en.length > 0 && zh.length > 0 && en.length !== zh.length)
    report('choicesZh', 'scripts.problem.choices-differ', { en: en.length, zh: zh.length });
  if ([...en, ...zh].some((line) => line.length > SCRIPT_LIMITS.label))
    report(field, 'form.problem.too-long', { max: SCRIPT_LIMITS.label });
  return Array.from({ length: count }, (_, at) => ({ en: en[at] ?? '', 'zh-CN': zh[at] ?? '' }));
}

const NOWHERE: ScriptTarget = { kind: 'end' };

function readWay(row: TypedRow, pages: ReadonlySet<string>, report: ReportField): ScriptWay {
  return {
    label: readTexts(row, ['en', 'zh'], SCRIPT_LIMITS.label, report),
    to: readTarget(row['to'] ?? '', pages, report),
  };
}

function readTarget(text: string, pages: ReadonlySet<string>, report: ReportField): ScriptTarget {
  const [kind = '', value = ''] = text.split(':');
  if (kind === 'end') return NOWHERE;
  if (kind === 'page' && pages.has(value)) return { kind, page: value };
  if (kind === 'disposition' && /^[1-9]\d{0,9}$/.test(value))
    return { kind, disposition: Number(value) as DispositionId };
  report('to', text === '' ? 'scripts.problem.to-needed' : 'scripts.problem.to-gone');
  return NOWHERE;
}

/** A target as the form's select has it. */
export function targetValue(to: ScriptTarget): string {
  switch (to.kind) {
    case 'page':
      return `page:${to.page}`;
    case 'disposition':
      return `disposition:${String(to.disposition)}`;
    case 'end':
      return 'end';
  }
}

const typedOf = (page: ScriptPage): TypedPage => ({
  fields: {
    key: page.key,
    ...{ titleEn: page.title.en, titleZh: page.title['zh-CN'] },
    ...{ textEn: page.text.en, textZh: page.text['zh-CN'] },
  },
  questions: page.questions.map(({ key, kind, label, choices, isNeeded, field }) => {
    const lines = (language: keyof Texts) =>
      choices
        .map((choice) => choice[language])
        .join('\n')
        .trimEnd();
    return {
      ...{ key, kind, field, en: label.en, zh: label['zh-CN'] },
      ...{ choicesEn: lines('en'), choicesZh: lines('zh-CN') },
      ...(isNeeded ? { needed: 'on' } : {}),
    };
  }),
  ways: page.ways.map(({ label, to }) => ({
    ...{ en: label.en, zh: label['zh-CN'], to: targetValue(to) },
  })),
});

/** A script as the form shows and sends it. */
export const scriptValues = ({ name, pages }: ScriptDraft): FlatValues => ({
  name,
  ...flatPages(pages.map(typedOf)),
});

/** What the form of a new script shows. */
export const NEW_SCRIPT: FlatValues = { name: '', ...flatPages([blankPage('p1')]) };
