import type { QueueId } from '../../kernel/ids.js';
import { DAY_MS, type Attributes, type Condition, type RouteFacts } from './rule.js';

/** What earlier rules may have changed before a condition is looked at. */
export interface RunningState {
  readonly queue: QueueId;
  readonly attributes: Attributes;
}

/** The value of an attribute as a number; undefined for what is none. */
export function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^-?\d{1,15}(?:\.\d{1,6})?$/.test(text.trim())) return undefined;
  return Number(text);
}

/** An attribute of the call; names such as `constructor` are names like any other. */
export const attributeOf = (attributes: Attributes, name: string): string | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

const within = (at: number, now: number, days: number): boolean =>
  at <= now && now - at <= days * DAY_MS;

/** Whether a condition holds. What is unknown (history, region, calendar, value, contact) never fulfils a condition. */
export function holds(condition: Condition, facts: RouteFacts, state: RunningState): boolean {
  switch (condition.kind) {
    case 'did':
      return facts.did !== undefined && condition.ids.includes(facts.did);
    case 'queue':
      return condition.ids.includes(state.queue);
    case 'caller-begins':
      return condition.prefixes.some((prefix) => facts.from.startsWith(prefix));
    case 'caller-is':
      return condition.numbers.includes(facts.from);
    case 'region':
      return facts.region !== undefined && condition.ids.includes(facts.region);
    case 'language':
      return condition.languages.includes(facts.language);
    case 'attribute-is':
      return condition.values.includes(attributeOf(state.attributes, condition.name) ?? '');
    case 'attribute-at-least': {
      const value = numberOf(attributeOf(state.attributes, condition.name));
      return value !== undefined && value >= condition.value;
    }
    case 'calendar':
      return facts.openCalendars.get(condition.id) === condition.isOpen;
    case 'called-lately':
      return (
        (facts.past?.calledAt ?? []).filter((at) => within(at, facts.at, condition.days)).length >=
        condition.times
      );
    case 'talked-lately':
      return (
        facts.past?.lastAgent !== undefined &&
        within(facts.past.lastAgent.at, facts.at, condition.days)
      );
    case 'customer-value':
      return facts.customerValue !== undefined && facts.customerValue >= condition.atLeast;
    case 'contact-field-is':
      return condition.values.includes(facts.contact?.fields.get(condition.field) ?? '');
    case 'contact-field-at-least': {
      const value = numberOf(facts.contact?.fields.get(condition.field));
      return value !== undefined && value >= condition.value;
    }
    case 'contact-in-list':
      return condition.ids.some((id) => facts.contact?.lists.has(id) === true);
  }
}

/** Whether rules ask what is remembered of callers, so that it has to be looked up. */
export const asksForPast = (condition: Condition): boolean =>
  condition.kind === 'called-lately' || condition.kind === 'talked-lately';
