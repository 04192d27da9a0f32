import { KEYS, exitField, exitsOf, findStep, type ExitName } from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep } from '../../engines/ivr/flow.js';
import type { FlowProblem } from '../../engines/ivr/problems.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import { formView, type FormView, type PageContext } from '../../web/kit/index.js';
import { clockText } from '../configuration/index.js';
import type { FlowInWork } from './flow-service.js';
import { newStepOption } from './flow-edit.js';
import { EDITABLE_KINDS, isEditableKind } from './flow.js';
import { rowsOf, type PeriodRow } from './hours-form.js';
import { stepValues } from './step-form.js';
import { STEP_ICONS, exitLabel, exitName, problemText } from './step-texts.js';

/** Catalog prefix of the step's form. */
export const STEP_FORM = 'flow.form';
const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;

interface Option {
  readonly value: string;
  readonly label: string;
}

/** Everything that the template needs to edit one step. */
export function inspectorView(
  page: PageContext,
  open: FlowInWork,
  id: string,
  path: string,
  typed?: FormView,
) {
  const { definition, choices } = open;
  const step = findStep(definition, id);
  if (step === undefined) return undefined;
  const own = open.problems.filter((problem) => problem.step === id);
  const action = `${path}/steps/${id}`;
  const form = typed ?? {
    ...formView({ prefix: STEP_FORM, action }, stepValues(step), open.flow.version),
    problems: problemsByField(page, definition, own),
  };
  const { t } = page;
  const named = (list: readonly { id: number; name: string }[]): readonly Option[] =>
    list.map((choice) => ({ value: String(choice.id), label: choice.name }));
  return {
    id,
    action,
    kind: step.kind,
    hasForm: isEditableKind(step.kind),
    kindName: t(`flow.kind.${step.kind}`),
    icon: STEP_ICONS[step.kind],
    label: step.label,
    form,
    notes: own
      .filter((problem) => problem.level === 'warning' || problem.field === '')
      .map((problem) => ({ level: problem.level, text: problemText(problem, definition, t) })),
    exits: exitOptions(page, definition, id),
    newSteps: EDITABLE_KINDS.map((kind) => ({
      value: newStepOption(kind),
      label: t(`flow.kind.${kind}`),
    })),
    kinds: kindOptions(page),
    prompts: promptOptions(page, open),
    queues: named(choices.queues),
    extensions: named(choices.extensions),
    calendars: named(choices.calendars),
    owners: ownerOptions(page, open),
    languages: LANGUAGES.map((language) => ({ value: language, label: t(`language.${language}`) })),
    keys: step.kind === 'menu' ? keyRows(form) : [],
    rows: step.kind === 'hours' ? periodRows(page, step, typed) : [],
    places: exitsOf(step).map((exit) => ({
      value: exit.name,
      label: placeLabel(page, step, exit.name),
    })),
    sounds: soundsOf(page, open, step),
  };
}

/** Kinds of steps, as a select offers them. */
export const kindOptions = (page: PageContext): readonly Option[] =>
  EDITABLE_KINDS.map((kind) => ({ value: kind, label: page.t(`flow.kind.${kind}`) }));

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

const fieldOf = (definition: FlowDefinition, { step, field }: FlowProblem): string => {
  const found = findStep(definition, step);
  return found === undefined ? field : exitField(found.kind, field);
};

/** Errors of the step beside the fields that they are about. */
function problemsByField(
  page: PageContext,
  definition: FlowDefinition,
  problems: readonly FlowProblem[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    problems
      .filter((problem) => problem.level === 'error' && problem.field !== '')
      .map((problem) => [fieldOf(definition, problem), problemText(problem, definition, page.t)]),
  );
}

/** Prompts with a word about languages that they lack. */
const promptOptions = (page: PageContext, open: FlowInWork): readonly Option[] =>
  open.choices.prompts.map((prompt) => ({
    value: String(prompt.id),
    label:
      prompt.languages.length === LANGUAGES.length
        ? prompt.name
        : page.t('flow.prompt-option', {
            name: prompt.name,
            languages:
              prompt.languages.map((language) => page.t(`language.${language}`)).join(', ') ||
              page.t('flow.no-sound'),
          }),
  }));

function ownerOptions(page: PageContext, open: FlowInWork): readonly Option[] {
  const option = (kind: 'extension' | 'queue', id: number, name: string): Option => ({
    value: `${kind}:${String(id)}`,
    label: page.t(`flow.owner.${kind}`, { name }),
  });
  return [
    ...open.choices.queues.map((queue) => option('queue', queue.id, queue.name)),
    ...open.choices.extensions
      .filter((extension) => extension.voicemail)
      .map((extension) => option('extension', extension.id, extension.name)),
  ];
}

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
