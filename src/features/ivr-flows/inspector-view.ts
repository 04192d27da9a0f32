import { KEYS, exitField, exitsOf, findStep, type ExitName } from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';
import type { FlowProblem } from '../../engines/ivr/problems.js';
import { formView, type FormView, type PageContext } from '../../web/kit/index.js';
import { clockText } from '../configuration/index.js';
import type { FlowInWork } from './flow-service.js';
import { rowsOf, type PeriodRow } from './forms/hours-form.js';
import { listOptions, newStepGroups, type Option } from './inspector-options.js';
import { branchRows, tablesOf } from './inspector-tables.js';
import { variablesOf } from './known-variables.js';
import { stepValues } from './step-form.js';
import { STEP_ICONS, exitLabel, exitName, problemText } from './step-texts.js';

/** Catalog prefix of the step's form. */
export const STEP_FORM = 'flow.form';
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Everything that the template needs to edit one step. */
export function inspectorView(
  page: PageContext,
  open: FlowInWork,
  id: string,
  path: string,
  typed?: FormView,
) {
  const { definition } = open;
  const step = findStep(definition, id);
  if (step === undefined) return undefined;
  const own = open.problems.filter((problem) => problem.step === id);
  const action = `${path}/steps/${id}`;
  const fields = stepValues(step);
  const hasField = (problem: FlowProblem): boolean =>
    [...Object.keys(fields), 'choices', 'owner', 'periods'].includes(fieldOf(step, problem));
  const form = typed ?? {
    ...formView({ prefix: STEP_FORM, action }, fields, open.flow.version),
    problems: problemsByField(page, definition, step, own),
  };
  const { t } = page;
  const exits = exitOptions(page, definition, id);
  const newSteps = newStepGroups(page);
  return {
    id,
    action,
    kind: step.kind,
    partial: `flow-steps/${step.kind}`,
    kindName: t(`flow.kind.${step.kind}`),
    icon: STEP_ICONS[step.kind],
    label: step.label,
    form,
    notes: own
      .filter((problem) => problem.level === 'warning' || !hasField(problem))
      .map((problem) => ({ level: problem.level, text: problemText(problem, definition, t) })),
    exits,
    newSteps,
    exitNames: Object.fromEntries(
      [...exits, ...newSteps.flatMap((group) => group.kinds)].map((to) => [to.value, to.label]),
    ),
    ...listOptions(page, open),
    variables: variablesOf(definition),
    tables: tablesOf(step.kind, form),
    branches: step.kind === 'condition' ? branchRows(form) : [],
    keys: step.kind === 'menu' ? keyRows(form) : [],
    rows: step.kind === 'hours' ? periodRows(page, step, typed) : [],
    places: exitsOf(step).map((exit) => ({
      value: exit.name,
      label: placeLabel(page, step, exit.name),
    })),
    sounds: soundsOf(page, open, step),
  };
}

/** Steps that an exit can lead to. */
export const exitOptions = (
  page: PageContext,
  definition: FlowDefinition,
  from: string,
): readonly Option[] =>
  Object.entries(definition.steps).map(([value, step]) => ({
    value,
    label: value === from ? page.t('flow.itself', { label: step.label }) : step.label,
  }));

const placeLabel = (page: PageContext, step: FlowStep, exit: ExitName): string =>
  exitLabel(step, exit, page.t) === '' ? page.t('flow.exit.next') : exitName(step, exit, page.t);

/** The field of the form that a problem is about. */
function fieldOf(step: FlowStep, { field }: FlowProblem): string {
  const branch = /^branch-(\d+)$/.exec(field)?.[1];
  if (step.kind === 'condition' && branch !== undefined)
    return `branches.${String(Number(branch) - 1)}.next`;
  return exitField(step.kind, field);
}

/** Errors of the step beside the fields that they are about. */
const problemsByField = (
  page: PageContext,
  definition: FlowDefinition,
  step: FlowStep,
  problems: readonly FlowProblem[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    problems
      .filter((problem) => problem.level === 'error' && problem.field !== '')
      .map((problem) => [fieldOf(step, problem), problemText(problem, definition, page.t)]),
  );

/** All keys of a phone with where they lead. */
const keyRows = (form: FormView) =>
  KEYS.map((key) => ({
    key,
    field: `key-${key}`,
    to: form.values[`key-${key}`] ?? '',
    problem: form.problems[`key-${key}`],
  }));

/** The periods of the step, or what was typed; one empty row follows for the next. */
function periodRows(
  page: PageContext,
  step: Extract<FlowStep, { kind: 'hours' }>,
  typed: FormView | undefined,
) {
  const stored = step.periods.map((period, index): PeriodRow => ({
    index,
    days: period.days.map(String),
    from: clockText(period.fromMinute),
    to: clockText(period.toMinute),
  }));
  const filled = typed === undefined ? stored : rowsOf(page.body).filter(isFilled);
  const next = Math.max(-1, ...filled.map((row) => row.index)) + 1;
  const empty: PeriodRow = { index: next, days: [], from: '', to: '' };
  return [...filled, empty].map((row) => ({
    ...row,
    isNew: row === empty,
    days: DAYS.map((day) => ({
      value: String(day),
      label: page.t(`flow.day.${String(day)}`),
      on: row.days.includes(String(day)),
    })),
    problem: ['days', 'from', 'to']
      .map((name) => typed?.problems[`${name}-${String(row.index)}`])
      .find((text) => text !== undefined),
  }));
}

const isFilled = (row: PeriodRow): boolean =>
  row.from !== '' || row.to !== '' || row.days.length > 0;

/** Prompts of the step that can be heard in the page. */
function soundsOf(page: PageContext, open: FlowInWork, step: FlowStep) {
  const id = 'prompt' in step ? step.prompt : step.kind === 'voicemail' ? step.greeting : undefined;
  const prompt = open.choices.prompts.find((choice) => choice.id === id);
  return (prompt?.languages ?? []).map((language) => ({
    label: page.t('prompts.listen', { language: page.t(`language.${language}`) }),
    language: page.t(`language.${language}`),
    src: `/setup/prompts/${String(prompt?.id)}/sound/${language}`,
  }));
}
