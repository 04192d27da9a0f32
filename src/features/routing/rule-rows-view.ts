import { LANGUAGES } from '../../kernel/call-event.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { PageContext } from '../../web/kit/index.js';
import type { RoutingOptions } from './routing-options.js';
import { CONDITION_KINDS, EFFECT_KINDS, type FormRow, type RowGroup } from './rule-form.js';

interface OptionView {
  readonly value: string;
  readonly label: string;
  readonly isChosen: boolean;
}

/** One control of a row. */
export interface RowFieldView {
  readonly name: string;
  readonly type: 'text' | 'textarea' | 'select' | 'checks';
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly options: readonly OptionView[];
  readonly unit: string;
  readonly isNumber: boolean;
  /** Set where a select begins with nothing chosen. */
  readonly mustChoose: boolean;
}

/** One condition or effect as the form shows it. */
export interface RowView {
  readonly kindName: string;
  readonly kind: string;
  readonly title: string;
  /** What it does, where the title does not say it all; else ''. */
  readonly help: string;
  /** What the button that takes it away sends. */
  readonly remove: string;
  readonly removeLabel: string;
  readonly fields: readonly RowFieldView[];
}

type Choices = (
  page: PageContext,
  options: RoutingOptions,
) => readonly (readonly [string, string])[];
interface FieldSpec {
  readonly name: string;
  readonly type: RowFieldView['type'];
  readonly choices?: Choices;
  readonly unit?: 'unit.seconds';
  readonly isNumber?: true;
}

const named =
  (
    kind:
      'queues' | 'agents' | 'skills' | 'regions' | 'calendars' | 'contactLists' | 'contactFields',
  ): Choices =>
  (_page, options) =>
    options[kind].map((one) => [String(one.id), one.name] as const);
const numberFields: Choices = (_page, { contactFields }) =>
  contactFields
    .filter(({ kind }) => kind === 'number')
    .map(({ id, name }) => [String(id), name] as const);
const dids: Choices = (page, options) =>
  options.dids.map((did) => [
    String(did.id),
    `${formatNumber(did.number, page.country, page.language)} ${did.name}`,
  ]);
const languages: Choices = (page) =>
  LANGUAGES.map((language) => [language, page.t(`language.${language}`)]);
const openOrClosed: Choices = (page) => [
  ['yes', page.t('routing.open')],
  ['no', page.t('routing.closed')],
];
const requiredOrPreferred: Choices = (page) => [
  ['yes', page.t('routing.required')],
  ['no', page.t('routing.preferred')],
];
const text = (name: string): FieldSpec => ({ name, type: 'text' });
const number = (name: string): FieldSpec => ({ name, type: 'text', isNumber: true });
const area = (name: string): FieldSpec => ({ name, type: 'textarea' });
const select = (name: string, choices: Choices): FieldSpec => ({ name, type: 'select', choices });
const checks = (name: string, choices: Choices): FieldSpec => ({ name, type: 'checks', choices });
const forMs: FieldSpec = { name: 'forMs', type: 'text', unit: 'unit.seconds' };

const FIELDS: Readonly<Record<RowGroup, Readonly<Record<string, readonly FieldSpec[]>>>> = {
  conditions: {
    did: [checks('ids', dids)],
    queue: [checks('ids', named('queues'))],
    'caller-begins': [area('prefixes')],
    'caller-is': [area('numbers')],
    region: [checks('ids', named('regions'))],
    language: [checks('languages', languages)],
    'attribute-is': [text('name'), text('values')],
    'attribute-at-least': [text('name'), number('value')],
    calendar: [select('id', named('calendars')), select('isOpen', openOrClosed)],
    'called-lately': [number('times'), number('days')],
    'talked-lately': [number('days')],
    'customer-value': [number('atLeast')],
    'contact-field-is': [select('field', named('contactFields')), text('values')],
    'contact-field-at-least': [select('field', numberFields), number('value')],
    'contact-in-list': [checks('ids', named('contactLists'))],
  },
  effects: {
    'priority-add': [number('value')],
    'priority-set': [number('value')],
    'priority-from-contact': [select('field', numberFields)],
    vip: [],
    skill: [
      select('skill', named('skills')),
      number('minLevel'),
      select('isRequired', requiredOrPreferred),
      area('relax'),
    ],
    queue: [select('queue', named('queues'))],
    'last-agent': [forMs],
    agent: [select('agent', named('agents')), forMs],
    attribute: [text('name'), text('value')],
    stop: [],
  },
};

const kebab = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The rows of a form as the page draws them. Rows of a kind that is not known are shown without fields. */
export const rowViews = (
  page: PageContext,
  group: RowGroup,
  rows: readonly FormRow[],
  options: RoutingOptions,
): readonly RowView[] =>
  rows.map((row, at) => {
    const kinds: readonly string[] = group === 'conditions' ? CONDITION_KINDS : EFFECT_KINDS;
    const isKnown = kinds.includes(row.kind);
    const key = `routing.${group}.${row.kind}`;
    const title = isKnown ? page.t(key) : row.kind;
    const prefix = `${group}.${String(at)}`;
    const specs = Object.hasOwn(FIELDS[group], row.kind) ? FIELDS[group][row.kind] : undefined;
    return {
      kindName: `${prefix}.kind`,
      kind: row.kind,
      title,
      help: isKnown && page.hasText(`${key}.help`) ? page.t(`${key}.help`) : '',
      remove: `remove:${group}:${String(at)}`,
      removeLabel: page.t('routing.remove', { what: title }),
      fields: (specs ?? []).map((spec) =>
        fieldView(page, `routing.${group}`, prefix, spec, row, options),
      ),
    };
  });

function fieldView(
  page: PageContext,
  keys: string,
  prefix: string,
  spec: FieldSpec,
  row: FormRow,
  options: RoutingOptions,
): RowFieldView {
  const key = `${keys}.${row.kind}.${kebab(spec.name)}`;
  const value = row[spec.name];
  const chosen = Array.isArray(value) ? value.map(String) : [asText(value)];
  return {
    name: `${prefix}.${spec.name}`,
    type: spec.type,
    label: page.t(key),
    help: page.hasText(`${key}.help`) ? page.t(`${key}.help`) : '',
    value: asText(value),
    options: (spec.choices?.(page, options) ?? []).map(([option, label]) => ({
      value: option,
      label,
      isChosen: chosen.includes(option),
    })),
    unit: spec.unit === undefined ? '' : page.t(spec.unit),
    isNumber: spec.isNumber === true,
    mustChoose: spec.choices !== openOrClosed && spec.choices !== requiredOrPreferred,
  };
}
