import { z } from 'zod';
import { AppError, type FieldProblem } from '../../../kernel/errors.js';
import { parseFields, problem, textField } from '../../../kernel/fields.js';
import type { ContactImportId, ContactListId } from '../../../kernel/ids.js';
import { csvLine, sendCsv, type PageContext, type PageRoutes } from '../../../web/kit/index.js';
import { importForm } from '../../configuration/index.js';
import { countryCodes } from './country-cell.js';
import { showMapping } from './mapping-page.js';
import { DUPLICATE_CHOICES, type ImportSettings } from './import-settings.js';
import type { ImportService, ListTarget } from './import-service.js';
import type { ImportKind, RejectedRow, StoredImport } from './import-store.js';
import { importView, reasonOf } from './import-view.js';
import { TABLE_MAX_BYTES } from './table-file.js';

export const IMPORT_PATH = '/lists/import';
const ACCESS = 'lists.edit';
const RECENT = 10;
/** Beside the file itself, and so far above what is taken that the page can say so. */
const UPLOAD_BYTES = TABLE_MAX_BYTES + 16 * 1024 * 1024;

export interface ImportPagesParts {
  readonly service: ImportService;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Files with people, or with numbers that nobody calls: upload, columns, run, result. */
export function addImportPages(pages: PageRoutes, parts: ImportPagesParts): void {
  const { service } = parts;
  const one = (page: PageContext): Promise<StoredImport> =>
    service.get(page.actor, page.id<ContactImportId>());
  const pathOf = (id: ContactImportId): string => `${IMPORT_PATH}/${String(id)}`;
  pages
    .get(IMPORT_PATH, ACCESS, (page) => showChoice(page, service))
    .upload(IMPORT_PATH, ACCESS, UPLOAD_BYTES, (page) => begin(page, service, pathOf))
    .get(`${IMPORT_PATH}/:id`, ACCESS, async (page) => {
      const job = await one(page);
      if (job.state === 'draft') await showMapping(page, service, job);
      else showProgress(page, job);
    })
    .post(`${IMPORT_PATH}/:id`, ACCESS, async (page) => {
      const job = await one(page);
      const read = readSettings(page, job);
      if (!read.ok) return showMapping(page, service, job, read.problems);
      return showMapping(page, service, job);
    })
    .post(`${IMPORT_PATH}/:id/run`, ACCESS, async (page) => {
      const job = await one(page);
      const read = readSettings(page, job);
      if (!read.ok) return showMapping(page, service, job, read.problems);
      try {
        await service.run(page.actor, job.id, read.settings, read.target);
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
        return showMapping(page, service, job, error.problems);
      }
      return page.redirect(pathOf(job.id));
    })
    .post(`${IMPORT_PATH}/:id/again`, ACCESS, async (page) => {
      const job = await one(page);
      await service.again(page.actor, job.id);
      return page.redirect(pathOf(job.id));
    })
    .post(`${IMPORT_PATH}/:id/cancel`, ACCESS, async (page) => {
      const job = await one(page);
      await service.cancel(page.actor, job.id);
      return page.redirect(pathOf(job.id));
    })
    .get(`${IMPORT_PATH}/:id/rejected.csv`, ACCESS, async (page) =>
      sendRejected(page, await one(page), parts),
    );
}

const kindOf = (text: unknown): ImportKind => (text === 'do-not-call' ? 'do-not-call' : 'contacts');

async function showChoice(
  page: PageContext,
  service: ImportService,
  wrong?: FieldProblem,
): Promise<void> {
  const kind = kindOf(page.body['kind'] ?? page.query['kind']);
  const recent = await service.recent(page.actor, RECENT);
  const isNumbers = kind === 'do-not-call';
  page.render(
    'contact-imports/choose',
    {
      title: page.t(isNumbers ? 'contact-import.title-numbers' : 'contact-import.title'),
      crumbs: [
        isNumbers
          ? { label: page.t('do-not-call.title'), href: '/do-not-call' }
          : { label: page.t('lists.title'), href: '/lists' },
      ],
      styles: ['setup', 'contacts'],
      kind,
      isNumbers,
      form: importForm(page, { prefix: 'contact-import.form', action: IMPORT_PATH }, wrong),
      maxMegabytes: TABLE_MAX_BYTES / 1_048_576,
      recent: recent.map((job) => importView(page, job)),
    },
    wrong === undefined ? 200 : 422,
  );
}

async function begin(
  page: PageContext,
  service: ImportService,
  pathOf: (id: ContactImportId) => string,
): Promise<void> {
  const [upload] = page.uploads;
  if (upload === undefined)
    return showChoice(page, service, { field: 'file', message: 'contact-import.problem.no-file' });
  try {
    const id = await service.begin(page.actor, kindOf(page.body['kind']), upload);
    return await page.redirect(pathOf(id));
  } catch (error) {
    const [wrong] = error instanceof AppError ? error.problems : [];
    if (wrong === undefined) throw error;
    return showChoice(page, service, wrong);
  }
}

const formSchema = z
  .object({
    column: z
      .union([z.string(), z.array(z.string())])
      .default([])
      .transform((value): string[] => (typeof value === 'string' ? [value] : value)),
    hasHeader: z.string().optional(),
    country: z.string('form.problem.choose'),
    duplicates: z.enum(DUPLICATE_CHOICES).default('skip'),
    list: z.string().default('none'),
    newList: textField({ min: 0, max: 80 }).default(''),
    campaignId: z.coerce.number().int().min(0).default(0),
  })
  .superRefine((values, context) => {
    if (!countryCodes().includes(values.country))
      context.addIssue({ ...problem('form.problem.choose'), path: ['country'] });
    if (values.list === 'new' && values.newList === '')
      context.addIssue({ ...problem('form.problem.needed'), path: ['newList'] });
  });

type ReadSettings =
  | { readonly ok: true; readonly settings: ImportSettings; readonly target: ListTarget }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

function readSettings(page: PageContext, job: StoredImport): ReadSettings {
  const parsed = parseFields(formSchema, page.body);
  if (!parsed.ok) return parsed;
  const { column, hasHeader, country, duplicates, list, newList, campaignId } = parsed.values;
  const target: ListTarget =
    job.kind === 'do-not-call' || list === 'none'
      ? { kind: 'none' }
      : list === 'new'
        ? { kind: 'new', name: newList }
        : { kind: 'list', id: Number(list) as ContactListId };
  return {
    ok: true,
    target,
    settings: {
      columns: column,
      hasHeader: hasHeader !== undefined,
      country,
      duplicates,
      campaignId: campaignId,
    },
  };
}

function showProgress(page: PageContext, job: StoredImport): void {
  const isNumbers = job.kind === 'do-not-call';
  page.render('contact-imports/progress', {
    title: job.fileName,
    crumbs: [
      isNumbers
        ? { label: page.t('do-not-call.title'), href: '/do-not-call' }
        : { label: page.t('lists.title'), href: '/lists' },
      {
        label: page.t('contact-import.title'),
        href: isNumbers ? `${IMPORT_PATH}?kind=do-not-call` : IMPORT_PATH,
      },
    ],
    styles: ['setup', 'contacts'],
    isNumbers,
    job: importView(page, job),
  });
}

async function sendRejected(
  page: PageContext,
  job: StoredImport,
  { service, now }: ImportPagesParts,
): Promise<void> {
  const head = csvLine([
    page.t('contact-import.column.line'),
    page.t('contact-import.column.reason'),
    page.t('contact-import.column.cells'),
  ]);
  await sendCsv(page, { name: 'rejected', head, at: now() }, async (write) => {
    for await (const row of service.rejected(job)) await write(rejectedLine(page, row));
  });
}

const rejectedLine = (page: PageContext, row: RejectedRow): string =>
  csvLine([row.line, reasonOf(page, row), ...row.cells]);
