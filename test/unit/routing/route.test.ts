import { expect } from 'chai';
import type { CallerContact, RoutingRule } from '../../../src/engines/routing/rule.js';
import { settle, VirtualClock } from '../../../src/kernel/clock.js';
import type {
  AgentId,
  CallId,
  ContactFieldId,
  ContactListId,
  HookId,
  QueueId,
  RoutingRuleId,
  SkillId,
} from '../../../src/kernel/ids.js';
import { CONTACT_LIMIT_MS } from '../../../src/telephony/caller-contacts.js';
import { RECALL_LIMIT_MS } from '../../../src/telephony/caller-history.js';
import {
  routeToQueue,
  type RoutedCall,
  type RouteParts,
} from '../../../src/telephony/calls/route.js';
import type { SkillConfig } from '../../../src/telephony/directory.js';
import type { HookConfig, HookOutcome } from '../../../src/telephony/routing-hook.js';
import { demoDirectory } from '../../support/switchboard-bench.js';

const call = {
  id: 'c1' as CallId,
  from: '+442079460001',
  fromName: 'Ada',
  to: '+442079460100',
  language: 'en' as const,
};
const hook: HookConfig = {
  id: 1 as HookId,
  name: 'CRM',
  url: 'https://crm.example/',
  dids: [],
  queues: [],
  timeoutMs: 800,
  secret: '',
  allowedAddresses: [],
  caCertificate: '',
};
const rule = (changes: Partial<RoutingRule>): RoutingRule => ({
  id: 1 as RoutingRuleId,
  name: 'Rule',
  conditions: [],
  effects: [],
  ...changes,
});
const past = { calledAt: [], lastAgent: { agent: 1 as AgentId, at: 900_000 } };
const never = new Promise<never>(() => undefined);

interface Bench {
  readonly rules?: readonly RoutingRule[];
  readonly hooks?: readonly HookConfig[];
  readonly recall?: () => Promise<typeof past>;
  readonly answer?: () => Promise<HookOutcome>;
  readonly contact?: RouteParts['contacts']['find'];
  readonly skills?: readonly SkillConfig[];
}

function bench({ rules = [], hooks = [], recall, answer, contact, skills }: Bench) {
  const clock = new VirtualClock(1_000_000);
  const logged: string[] = [];
  const note = (_fields: object, message: string): void => {
    logged.push(message);
  };
  const base = demoDirectory();
  const parts: RouteParts = {
    clock,
    directory: {
      current: {
        ...base,
        routingRules: rules,
        hooks,
        ...(skills && { skills: new Map(skills.map((skill) => [skill.id, skill])) }),
      },
      flowVersion: () => Promise.resolve(undefined),
    },
    log: { info: note, warn: note, error: note },
    history: { recall: recall ?? (() => Promise.resolve(past)) },
    contacts: { find: contact ?? (() => Promise.reject(new Error('asked'))) },
    hook: { ask: answer ?? (() => Promise.resolve({ kind: 'not-json', ms: 5 })) },
    sources: {
      regionOf: () => undefined,
      openCalendars: () => new Map(),
      skillNames: () => new Map([[3 as SkillId, 'French']]),
    },
  };
  const [queue = 1 as QueueId] = base.queues.keys();
  const route = (changes: Partial<RoutedCall> = {}) => {
    const { signal } = new AbortController();
    return routeToQueue(parts, { ...call, ...changes }, queue, 40, { need: 'repair' }, signal);
  };
  return { clock, logged, base, queue, route };
}

