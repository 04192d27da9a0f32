import type { ExitName } from '../../engines/ivr/exits.js';
import type { FlowStep } from '../../engines/ivr/flow.js';
import type { OpeningPeriod } from '../../engines/ivr/opening-hours.js';
import type { FlowProblem } from '../../engines/ivr/validation.js';
import type { Translate } from '../../web/kit/index.js';
import { clockText, daysText } from '../configuration/index.js';
import type { FlowChoices } from './flow-reports.js';
import type { StepKind } from './flow.js';

/** Icons of steps, wherever steps are shown. */
export const STEP_ICONS: Readonly<Record<StepKind, string>> = {
  play: 'message-2',
  menu: 'list-numbers',
  hours: 'clock',
  language: 'language',
  queue: 'users-group',
  extension: 'device-landline-phone',
  voicemail: 'microphone',
  hangup: 'phone-off',
};

/** Says in one line what a step does. */
export function stepSummary(step: FlowStep, choices: FlowChoices, t: Translate): string {
  const nameOf = (list: readonly { id: number; name: string }[], id: number | undefined): string =>
    list.find((choice) => choice.id === id)?.name ?? t('flow.summary.open');
  switch (step.kind) {
    case 'play':
      return nameOf(choices.prompts, step.prompt);
    case 'menu':
      return t('flow.summary.menu', {
        keys: Object.keys(step.choices).length,
        seconds: step.timeoutS,
        tries: step.retries + 1,
      });
    case 'language':
      return t(`language.${step.language}`);
    case 'hours':
      return step.calendar === undefined
        ? hoursSummary(step.periods, t)
        : nameOf(choices.calendars, step.calendar);
    case 'queue':
      return nameOf(choices.queues, step.queue);
    case 'extension':
      return nameOf(choices.extensions, step.extension);
    case 'voicemail':
      return step.extension === undefined
        ? nameOf(choices.queues, step.queue)
        : nameOf(choices.extensions, step.extension);
    case 'hangup':
      return step.prompt === undefined
        ? t('flow.summary.silent-end')
        : nameOf(choices.prompts, step.prompt);
  }
}

/** `Mon–Fri 09:00–17:00`, and how many periods more. */
function hoursSummary(periods: readonly OpeningPeriod[], t: Translate): string {
  const [first, ...more] = periods;
  if (first === undefined) return t('flow.summary.never-open');
  const text = `${daysText(first.days, t)} ${clockText(first.fromMinute)}–${clockText(first.toMinute)}`;
  return more.length === 0 ? text : t('flow.summary.more', { text, count: more.length });
}

/** `1`, `no key`, `open` ... as on labels of exits; the only way on has no label. */
export function exitLabel(exit: ExitName, t: Translate): string {
  if (exit.startsWith('key-')) return exit.slice('key-'.length);
  return exit === 'next' ? '' : t(`flow.exit.${exit}`);
}

/** Labels of several exits with one target: `1 · no key`. */
export const exitLabels = (exits: readonly ExitName[], t: Translate): string =>
  exits
    .map((exit) => exitLabel(exit, t))
    .filter((label) => label !== '')
    .join(' · ');

/** An exit as a sentence names it. */
export const exitName = (exit: string, t: Translate): string =>
  exit.startsWith('key-')
    ? t('flow.exit.key', { key: exit.slice('key-'.length) })
    : t(`flow.exit.${exit}`);

/** A problem in words. */
export function problemText(problem: FlowProblem, t: Translate): string {
  const { language } = problem.params;
  return t(problem.message, {
    ...problem.params,
    ...(typeof language === 'string' ? { language: t(`language.${language}`) } : {}),
    ...(problem.message.startsWith('flow.problem.exit-')
      ? { exit: exitName(problem.field, t) }
      : {}),
  });
}
