import type {
  AgentId,
  CalendarId,
  DidId,
  QueueId,
  RegionId,
  RoutingRuleId,
  SkillId,
} from '../../kernel/ids.js';
import { levelAfter } from '../acd/requirement.js';
import { excludeEachOther, implies } from './condition-logic.js';
import type { Condition, Effect, EffectOf, RoutingRule } from './rule.js';

/** What there is that a rule can name. */
export interface KnownThings {
  readonly dids: ReadonlySet<DidId>;
  readonly queues: ReadonlySet<QueueId>;
  readonly agents: ReadonlySet<AgentId>;
  readonly regions: ReadonlySet<RegionId>;
  readonly calendars: ReadonlySet<CalendarId>;
  /** The highest level that any agent has, by skill; 0 where nobody has it. */
  readonly skills: ReadonlyMap<SkillId, number>;
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
  return [...(contradicts ? [error('never-holds')] : []), ...[...new Set(unknown)].map(error)];
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
    default:
      return [];
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
  }
  return [
    ...[...found].map((code): RuleProblem => ({
      rule: rule.id,
      severity: code === 'does-nothing' || code === 'after-stop' ? 'warning' : 'error',
      code,
      place: 'effects',
    })),
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
