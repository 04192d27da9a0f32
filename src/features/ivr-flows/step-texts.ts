import { exitsOf, findStep, type ExitName } from '../../engines/ivr/exits.js';
import type { FlowDefinition, FlowStep, StepKind } from '../../engines/ivr/flow.js';
import type { FlowProblem } from '../../engines/ivr/problems.js';
import type { Translate } from '../../web/kit/index.js';

/** Icons of steps, wherever steps are shown. */
export const STEP_ICONS: Readonly<Record<StepKind, string>> = {
  play: 'message-2',
  say: 'volume',
  menu: 'list-numbers',
  collect: 'dialpad',
  pin: 'lock-password',
  language: 'language',
  record: 'player-record',
  survey: 'clipboard-list',
  hours: 'clock',
  set: 'variable',
  condition: 'arrows-split',
  'sub-flow': 'sitemap',
  return: 'arrow-back-up',
  http: 'world-search',
  sql: 'database-search',
  customer: 'user-search',
  webhook: 'webhook',
  queue: 'users-group',
  extension: 'device-landline-phone',
  ring: 'phone-ringing',
  outside: 'phone-outgoing',
  conference: 'users',
  'dial-extension': 'grid-dots',
  'dial-name': 'address-book',
  callback: 'phone-call',
  appointment: 'calendar',
  voicemail: 'microphone',
  hangup: 'phone-off',
};

/** `1`, `no key`, `open` ... as on labels of exits; the only way on has no label. */
export function exitLabel(step: FlowStep | undefined, exit: ExitName, t: Translate): string {
  if (exit.startsWith('key-')) return exit.slice('key-'.length);
  const branch = branchLabel(step, exit);
  if (branch !== undefined) return branch;
  const isOnly = exit === 'next' && (step === undefined || exitsOf(step).length === 1);
  return isOnly ? '' : t(`flow.exit.${exit}`);
}

/** Labels of several exits of one step with one target: `1 · no key`. */
export const exitLabels = (
  step: FlowStep | undefined,
  exits: readonly ExitName[],
  t: Translate,
): string =>
  exits
    .map((exit) => exitLabel(step, exit, t))
    .filter((label) => label !== '')
    .join(' · ');

/** An exit as a sentence names it. */
export function exitName(step: FlowStep | undefined, exit: string, t: Translate): string {
  if (exit.startsWith('key-')) return t('flow.exit.key', { key: exit.slice('key-'.length) });
  return branchLabel(step, exit) ?? t(`flow.exit.${exit}`);
}

/** Branches of a condition bear the names that they were given. */
function branchLabel(step: FlowStep | undefined, exit: string): string | undefined {
  if (step?.kind !== 'condition' || !exit.startsWith('branch-')) return undefined;
  return step.branches[Number(exit.slice('branch-'.length)) - 1]?.label;
}

/** A problem in words. `definition` is the flow that has it. */
export function problemText(
  problem: FlowProblem,
  definition: FlowDefinition,
  t: Translate,
): string {
  const { language } = problem.params;
  return t(problem.message, {
    ...problem.params,
    ...(typeof language === 'string' ? { language: t(`language.${language}`) } : {}),
    ...(problem.message.startsWith('flow.problem.exit-')
      ? { exit: exitName(findStep(definition, problem.step), problem.field, t) }
      : {}),
  });
}
