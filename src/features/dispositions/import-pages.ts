import { readFile } from 'node:fs/promises';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  IMPORT_UPLOAD_BYTES,
  importForm,
  readCsvTable,
  writeCsv,
  type CsvProblem,
} from '../configuration/index.js';
import { IMPORT_COLUMNS, IMPORT_MAX_ROWS, type ImportProblem } from './disposition-import.js';
import type { DispositionService } from './disposition-service.js';

const PATH = '/setup/dispositions/import';
const ACCESS = 'reasons.edit';
const FORM = { prefix: 'dispositions.import.form', action: PATH } as const;
/** More problems do not help anybody to repair a file. */
const SHOWN_PROBLEMS = 50;

/** Many dispositions from one file: all of it, or nothing. */
export function addImportPages(pages: PageRoutes, service: DispositionService): void {
  pages
    .get(PATH, ACCESS, (page) => {
      showChoice(page);
    })
    .get(`${PATH}/template.csv`, ACCESS, sendTemplate)
    .upload(PATH, ACCESS, IMPORT_UPLOAD_BYTES, (page) => run(page, service));
}

function showChoice(
  page: PageContext,
  problem?: CsvProblem,
  rows: readonly ImportProblem[] = [],
): void {
  page.render(
    'dispositions/import',
    {
      title: page.t('dispositions.import.title'),
      crumbs: [{ label: page.t('dispositions.title'), href: '/setup/dispositions' }],
      styles: ['setup'],
      form: importForm(page, FORM, problem),
      maxRows: IMPORT_MAX_ROWS,
      problems: rows.slice(0, SHOWN_PROBLEMS).map(({ line, problem: found }) => ({
        line,
        text: page.t(found.message, found.params),
      })),
    },
    problem === undefined ? 200 : 422,
  );
}

function sendTemplate(page: PageContext): void {
  page.res
    .set('Cache-Control', 'no-store')
    .attachment('dispositions.csv')
    .type('text/csv')
    .send(
      writeCsv([
        IMPORT_COLUMNS,
        ['Delivery', 'Late', '', '配送', '延迟', '', '21'],
        ['Delivery', 'Damaged', 'Packaging', '配送', '损坏', '包装', ''],
      ]),
    );
}

async function run(page: PageContext, service: DispositionService): Promise<void> {
  const [upload] = page.uploads;
  if (upload === undefined) {
    showChoice(page, { message: 'form.problem.file-needed' });
    return;
  }
  const table = readCsvTable(await readFile(upload.path));
  const plan = 'message' in table ? table : await service.importTable(page.actor, table);
  if ('message' in plan) showChoice(page, plan);
  else if (plan.problems.length > 0)
    showChoice(page, { message: 'dispositions.import.problem.rows' }, plan.problems);
  else
    await page.redirect('/setup/dispositions', {
      message: 'dispositions.imported',
      params: { count: plan.creates.length, known: plan.known },
    });
}
