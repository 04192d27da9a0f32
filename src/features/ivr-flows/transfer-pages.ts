import { readFile } from 'node:fs/promises';
import { draftDefinitionSchema, type FlowDefinition } from '../../engines/ivr/flow.js';
import { MAX_FLOW_STEPS } from '../../engines/ivr/validation.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { conflictNotice, versionShown } from './editor-change.js';
import { editPath, flowPath, FLOWS_PATH, type Notice } from './editor-view.js';
import type { FlowService } from './flow-service.js';
import { readDraft } from './flow.js';
import { brokenAt, placeOf, type Place } from './json-lines.js';

const PATH = '/setup/ivr/:id';
const ACCESS = 'flows.edit';
/** A flow of 500 steps has less than one. */
const MAX_BYTES = 4_000_000;
/** Problems that a page shows; the first ones tell the most. */
const MAX_SHOWN = 50;

interface ImportProblem extends Place {
  readonly field: string;
  readonly text: string;
}

/** Adds taking a flow out as a file, and putting a file in its place: the same JSON that is stored. */
export function addTransferPages(pages: PageRoutes, service: FlowService): void {
  pages.get(`${PATH}/export`, ACCESS, async (page) => {
    const { flow, definition } = await service.open(page.actor, page.id<FlowId>());
    page.res
      .attachment(`ivr-flow-${String(flow.id)}.json`)
      .type('application/json')
      .send(`${JSON.stringify(definition, null, 2)}\n`);
  });
  pages.get(`${PATH}/import`, ACCESS, (page) => showImport(page, service, [], 200));
  pages.upload(`${PATH}/import`, ACCESS, MAX_BYTES, (page) => takeIn(page, service));
}

async function showImport(
  page: PageContext,
  service: FlowService,
  problems: readonly ImportProblem[],
  status: number,
  notice?: Notice,
): Promise<void> {
  const flow = await service.get(page.actor, page.id<FlowId>());
  const data = {
    title: page.t('flow.import'),
    crumbs: [
      { label: page.t('flow.title'), href: FLOWS_PATH },
      { label: flow.name, href: `${flowPath(flow.id)}/edit` },
    ],
    flow,
    notice,
    action: `${flowPath(flow.id)}/import`,
    back: `${flowPath(flow.id)}/edit`,
    problems: problems.slice(0, MAX_SHOWN),
    more: Math.max(0, problems.length - MAX_SHOWN),
  };
  page.render('ivr-flows/import', data, status);
}

/** Puts the steps of a file into the draft, as one change that can be undone; or says on which line what is wrong. */
async function takeIn(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const file = page.uploads.find((upload) => upload.field === 'file' && upload.bytes > 0);
  if (file === undefined) {
    const text = page.t('form.problem.file-needed');
    return showImport(page, service, [{ line: 0, column: 0, field: '', text }], 422);
  }
  const read = readFlow(await readFile(file.path, 'utf8'), page);
  if ('problems' in read) return showImport(page, service, read.problems, 422);
  try {
    await service.edit(page.actor, id, versionShown(page), () => read.definition);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    const notice = conflictNotice(page, await service.open(page.actor, id));
    return showImport(page, service, [], 409, notice);
  }
  await page.redirect(editPath(id, ''), { message: 'flow.imported' });
}

type Read =
  { readonly definition: FlowDefinition } | { readonly problems: readonly ImportProblem[] };

function readFlow(text: string, { t }: Pick<PageContext, 't'>): Read {
  const broken = brokenAt(text.replace(/^\uFEFF/, ''));
  if (broken) return { problems: [{ ...broken, field: '', text: t('flow.import.no-json') }] };
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
  const parsed = draftDefinitionSchema.safeParse(value);
  if (!parsed.success)
    return {
      problems: parsed.error.issues.map((issue) => ({
        ...placeOf(text, issue.path),
        field: issue.path.map(String).join('.'),
        text: /^flow\.[a-z.-]+$/.test(issue.message) ? t(issue.message) : issue.message,
      })),
    };
  if (Object.keys(parsed.data.steps).length > MAX_FLOW_STEPS)
    return {
      problems: [
        {
          ...placeOf(text, ['steps']),
          field: 'steps',
          text: t('flow.problem.too-many-steps', { max: MAX_FLOW_STEPS }),
        },
      ],
    };
  return { definition: readDraft(JSON.stringify(parsed.data)) };
}
