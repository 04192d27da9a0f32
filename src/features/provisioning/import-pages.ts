import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError, type FieldProblem } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
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
import type { DeskPhoneService } from './desk-phone-service.js';
import type { DeskPhoneStore } from './desk-phone-store.js';
import type { DeskPhoneDraft } from './desk-phone.js';
import { planImport, type ImportPlan } from './desk-phone-import.js';
import { macText } from './mac.js';
import { MODEL_IDS } from './models.js';

const PATH = '/setup/provisioning/import';
const EDIT = 'extensions.edit';
const FORM = { prefix: 'provisioning.import.form', action: PATH } as const;
const MAX_ROWS = 2_000;

export interface DeskPhoneImportParts {
  readonly service: DeskPhoneService;
  readonly store: Pick<DeskPhoneStore, 'extensions'>;
  readonly shelf: ImportShelf;
}

/** What waits on the shelf. Whoever checked the file runs it. */
const checkedSchema = z.object({
  drafts: z.array(
    z.object({
      mac: z.string(),
      name: z.string(),
      model: z.enum(MODEL_IDS),
      lines: z.array(z.number().transform((id) => id as ExtensionId)),
      keys: z.string(),
      isEnabled: z.boolean(),
    }),
  ),
});

/** Many phones from one file: choose, look what it would do, run. */
export function addDeskPhoneImportPages(pages: PageRoutes, parts: DeskPhoneImportParts): void {
  pages
    .get(PATH, EDIT, (page) => {
      showChoice(page);
    })
    .get(`${PATH}/template.csv`, EDIT, (page) => {
      const rows = [
        ['mac', 'model', 'extensions', 'name', 'keys'],
        ['00:15:65:12:34:56', 'Yealink T4x', '2001', 'Front desk', '2002 Amy; 7001 Park 1'],
      ];
      page.res.attachment('desk-phones.csv').type('text/csv').send(writeCsv(rows));
    })
    .upload(PATH, EDIT, IMPORT_UPLOAD_BYTES, (page) => check(page, parts))
    .post(`${PATH}/run`, EDIT, (page) => run(page, parts));
}

const crumbs = (page: PageContext) => [
  { label: page.t('provisioning.title'), href: '/setup/provisioning' },
];

function showChoice(page: PageContext, problem?: Pick<FieldProblem, 'message' | 'params'>): void {
  page.render(
    'provisioning/import',
    {
      title: page.t('provisioning.import.title'),
      crumbs: crumbs(page),
      styles: ['setup'],
      form: importForm(page, FORM, problem),
    },
    problem === undefined ? 200 : 422,
  );
}

async function check(page: PageContext, parts: DeskPhoneImportParts): Promise<void> {
  const [upload] = page.uploads;
  const table =
    upload === undefined
      ? { message: 'form.problem.file-needed' }
      : readCsvTable(await readFile(upload.path), MAX_ROWS);
  if ('message' in table) {
    showChoice(page, table);
    return;
  }
  const extensions = await parts.store.extensions();
  const plan = planImport(table, extensions);
  if ('message' in plan) {
    showChoice(page, plan satisfies CsvProblem);
    return;
  }
  await showPlan(page, parts, await withoutTaken(page, parts, plan), {
    fileName: upload?.fileName ?? '',
    total: table.rows.length,
    numberOf: (id) => extensions.find((one) => one.id === id)?.number ?? '',
  });
}

async function withoutTaken(
  page: PageContext,
  { service }: DeskPhoneImportParts,
  plan: ImportPlan,
): Promise<ImportPlan> {
  const macs = plan.drafts.map(({ draft }) => draft.mac);
  const taken = await service.taken(page.actor, macs);
  return {
    drafts: plan.drafts.filter(({ draft }) => !taken.has(draft.mac)),
    rejected: [
      ...plan.rejected,
      ...plan.drafts
        .filter(({ draft }) => taken.has(draft.mac))
        .map(({ line, draft }) => ({
          ...{ line, mac: macText(draft.mac) },
          problem: { message: 'provisioning.problem.mac-taken' },
        })),
    ].sort((a, b) => a.line - b.line),
  };
}

async function showPlan(
  page: PageContext,
  { shelf }: DeskPhoneImportParts,
  plan: ImportPlan,
  file: {
    readonly fileName: string;
    readonly total: number;
    readonly numberOf: (id: ExtensionId) => string;
  },
): Promise<void> {
  const drafts = plan.drafts.map(({ draft }) => draft);
  const content = { drafts };
  page.render('provisioning/import-check', {
    title: page.t('provisioning.import.check'),
    crumbs: [...crumbs(page), { label: page.t('provisioning.import.title'), href: PATH }],
    styles: ['setup'],
    ...{ fileName: file.fileName, total: file.total },
    ...{ good: drafts.length, bad: plan.rejected.length },
    checked: drafts.length === 0 ? undefined : await shelve(page, shelf, content),
    drafts: drafts.map((draft) => ({
      ...draft,
      mac: macText(draft.mac),
      lines: draft.lines.map(file.numberOf).join(', '),
    })),
    rejected: plan.rejected.map(({ line, mac, problem }) => ({
      ...{ line, mac },
      reason: page.t(problem.message, problem.params),
    })),
  });
}

async function run(page: PageContext, { service, shelf }: DeskPhoneImportParts): Promise<void> {
  const checked = await takeChecked(page, shelf, checkedSchema);
  if (checked === undefined) {
    showChoice(page, { message: 'import.problem.gone' });
    return;
  }
  const drafts: readonly DeskPhoneDraft[] = checked.drafts;
  try {
    await service.createAll(page.actor, drafts);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    const [first] = error.problems;
    showChoice(page, first ?? { message: 'form.problem.unfit' });
    return;
  }
  await page.redirect('/setup/provisioning', {
    message: 'provisioning.import.done',
    params: { count: drafts.length },
  });
}
