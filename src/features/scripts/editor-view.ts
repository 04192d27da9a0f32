import { ANSWER_KINDS } from '../../engines/script/script.js';
import { PLAIN_FIELDS, contactField } from '../../engines/script/merge.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { PageContext } from '../../web/kit/index.js';
import { typedPages, type FlatValues, type TypedPage } from './script-rows.js';
import type { ScriptOptions } from './script-store.js';
import { codeOptions } from './script-words.js';
import { SCRIPT_LIMITS } from './script.js';

type Words = Pick<PageContext, 't' | 'language'>;

/** What the form shows of its pages, by the names of their fields. */
export function editorView(page: Words, flat: FlatValues, options: ScriptOptions) {
  const { t } = page;
  const pages = typedPages(flat);
  const targets = [
    ...pages.map(({ fields }, at) => ({
      value: `page:${fields['key'] ?? ''}`,
      label: t('scripts.to.page', { page: typedName(page, fields, at) }),
    })),
    ...codeOptions(page, options).map(({ value, label }) => ({
      value,
      label: t('scripts.to.code', { code: label }),
    })),
    { value: 'end', label: t('scripts.to.end') },
  ];
  return {
    limits: SCRIPT_LIMITS,
    isFull: pages.length >= SCRIPT_LIMITS.pages,
    scriptPages: pages.map((one, at) => pageView(page, one, at, pages.length)),
    targets,
    kinds: ANSWER_KINDS.map((value) => ({ value, label: t(`scripts.kind.${value}`) })),
    fieldOptions: options.contactFields.map(({ key, name }) => ({ value: key, label: name })),
    mergeFields: [
      ...PLAIN_FIELDS.map((name) => ({
        name: `{{${name}}}`,
        about: t(`scripts.merge.${name.replace('.', '-')}`),
      })),
      ...options.contactFields.map(({ key, name }) => ({
        name: `{{${contactField(key)}}}`,
        about: name,
      })),
    ],
    fieldLabels: labelsOf(page, pages),
  };
}

/** As the reader's language has it, else the other. */
function typedName(
  { t, language }: Words,
  fields: Readonly<Record<string, string>>,
  at: number,
): string {
  const [en = '', zh = ''] = [fields['titleEn'], fields['titleZh']];
  const title = language === 'en' ? en || zh : zh || en;
  return title === ''
    ? t('scripts.page-number', { number: at + 1 })
    : t('scripts.page-named', { number: at + 1, title });
}

function pageView(page: Words, { fields, questions, ways }: TypedPage, at: number, count: number) {
  const { t } = page;
  const prefix = `pages.${String(at)}`;
  const inBoth = (en: string, zh: string, key: string) =>
    LANGUAGES.map((language) => ({
      name: language === 'en' ? en : zh,
      label: t(key, { language: t(`language.${language}`) }),
    }));
  const moves = (index: number, length: number) => ({
    ...{ at: String(index), number: String(index + 1) },
    ...{ isFirst: index === 0, isLast: index === length - 1 },
  });
  return {
    ...moves(at, count),
    key: `${prefix}.key`,
    anchor: `page-${fields['key'] ?? ''}`,
    title: typedName(page, fields, at),
    isStart: at === 0,
    titles: inBoth(`${prefix}.titleEn`, `${prefix}.titleZh`, 'scripts.title-in'),
    texts: inBoth(`${prefix}.textEn`, `${prefix}.textZh`, 'scripts.text-in'),
    mayAsk: questions.length < SCRIPT_LIMITS.questions,
    mayLead: ways.length < SCRIPT_LIMITS.ways,
    questions: questions.map((row, index) => {
      const own = `${prefix}.questions.${String(index)}`;
      return {
        ...moves(index, questions.length),
        page: String(at),
        ...{ key: `${own}.key`, kindName: `${own}.kind`, field: `${own}.field` },
        ...{ needed: `${own}.needed`, isNeeded: row['needed'] === 'on' },
        kind: row['kind'],
        title: t('scripts.question', { number: index + 1 }),
        labels: inBoth(`${own}.en`, `${own}.zh`, 'scripts.label-in'),
        choices: inBoth(`${own}.choicesEn`, `${own}.choicesZh`, 'scripts.choices-in'),
      };
    }),
    ways: ways.map((_row, index) => {
      const own = `${prefix}.ways.${String(index)}`;
      return {
        ...moves(index, ways.length),
        page: String(at),
        to: `${own}.to`,
        title: t('scripts.way', { number: index + 1 }),
        labels: inBoth(`${own}.en`, `${own}.zh`, 'scripts.way-in'),
      };
    }),
  };
}

const FIELDS = {
  page: ['key', 'titleEn', 'titleZh', 'textEn', 'textZh'],
  questions: ['key', 'kind', 'en', 'zh', 'choicesEn', 'choicesZh', 'field', 'needed'],
  ways: ['en', 'zh', 'to'],
} as const;

/** What summaries of problems and lists of conflicts call the fields of pages. */
function labelsOf({ t }: Words, pages: readonly TypedPage[]): Readonly<Record<string, string>> {
  const labels: [string, string][] = [];
  const kebab = (field: string): string =>
    field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  pages.forEach(({ questions, ways }, at) => {
    const own = `pages.${String(at)}`;
    const page = at + 1;
    for (const field of FIELDS.page)
      labels.push([
        `${own}.${field}`,
        t('scripts.page-field', { page, field: t(`scripts.field.${kebab(field)}`) }),
      ]);
    for (const [part, rows] of [
      ['questions', questions],
      ['ways', ways],
    ] as const)
      rows.forEach((_row, index) => {
        for (const field of FIELDS[part])
          labels.push([
            `${own}.${part}.${String(index)}.${field}`,
            t(`scripts.${part}-field`, {
              ...{ page, number: index + 1 },
              field: t(`scripts.field.${part}.${kebab(field)}`),
            }),
          ]);
      });
  });
  return Object.fromEntries(labels);
}
