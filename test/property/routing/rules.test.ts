import { expect } from 'chai';
import fc from 'fast-check';
import { excludeEachOther, implies } from '../../../src/engines/routing/condition-logic.js';
import { holds } from '../../../src/engines/routing/conditions.js';
import { readRouteReason } from '../../../src/engines/routing/route-reason.js';
import type {
  ConditionKind,
  Effect,
  RouteFacts,
  RoutingRule,
} from '../../../src/engines/routing/rule.js';
import { ruleProblems } from '../../../src/engines/routing/rule-problems.js';
import { contactQuestions, decideRoute, needsPast } from '../../../src/engines/routing/rules.js';
import { anyCondition, anyEffect, anyFacts, anyRules, NAMES } from '../../support/rules.js';

const decide = (rules: readonly RoutingRule[], facts: RouteFacts) =>
  decideRoute(rules, facts, NAMES);
/** What was decided, whatever the order in which it came about. */
const outcome = (rules: readonly RoutingRule[], facts: RouteFacts) => {
  const { reasons, requirements, attributes, ...rest } = decide(rules, facts);
  return {
    ...rest,
    reasons: [...reasons].sort(),
    requirements: [...requirements].sort((a, b) => a.skill - b.skill),
    attributes: Object.entries(attributes).sort(),
  };
};
const everything = new Set([1, 2, 3, 4] as never[]);
const known = {
  dids: everything,
  queues: everything,
  agents: everything,
  regions: everything,
  calendars: everything,
  contactLists: everything,
  contactFields: new Map(
    [1, 2, 3, 4].map((field) => [field as never, { kind: 'number' as const, choices: [] }]),
  ),
  skills: new Map([1, 2, 3].map((skill) => [skill as never, 100])),
};

/** What an effect writes; two that write the same, or of which one is read by the other's rule, depend on their order. */
function writes(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case 'priority-set':
      return ['priority'];
    case 'priority-add':
    case 'priority-from-contact':
      return ['priority+'];
    case 'skill':
      return [`skill ${String(effect.skill)}`];
    case 'queue':
      return ['queue'];
    case 'last-agent':
    case 'agent':
      return ['agent'];
    case 'attribute':
      return [`attribute ${effect.name}`];
    case 'stop':
      return ['stop'];
    case 'vip':
      return [];
  }
}
const reads = (rule: RoutingRule): readonly string[] =>
  rule.conditions.flatMap((condition) => {
    if (condition.kind === 'queue') return ['queue'];
    return 'name' in condition ? [`attribute ${condition.name}`] : [];
  });

function areIndependent(one: RoutingRule, other: RoutingRule): boolean {
  const [a, b] = [one.effects.flatMap(writes), other.effects.flatMap(writes)];
  const clash = (left: readonly string[], right: readonly string[]) =>
    left.some((what) => right.includes(what));
  const plain = (what: readonly string[]) => what.filter((one) => one !== 'priority+');
  return (
    !a.includes('stop') &&
    !b.includes('stop') &&
    !clash(plain(a), plain(b)) &&
    !(a.includes('priority') && b.includes('priority+')) &&
    !(b.includes('priority') && a.includes('priority+')) &&
    !clash(a, reads(other)) &&
    !clash(b, reads(one))
  );
}

