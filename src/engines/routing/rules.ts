import type { ContactFieldId, ContactListId, QueueId } from '../../kernel/ids.js';
import type { SkillRequirement } from '../acd/requirement.js';
import { asksForPast, holds, numberOf } from './conditions.js';
import { routeReason } from './route-reason.js';
import {
  clampAmount,
  clampPriority,
  type Effect,
  type EffectOf,
  type RouteDecision,
  type RouteFacts,
  type RouteNames,
  type RoutingRule,
  type StickyAgent,
} from './rule.js';
import { thingsOf, type RuleThing } from './rule-things.js';

/** True where the rules cannot be decided without what is remembered of the caller. */
export const needsPast = (rules: readonly RoutingRule[]): boolean =>
  rules.some(
    (rule) =>
      rule.conditions.some(asksForPast) ||
      rule.effects.some((effect) => effect.kind === 'last-agent'),
  );

/** What rules ask of the contact who calls. */
export interface ContactQuestions {
  readonly fields: readonly ContactFieldId[];
  readonly lists: readonly ContactListId[];
}

/** What has to be looked up of the contact who calls; undefined where no rule asks. */
export function contactQuestions(rules: readonly RoutingRule[]): ContactQuestions | undefined {
  const things = rules.flatMap(thingsOf);
  const idsOf = <Id extends number>(kind: RuleThing): readonly Id[] => [
    ...new Set(things.filter((thing) => thing.kind === kind).map((thing) => thing.id as Id)),
  ];
  const fields = idsOf<ContactFieldId>('contact-field');
  const lists = idsOf<ContactListId>('contact-list');
  return fields.length + lists.length === 0 ? undefined : { fields, lists };
}

/**
 * Looks at the rules from first to last. A rule applies when all its conditions hold; conditions see the queue and the
 * attributes as the rules before left them, and everything else as it was. Amounts of priority add up, and only the sum is
 * kept within 0 to 100; a priority that is set replaces what came before it. Of everything else (queue, agent, an attribute,
 * the requirement of one skill) the last word counts. So the order of two rules matters only where one of them reads or
 * replaces what the other writes, or stops.
 *
 * A queue, an agent or a skill that is not there is passed over with a reason.
 */
export function decideRoute(
  rules: readonly RoutingRule[],
  facts: RouteFacts,
  names: RouteNames,
): RouteDecision {
  const run = new RuleRun(facts, names);
  for (const rule of rules) if (run.apply(rule)) break;
  return run.decision;
}

const signed = (amount: number): string => (amount < 0 ? String(amount) : `+${String(amount)}`);

/** Durations in reasons are whole seconds. */
const seconds = (ms: number): string => String(Math.round(ms / 1_000));

class RuleRun {
  #queue: QueueId;
  #priority: number;
  #isVip = false;
  #sticky: StickyAgent | undefined;
  readonly #attributes: Map<string, string>;
  readonly #requirements = new Map<SkillRequirement['skill'], SkillRequirement>();
  readonly #reasons: string[] = [];

  constructor(
    private readonly facts: RouteFacts,
    private readonly names: RouteNames,
  ) {
    this.#queue = facts.queue;
    this.#priority = facts.priority;
    this.#attributes = new Map(Object.entries(facts.attributes));
  }

  get decision(): RouteDecision {
    return {
      queue: this.#queue,
      priority: clampPriority(this.#priority),
      isVip: this.#isVip,
      requirements: [...this.#requirements.values()],
      ...(this.#sticky === undefined ? {} : { sticky: this.#sticky }),
      attributes: Object.fromEntries(this.#attributes),
      reasons: this.#reasons,
    };
  }

  /** True where the rule applied and says that no other is looked at. */
  apply(rule: RoutingRule): boolean {
    const state = { queue: this.#queue, attributes: Object.fromEntries(this.#attributes) };
    if (!rule.conditions.every((condition) => holds(condition, this.facts, state))) return false;
    this.#reasons.push(routeReason('rule-applied', rule.name));
    for (const effect of rule.effects) {
      this.#reasons.push(this.#carryOut(effect, rule.name));
      if (effect.kind === 'stop') return true;
    }
    return false;
  }

  /** Carries an effect out and says what it changed. */
  #carryOut(effect: Effect, rule: string): string {
    switch (effect.kind) {
      case 'priority-add':
        this.#priority += effect.value;
        return routeReason('rule-priority', rule, signed(effect.value));
      case 'priority-set':
        this.#priority = effect.value;
        return routeReason('rule-priority', rule, `=${String(effect.value)}`);
      case 'priority-from-contact':
        return this.#raise(effect.field, rule);
      case 'vip':
        this.#isVip = true;
        return routeReason('rule-vip', rule);
      case 'skill':
        return this.#require(effect, rule);
      case 'queue':
        return this.#send(effect, rule);
      case 'last-agent':
        return this.#stick(
          this.facts.past?.lastAgent?.agent,
          effect.forMs,
          'rule-last-agent',
          rule,
        );
      case 'agent':
        return this.#stick(effect.agent, effect.forMs, 'rule-agent', rule);
      case 'attribute':
        this.#attributes.set(effect.name, effect.value);
        return routeReason('rule-attribute', rule, `${effect.name}=${effect.value}`);
      case 'stop':
        return routeReason('rule-stopped', rule);
    }
  }

  #raise(field: ContactFieldId, rule: string): string {
    const value = numberOf(this.facts.contact?.fields.get(field));
    if (value === undefined) return routeReason('rule-no-contact-priority', rule);
    const amount = clampAmount(value);
    this.#priority += amount;
    return routeReason('rule-contact-priority', rule, signed(amount));
  }

  #require(effect: EffectOf<'skill'>, rule: string): string {
    const { skill, minLevel, isRequired, relax } = effect;
    const name = this.names.skill(skill);
    if (name === undefined) return routeReason('rule-unknown-skill', rule, `#${String(skill)}`);
    this.#requirements.set(skill, { skill, minLevel, isRequired, relax });
    const code = isRequired ? 'rule-requires' : 'rule-prefers';
    return routeReason(code, rule, `${name} ${String(minLevel)}`);
  }

  #send(effect: EffectOf<'queue'>, rule: string): string {
    const name = this.names.queue(effect.queue);
    if (name === undefined)
      return routeReason('rule-unknown-queue', rule, `#${String(effect.queue)}`);
    this.#queue = effect.queue;
    return routeReason('rule-queue', rule, name);
  }

  #stick(
    agent: StickyAgent['agent'] | undefined,
    forMs: number,
    code: 'rule-last-agent' | 'rule-agent',
    rule: string,
  ): string {
    if (agent === undefined) return routeReason('rule-no-last-agent', rule);
    const name = this.names.agent(agent);
    if (name === undefined) return routeReason('rule-unknown-agent', rule, `#${String(agent)}`);
    this.#sticky = { agent, forMs };
    return routeReason(code, rule, `${seconds(forMs)} ${name}`);
  }
}
