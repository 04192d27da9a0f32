import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import { formatWhen, versionOf, type PageContext } from '../../web/kit/index.js';
import {
  editPath,
  editorView,
  type chosenView,
  type EditorOptions,
  type Notice,
} from './editor-view.js';
import type { FlowInWork, FlowService } from './flow-service.js';
import type { Point } from './flow-edit.js';

/** A field of the body; '' where it is not one text. */
export const text = (page: PageContext, name: string): string => {
  const value = page.body[name];
  return typeof value === 'string' ? value : '';
};
/** The version of the flow that the page showed. */
export const versionShown = (page: PageContext): number => versionOf(page.body);

/** A browser that goes back in its history needs the whole page, whoever asks. */
const isWhole = (page: PageContext): boolean =>
  !page.isPartial || page.req.get('hx-history-restore-request') === 'true';

/** The whole page, or, for htmx, what changes of it: all but the drawing, which its script keeps. */
export function show(page: PageContext, data: ReturnType<typeof editorView>, status: number): void {
  page.res.set('Vary', 'HX-Request, X-Shown-Version');
  if (isWhole(page)) page.render('ivr-flows/editor', data, status);
  else page.renderPartial('flow-changes', { ...data, isPartial: true, hasScripts: true }, status);
}

/** Whether the browser shows the flow as it is stored, and only wants to see another step of it. */
export const onlyChooses = (page: PageContext, open: FlowInWork): boolean =>
  !isWhole(page) && page.req.get('x-shown-version') === String(open.flow.version);

/** The inspector alone; the browser marks the chosen step in outline and drawing itself. */
export function showChosen(page: PageContext, data: ReturnType<typeof chosenView>): void {
  page.res.set({
    Vary: 'HX-Request, X-Shown-Version',
    'HX-Retarget': '#inspector',
    'HX-Reswap': 'outerHTML show:none',
  });
  page.renderPartial('flow-inspector', { ...data, isAlone: true, hasScripts: true });
}

/** Runs a change and shows the flow with the step that the change gives; a conflict shows what is stored now. */
export async function change(
  page: PageContext,
  service: FlowService,
  work: (id: FlowId, version: number) => Promise<string>,
  onConflict: Partial<EditorOptions> = {},
): Promise<void> {
  const id = page.id<FlowId>();
  try {
    const selected = await work(id, versionShown(page));
    if (!page.isPartial) return await page.redirect(editPath(id, selected));
    page.res.set('HX-Push-Url', editPath(id, selected));
    show(page, editorView(page, await service.open(page.actor, id), { selected }), 200);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    const notice = conflictNotice(page, await service.open(page.actor, id));
    await showAgain(
      page,
      service,
      { selected: text(page, 'selected'), ...onConflict, notice },
      409,
    );
  }
}

/** Shows the editor again with what was typed, and why it is not saved. */
export async function showAgain(
  page: PageContext,
  service: FlowService,
  options: EditorOptions,
  status: number,
): Promise<void> {
  page.res.set('HX-Push-Url', 'false');
  const open = await service.open(page.actor, page.id<FlowId>());
  const { version } = open.flow;
  const current = {
    ...options,
    // What was typed is kept, and saves over what is stored now.
    ...(options.stepForm ? { stepForm: { ...options.stepForm, version } } : {}),
    ...(options.settingsForm ? { settingsForm: { ...options.settingsForm, version } } : {}),
  };
  show(page, editorView(page, open, current), status);
}

/** Says that somebody else was faster: who, and when. */
export function conflictNotice(page: PageContext, open: FlowInWork): Notice {
  const { savedBy: name, savedAt } = open.draft ?? {};
  const said =
    name === undefined || name === '' || savedAt === undefined
      ? page.t('flow.conflict')
      : page.t('flow.conflict.by', { name, at: formatWhen(savedAt, 'time', page) });
  return { level: 'error', text: said };
}

/** Where in the drawing something was dropped. */
export function pointOf(page: PageContext): Point | undefined {
  const [x, y] = [text(page, 'x'), text(page, 'y')];
  if (!/^-?\d{1,6}$/.test(x) || !/^-?\d{1,6}$/.test(y)) return undefined;
  return { x: within(Number(x)), y: within(Number(y)) };
}

const FARTHEST = 100_000;
const within = (value: number): number => Math.min(FARTHEST, Math.max(-FARTHEST, value));
