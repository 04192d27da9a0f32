import type { FlowStep } from '../../engines/ivr/flow.js';
import type { OpeningPeriod } from '../../engines/ivr/opening-hours.js';
import { referencesOf, type ReferenceKind } from '../../engines/ivr/references.js';
import type { Translate } from '../../web/kit/index.js';
import { clockText, daysText } from '../configuration/index.js';
import { choicesOf, type FlowChoices } from './flow-reports.js';

/** Says in one line what a step does. */
export function stepSummary(step: FlowStep, choices: FlowChoices, t: Translate): string {
  switch (step.kind) {
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
        : namesOf(step, choices, t, 'calendar');
    case 'hangup':
      return step.prompt === undefined
        ? t('flow.summary.silent-end')
        : namesOf(step, choices, t, 'prompt');
    case 'play':
      return namesOf(step, choices, t, 'prompt');
    case 'queue':
    case 'callback':
      return namesOf(step, choices, t, 'queue');
    case 'appointment':
      return namesOf(step, choices, t, 'campaign', 'calendar');
    case 'extension':
      return namesOf(step, choices, t, 'extension');
    case 'ring':
      return namesOf(step, choices, t, 'ring-group', 'extension');
    case 'voicemail':
    case 'record':
      return namesOf(step, choices, t, 'queue', 'extension');
    case 'dial-extension':
    case 'dial-name':
      return t('flow.summary.asks', { tries: step.tries });
    case 'conference':
      return namesOf(step, choices, t, 'room');
    case 'survey':
      return namesOf(step, choices, t, 'survey');
    case 'sub-flow':
      return namesOf(step, choices, t, 'flow');
    default:
      return ownSummary(step, choices, t);
  }
}

type Own =
  | 'say'
  | 'collect'
  | 'pin'
  | 'set'
  | 'condition'
  | 'return'
  | 'http'
  | 'sql'
  | 'customer'
  | 'webhook'
  | 'outside';

/** Of steps that do not stand for one thing with a name: their texts, as they were written. */
function ownSummary(
  step: Extract<FlowStep, { kind: Own }>,
  choices: FlowChoices,
  t: Translate,
): string {
  const orOpen = (text: string): string => (text === '' ? t('flow.summary.open') : text);
  switch (step.kind) {
    case 'say':
      return t('flow.summary.say', { value: orOpen(step.value), as: t(`flow.as.${step.as}`) });
    case 'collect':
      return t('flow.summary.collect', {
        variable: orOpen(step.variable),
        min: step.minDigits,
        max: step.maxDigits,
      });
    case 'pin':
      return t('flow.summary.pin', { digits: step.digits, tries: step.tries });
    case 'set':
      return step.assign.map((one) => orOpen(one.variable)).join(', ');
    case 'condition':
      return step.branches.map((branch) => branch.label).join(' · ');
    case 'return':
      return t('flow.summary.return');
    case 'http':
      return `${step.method} ${orOpen(step.url)}`;
    case 'webhook':
      return orOpen(step.url);
    case 'sql':
      return namesOf(step, choices, t, 'connection');
    case 'customer':
      return orOpen(step.by);
    case 'outside':
      return orOpen(step.number);
  }
}

/** Names of what the step names of these kinds: `Amy, Ben`. */
function namesOf(
  step: FlowStep,
  choices: FlowChoices,
  t: Translate,
  ...kinds: readonly ReferenceKind[]
): string {
  const named = referencesOf(step).filter(({ kind }) => kinds.includes(kind));
  const names = named.map(
    ({ kind, id }) =>
      choicesOf(choices, kind).find((choice) => choice.id === id)?.name ?? t('flow.summary.open'),
  );
  return names.length === 0 ? t('flow.summary.open') : names.join(', ');
}

/** `Mon–Fri 09:00–17:00`, and how many periods more. */
function hoursSummary(periods: readonly OpeningPeriod[], t: Translate): string {
  const [first, ...more] = periods;
  if (first === undefined) return t('flow.summary.never-open');
  const text = `${daysText(first.days, t)} ${clockText(first.fromMinute)}–${clockText(first.toMinute)}`;
  return more.length === 0 ? text : t('flow.summary.more', { text, count: more.length });
}
