import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.js';
import type { RegionId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  IMPORT_UPLOAD_BYTES,
  importForm,
  readCsvTable,
  shelve,
  takeChecked,
  writeCsv,
  type CsvProblem,
  type ImportShelf,
} from '../configuration/index.js';
import { linesOf, PASTED_HEADER, type PrefixLine, type RegionPlan } from './region-import.js';
import type { RegionService } from './region-service.js';

const PATH = '/setup/regions/import';
const FORM = { prefix: 'regions.import.form', action: PATH } as const;
/** Rows of one file: they are checked and added in one go. */
const MAX_ROWS = 20_000;
/** Characters of a pasted list; a form with a file keeps no more of a field. */
const MAX_PASTED = 60_000;
/** More lines do not fit a page; the file with all of them can be downloaded. */
const SHOWN_ROWS = 100;

export interface RegionImportParts {
  readonly service: RegionService;
  readonly shelf: ImportShelf;
}

/** What waits on the shelf. Whoever checked the file runs it. */
const checkedSchema = z.object({
  additions: z.array(
    z.object({ id: z.int().optional(), name: z.string(), prefixes: z.array(z.string()) }),
  ),
});

/** Many prefixes from a file or a pasted list: choose, look what it would do, run. */
export function addRegionImportPages(pages: PageRoutes, parts: RegionImportParts): void {
  pages
    .get(PATH, 'regions.edit', (page) => {
      showChoice(page);
    })
    .upload(PATH, 'regions.edit', IMPORT_UPLOAD_BYTES, (page) => check(page, parts))
    .post(`${PATH}/run`, 'regions.edit', (page) => run(page, parts));
}

const crumbs = (page: PageContext) => [{ label: page.t('regions.title'), href: '/setup/regions' }];

function showChoice(page: PageContext, problem?: CsvProblem, field = 'file'): void {
  const { pasted = '' } = page.body;
  page.render(
    'regions/import',
    {
      title: page.t('regions.import.title'),
      crumbs: crumbs(page),
      styles: ['setup'],
      form: importForm(page, FORM, problem, { field, values: { pasted } }),
      maxRows: MAX_ROWS,
    },
    problem === undefined ? 200 : 422,
  );
}

interface Read {
  readonly field: 'file' | 'pasted';
  readonly name: string;
  readonly lines: readonly PrefixLine[] | CsvProblem;
}

/** The file, or what was pasted where there is none. */
async function readLines(page: PageContext): Promise<Read> {
  const [upload] = page.uploads;
  if (upload !== undefined) {
    const table = readCsvTable(await readFile(upload.path), MAX_ROWS);
    const lines = 'message' in table ? table : linesOf(table);
    return { field: 'file', name: upload.fileName, lines };
  }
  const { pasted = '' } = page.body;
  const text = typeof pasted === 'string' ? pasted.trim().replaceAll(/\r\n?/g, '\n') : '';
  const read = (lines: Read['lines']): Read => ({
    field: 'pasted',
    name: page.t('regions.import.pasted'),
    lines,
  });
  if (text === '') return { ...read({ message: 'regions.import.problem.nothing' }), field: 'file' };
  if (text.length > MAX_PASTED)
    return read({ message: 'form.problem.too-long', params: { max: MAX_PASTED } });
  const delimiter = text.includes('\t') ? '\t' : ',';
  const header = PASTED_HEADER.replace(',', delimiter);
  const table = readCsvTable(Buffer.from(`${header}\n${text}`), MAX_ROWS);
  if ('message' in table) return read(table);
  const pastedHeader = linesOf({ ...table, header: table.rows[0]?.cells ?? [], rows: [] });
  const rows = pastedHeader.length === 0 ? table.rows.slice(1) : table.rows;
  const lines = linesOf({ ...table, rows });
  return read(lines.map((line) => ({ ...line, line: line.line - 1 })));
}

async function check(page: PageContext, { service, shelf }: RegionImportParts): Promise<void> {
  const { field, name, lines } = await readLines(page);
  if ('message' in lines) {
    showChoice(page, lines, field);
    return;
  }
  const plan = await service.plan(page.actor, lines);
  const content = { additions: plan.additions };
  const checked = plan.additions.length === 0 ? undefined : await shelve(page, shelf, content);
  page.render('regions/import-check', {
    title: page.t('regions.import.check'),
    crumbs: [...crumbs(page), { label: page.t('regions.import.title'), href: PATH }],
    styles: ['setup'],
    fileName: name,
    total: lines.length,
    checked,
    ...planView(page, plan),
  });
}

function planView(page: PageContext, { additions, rejected, known }: RegionPlan) {
  const rows = rejected.map((line) => ({
    line: line.line,
    prefix: line.prefix,
    region: line.region,
    reason: page.t(line.message, line.params),
  }));
  const file = writeCsv([
    ['prefix', 'region', 'line', 'reason'],
    ...rows.map((row) => [row.prefix, row.region, row.line, row.reason]),
  ]);
  return {
    good: additions.reduce((sum, addition) => sum + addition.prefixes.length, 0),
    bad: rejected.length,
    known,
    rejected: rows.slice(0, SHOWN_ROWS),
    hiddenRejected: Math.max(0, rows.length - SHOWN_ROWS),
    rejectedFile: `data:text/csv;base64,${Buffer.from(file).toString('base64')}`,
    additions: additions.slice(0, SHOWN_ROWS).map(({ id, name, prefixes }) => ({
      name,
      isNew: id === undefined,
      count: prefixes.length,
    })),
    hiddenAdditions: Math.max(0, additions.length - SHOWN_ROWS),
  };
}

async function run(page: PageContext, { service, shelf }: RegionImportParts): Promise<void> {
  const checked = await takeChecked(page, shelf, checkedSchema);
  if (checked === undefined) {
    showChoice(page, { message: 'import.problem.gone' });
    return;
  }
  const additions = checked.additions.map((addition) => ({
    ...addition,
    id: addition.id as RegionId | undefined,
  }));
  try {
    await service.addAll(page.actor, additions);
  } catch (error) {
    const isRefused =
      error instanceof AppError && ['invalid-fields', 'conflict'].includes(error.code);
    if (!isRefused) throw error;
    showChoice(page, { message: 'regions.import.problem.changed' });
    return;
  }
  const count = additions.reduce((sum, addition) => sum + addition.prefixes.length, 0);
  await page.redirect('/setup/regions', { message: 'regions.import.done', params: { count } });
}
