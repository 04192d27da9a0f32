import type { FlowStep, StepKind, StepOf } from '../../../engines/ivr/flow.js';
import { referenceKindOf, type ReferenceKind } from '../../../engines/ivr/references.js';
import { formatNumber, type PageContext } from '../../../web/kit/index.js';
import { clockText, daysText } from '../../configuration/index.js';
import { choicesOf, type FlowChoices } from '../flow-reports.js';

/** Who reads, and the names of what steps name. */
export interface FieldReader {
  readonly page: Pick<PageContext, 't' | 'language'>;
  readonly choices: FlowChoices;
}

/** What a field is called in the form of the step. */
export function fieldKeyOf(kind: StepKind, field: string): string {
  if (field === 'kind') return 'flow.compare.kind';
  if (field === 'timeoutS' && kind !== 'menu') return 'flow.form.ring-s';
  if ((field === 'queue' || field === 'extension') && (kind === 'voicemail' || kind === 'record'))
    return 'flow.form.owner';
  return `flow.form.${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Words of values that are chosen from a list, by field. */
const WORDS: Readonly<Record<string, string>> = {
  kind: 'flow.kind',
  as: 'flow.as',
  confirm: 'flow.confirm',
  permission: 'flow.permission',
  language: 'language',
};

/** Keys of the units of numbers, by field. */
const UNITS: Readonly<Record<string, string>> = {
  timeoutS: 'flow.compare.seconds',
  timeoutMs: 'flow.compare.seconds',
  firstDigitS: 'flow.compare.seconds',
  nextDigitS: 'flow.compare.seconds',
  maxS: 'flow.compare.seconds',
  lockMinutes: 'flow.compare.minutes',
  minDigits: 'flow.compare.digits',
  maxDigits: 'flow.compare.digits',
  digits: 'flow.compare.digits',
  retries: 'flow.compare.times',
  tries: 'flow.compare.times',
  lockAfter: 'flow.compare.times',
};

/** A value of a step's field in words, as lines; none where there is nothing. */
export function fieldLines(
  { kind }: FlowStep,
  field: string,
  value: unknown,
  reader: FieldReader,
): readonly string[] {
  const { t } = reader.page;
  if (value === undefined || (value === '' && field !== 'endKey')) return [];
  const reference = referenceKindOf(kind, field);
  if (reference !== undefined && typeof value === 'number')
    return [ownerName(field, kind, nameOf(reference, value, reader), reader)];
  if (typeof value === 'boolean') return [t(value ? 'configuration.yes' : 'configuration.no')];
  if (typeof value === 'number') return [numberText(field, value, reader)];
  if (typeof value === 'string') {
    if (field === 'endKey') return [value === '' ? t('flow.no-end-key') : value];
    const words = WORDS[field];
    return words === undefined ? value.split('\n') : [t(`${words}.${value}`)];
  }
  return rowLines(field, value, reader);
}

/** Of a mailbox it is said whose it is. */
function ownerName(field: string, kind: StepKind, name: string, { page }: FieldReader): string {
  const isOwner = fieldKeyOf(kind, field) === 'flow.form.owner';
  return isOwner ? page.t(`flow.owner.${field}`, { name }) : name;
}

function numberText(field: string, value: number, { page }: FieldReader): string {
  const unit = UNITS[field];
  const shown = formatNumber(field === 'timeoutMs' ? value / 1_000 : value, page.language);
  return unit === undefined ? shown : page.t(unit, { value: shown });
}

/** The name of something, also of what was archived since. */
function nameOf(kind: ReferenceKind, id: number, { page, choices }: FieldReader): string {
  if (id === 0) return page.t('flow.summary.open');
  return (
    choicesOf(choices, kind).find((choice) => choice.id === id)?.name ??
    page.t('flow.compare.gone', { id })
  );
}

type RowsOf<K extends StepKind, F extends keyof StepOf<K>> = NonNullable<StepOf<K>[F]>;

/** Tables of a step, a line for each row. */
function rowLines(field: string, value: unknown, reader: FieldReader): readonly string[] {
  const { t } = reader.page;
  switch (field) {
    case 'periods':
      return (value as RowsOf<'hours', 'periods'>).map(
        ({ days, fromMinute, toMinute }) =>
          `${daysText(days, t)} ${clockText(fromMinute)}–${clockText(toMinute)}`,
      );
    case 'assign':
      return (value as RowsOf<'set', 'assign'>).map(
        (row) => `${row.variable} ${t(`flow.operation.${row.operation}`)} ${row.value}`,
      );
    case 'branches':
      return (value as RowsOf<'condition', 'branches'>).map(({ label, all }) => {
        const asked = all.map(({ left, operator, right }) =>
          `${left} ${t(`flow.operator.${operator}`)} ${right}`.trim(),
        );
        return `${label}: ${asked.join(` ${t('flow.compare.and')} `)}`;
      });
    case 'headers':
      return (value as RowsOf<'http', 'headers'>).map((row) => `${row.name}: ${row.value}`);
    case 'answers':
      return (value as readonly { variable: string; path?: string; column?: string }[]).map(
        (row) => `${row.variable} ← ${row.path ?? row.column ?? ''}`,
      );
    case 'skills':
      return (value as RowsOf<'queue', 'skills'>).map(({ skill, level, required }) =>
        t(required ? 'flow.compare.skill' : 'flow.compare.skill-preferred', {
          name: nameOf('skill', skill, reader),
          level,
        }),
      );
    case 'tags':
      return Object.entries(value as RowsOf<'queue', 'tags'>).map(
        ([name, text]) => `${name} = ${text}`,
      );
    case 'extensions':
      return (value as RowsOf<'ring', 'extensions'>).map((id) => nameOf('extension', id, reader));
    case 'closedDates':
      return value as RowsOf<'hours', 'closedDates'>;
    default:
      return [JSON.stringify(value)];
  }
}
