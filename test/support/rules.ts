import fc from 'fast-check';
import type {
  AgentId,
  ContactFieldId,
  ContactListId,
  DidId,
  QueueId,
  RegionId,
  RoutingRuleId,
  SkillId,
} from '../../src/kernel/ids.js';
import type {
  Condition,
  Effect,
  RouteFacts,
  RouteNames,
  RoutingRule,
} from '../../src/engines/routing/rule.js';

/** Everything has the name of its number, but for numbers of 90 and more, which are not there. */
export const NAMES: RouteNames = {
  queue: (id) => (id < 90 ? `queue ${String(id)}` : undefined),
  agent: (id) => (id < 90 ? `agent ${String(id)}` : undefined),
  skill: (id) => (id < 90 ? `skill ${String(id)}` : undefined),
};

const id = <Id extends number>() => fc.integer({ min: 1, max: 4 }).map((value) => value as Id);
const ids = <Id extends number>() =>
  fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }) as fc.Arbitrary<
    Id[]
  >;
const NUMBERS = ['+442079460001', '+442079460002', '+441614960003', ''];
const attributeName = fc.constantFrom('need', 'tier', '__proto__');
const attributeValue = fc.constantFrom('repair', 'sales', '3', '7', '7.5');
const some = <T>(...values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

/** Any condition; small ranges, so that they hold, contradict and imply each other often. */
export const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('did' as const), ids: ids<never>() }),
  fc.record({ kind: fc.constant('queue' as const), ids: ids<QueueId>() }),
  fc.record({
    kind: fc.constant('caller-begins' as const),
    prefixes: some('+44', '+4420', '+44161', '+33'),
  }),
  fc.record({ kind: fc.constant('caller-is' as const), numbers: some(...NUMBERS.slice(0, 3)) }),
  fc.record({ kind: fc.constant('region' as const), ids: ids<never>() }),
  fc.record({
    kind: fc.constant('language' as const),
    languages: some('en' as const, 'zh-CN' as const),
  }),
  fc.record({
    kind: fc.constant('attribute-is' as const),
    name: attributeName,
    values: some('repair', 'sales', '3', '7'),
  }),
  fc.record({
    kind: fc.constant('attribute-at-least' as const),
    name: attributeName,
    value: fc.integer({ min: 2, max: 8 }),
  }),
  fc.record({ kind: fc.constant('calendar' as const), id: id<never>(), isOpen: fc.boolean() }),
  fc.record({
    kind: fc.constant('called-lately' as const),
    days: fc.integer({ min: 1, max: 5 }),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({
    kind: fc.constant('talked-lately' as const),
    days: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    kind: fc.constant('customer-value' as const),
    atLeast: fc.integer({ min: 1, max: 5 }),
  }),
  fc.record({
    kind: fc.constant('contact-field-is' as const),
    field: id<ContactFieldId>(),
    values: some('repair', 'sales', '3', '7'),
  }),
  fc.record({
    kind: fc.constant('contact-field-at-least' as const),
    field: id<ContactFieldId>(),
    value: fc.integer({ min: 2, max: 8 }),
  }),
  fc.record({ kind: fc.constant('contact-in-list' as const), ids: ids<ContactListId>() }),
);

export const anyEffect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({
    kind: fc.constant('priority-add' as const),
    value: fc.integer({ min: -100, max: 100 }),
  }),
  fc.record({
    kind: fc.constant('priority-set' as const),
    value: fc.integer({ min: 0, max: 100 }),
  }),
  fc.record({ kind: fc.constant('priority-from-contact' as const), field: id<ContactFieldId>() }),
  fc.constant({ kind: 'vip' as const }),
  fc.record({
    kind: fc.constant('skill' as const),
    skill: fc.constantFrom(1, 2, 3, 90) as fc.Arbitrary<SkillId>,
    minLevel: fc.integer({ min: 1, max: 100 }),
    isRequired: fc.boolean(),
    relax: fc.constantFrom([], [{ afterMs: 10_000, minLevel: 0 }]),
  }),
  fc.record({
    kind: fc.constant('queue' as const),
    queue: fc.constantFrom(1, 2, 90) as fc.Arbitrary<QueueId>,
  }),
  fc.record({ kind: fc.constant('last-agent' as const), forMs: fc.constantFrom(10_000, 20_000) }),
  fc.record({
    kind: fc.constant('agent' as const),
    agent: fc.constantFrom(1, 2, 90) as fc.Arbitrary<AgentId>,
    forMs: fc.constantFrom(10_000, 20_000),
  }),
  fc.record({
    kind: fc.constant('attribute' as const),
    name: attributeName,
    value: attributeValue,
  }),
  fc.constant({ kind: 'stop' as const }),
);

/** Lists of rules, each with a name of its own. */
export const anyRules = (effect = anyEffect): fc.Arbitrary<readonly RoutingRule[]> =>
  fc
    .array(
      fc.record({
        conditions: fc.array(anyCondition, { maxLength: 3 }),
        effects: fc.array(effect, { maxLength: 3 }),
      }),
      { maxLength: 8 },
    )
    .map((rules) =>
      rules.map((rule, at) => ({
        ...rule,
        id: (at + 1) as RoutingRuleId,
        name: `Rule ${String(at + 1)}`,
      })),
    );

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const ago = fc.integer({ min: 0, max: 6 * DAY }).map((ms) => NOW - ms);

/** Any call, with much or little known of it. */
export const anyFacts: fc.Arbitrary<RouteFacts> = fc
  .record({
    queue: id<QueueId>(),
    priority: fc.integer({ min: 0, max: 100 }),
    did: fc.option(id<DidId>(), { nil: undefined }),
    from: fc.constantFrom(...NUMBERS),
    region: fc.option(id<RegionId>(), { nil: undefined }),
    language: fc.constantFrom('en' as const, 'zh-CN' as const),
    attributes: fc
      .array(fc.tuple(attributeName, attributeValue), { maxLength: 3 })
      .map((pairs): Record<string, string> => Object.fromEntries(pairs)),
    openCalendars: fc
      .array(fc.tuple(id<never>(), fc.boolean()), { maxLength: 3 })
      .map((pairs) => new Map(pairs)),
    past: fc.option(
      fc.record(
        {
          calledAt: fc.array(ago, { maxLength: 4 }),
          lastAgent: fc.record({
            agent: fc.constantFrom(1, 2, 90) as fc.Arbitrary<AgentId>,
            at: ago,
          }),
        },
        { requiredKeys: ['calledAt'] },
      ),
      { nil: undefined },
    ),
    customerValue: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    contact: fc.option(
      fc.record({
        fields: fc
          .array(
            fc.tuple(
              id<ContactFieldId>(),
              fc.oneof(attributeValue, fc.constantFrom('900', '-40', '-0.2')),
            ),
            { maxLength: 3 },
          )
          .map((pairs) => new Map(pairs)),
        lists: fc.array(id<ContactListId>(), { maxLength: 3 }).map((all) => new Set(all)),
      }),
      { nil: undefined },
    ),
  })
  .map(({ did, region, past, customerValue, contact, ...facts }) => ({
    at: NOW,
    ...facts,
    ...(did === undefined ? {} : { did }),
    ...(region === undefined ? {} : { region }),
    ...(past === undefined ? {} : { past }),
    ...(customerValue === undefined ? {} : { customerValue }),
    ...(contact === undefined ? {} : { contact }),
  }));
