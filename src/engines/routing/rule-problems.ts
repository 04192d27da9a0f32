import type {
  AgentId,
  CalendarId,
  ContactFieldId,
  ContactListId,
  DidId,
  QueueId,
  RegionId,
  RoutingRuleId,
  SkillId,
} from '../../kernel/ids.js';
import { levelAfter } from '../acd/requirement.js';
import { excludeEachOther, implies } from './condition-logic.js';
import { numberOf } from './conditions.js';
import type { Condition, Effect, EffectOf, RoutingRule } from './rule.js';

/** What an own field of contacts can hold. */
export interface KnownField {
  readonly kind: 'text' | 'number' | 'date' | 'choice' | 'flag';
  /** Of a choice: what can be chosen. */
  readonly choices: readonly string[];
}

/** What there is that a rule can name. */
export interface KnownThings {
  readonly dids: ReadonlySet<DidId>;
  readonly queues: ReadonlySet<QueueId>;
  readonly agents: ReadonlySet<AgentId>;
  readonly regions: ReadonlySet<RegionId>;
  readonly calendars: ReadonlySet<CalendarId>;
  /** The highest level that any agent has, by skill; 0 where nobody has it. */
  readonly skills: ReadonlyMap<SkillId, number>;
  readonly contactLists: ReadonlySet<ContactListId>;
  readonly contactFields: ReadonlyMap<ContactFieldId, KnownField>;
}

/** An error makes a rule senseless, a warning tells of what is hardly meant. */
export type RuleProblemCode =
  | 'never-holds'
  | 'unknown-did'
  | 'unknown-queue'
  | 'unknown-agent'
  | 'unknown-region'
  | 'unknown-calendar'
  | 'unknown-skill'
  | 'unknown-contact-list'
  | 'unknown-contact-field'
  | 'field-no-number'
  | 'field-value'
  | 'skill-twice'
  | 'effect-twice'
  | 'shadowed'
  | 'skill-nobody-has'
  | 'does-nothing'
  | 'after-stop';

export interface RuleProblem {
  readonly rule: RoutingRuleId;
  readonly severity: 'error' | 'warning';
  readonly code: RuleProblemCode;
  readonly place: 'conditions' | 'effects';
  /** The rule that stops before a shadowed one. */
  readonly by?: RoutingRuleId;
  readonly skill?: SkillId;
  /** The field of contacts in question, and the value that it cannot hold. */
  readonly field?: ContactFieldId;
  readonly value?: string;
}

/** What is wrong or doubtful with rules in their order; nothing is said that is not so. */
export const ruleProblems = (
  rules: readonly RoutingRule[],
  known: KnownThings,
): readonly RuleProblem[] =>
  rules.flatMap((rule, place) => [
    ...conditionProblems(rule, known),
    ...effectProblems(rule, known),
    ...shadows(rules, place),
  ]);

function conditionProblems(rule: RoutingRule, known: KnownThings): RuleProblem[] {
  const error = (code: RuleProblemCode): RuleProblem => ({
    rule: rule.id,
    severity: 'error',
    code,
    place: 'conditions',
  });
  const { conditions } = rule;
  const contradicts = conditions.some((one, at) =>
    conditions.slice(at).some((other) => excludeEachOther(one, other)),
  );
  const unknown = conditions.flatMap((condition) => unknownInCondition(condition, known));
  return [
    ...(contradicts ? [error('never-holds')] : []),
    ...[...new Set(unknown)].map(error),
    ...conditions.flatMap((condition) =>
      fieldProblems(condition, known).map((problem) => ({ ...error(problem.code), ...problem })),
    ),
  ];
}

function unknownInCondition(condition: Condition, known: KnownThings): RuleProblemCode[] {
  switch (condition.kind) {
    case 'did':
      return condition.ids.every((id) => known.dids.has(id)) ? [] : ['unknown-did'];
    case 'queue':
      return condition.ids.every((id) => known.queues.has(id)) ? [] : ['unknown-queue'];
    case 'region':
      return condition.ids.every((id) => known.regions.has(id)) ? [] : ['unknown-region'];
    case 'calendar':
      return known.calendars.has(condition.id) ? [] : ['unknown-calendar'];
    case 'contact-in-list':
      return condition.ids.every((id) => known.contactLists.has(id))
        ? []
        : ['unknown-contact-list'];
    case 'contact-field-is':
    case 'contact-field-at-least':
      return known.contactFields.has(condition.field) ? [] : ['unknown-contact-field'];
    default:
      return [];
  }
}

type FieldProblem = Pick<RuleProblem, 'code' | 'field' | 'value'>;

/** What a field that is there cannot hold is asked for in vain. */
function fieldProblems(part: Condition | Effect, { contactFields }: KnownThings): FieldProblem[] {
  if (!('field' in part)) return [];
  const { field } = part;
  const known = contactFields.get(field);
  if (known === undefined) return [];
  if (part.kind !== 'contact-field-is')
    return known.kind === 'number' ? [] : [{ code: 'field-no-number', field }];
  const value = part.values.find((one) => !canHold(known, one));
  return value === undefined ? [] : [{ code: 'field-value', field, value }];
}

