import { findStep } from '../../engines/ivr/exits.js';
import type { FlowId } from '../../kernel/ids.js';
import { formView, type FormView, type PageContext, type PageData } from '../../web/kit/index.js';
import { usageViews, type Usage } from '../configuration/index.js';
import { drawFlow, labelsOf, levelOf, type FigureOf } from './drawing/flow-drawing.js';
import { drawingModel } from './drawing/model.js';
import { isSameFlow } from './flow-diff.js';
import { outlineOf } from './flow-outline.js';
import type { FlowInWork } from './flow-service.js';
import { kindGroups } from './inspector-options.js';
import { exitOptions, inspectorView } from './inspector-view.js';
import { stepSummary } from './step-summary.js';
import { STEP_ICONS, exitLabels, problemText } from './step-texts.js';

export const FLOWS_PATH = '/setup/ivr';
export const flowPath = (id: FlowId): string => `${FLOWS_PATH}/${String(id)}`;

/** Address of the editor with a step chosen. */
export const editPath = (id: FlowId, step: string): string =>
  step === '' ? `${flowPath(id)}/edit` : `${flowPath(id)}/edit?step=${encodeURIComponent(step)}`;

/** Catalog prefix of the form with the flow's name. */
export const SETTINGS_FORM = 'flow.settings';

/** What was just done, or why not. */
export interface Notice {
  readonly level: 'ok' | 'error';
  readonly text: string;
  /** What it is about. */
  readonly links?: readonly { readonly label: string; readonly href: string }[];
  /** What was refused may be done nevertheless. */
  readonly mayGoOn?: boolean;
}

export interface EditorOptions {
  /** Id of the chosen step; '' for the flow itself. */
  readonly selected: string;
  /** The step's form as it was typed, with what is wrong. */
  readonly stepForm?: FormView;
  readonly settingsForm?: FormView;
  readonly notice?: Notice;
}

/** The chosen step, or the flow itself where none is chosen. */
export function chosenView(page: PageContext, open: FlowInWork, options: EditorOptions) {
  const { flow, definition } = open;
  const path = flowPath(flow.id);
  const isStep = findStep(definition, options.selected) !== undefined;
  return {
    flow,
    path,
    hasSteps: Object.keys(definition.steps).length > 0,
    step: isStep ? inspectorView(page, open, options.selected, path, options.stepForm) : undefined,
    settings:
      options.settingsForm ??
      formView(
        { prefix: SETTINGS_FORM, action: `${path}/settings` },
        { name: flow.name, start: definition.start },
        flow.version,
      ),
    starts: exitOptions(page, definition, ''),
    kindGroups: kindGroups(page),
    firstPlace: [{ value: 'next', label: page.t('flow.exit.next') }],
    uses: usageViews(page, open.uses),
  };
}

/** Everything that the editor shows. */
export function editorView(page: PageContext, open: FlowInWork, options: EditorOptions): PageData {
  const { flow } = open;
  const chosen = chosenView(page, open, options);
  const errors = open.problems.filter((problem) => problem.level === 'error').length;
  return {
    title: flow.name,
    crumbs: [{ label: page.t('flow.title'), href: FLOWS_PATH }],
    styles: ['ivr'],
    scripts: ['ivr'],
    mainClass: 'ivr-body',
    fold: true,
    ...chosen,
    notice: options.notice,
    status: statusOf(open),
    errors,
    warnings: open.problems.length - errors,
    problems: problemsView(page, open),
    ...flowPictures(page, open, {
      selected: chosen.step?.id ?? '',
      isEditable: flow.archivedAt === undefined,
      hrefOf: (step) => editPath(flow.id, step),
    }),
  };
}

export interface PictureOptions {
  readonly selected: string;
  readonly isEditable: boolean;
  /** Where a click on a step leads. */
  readonly hrefOf: (step: string) => string;
  /** Numbers to write beside steps and exits. */
  readonly figureOf?: FigureOf;
}

/** Outline and drawing: once as a picture for pages without scripts, once as the model that scripts draw. */
export function flowPictures(page: PageContext, open: FlowInWork, options: PictureOptions) {
  const { selected, hrefOf } = options;
  const { definition, choices, problems } = open;
  const { t } = page;
  const outline = outlineOf(definition).map((line) => {
    const step = findStep(definition, line.id);
    const level = levelOf(problems, line.id);
    return {
      ...line,
      depth: Math.min(line.depth, 5),
      via: exitLabels(findStep(definition, line.from), line.via, t),
      label: step?.label ?? line.id,
      summary: step ? stepSummary(step, choices, t) : '',
      kindName: step ? t(`flow.kind.${step.kind}`) : '',
      icon: step ? STEP_ICONS[step.kind] : 'help',
      href: hrefOf(line.id),
      isSelected: line.id === selected && !line.isReference,
      level: line.isReference ? '' : level,
      levelText: level === '' ? '' : t(`flow.level.${level}`),
    };
  });
  const drawing = drawFlow({
    definition,
    problems,
    choices,
    entrySummary: entrySummary(page, open.uses),
    t,
    ...options,
  });
  return {
    outline,
    drawing: { ...drawing, labels: labelsOf(drawing.cards).filter((label) => !label.isOpen) },
    model: drawingModel(drawing, options),
  };
}

/** `020 7946 0123 and 2 more`. */
function entrySummary(page: PageContext, uses: readonly Usage[]): string {
  const [first, ...more] = usageViews(page, uses).map((usage) => usage.label);
  if (first === undefined) return page.t('flow.entry.nothing');
  return more.length === 0 ? first : page.t('flow.entry.more', { first, count: more.length });
}

/** The problems of all steps, errors first. */
export const problemsView = (page: PageContext, open: FlowInWork) =>
  open.problems
    .toSorted((a, b) => a.level.localeCompare(b.level))
    .map((problem) => ({
      level: problem.level,
      label: findStep(open.definition, problem.step)?.label,
      href: editPath(open.flow.id, problem.step),
      text: problemText(problem, open.definition, page.t),
    }));

/** How the draft stands to what callers hear. */
function statusOf(open: FlowInWork) {
  const { flow, draft, diff } = open;
  const isNew = flow.publishedVersion === 0;
  const isChanged = isNew || !isSameFlow(diff);
  return {
    isNew,
    isChanged,
    version: flow.publishedVersion,
    nextVersion: flow.publishedVersion + 1,
    savedAt: draft?.savedAt,
    savedBy: draft?.savedBy,
    canUndo: draft?.canUndo ?? false,
    canRedo: draft?.canRedo ?? false,
    canDiscard: !isNew && draft !== undefined,
    added: diff.added.join(', '),
    changed: diff.changed.join(', '),
    removed: diff.removed.join(', '),
    moved: diff.moved.join(', '),
    hasMoved: Object.values(open.definition.steps).some((step) => step.position !== undefined),
    startMoved: diff.startMoved,
  };
}
