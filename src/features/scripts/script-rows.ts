import { ANSWER_KINDS } from '../../engines/script/script.js';
import { SCRIPT_LIMITS } from './script.js';

/** Values by name as forms send and show them. */
export type FlatValues = Readonly<Record<string, unknown>>;
/** One page, question or way as typed. */
export type TypedRow = Readonly<Record<string, string>>;

/** A page with what stands on it, as typed. */
export interface TypedPage {
  readonly fields: TypedRow;
  readonly questions: readonly TypedRow[];
  readonly ways: readonly TypedRow[];
}

type Part = 'questions' | 'ways';

const FIELD = /^pages\.(\d{1,2})\.(?:(questions|ways)\.(\d{1,2})\.)?([a-zA-Z]{2,12})$/;
const LIMITS: Readonly<Record<Part, number>> = {
  questions: SCRIPT_LIMITS.questions,
  ways: SCRIPT_LIMITS.ways,
};

interface Building {
  readonly fields: Record<string, string>;
  readonly questions: Record<string, string>[];
  readonly ways: Record<string, string>[];
}

/** The pages of a form in their order; what no form shows is left out. */
export function typedPages(flat: FlatValues): readonly TypedPage[] {
  const pages: Building[] = [];
  for (const [name, value] of Object.entries(flat)) {
    const [, at, part, row, field] = FIELD.exec(name) ?? [];
    if (field === undefined || Number(at) >= SCRIPT_LIMITS.pages) continue;
    while (pages.length <= Number(at)) pages.push({ fields: {}, questions: [], ways: [] });
    const page = pages[Number(at)];
    const text = typeof value === 'string' ? value.trim() : '';
    if (page && part === undefined) page.fields[field] = text;
    else if (page) putRow(page[part as Part], part as Part, Number(row), field, text);
  }
  // The key is a hidden field of every page, question and way of a form.
  return pages
    .filter(({ fields }) => fields['key'] !== undefined)
    .map(({ fields, questions, ways }) => ({
      fields,
      questions: questions.filter((row) => row['kind'] !== undefined),
      ways: ways.filter((row) => row['to'] !== undefined),
    }));
}

function putRow(
  rows: Record<string, string>[],
  part: Part,
  at: number,
  field: string,
  text: string,
): void {
  if (at >= LIMITS[part]) return;
  while (rows.length <= at) rows.push({});
  const row = rows[at];
  if (row) row[field] = text;
}

/** Pages as the fields of a form. */
export const flatPages = (pages: readonly TypedPage[]): FlatValues =>
  Object.fromEntries(
    pages.flatMap(({ fields, questions, ways }, at) => {
      const prefix = `pages.${String(at)}`;
      const rows = (part: Part, list: readonly TypedRow[]) =>
        list.flatMap((row, index) =>
          Object.entries(row).map(([field, value]) => [
            `${prefix}.${part}.${String(index)}.${field}`,
            value,
          ]),
        );
      return [
        ...Object.entries(fields).map(([field, value]) => [`${prefix}.${field}`, value]),
        ...rows('questions', questions),
        ...rows('ways', ways),
      ] as [string, string][];
    }),
  );

export const blankPage = (key: string): TypedPage => ({
  fields: { key, titleEn: '', titleZh: '', textEn: '', textZh: '' },
  questions: [],
  ways: [],
});
const blankWay: TypedRow = { en: '', zh: '', to: '' };
const blankQuestion = (key: string): TypedRow => ({
  ...{ key, kind: ANSWER_KINDS[0], en: '', zh: '', choicesEn: '', choicesZh: '', field: '' },
});

/** `p3` where `p1` and `p2` are taken. */
function freeKey(prefix: string, taken: readonly (string | undefined)[]): string {
  for (let at = 1; ; at += 1)
    if (!taken.includes(`${prefix}${String(at)}`)) return `${prefix}${String(at)}`;
}

/**
 * What a button of the form does to its rows: `add`, `remove:1`, `up:1`, `down:1` for pages; `add:1:ways`,
 * `remove:1:ways:0`, `up:1:questions:2` and so on for what stands on one. Nothing where it cannot be done.
 */
export function changedPages(flat: FlatValues): readonly TypedPage[] {
  const pages = typedPages(flat);
  const [verb = '', at = '', part, row = ''] =
    typeof flat['do'] === 'string' ? flat['do'].split(':') : [];
  if (part === undefined) {
    if (verb !== 'add') return moved(pages, verb, Number(at));
    const key = freeKey(
      'p',
      pages.map(({ fields }) => fields['key']),
    );
    return pages.length >= SCRIPT_LIMITS.pages ? pages : [...pages, blankPage(key)];
  }
  if (part !== 'questions' && part !== 'ways') return pages;
  return pages.map((page, index) =>
    index === Number(at)
      ? { ...page, [part]: changedRows(pages, page[part], part, verb, row) }
      : page,
  );
}

function changedRows(
  pages: readonly TypedPage[],
  rows: readonly TypedRow[],
  part: Part,
  verb: string,
  at: string,
): readonly TypedRow[] {
  if (verb !== 'add') return moved(rows, verb, Number(at));
  if (rows.length >= LIMITS[part]) return rows;
  const taken = pages.flatMap(({ questions }) => questions.map((one) => one['key']));
  return [...rows, part === 'ways' ? blankWay : blankQuestion(freeKey('q', taken))];
}

function moved<Row>(rows: readonly Row[], verb: string, at: number): readonly Row[] {
  if (verb === 'remove') return rows.filter((_row, index) => index !== at);
  const other = verb === 'up' ? at - 1 : verb === 'down' ? at + 1 : at;
  const [one, neighbour] = [rows[at], rows[other]];
  if (one === undefined || neighbour === undefined) return rows;
  return rows.map((row, index) => (index === at ? neighbour : index === other ? one : row));
}
