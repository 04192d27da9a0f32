import { HTTP_METHODS } from '../../engines/ivr/schema/asking-steps.js';
import { OPERATORS } from '../../engines/ivr/schema/deciding-steps.js';
import { OUTSIDE_CLASSES } from '../../engines/ivr/schema/leading-steps.js';
import { SPOKEN_FORMS } from '../../engines/ivr/schema/spoken-steps.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import type { PageContext } from '../../web/kit/index.js';
import { newStepOption } from './flow-edit.js';
import { choicesOf, type Choice, type FlowChoices } from './flow-reports.js';
import type { FlowInWork } from './flow-service.js';
import { STEP_GROUPS } from './flow.js';
import { STEP_ICONS } from './step-texts.js';

/** One line of a select. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

/** Kinds of steps that can be added here, by group. */
export const kindGroups = (page: PageContext) =>
  STEP_GROUPS.map((group) => ({
    label: page.t(`flow.group.${group.name}`),
    kinds: group.kinds.map((kind) => ({
      value: kind,
      label: page.t(`flow.kind.${kind}`),
      icon: STEP_ICONS[kind],
    })),
  }));

/** The same for a select of exits: `+queue` makes a new step. */
export const newStepGroups = (page: PageContext) =>
  kindGroups(page).map((group) => ({
    label: page.t('flow.new-step.of', { group: group.label }),
    kinds: group.kinds.map((kind) => ({ ...kind, value: newStepOption(kind.value) })),
  }));

/** Everything that a step's form can choose from. */
export function listOptions(page: PageContext, open: FlowInWork) {
  const { choices } = open;
  const { t } = page;
  const named = (list: readonly Choice[]): readonly Option[] =>
    list.map((choice) => ({ value: String(choice.id), label: choice.name }));
  const words = (values: readonly string[], prefix: string): readonly Option[] =>
    values.map((value) => ({ value, label: t(`${prefix}.${value}`) }));
  const same = (values: readonly string[]): readonly Option[] =>
    values.map((value) => ({ value, label: value }));
  return {
    prompts: promptOptions(page, choices),
    queues: named(choices.queues),
    extensions: named(choices.extensions),
    calendars: named(choices.calendars),
    skills: named(choices.skills),
    dids: named(choices.dids),
    flows: named(choices.flows.filter((flow) => flow.id !== open.flow.id)),
    connections: named(choicesOf(choices, 'connection')),
    rooms: named(choicesOf(choices, 'room')),
    ringGroups: named(choicesOf(choices, 'ring-group')),
    surveys: named(choicesOf(choices, 'survey')),
    campaigns: named(choicesOf(choices, 'campaign')),
    owners: ownerOptions(page, choices),
    languages: words(LANGUAGES, 'language'),
    forms: words(SPOKEN_FORMS, 'flow.as'),
    confirmations: words(['none', 'digits', 'number'], 'flow.confirm'),
    endKeys: [...same(['#', '*']), { value: '', label: t('flow.no-end-key') }],
    operators: words(OPERATORS, 'flow.operator'),
    operations: words(['set', 'add', 'subtract'], 'flow.operation'),
    permissions: words(OUTSIDE_CLASSES, 'flow.permission'),
    methods: same(HTTP_METHODS),
    contentTypes: same(['application/json', 'application/x-www-form-urlencoded', 'text/plain']),
  };
}

/** Prompts with a word about languages that they lack. */
const promptOptions = (page: PageContext, choices: FlowChoices): readonly Option[] =>
  choices.prompts.map((prompt) => ({
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

function ownerOptions(page: PageContext, choices: FlowChoices): readonly Option[] {
  const option = (kind: 'extension' | 'queue', id: number, name: string): Option => ({
    value: `${kind}:${String(id)}`,
    label: page.t(`flow.owner.${kind}`, { name }),
  });
  return [
    ...choices.queues.map((queue) => option('queue', queue.id, queue.name)),
    ...choices.extensions
      .filter((extension) => extension.voicemail)
      .map((extension) => option('extension', extension.id, extension.name)),
  ];
}
