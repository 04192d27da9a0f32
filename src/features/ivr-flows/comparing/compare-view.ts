import { findStep } from '../../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../../engines/ivr/flow.js';
import type { PageContext, Translate } from '../../../web/kit/index.js';
import { drawFlow, type CardLevel } from '../drawing/flow-drawing.js';
import { drawingModel } from '../drawing/model.js';
import { changesBetween, isSameFlow, type StepChanges } from '../flow-diff.js';
import { stepSummary } from '../step-summary.js';
import { exitName, STEP_ICONS } from '../step-texts.js';
import type { ComparedFlow } from './compare-service.js';
import { fieldKeyOf, fieldLines, type FieldReader } from './field-text.js';
import { differenceOf } from './step-changes.js';

/** One line of a value; `isOwn`: the other side does not have it. */
interface Line {
  readonly text: string;
  readonly isOwn: boolean;
}

/** Something that is different in a step, in words. */
interface Row {
  readonly label: string;
  readonly isExit: boolean;
  readonly before: readonly Line[];
  readonly after: readonly Line[];
}

/** What is different between two states of a flow, in words, and both as drawings. */
export function compareView(page: PageContext, compared: ComparedFlow) {
  const { before, after, choices } = compared;
  const changes = changesBetween(before, after);
  const reader: FieldReader = { page, choices };
  const card = (step: FlowStep, id: string) => ({
    id,
    label: step.label,
    icon: STEP_ICONS[step.kind],
    kindName: page.t(`flow.kind.${step.kind}`),
    summary: stepSummary(step, choices, page.t),
  });
  const cards = (flow: FlowDefinition, ids: readonly string[]) =>
    ids.flatMap((id) => {
      const step = findStep(flow, id);
      return step === undefined ? [] : [card(step, id)];
    });
  return {
    isSame: isSameFlow({ ...changes, startMoved: before.start !== after.start }),
    start: startChange(page, compared),
    added: cards(after, changes.added),
    removed: cards(before, changes.removed),
    moved: cards(after, changes.moved),
    changed: changes.changed.flatMap((id) => {
      const [was, is] = [findStep(before, id), findStep(after, id)];
      if (was === undefined || is === undefined) return [];
      return [{ ...card(is, id), rows: rowsOf(was, is, compared, reader) }];
    }),
    boards: [
      { side: 'before', model: modelOf(page, before, compared, changes) },
      { side: 'after', model: modelOf(page, after, compared, changes) },
    ],
  };
}

const labelOf = (t: Translate, flow: FlowDefinition, id: string): string =>
  id === '' ? t('flow.compare.nowhere') : (findStep(flow, id)?.label ?? id);

function startChange({ t }: PageContext, { before, after }: ComparedFlow) {
  if (before.start === after.start) return undefined;
  return { before: labelOf(t, before, before.start), after: labelOf(t, after, after.start) };
}

function rowsOf(
  was: FlowStep,
  is: FlowStep,
  { before, after }: ComparedFlow,
  reader: FieldReader,
): readonly Row[] {
  const { t } = reader.page;
  const difference = differenceOf(was, is);
  const fields = difference.fields.map((change): Row => ({
    label: t(fieldKeyOf((change.after === undefined ? was : is).kind, change.field)),
    isExit: false,
    ...beside(
      fieldLines(was, change.field, change.before, reader),
      fieldLines(is, change.field, change.after, reader),
    ),
  }));
  const lead = (flow: FlowDefinition, to: string | undefined): readonly string[] =>
    to === undefined ? [] : [labelOf(t, flow, to)];
  const exits = difference.exits.map((change): Row => ({
    label: t('flow.compare.exit', {
      exit: exitName(change.after === undefined ? was : is, change.exit, t),
    }),
    isExit: true,
    ...beside(lead(before, change.before), lead(after, change.after)),
  }));
  return [...fields, ...exits];
}

/** Both sides of a value, with the lines that only one of them has. */
function beside(
  before: readonly string[],
  after: readonly string[],
): Pick<Row, 'before' | 'after'> {
  const lines = (own: readonly string[], other: readonly string[]): readonly Line[] =>
    own.map((text) => ({ text, isOwn: !other.includes(text) }));
  return { before: lines(before, after), after: lines(after, before) };
}

/** Steps that were removed are marked in the earlier drawing, those that were added in the later one, changed ones in both. */
function modelOf(
  { t }: PageContext,
  definition: FlowDefinition,
  { choices }: ComparedFlow,
  changes: StepChanges,
) {
  const level = new Map<string, CardLevel>([
    ...changes.added.map((id) => [id, 'added'] as const),
    ...changes.removed.map((id) => [id, 'removed'] as const),
    ...changes.changed.map((id) => [id, 'changed'] as const),
  ]);
  const options = { selected: '', isEditable: false };
  const drawing = drawFlow({
    ...{ definition, choices, t, problems: [], entrySummary: '', ...options },
    hrefOf: (id) => `#step-${id}`,
    levelOf: (id) => level.get(id) ?? '',
  });
  return drawingModel(drawing, options);
}
