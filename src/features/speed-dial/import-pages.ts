import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { parseFields } from '../../kernel/fields.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  IMPORT_UPLOAD_BYTES,
  importForm,
  readCsvTable,
  shelve,
  takeChecked,
  type CsvProblem,
  type CsvTable,
  type ImportShelf,
} from '../configuration/index.js';
import type { SpeedDialService } from './speed-dial-service.js';
import { speedDialSchema, type SpeedDialDraft } from './speed-dial.js';

const PATH = '/setup/speed-dials/import';
const FORM = { prefix: 'speed-dials.import.form', action: PATH } as const;
/** There are no more codes of two and three digits. */
const MAX_ROWS = 1_100;
const COLUMNS = ['code', 'name', 'number'] as const;

export interface SpeedDialImportParts {
  readonly service: SpeedDialService;
  readonly shelf: ImportShelf;
  readonly country: string;
}

/** What waits on the shelf. Whoever checked the file runs it. */
const checkedSchema = z.object({
  drafts: z.array(z.object({ code: z.string(), name: z.string(), number: z.string() })),
});

interface Rejected {
  readonly line: number;
  readonly code: string;
  readonly problem: Pick<FieldProblem, 'message' | 'params'>;
}

/** Many speed dials from one file: choose, look what it would do, run. */
export function addSpeedDialImportPages(pages: PageRoutes, parts: SpeedDialImportParts): void {
  pages
    .get(PATH, 'extensions.edit', (page) => {
      showChoice(page);
    })
    .upload(PATH, 'extensions.edit', IMPORT_UPLOAD_BYTES, (page) => check(page, parts))
    .post(`${PATH}/run`, 'extensions.edit', (page) => run(page, parts));
}

const crumbs = (page: PageContext) => [
  { label: page.t('speed-dials.title'), href: '/setup/speed-dials' },
];

function showChoice(page: PageContext, problem?: CsvProblem): void {
  page.render(
    'speed-dials/import',
    {
      title: page.t('speed-dials.import.title'),
      crumbs: crumbs(page),
      styles: ['setup'],
      form: importForm(page, FORM, problem),
    },
    problem === undefined ? 200 : 422,
  );
}

async function check(page: PageContext, parts: SpeedDialImportParts): Promise<void> {
  const [upload] = page.uploads;
  const table =
    upload === undefined
      ? { message: 'form.problem.needed' }
      : readCsvTable(await readFile(upload.path), MAX_ROWS);
  if ('message' in table) {
    showChoice(page, table);
    return;
  }
  const missing = COLUMNS.filter((name) => columnOf(table, name) < 0);
  if (missing.length > 0) {
    const params = { missing: missing.join(', '), found: table.header.join(', ').slice(0, 200) };
    showChoice(page, { message: 'import.problem.columns', params });
    return;
  }
  const { drafts, rejected } = await plan(page, parts, table);
  const content = { drafts };
  const checked = drafts.length === 0 ? undefined : await shelve(page, parts.shelf, content);
  page.render('speed-dials/import-check', {
    title: page.t('speed-dials.import.check'),
    crumbs: [...crumbs(page), { label: page.t('speed-dials.import.title'), href: PATH }],
    styles: ['setup'],
    fileName: upload?.fileName,
    ...{ total: table.rows.length, good: drafts.length, bad: rejected.length },
    ...{ checked, drafts },
    rejected: rejected.map(({ line, code, problem }) => ({
      ...{ line, code },
      reason: page.t(problem.message, problem.params),
    })),
  });
}

const columnOf = ({ header }: CsvTable, name: string): number =>
  header.findIndex((text) => text.trim().toLowerCase() === name);

async function plan(
  page: PageContext,
  { service, country }: SpeedDialImportParts,
  table: CsvTable,
) {
  const schema = speedDialSchema(country);
  const rows = table.rows.map(({ line, cells }) => ({
    line,
    typed: Object.fromEntries(
      COLUMNS.map((name) => [name, cells[columnOf(table, name)]?.trim() ?? '']),
    ) as Readonly<Record<(typeof COLUMNS)[number], string>>,
  }));
  const taken = await service.taken(
    page.actor,
    rows.map(({ typed }) => typed.code),
  );
  const drafts: SpeedDialDraft[] = [];
  const rejected: Rejected[] = [];
  const lines = new Map<string, number>();
  for (const { line, typed } of rows) {
    const parsed = parseFields(schema, typed);
    const before = lines.get(typed.code);
    const problem: Rejected['problem'] | undefined = !parsed.ok
      ? parsed.problems[0]
      : taken.has(typed.code)
        ? { message: 'speed-dials.problem.taken', params: { code: typed.code } }
        : before === undefined
          ? undefined
          : { message: 'import.problem.repeated', params: { line: before } };
    if (problem !== undefined || !parsed.ok) {
      const unfit = { message: 'form.problem.unfit' };
      rejected.push({ line, code: typed.code, problem: problem ?? unfit });
      continue;
    }
    lines.set(typed.code, line);
    drafts.push(parsed.values);
  }
  return { drafts, rejected };
}

async function run(page: PageContext, { service, shelf }: SpeedDialImportParts): Promise<void> {
  const checked = await takeChecked(page, shelf, checkedSchema);
  if (checked === undefined) {
    showChoice(page, { message: 'import.problem.gone' });
    return;
  }
  try {
    await service.createAll(page.actor, checked.drafts);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    showChoice(page, { message: 'speed-dials.import.problem.changed' });
    return;
  }
  const count = checked.drafts.length;
  await page.redirect('/setup/speed-dials', {
    message: 'speed-dials.import.done',
    params: { count },
  });
}
