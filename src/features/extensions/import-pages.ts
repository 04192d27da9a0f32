import { RECORDING_RULES } from '../../engines/recording/policy.js';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LANGUAGES } from '../../kernel/call-event.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  CSV_MAX_ROWS,
  IMPORT_UPLOAD_BYTES,
  importForm,
  readCsvTable,
  shelve,
  takeChecked,
  writeCsv,
  type CsvProblem,
  type CsvTable,
  type ImportShelf,
} from '../configuration/index.js';
import type { ExtensionService } from './extension-service.js';
import type { ExtensionDraft } from './extension.js';
import { IMPORT_COLUMNS, numbersIn, planImport, type ImportPlan } from './extension-import.js';
import type { PhoneSite } from './extension-pages.js';

const PATH = '/setup/extensions/import';
const FORM = { prefix: 'extensions.import.form', action: PATH } as const;
/** More lines do not fit a page; the file with all of them can be downloaded. */
const SHOWN_ROWS = 100;

/** What waits on the shelf. Whoever checked the file runs it. */
const checkedSchema = z.object({
  drafts: z.array(
    z.object({
      number: z.string(),
      name: z.string(),
      permission: z.enum(PERMISSION_CLASSES),
      callerId: z.string(),
      recordingInbound: z.enum(RECORDING_RULES),
      recordingOutbound: z.enum(RECORDING_RULES),
      recordingInternal: z.enum(RECORDING_RULES),
      voicemail: z.boolean(),
      ringTimeoutS: z.number(),
      language: z.enum(LANGUAGES as ['en', 'zh-CN']),
      department: z.string(),
      isListed: z.boolean(),
    }),
  ),
});

export interface ImportPagesParts {
  readonly service: ExtensionService;
  readonly shelf: ImportShelf;
  readonly country: string;
  readonly site: PhoneSite;
}

/** Many extensions from one file: choose, look what it would do, run. */
export function addImportPages(pages: PageRoutes, parts: ImportPagesParts): void {
  pages
    .get(PATH, 'extensions.edit', (page) => {
      showChoice(page);
    })
    .get(`${PATH}/template.csv`, 'extensions.edit', sendTemplate)
    .upload(PATH, 'extensions.edit', IMPORT_UPLOAD_BYTES, (page) => check(page, parts))
    .post(`${PATH}/run`, 'extensions.edit', (page) => run(page, parts));
}

const crumbs = (page: PageContext) => [
  { label: page.t('extensions.title'), href: '/setup/extensions' },
];

function showChoice(page: PageContext, problem?: CsvProblem): void {
  page.render(
    'extensions/import',
    {
      title: page.t('extensions.import.title'),
      crumbs: crumbs(page),
      styles: ['setup'],
      form: importForm(page, FORM, problem),
      maxRows: CSV_MAX_ROWS,
      columns: Object.entries(IMPORT_COLUMNS).map(([column, [name]]) => ({
        name,
        text: page.t(`extensions.import.column.${name}`),
        isNeeded: column === 'number' || column === 'name',
      })),
    },
    problem === undefined ? 200 : 422,
  );
}

function sendTemplate(page: PageContext): void {
  const header = Object.values(IMPORT_COLUMNS).map(([name]) => name);
  const example = ['2101', 'Ada Finch', 'national', '', 'yes', 'no', '25', 'en', 'Sales', 'yes'];
  page.res
    .set('Cache-Control', 'no-store')
    .attachment('extensions.csv')
    .type('text/csv')
    .send(writeCsv([header, example]));
}

async function check(page: PageContext, parts: ImportPagesParts): Promise<void> {
  const [upload] = page.uploads;
  if (upload === undefined) {
    showChoice(page, { message: 'form.problem.file-needed' });
    return;
  }
  const table = readCsvTable(await readFile(upload.path));
  if ('message' in table) {
    showChoice(page, table);
    return;
  }
  const taken = await parts.service.taken(page.actor, numbersIn(table));
  const plan = planImport(table, parts.country, taken);
  if ('message' in plan) {
    showChoice(page, plan);
    return;
  }
  await showPlan(page, parts, table, plan, upload.fileName);
}

async function showPlan(
  page: PageContext,
  parts: ImportPagesParts,
  table: CsvTable,
  plan: ImportPlan,
  fileName: string,
): Promise<void> {
  const { drafts, rejected } = plan;
  const content = { drafts };
  const rejectedRows = rejected.map((row) => ({
    line: row.line,
    field: row.field === '' ? '' : page.t(`extensions.form.${kebab(row.field)}`),
    value: row.value,
    reason: page.t(row.problem.message, row.problem.params),
    cells: row.cells,
  }));
  page.render('extensions/import-check', {
    title: page.t('extensions.import.check'),
    crumbs: [...crumbs(page), { label: page.t('extensions.import.title'), href: PATH }],
    styles: ['setup'],
    fileName,
    encoding: table.encoding.toUpperCase(),
    total: table.rows.length,
    good: drafts.length,
    bad: new Set(rejected.map((row) => row.line)).size,
    unused: plan.unused.join(', '),
    rejected: rejectedRows.slice(0, SHOWN_ROWS),
    hiddenRejected: Math.max(0, rejectedRows.length - SHOWN_ROWS),
    rejectedFile: csvLink([
      [...table.header, page.t('extensions.import.reason')],
      ...rejectedRows.map((row) => [...row.cells, `${row.field} ${row.reason}`.trim()]),
    ]),
    drafts: drafts.slice(0, SHOWN_ROWS),
    hiddenDrafts: Math.max(0, drafts.length - SHOWN_ROWS),
    checked: drafts.length === 0 ? undefined : await shelve(page, parts.shelf, content),
  });
}

async function run(page: PageContext, parts: ImportPagesParts): Promise<void> {
  const checked = await takeChecked(page, parts.shelf, checkedSchema);
  if (checked === undefined) {
    showChoice(page, { message: 'import.problem.gone' });
    return;
  }
  const drafts: readonly ExtensionDraft[] = checked.drafts;
  const taken = await parts.service.taken(
    page.actor,
    drafts.map((draft) => draft.number),
  );
  if (taken.size > 0) {
    const numbers = [...taken].slice(0, 10).join(', ');
    showChoice(page, { message: 'import.problem.taken-meanwhile', params: { numbers } });
    return;
  }
  const phones = await parts.service.createAll(page.actor, drafts);
  const { host, port } = parts.site;
  page.render('extensions/import-done', {
    title: page.t('extensions.import.done', { count: phones.length }),
    crumbs: crumbs(page),
    styles: ['setup'],
    site: parts.site,
    phones,
    file: csvLink([
      ['number', 'server', 'port', 'user', 'password'],
      ...phones.map((phone) => [phone.number, host, port, phone.number, phone.password]),
    ]),
  });
}

const kebab = (field: string): string =>
  field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A file inside the page: nothing of it stays on the server. */
const csvLink = (rows: readonly (readonly (string | number)[])[]): string =>
  `data:text/csv;base64,${Buffer.from(writeCsv(rows)).toString('base64')}`;
