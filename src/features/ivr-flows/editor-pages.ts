import { z } from 'zod';
import { findStep, type ExitName } from '../../engines/ivr/exits.js';
import type { StepKind } from '../../engines/ivr/flow.js';
import { AppError } from '../../kernel/errors.js';
import { parseFields } from '../../kernel/fields.js';
import type { FlowId } from '../../kernel/ids.js';
import { formWithProblems, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { addDrawingPages } from './drawing-pages.js';
import {
  change,
  conflictNotice,
  onlyChooses,
  pointOf,
  show,
  showAgain,
  showChosen,
  text,
  versionShown,
} from './editor-change.js';
import {
  chosenView,
  editPath,
  editorView,
  flowPath,
  SETTINGS_FORM,
  type Notice,
} from './editor-view.js';
import {
  addStep,
  connectExit,
  deleteStep,
  duplicateStep,
  placeStep,
  replaceStep,
} from './flow-edit.js';
import type { PublishResult } from './flow-publishing.js';
import type { FlowService } from './flow-service.js';
import { testLinks } from './flow-tests/flow-test-view.js';
import { flowNameField, isStepKind } from './flow.js';
import { STEP_FORM } from './inspector-view.js';
import { parseStep } from './step-form.js';
import { trialPanel, type TrialPagesParts } from './trials/trial-pages.js';

const PATH = '/setup/ivr/:id';
const ACCESS = 'flows.edit';
/** Characters of a note about a version. */
const MAX_NOTE = 500;

const settingsForm = z.object({ name: flowNameField, start: z.string().default('') });

/** Adds the editor of one flow: every change is one POST that saves the draft, with or without scripts. */
export function addEditorPages(
  pages: PageRoutes,
  service: FlowService,
  trials?: TrialPagesParts,
): void {
  pages.get(PATH, ACCESS, (page) => page.redirect(`${flowPath(page.id<FlowId>())}/edit`));
  pages.get(`${PATH}/edit`, ACCESS, async (page) => {
    const open = await service.open(page.actor, page.id<FlowId>());
    const options = { selected: page.query['step'] ?? '' };
    if (onlyChooses(page, open)) {
      showChosen(page, chosenView(page, open, options));
      return;
    }
    const view = editorView(page, open, options);
    // It stays beside the parts that are swapped.
    const trial = trials && !page.isPartial ? await trialPanel(page, trials) : undefined;
    show(page, { ...view, trial }, 200);
  });
  pages.post(`${PATH}/steps`, ACCESS, (page) => add(page, service));
  pages.post(`${PATH}/steps/:step`, ACCESS, (page) => saveStep(page, service));
  pages.post(`${PATH}/steps/:step/delete`, ACCESS, (page) =>
    change(page, service, async (id, version) => {
      const step = page.param('step');
      await service.edit(page.actor, id, version, (flow) => deleteStep(flow, step));
      return '';
    }),
  );
  pages.post(`${PATH}/steps/:step/duplicate`, ACCESS, (page) =>
    change(page, service, async (id, version) => {
      let copy = '';
      await service.edit(page.actor, id, version, (flow) => {
        const added = duplicateStep(flow, page.param('step'));
        copy = added.id;
        return added.flow;
      });
      return copy;
    }),
  );
  for (const direction of ['undo', 'redo'] as const)
    pages.post(`${PATH}/${direction}`, ACCESS, (page) =>
      change(page, service, async (id, version) => {
        await service.move(page.actor, id, version, direction);
        return text(page, 'selected');
      }),
    );
  pages.post(`${PATH}/discard`, ACCESS, (page) =>
    change(page, service, async (id, version) => {
      await service.discard(page.actor, id, version);
      return '';
    }),
  );
  addDrawingPages(pages, service);
  pages.post(`${PATH}/settings`, ACCESS, (page) => saveSettings(page, service));
  pages.post(`${PATH}/publish`, ACCESS, (page) => publish(page, service));
}

/** Adds a step: behind an exit of another one, at the beginning (`step` is ''), or loose (no `exit`). */
async function add(page: PageContext, service: FlowService): Promise<void> {
  const kind = text(page, 'kind');
  if (!isStepKind(kind)) throw new AppError('invalid-fields', `${kind} is no kind of step`);
  const [exit = '', ...more] = text(page, 'exit').split('+');
  const place = exit === '' ? undefined : { step: text(page, 'step'), exit: exit as ExitName };
  const point = pointOf(page);
  await change(page, service, async (id, version) => {
    let added = '';
    await service.edit(page.actor, id, version, (flow) => {
      const result = addStep(flow, kind, page.t(`flow.kind.${kind}`), place);
      added = result.id;
      // A line stands for all exits with one target: the new step comes behind each of them.
      const all = more.reduce(
        (steps, name) => connectExit(steps, place?.step ?? '', name, added),
        result.flow,
      );
      return point === undefined ? all : placeStep(all, added, point);
    });
    return added;
  });
}

async function saveStep(page: PageContext, service: FlowService): Promise<void> {
  const step = page.param('step');
  const open = await service.open(page.actor, page.id<FlowId>());
  const before = findStep(open.definition, step);
  if (before === undefined) {
    const notice = conflictNotice(page, open);
    return showAgain(page, service, { selected: '', notice }, 409);
  }
  const form = { prefix: STEP_FORM, action: `${flowPath(open.flow.id)}/steps/${step}` };
  const parsed = parseStep(before.kind, page.body);
  if (!parsed.ok) {
    const stepForm = formWithProblems(page, form, parsed.problems);
    return showAgain(page, service, { selected: step, stepForm }, 422);
  }
  const labelOf = (kind: StepKind): string => page.t(`flow.kind.${kind}`);
  await change(
    page,
    service,
    async (id, version) => {
      await service.edit(page.actor, id, version, (flow) =>
        replaceStep(flow, step, parsed.values, labelOf),
      );
      return step;
    },
    { selected: step, stepForm: formWithProblems(page, form, []) },
  );
}

/** The flow's name and its first step. */
async function saveSettings(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const form = { prefix: SETTINGS_FORM, action: `${flowPath(id)}/settings` };
  const again = (problems: AppError['problems'], status: number): Promise<void> =>
    showAgain(
      page,
      service,
      { selected: '', settingsForm: formWithProblems(page, form, problems) },
      status,
    );
  const parsed = parseFields(settingsForm, page.body);
  if (!parsed.ok) return again(parsed.problems, 422);
  const { name, start } = parsed.values;
  try {
    await change(page, service, async (_id, version) => {
      const { flow, definition } = await service.open(page.actor, id);
      const isRenamed = flow.name !== name;
      if (isRenamed) await service.rename(page.actor, id, version, name);
      if (definition.start !== start)
        await service.edit(page.actor, id, version + (isRenamed ? 1 : 0), (steps) => ({
          ...steps,
          start: findStep(steps, start) ? start : '',
        }));
      return '';
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    await again(error.problems, 422);
  }
}

async function publish(page: PageContext, service: FlowService): Promise<void> {
  const id = page.id<FlowId>();
  const selected = text(page, 'selected');
  try {
    const note = text(page, 'note').trim().slice(0, MAX_NOTE);
    const result = await service.publish(page.actor, id, versionShown(page), note);
    if (result.kind === 'published')
      return await page.redirect(editPath(id, selected), {
        message: 'flow.published',
        params: { version: result.version },
      });
    await showAgain(page, service, { selected, notice: whyNot(page, id, result) }, 422);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    const notice = conflictNotice(page, await service.open(page.actor, id));
    await showAgain(page, service, { selected, notice }, 409);
  }
}

/** Why nothing was published. */
function whyNot(
  page: PageContext,
  id: FlowId,
  result: Exclude<PublishResult, { kind: 'published' }>,
): Notice {
  switch (result.kind) {
    case 'unchanged':
      return { level: 'error', text: page.t('flow.unchanged') };
    case 'refused': {
      const errors = result.problems.filter((problem) => problem.level === 'error');
      return { level: 'error', text: page.t('flow.not-published', { count: errors.length }) };
    }
    case 'tests-failed':
      return {
        level: 'error',
        text: page.t('flow.tests-failed', { count: result.failed.length }),
        links: testLinks(id, result.failed),
      };
  }
}