/** Values are kept as `contact-field.ts` writes them: numbers and dates in one form only. */
function canHold({ kind, choices }: KnownField, value: string): boolean {
  switch (kind) {
    case 'text':
      return true;
    case 'number':
      return numberOf(value) !== undefined && String(Number(value)) === value;
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'choice':
      return choices.includes(value);
    case 'flag':
      return value === 'yes' || value === 'no';
  }
}

/** Effects of which a second one in the same rule undoes the first. */
const ONCE: Readonly<Partial<Record<Effect['kind'], string>>> = {
  'priority-set': 'priority',
  queue: 'queue',
  'last-agent': 'agent',
  agent: 'agent',
};

function effectProblems(rule: RoutingRule, known: KnownThings): RuleProblem[] {
  const { effects } = rule;
  const found = new Set<RuleProblemCode>();
  const once = effects.map((effect) => ONCE[effect.kind]).filter((what) => what !== undefined);
  if (new Set(once).size < once.length) found.add('effect-twice');
  if (effects.length === 0) found.add('does-nothing');
  const stop = effects.findIndex((effect) => effect.kind === 'stop');
  if (stop >= 0 && stop < effects.length - 1) found.add('after-stop');
  for (const effect of effects) {
    if (effect.kind === 'queue' && !known.queues.has(effect.queue)) found.add('unknown-queue');
    if (effect.kind === 'agent' && !known.agents.has(effect.agent)) found.add('unknown-agent');
    if (effect.kind === 'priority-from-contact' && !known.contactFields.has(effect.field))
      found.add('unknown-contact-field');
  }
  return [
    ...[...found].map((code): RuleProblem => ({
      rule: rule.id,
      severity: code === 'does-nothing' || code === 'after-stop' ? 'warning' : 'error',
      code,
      place: 'effects',
    })),
    ...effects.flatMap((effect) =>
      fieldProblems(effect, known).map((problem): RuleProblem => ({
        ...{ rule: rule.id, severity: 'error', place: 'effects' },
        ...problem,
      })),
    ),
    ...skillProblems(rule, known),
  ];
}

function skillProblems(rule: RoutingRule, known: KnownThings): RuleProblem[] {
  const wanted = rule.effects.filter((effect) => effect.kind === 'skill');
  const seen = new Map<SkillId, EffectOf<'skill'>>();
  const problems: RuleProblem[] = [];
  const add = (code: RuleProblemCode, skill: SkillId): void => {
    const severity = code === 'skill-nobody-has' ? 'warning' : 'error';
    problems.push({ rule: rule.id, severity, code, place: 'effects', skill });
  };
  for (const effect of wanted) {
    const before = seen.get(effect.skill);
    if (before !== undefined && before.minLevel !== effect.minLevel)
      add('skill-twice', effect.skill);
    seen.set(effect.skill, effect);
    const highest = known.skills.get(effect.skill);
    if (highest === undefined) add('unknown-skill', effect.skill);
    else if (effect.isRequired && highest < lowestLevel(effect))
      add('skill-nobody-has', effect.skill);
  }
  return problems;
}

/** The level asked for when the requirement has relaxed as far as it does. */
const lowestLevel = (effect: EffectOf<'skill'>): number =>
  levelAfter(effect, Number.POSITIVE_INFINITY).minLevel;

/** The first rule before this one that stops for every call that this one could apply to. */
function shadows(rules: readonly RoutingRule[], place: number): RuleProblem[] {
  const rule = rules[place];
  if (rule === undefined) return [];
  const by = rules
    .slice(0, place)
    .find((earlier, at) => stops(earlier) && covers(earlier, rule, rules.slice(at + 1, place)));
  if (by === undefined) return [];
  return [{ rule: rule.id, severity: 'warning', code: 'shadowed', place: 'conditions', by: by.id }];
}

const stops = (rule: RoutingRule): boolean => rule.effects.some((effect) => effect.kind === 'stop');

/** Rules between the two may change what the earlier one asked for: then nothing is said. */
const covers = (
  earlier: RoutingRule,
  later: RoutingRule,
  between: readonly RoutingRule[],
): boolean =>
  earlier.conditions.every(
    (wanted) =>
      later.conditions.some((condition) => implies(condition, wanted)) &&
      !between.some((rule) => rule.effects.some((effect) => changes(effect, wanted))),
  );

function changes(effect: Effect, condition: Condition): boolean {
  if (condition.kind === 'queue') return effect.kind === 'queue';
  return (
    (condition.kind === 'attribute-is' || condition.kind === 'attribute-at-least') &&
    effect.kind === 'attribute' &&
    effect.name === condition.name
  );
}
