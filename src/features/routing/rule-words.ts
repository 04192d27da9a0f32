import type { RelaxStep } from '../../engines/acd/requirement.js';
import type { Condition, Effect } from '../../engines/routing/rule.js';
import { formatNumber } from '../../kernel/numbers.js';
import {
  formatDuration,
  type MessageParams,
  type PageContext,
  type Reader,
} from '../../web/kit/index.js';
import type { NamedOption, RoutingOptions } from './routing-options.js';
import type { RoutingRuleDraft } from './routing-rule.js';

/** How values of rules are named: for a reader, or plainly for the audit log. */
interface Naming {
  phone(number: string): string;
  join(values: readonly string[]): string;
  language(language: string): string;
}

/** What is archived meanwhile has its number only. */
const nameIn = <Id extends number>(options: readonly NamedOption<Id>[], id: Id): string =>
  options.find((option) => option.id === id)?.name ?? `#${String(id)}`;

function conditionValues(
  condition: Condition,
  options: RoutingOptions,
  naming: Naming,
): MessageParams {
  switch (condition.kind) {
    case 'did': {
      const numberOf = (id: number) => options.dids.find((did) => did.id === id)?.number;
      return {
        values: naming.join(
          condition.ids.map((id) => naming.phone(numberOf(id) ?? `#${String(id)}`)),
        ),
      };
    }
    case 'queue':
      return { values: naming.join(condition.ids.map((id) => nameIn(options.queues, id))) };
    case 'region':
      return { values: naming.join(condition.ids.map((id) => nameIn(options.regions, id))) };
    case 'caller-begins':
      return { values: naming.join(condition.prefixes) };
    case 'caller-is':
      return { values: naming.join(condition.numbers.map((number) => naming.phone(number))) };
    case 'language':
      return { values: naming.join(condition.languages.map((one) => naming.language(one))) };
    case 'attribute-is':
      return { name: condition.name, values: naming.join(condition.values) };
    case 'attribute-at-least':
      return { name: condition.name, value: condition.value };
    case 'calendar':
      return {
        name: nameIn(options.calendars, condition.id),
        isOpen: condition.isOpen ? 'yes' : 'no',
      };
    case 'called-lately':
      return { days: condition.days, times: condition.times };
    case 'talked-lately':
      return { days: condition.days };
    case 'customer-value':
      return { value: condition.atLeast };
    case 'contact-field-is':
      return {
        name: nameIn(options.contactFields, condition.field),
        values: naming.join(condition.values),
      };
    case 'contact-field-at-least':
      return { name: nameIn(options.contactFields, condition.field), value: condition.value };
    case 'contact-in-list':
      return { values: naming.join(condition.ids.map((id) => nameIn(options.contactLists, id))) };
  }
}

function effectValues(effect: Effect, options: RoutingOptions): MessageParams {
  switch (effect.kind) {
    case 'priority-add':
      return { value: effect.value < 0 ? String(effect.value) : `+${String(effect.value)}` };
    case 'priority-set':
      return { value: effect.value };
    case 'priority-from-contact':
      return { name: nameIn(options.contactFields, effect.field) };
    case 'skill':
      return {
        name: nameIn(options.skills, effect.skill),
        level: effect.minLevel,
        isRequired: effect.isRequired ? 'yes' : 'no',
        relax: relaxText(effect.relax),
      };
    case 'queue':
      return { name: nameIn(options.queues, effect.queue) };
    case 'last-agent':
      return { time: formatDuration(effect.forMs) };
    case 'agent':
      return { name: nameIn(options.agents, effect.agent), time: formatDuration(effect.forMs) };
    case 'attribute':
      return { name: effect.name, value: effect.value };
    case 'vip':
    case 'stop':
      return {};
  }
}

/** `none` where the requirement never relaxes. */
const relaxText = (steps: readonly RelaxStep[]): string =>
  steps.length === 0
    ? 'none'
    : steps.map((step) => `${formatDuration(step.afterMs)} → ${String(step.minLevel)}`).join(', ');

const forReader = (page: Pick<PageContext, 't'> & Reader): Naming => ({
  phone: (number) => formatNumber(number, page.country, page.language),
  join: (values) => new Intl.ListFormat(page.language, { type: 'disjunction' }).format([...values]),
  language: (language) => page.t(`language.${language}`),
});
const PLAIN: Naming = {
  phone: (number) => number,
  join: (values) => values.join(', '),
  language: (language) => language,
};

/** A condition as a part of a sentence. */
export const conditionText = (
  page: Pick<PageContext, 't'> & Reader,
  condition: Condition,
  options: RoutingOptions,
): string =>
  page.t(
    `routing.words.condition.${condition.kind}`,
    conditionValues(condition, options, forReader(page)),
  );

/** An effect as a part of a sentence. */
export const effectText = (
  page: Pick<PageContext, 't'>,
  effect: Effect,
  options: RoutingOptions,
): string => page.t(`routing.words.effect.${effect.kind}`, effectValues(effect, options));

/** A rule in words: when, then what. */
export interface RuleWords {
  readonly when: readonly string[];
  readonly then: readonly string[];
}
export const ruleWords = (
  page: Pick<PageContext, 't'> & Reader,
  rule: Pick<RoutingRuleDraft, 'conditions' | 'effects'>,
  options: RoutingOptions,
): RuleWords => ({
  when: rule.conditions.map((condition) => conditionText(page, condition, options)),
  then: rule.effects.map((effect) => effectText(page, effect, options)),
});

/** A rule as the audit log keeps it: in names, in no language. */
export const ruleNote = (
  rule: Pick<RoutingRuleDraft, 'conditions' | 'effects'>,
  options: RoutingOptions,
) => ({
  conditions: rule.conditions.map((one) => noteOf(one.kind, conditionValues(one, options, PLAIN))),
  effects: rule.effects.map((one) => noteOf(one.kind, effectValues(one, options))),
});

const noteOf = (kind: string, values: MessageParams): string =>
  [kind, ...Object.values(values).map(String)].filter((part) => part !== '').join(' ');
