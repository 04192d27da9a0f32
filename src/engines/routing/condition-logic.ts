import { numberOf } from './conditions.js';
import type { Condition, ConditionOf } from './rule.js';

type Listed = Extract<
  Condition,
  {
    kind:
      | 'did'
      | 'queue'
      | 'region'
      | 'caller-begins'
      | 'caller-is'
      | 'language'
      | 'attribute-is'
      | 'contact-field-is'
      | 'contact-in-list';
  }
>;

/** The values of a condition that asks for one of several. */
function listOf(condition: Listed): readonly (string | number)[] {
  switch (condition.kind) {
    case 'did':
    case 'queue':
    case 'region':
    case 'contact-in-list':
      return condition.ids;
    case 'caller-begins':
      return condition.prefixes;
    case 'caller-is':
      return condition.numbers;
    case 'language':
      return condition.languages;
    case 'attribute-is':
    case 'contact-field-is':
      return condition.values;
  }
}

const UNLISTED: readonly Condition['kind'][] = [
  'calendar',
  'called-lately',
  'talked-lately',
  'customer-value',
  'attribute-at-least',
  'contact-field-at-least',
];
const isListed = (condition: Condition): condition is Listed => !UNLISTED.includes(condition.kind);

/** True where the two can never hold for the same call. Never true by mistake, but not every contradiction is found. */
export function excludeEachOther(one: Condition, other: Condition): boolean {
  return excludes(one, other) || excludes(other, one);
}

function excludes(one: Condition, other: Condition): boolean {
  if (isListed(one) && listOf(one).length === 0) return true;
  switch (one.kind) {
    case 'did':
    case 'queue':
    case 'region':
    case 'caller-is':
    case 'language':
      if (one.kind === 'caller-is' && other.kind === 'caller-begins')
        return !one.numbers.some((number) => beginsWithOne(number, other));
      return (
        isListed(other) &&
        other.kind === one.kind &&
        !listOf(one).some((value) => listOf(other).includes(value))
      );
    case 'caller-begins':
      return (
        other.kind === 'caller-begins' &&
        !one.prefixes.some((prefix) =>
          other.prefixes.some((its) => prefix.startsWith(its) || its.startsWith(prefix)),
        )
      );
    case 'attribute-is':
      return excludesAttribute(one, other);
    case 'contact-field-is':
      return excludesField(one, other);
    case 'calendar':
      return other.kind === 'calendar' && other.id === one.id && other.isOpen !== one.isOpen;
    case 'attribute-at-least':
    case 'called-lately':
    case 'talked-lately':
    case 'customer-value':
    case 'contact-field-at-least':
    // A contact may be in any number of lists.
    case 'contact-in-list':
      return false;
  }
}

const beginsWithOne = (number: string, condition: ConditionOf<'caller-begins'>): boolean =>
  condition.prefixes.some((prefix) => number.startsWith(prefix));

function excludesAttribute(one: ConditionOf<'attribute-is'>, other: Condition): boolean {
  if (other.kind === 'attribute-is')
    return other.name === one.name && !one.values.some((value) => other.values.includes(value));
  return (
    other.kind === 'attribute-at-least' &&
    other.name === one.name &&
    one.values.every((value) => amountOf(value) < other.value)
  );
}

function excludesField(one: ConditionOf<'contact-field-is'>, other: Condition): boolean {
  if (other.kind === 'contact-field-is')
    return other.field === one.field && !one.values.some((value) => other.values.includes(value));
  return (
    other.kind === 'contact-field-at-least' &&
    other.field === one.field &&
    one.values.every((value) => amountOf(value) < other.value)
  );
}

/** A value as a number; what is none is less than every number. */
const amountOf = (value: string): number => numberOf(value) ?? Number.NEGATIVE_INFINITY;

/** True where whatever fulfils the first fulfils the second too. Never true by mistake. */
export function implies(first: Condition, second: Condition): boolean {
  switch (second.kind) {
    case 'did':
    case 'queue':
    case 'region':
    case 'caller-is':
    case 'language':
    case 'contact-in-list':
      return first.kind === second.kind && isSubset(first, second);
    case 'caller-begins':
      if (first.kind === 'caller-is')
        return first.numbers.every((number) => beginsWithOne(number, second));
      return (
        first.kind === 'caller-begins' &&
        first.prefixes.every((prefix) => beginsWithOne(prefix, second))
      );
    case 'attribute-is':
      return first.kind === 'attribute-is' && first.name === second.name && isSubset(first, second);
    case 'attribute-at-least':
      if (first.kind === 'attribute-at-least')
        return first.name === second.name && first.value >= second.value;
      return (
        first.kind === 'attribute-is' &&
        first.name === second.name &&
        first.values.every((value) => amountOf(value) >= second.value)
      );
    case 'calendar':
      return first.kind === 'calendar' && first.id === second.id && first.isOpen === second.isOpen;
    case 'called-lately':
      return (
        first.kind === 'called-lately' && first.days <= second.days && first.times >= second.times
      );
    case 'talked-lately':
      return first.kind === 'talked-lately' && first.days <= second.days;
    case 'customer-value':
      return first.kind === 'customer-value' && first.atLeast >= second.atLeast;
    case 'contact-field-is':
      return (
        first.kind === 'contact-field-is' && first.field === second.field && isSubset(first, second)
      );
    case 'contact-field-at-least':
      if (first.kind === 'contact-field-at-least')
        return first.field === second.field && first.value >= second.value;
      return (
        first.kind === 'contact-field-is' &&
        first.field === second.field &&
        first.values.every((value) => amountOf(value) >= second.value)
      );
  }
}

const isSubset = (first: Listed, second: Listed): boolean =>
  listOf(first).every((value) => listOf(second).includes(value));