describe('routing rules', () => {
  it('keep priority within 0 to 100, and ask for each skill at most once', () => {
    fc.assert(
      fc.property(anyRules(), anyFacts, (rules, facts) => {
        const { priority, requirements } = decide(rules, facts);
        expect(priority).to.be.within(0, 100);
        expect(new Set(requirements.map((one) => one.skill)).size).to.equal(requirements.length);
      }),
    );
  });

  it('name an existing rule in each reason, and give a reason for every rule that applied', () => {
    fc.assert(
      fc.property(anyRules(), anyFacts, (rules, facts) => {
        const names = rules.map((rule) => rule.name);
        const read = decide(rules, facts).reasons.map(readRouteReason);
        for (const reason of read) expect(names).to.include(reason?.who);
        const applied = read.filter((reason) => reason?.code === 'rule-applied');
        const order = applied.map((reason) => names.indexOf(reason?.who ?? ''));
        expect(order).to.deep.equal([...order].sort((a, b) => a - b));
      }),
    );
  });

  it('change nothing without a reason', () => {
    fc.assert(
      fc.property(anyRules(), anyFacts, (rules, facts) => {
        const decision = decide(rules, facts);
        if (decision.reasons.length > 0) return;
        expect(decision).to.deep.equal({
          queue: facts.queue,
          priority: facts.priority,
          isVip: false,
          requirements: [],
          attributes: { ...facts.attributes },
          reasons: [],
        });
      }),
    );
  });

  it('depend on their order only where one reads or replaces what the other writes, or stops', () => {
    fc.assert(
      fc.property(anyRules(), anyFacts, fc.nat(6), (rules, facts, at) => {
        const [one, other] = [rules[at], rules[at + 1]];
        fc.pre(one !== undefined && other !== undefined && areIndependent(one, other));
        const swapped = [...rules.slice(0, at), other, one, ...rules.slice(at + 2)];
        expect(outcome(swapped, facts)).to.deep.equal(outcome(rules, facts));
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on facts that no condition asks for', () => {
    const asked: Readonly<Partial<Record<keyof RouteFacts, readonly ConditionKind[]>>> = {
      did: ['did'],
      from: ['caller-begins', 'caller-is'],
      region: ['region'],
      language: ['language'],
      openCalendars: ['calendar'],
      customerValue: ['customer-value'],
    };
    fc.assert(
      fc.property(anyRules(), anyFacts, anyFacts, (rules, facts, other) => {
        const kinds = new Set(rules.flatMap((rule) => rule.conditions.map((one) => one.kind)));
        const idle = Object.entries(asked)
          .filter(([, by]) => !by.some((kind) => kinds.has(kind)))
          .map(([fact]) => fact);
        if (!needsPast(rules)) idle.push('past');
        if (contactQuestions(rules) === undefined) idle.push('contact');
        const differs = ([fact]: readonly [string, unknown]): boolean => idle.includes(fact);
        const changed = Object.fromEntries([
          ...Object.entries(facts).filter((entry) => !differs(entry)),
          ...Object.entries(other).filter(differs),
        ]) as typeof facts;
        expect(decide(rules, changed)).to.deep.equal(decide(rules, facts));
      }),
    );
  });

  it('ask of a contact exactly the fields and lists that they name', () => {
    fc.assert(
      fc.property(anyRules(), anyFacts, (rules, facts) => {
        const asked = contactQuestions(rules);
        const { contact } = facts;
        fc.pre(contact !== undefined);
        const known = {
          fields: new Map([...contact.fields].filter(([id]) => asked?.fields.includes(id))),
          lists: new Set([...contact.lists].filter((id) => asked?.lists.includes(id))),
        };
        expect(decide(rules, { ...facts, contact: known })).to.deep.equal(decide(rules, facts));
      }),
    );
  });

  it('look at nothing behind a rule that stopped', () => {
    fc.assert(
      fc.property(anyRules(), anyRules(), anyFacts, (rules, more, facts) => {
        const stop: RoutingRule = {
          id: 99 as never,
          name: 'Stop',
          conditions: [],
          effects: [{ kind: 'stop' }],
        };
        expect(decide([...rules, stop, ...more], facts)).to.deep.equal(
          decide([...rules, stop], facts),
        );
      }),
    );
  });
});

describe('the logic of conditions', () => {
  const state = (facts: RouteFacts) => ({ queue: facts.queue, attributes: facts.attributes });

  it('calls no two exclusive that hold for one call', () => {
    fc.assert(
      fc.property(anyCondition, anyCondition, anyFacts, (one, other, facts) => {
        if (holds(one, facts, state(facts)) && holds(other, facts, state(facts)))
          expect(excludeEachOther(one, other)).to.equal(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('says that one implies another only where it does', () => {
    fc.assert(
      fc.property(anyCondition, anyCondition, anyFacts, (one, other, facts) => {
        if (holds(one, facts, state(facts)) && implies(one, other))
          expect(holds(other, facts, state(facts))).to.equal(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it('knows that everything implies itself and excludes no equal', () => {
    fc.assert(
      fc.property(anyCondition, (one) => {
        expect(implies(one, one)).to.equal(true);
        expect(excludeEachOther(one, one)).to.equal(false);
      }),
    );
  });
});

describe('problems of rules', () => {
  it('are true: what never holds or is shadowed never applies', () => {
    fc.assert(
      fc.property(
        anyRules(fc.oneof(anyEffect, fc.constant({ kind: 'stop' as const }))),
        anyFacts,
        (rules, facts) => {
          const dead = ruleProblems(rules, known)
            .filter((problem) => ['never-holds', 'shadowed'].includes(problem.code))
            .map((problem) => `rule-applied:Rule ${String(problem.rule)}`);
          const applied = decide(rules, facts).reasons;
          expect(applied.filter((reason) => dead.includes(reason))).to.deep.equal([]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('name existing rules', () => {
    fc.assert(
      fc.property(anyRules(), (rules) => {
        for (const problem of ruleProblems(rules, known)) {
          expect(rules.map((rule) => rule.id)).to.include(problem.rule);
          if (problem.by !== undefined) expect(problem.by).to.be.below(problem.rule);
        }
      }),
    );
  });
});