describe('routing a call to a queue', () => {
  it('leaves everything as it was where there is no rule and no hook, and asks nobody', async () => {
    const refuse = () => Promise.reject(new Error('asked'));
    const { route, queue, logged } = bench({ recall: refuse, answer: refuse });
    expect(await route()).to.deep.equal({
      queue,
      priority: 40,
      isVip: false,
      requirements: [],
      attributes: { need: 'repair' },
      reasons: [],
    });
    expect(logged).to.deep.equal([]);
  });

  describe('a number that one salesperson shows', () => {
    const withNumbers = (...numbers: (readonly string[])[]): ReturnType<typeof bench> => {
      const made = bench({});
      const agents = [...made.base.agents.values()];
      const all = made.base.agents as Map<AgentId, (typeof agents)[number]>;
      for (const [index, agent] of agents.entries())
        all.set(agent.id, {
          ...agent,
          callerIds: { order: 'rotate', numbers: numbers[index] ?? [] },
        });
      return made;
    };

    it('is called back to that person, then to anybody of the team', async () => {
      const { route } = withNumbers([], [call.to]);
      expect(await route()).to.deep.include({
        sticky: { agent: 2, forMs: 20_000 },
        reasons: ['own-number:Ben'],
      });
    });

    it('is nobody’s own where two show it', async () => {
      const { route } = withNumbers([call.to], [call.to]);
      expect((await route()).sticky).to.equal(undefined);
    });
  });

  describe('the language of the caller', () => {
    const language = (id: number, tag: string): SkillConfig => ({
      id: id as SkillId,
      name: tag,
      kind: 'language',
      language: tag,
    });
    const plain: SkillConfig = { id: 9 as SkillId, name: 'Billing', kind: 'skill' };
    const prefers = (...ids: readonly number[]) =>
      ids.map((skill) => ({ skill, minLevel: 1, isRequired: false, relax: [] }));
    const skills = (...tags: readonly string[]) => [
      plain,
      ...tags.map((tag, index) => language(index + 1, tag)),
    ];

    for (const [caller, tags, ids] of [
      ['en', ['en', 'en-GB', 'zh'], [1]],
      ['en', ['zh-CN', 'en-GB', 'en-US'], [2, 3]],
      ['en', ['eng', 'zh'], []],
      ['zh-CN', ['zh', 'zh-CN', 'en'], [2]],
      ['zh-CN', ['zh-TW', 'zh', 'en'], [2]],
      ['zh-CN', ['en', 'zh-Hans-CN'], [2]],
      ['zh-CN', ['en', 'fr'], []],
    ] as const)
      it(`${caller} among ${tags.join(', ')} prefers ${ids.length === 0 ? 'nothing' : ids.map((id) => tags[id - 1]).join(' and ')}`, async () => {
        const decision = await bench({ skills: skills(...tags) }).route({ language: caller });
        expect(decision.requirements).to.deep.equal(prefers(...ids));
        expect(decision.reasons).to.deep.equal(
          ids.map((id) => `caller-language:${tags[id - 1] ?? ''}`),
        );
      });

    it('is no preference where a rule or the flow asks for a skill of that language', async () => {
      const required = { skill: 3 as SkillId, minLevel: 50, isRequired: true, relax: [] };
      const english = skills('en-GB', 'en-US', 'en-AU');
      const rules = [rule({ effects: [{ kind: 'skill', ...required }] })];
      const ruled = await bench({ rules, skills: english }).route();
      expect(ruled.requirements).to.deep.equal([required]);
      const led = await bench({ skills: english }).route({ asked: [required] });
      expect(led).to.deep.include({ requirements: [], reasons: [] });
    });
  });

  it('waits for the agent of last time', async () => {
    const { route } = bench({
      rules: [rule({ effects: [{ kind: 'last-agent', forMs: 20_000 }] })],
    });
    expect(await route()).to.deep.include({ sticky: { agent: 1, forMs: 20_000 } });
  });

  it('goes on without history that is late or away', async () => {
    const rules = [rule({ effects: [{ kind: 'last-agent', forMs: 20_000 }, { kind: 'vip' }] })];
    const away = bench({ rules, recall: () => Promise.reject(new Error('away')) });
    expect((await away.route()).reasons[0]).to.equal('history-unknown:');
    const late = bench({ rules, recall: () => never });
    const routed = late.route();
    await late.clock.advance(RECALL_LIMIT_MS);
    const decision = await routed;
    expect(decision.isVip).to.equal(true);
    expect(decision.sticky).to.equal(undefined);
    expect(late.clock.pending).to.equal(0);
  });

  describe('a caller who is a contact', () => {
    const WORTH = 5 as ContactFieldId;
    const GOLD = 2 as ContactListId;
    const rules = [
      rule({
        conditions: [{ kind: 'contact-in-list', ids: [GOLD] }],
        effects: [{ kind: 'priority-from-contact', field: WORTH }],
      }),
    ];
    const holds = (value: string) => (): Promise<CallerContact> =>
      Promise.resolve({ fields: new Map([[WORTH, value]]), lists: new Set([GOLD]) });

    it('has the priority that a field of the contact adds, within the limits', async () => {
      for (const [value, priority, reason] of [
        ['30', 70, 'rule-contact-priority:Rule|+30'],
        ['-50', 0, 'rule-contact-priority:Rule|-50'],
        ['2000', 100, 'rule-contact-priority:Rule|+100'],
        ['gold', 40, 'rule-no-contact-priority:Rule'],
        ['', 40, 'rule-no-contact-priority:Rule'],
      ] as const) {
        const decision = await bench({ rules, contact: holds(value) }).route();
        expect(decision.priority, value).to.equal(priority);
        expect(decision.reasons, value).to.deep.equal(['rule-applied:Rule', reason]);
      }
    });

    it('is asked for once, with what the rules name', async () => {
      const asked: unknown[] = [];
      const contact: RouteParts['contacts']['find'] = (...what) => {
        asked.push(what);
        return Promise.resolve(undefined);
      };
      const decision = await bench({ rules: [...rules, ...rules], contact }).route();
      expect(decision).to.deep.include({ priority: 40, reasons: [] });
      expect(asked).to.deep.equal([[call.from, { fields: [WORTH], lists: [GOLD] }]]);
    });

    it('is called on without the contact where the database is slow or away', async () => {
      const away = bench({ rules, contact: () => Promise.reject(new Error('away')) });
      expect(await away.route()).to.deep.include({ priority: 40, reasons: ['contact-unknown:'] });
      expect(away.logged).to.deep.equal(['the contact of a caller could not be looked up']);
      const late = bench({ rules, contact: () => never });
      const routed = late.route();
      await late.clock.advance(CONTACT_LIMIT_MS);
      expect((await routed).reasons).to.deep.equal(['contact-unknown:']);
      expect(late.clock.pending).to.equal(0);
    });
  });

  it('gives the hook the last word, and passes over what it names in vain', async () => {
    const { route, queue } = bench({
      rules: [rule({ effects: [{ kind: 'priority-set', value: 10 }] })],
      hooks: [hook],
      answer: () =>
        Promise.resolve({
          kind: 'answered',
          ms: 12,
          answer: {
            queue: 'Nowhere',
            priority: 90,
            skills: [{ skill: 'French', level: 50, required: true }],
          },
        }),
    });
    const decision = await route();
    expect(decision).to.deep.include({ queue, priority: 90 });
    expect(decision.requirements).to.deep.equal([
      { skill: 3, minLevel: 50, isRequired: true, relax: [] },
    ]);
    expect(decision.reasons).to.deep.equal([
      'rule-applied:Rule',
      'rule-priority:Rule|=10',
      'hook-answered:CRM|12',
      'hook-unknown-queue:CRM|Nowhere',
      'hook-priority:CRM|=90',
      'hook-requires:CRM|French 50',
    ]);
  });

  it('keeps what the rules decided when the hook fails, is silent for ever, or breaks its word', async () => {
    const rules = [rule({ effects: [{ kind: 'vip' }] })];
    const failed = await bench({ rules, hooks: [hook] }).route();
    expect(failed).to.deep.include({ isVip: true });
    expect(failed.reasons.at(-1)).to.equal('hook-not-json:CRM|5');
    const silent = bench({ rules, hooks: [hook], answer: () => never });
    const routed = silent.route();
    await settle();
    await silent.clock.advance(800);
    expect((await routed).reasons.at(-1)).to.equal('hook-timeout:CRM|800');
    const broken = bench({ rules, hooks: [hook], answer: () => Promise.reject(new Error('bug')) });
    expect(await broken.route()).to.deep.include({ isVip: true });
    expect(broken.logged).to.have.length(1);
  });
});
