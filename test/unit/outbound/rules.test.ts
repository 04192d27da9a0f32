import { expect } from 'chai';
import { chooseNumber } from '../../../src/engines/outbound/choose-number.js';
import { orderCallerIds } from '../../../src/engines/outbound/caller-ids.js';
import {
  findRuleSet,
  NO_RULE_SET,
  RULE_SETS,
  ruleSetOf,
  type RuleSet,
} from '../../../src/engines/outbound/rule-set.js';
import {
  checkDial,
  DIAL_RULES,
  effectiveRules,
  type CampaignRules,
  type DialFacts,
  type PastDial,
} from '../../../src/engines/outbound/rules.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Thursday, ten in the morning in London. */
const TEN = Date.parse('2026-11-26T10:00:00Z');
const set = (id: string): RuleSet => findRuleSet(id) as RuleSet;

const CAMPAIGN: CampaignRules = {
  isRecording: false,
  consentNeeded: false,
  weekly: [{ days: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, toMinute: 1_440 }],
  exceptions: [],
  ringMs: 25_000,
  ...{ attemptsInAll: 0, attemptsANumber: 0, attemptsADay: 0, daysBetween: 0 },
  quota: {},
};
const FACTS: DialFacts = {
  number: '+442079460001',
  isInSource: true,
  zones: ['Europe/London'],
  zoneFrom: 'contact',
  dials: [],
  reached: {},
  isInFlight: false,
};
const dial = (changes: Partial<PastDial> = {}): PastDial => ({
  at: TEN - HOUR_MS,
  number: FACTS.number,
  result: 'no-answer',
  isOfThisLead: true,
  isOfThisCampaign: true,
  ...changes,
});
const check = (
  facts: Partial<DialFacts>,
  campaign: Partial<CampaignRules> = {},
  ruleSet = NO_RULE_SET,
  now = TEN,
) => checkDial(effectiveRules({ ...CAMPAIGN, ...campaign }, ruleSet), { ...FACTS, ...facts }, now);

describe('the rules of dialling', () => {
  it('look at everything, in order, and say yes where nothing speaks against it', () => {
    const verdict = check({});
    expect(verdict.reasons.map(({ rule }) => rule)).to.deep.equal([...DIAL_RULES]);
    expect(verdict.reasons.every(({ passed }) => passed)).to.equal(true);
    expect(verdict).to.not.have.any.keys('refusedBy', 'retryAt');
    expect(verdict.ruleSet).to.match(/^none@\d{4}-\d{2}$/);
  });

  it('refuse for good, and name that before what passes with time', () => {
    const ban = { isForAll: true, source: 'key', at: TEN - DAY_MS };
    for (const [facts, rule] of [
      [{ isInSource: false }, 'source'],
      [{ dead: 'invalid' }, 'dead-number'],
      [{ doNotCall: ban }, 'do-not-call'],
      [{ consent: { kind: 'withdrawn', source: 'call', at: 1 } }, 'consent'],
    ] as const) {
      const verdict = check({ ...facts, isInFlight: true });
      expect(verdict.refusedBy).to.equal(rule);
      expect(verdict.retryAt, rule).to.equal(undefined);
    }
  });

  it('ask for consent where the country, the campaign or a recording wants it', () => {
    const given = { consent: { kind: 'given', source: 'web', at: 1 } } as const;
    const refused = (facts: Partial<DialFacts>, campaign: Partial<CampaignRules>, id: string) =>
      check(facts, campaign, set(id)).refusedBy === 'consent';
    expect(refused({}, {}, 'cn')).to.equal(true);
    expect(refused(given, {}, 'cn')).to.equal(false);
    expect(refused({}, {}, 'us')).to.equal(false);
    expect(refused({}, { isRecording: true }, 'us')).to.equal(true);
    expect(refused(given, { isRecording: true }, 'us')).to.equal(false);
    expect(refused({}, { consentNeeded: true }, 'none')).to.equal(true);
  });

  it('keep the stricter of two hours, and say when both are open', () => {
    const early = Date.parse('2026-11-26T07:30:00Z');
    const campaign = { weekly: [{ days: [1, 2, 3, 4, 5], fromMinute: 420, toMinute: 1_380 }] };
    const verdict = check({}, campaign, set('uk'), early);
    expect(verdict.refusedBy).to.equal('calling-window');
    expect(verdict.retryAt).to.equal(Date.parse('2026-11-26T08:00:00Z'));
    const late = check({}, campaign, set('uk'), Date.parse('2026-11-27T21:30:00Z'));
    expect(late.retryAt).to.equal(Date.parse('2026-11-30T08:00:00Z'));
  });

  it('keep holidays and shorter days of the calendar', () => {
    const exceptions = [
      { name: 'Thanksgiving', from: '2026-11-26', to: '2026-11-26', yearly: false, periods: [] },
    ];
    const verdict = check({}, { exceptions });
    expect(verdict.refusedBy).to.equal('calling-window');
    expect(verdict.retryAt).to.equal(Date.parse('2026-11-27T00:00:00Z'));
    const reason = verdict.reasons.find(({ rule }) => rule === 'calling-window');
    expect(reason?.detail).to.deep.include({ holiday: 'Thanksgiving', zone: 'Europe/London' });
  });

  it('want every zone open where a number may be in several', () => {
    const hours = { weekly: [{ days: [4], fromMinute: 540, toMinute: 1_020 }] };
    const zones = ['America/Chicago', 'America/Denver'];
    // Nine in Chicago is eight in Denver.
    const at = Date.parse('2026-11-26T15:00:00Z');
    expect(check({ zones }, hours, NO_RULE_SET, at).retryAt).to.equal(at + HOUR_MS);
    expect(check({ zones }, hours, NO_RULE_SET, at + HOUR_MS).refusedBy).to.equal(undefined);
  });

  it('count attempts by the person’s own day, and let nobody pay for what did not reach them', () => {
    const zones = ['Asia/Tokyo'];
    // Ten in London is seven in the evening in Tokyo; yesterday there ended at 15:00 of ours.
    const yesterday = dial({ at: Date.parse('2026-11-25T14:59:00Z') });
    const today = dial({ at: Date.parse('2026-11-25T15:01:00Z') });
    const limited = { attemptsADay: 2 };
    expect(check({ zones, dials: [yesterday, today] }, limited).refusedBy).to.equal(undefined);
    const used = check({ zones, dials: [yesterday, today, today] }, limited);
    expect(used.refusedBy).to.equal('attempts-a-day');
    expect(used.retryAt).to.equal(Date.parse('2026-11-26T15:00:00Z'));
    const unreached = ['failed', 'congestion'].map((result) => dial({ result }));
    expect(check({ dials: unreached }, { attemptsInAll: 1 }).refusedBy).to.equal(undefined);
  });

  it('count attempts of the lead, of the number in the campaign, and the days between', () => {
    const dials = [dial(), dial({ at: TEN - 3 * DAY_MS })];
    expect(check({ dials }, { attemptsInAll: 2 }).refusedBy).to.equal('attempts-in-all');
    expect(check({ dials }, { attemptsInAll: 3 }).refusedBy).to.equal(undefined);
    expect(check({ dials }, { attemptsANumber: 2 }).refusedBy).to.equal('attempts-a-number');
    const elsewhere = dials.map((one) => ({ ...one, isOfThisCampaign: false }));
    expect(check({ dials: elsewhere }, { attemptsANumber: 2 }).refusedBy).to.equal(undefined);
    const rest = check({ dials }, { daysBetween: 2 });
    expect([rest.refusedBy, rest.retryAt]).to.deep.equal([
      'days-between',
      TEN - HOUR_MS + 2 * DAY_MS,
    ]);
  });

  it('leave those alone in Britain who met an abandoned call or whose machine answered', () => {
    const abandoned = check({ dials: [dial({ result: 'abandoned' })] }, {}, set('uk'));
    expect(abandoned.refusedBy).to.equal('after-abandoned');
    // 72 hours later is Sunday at nine, when Sundays begin.
    expect(abandoned.retryAt).to.equal(Date.parse('2026-11-29T09:00:00Z'));
    const machine = check({ dials: [dial({ result: 'machine' })] }, {}, set('uk'));
    expect(machine.refusedBy).to.equal('after-machine');
    expect(
      check({ dials: [dial({ result: 'abandoned' })] }, {}, set('us'), TEN + 5 * HOUR_MS).refusedBy,
    ).to.equal(undefined);
  });

  it('stop at a quota', () => {
    const quota = { human: 10 };
    expect(check({ reached: { human: 9 } }, { quota }).refusedBy).to.equal(undefined);
    expect(check({ reached: { human: 10 } }, { quota }).refusedBy).to.equal('quota');
  });

  it('refuse a ring that is too short, and hours that never open, without a moment', () => {
    expect(check({}, { ringMs: 14_999 }).refusedBy).to.equal('ring-time');
    const never = { weekly: [{ days: [7], fromMinute: 0, toMinute: 60 }] };
    const verdict = check({}, never, set('cn'));
    expect(verdict.retryAt).to.equal(undefined);
  });

  it('take the first number that may be dialled, else the soonest', () => {
    const rules = effectiveRules({ ...CAMPAIGN, daysBetween: 1 }, NO_RULE_SET);
    const numbers = [
      { position: 1, facts: { ...FACTS, number: '+441', dead: 'invalid' } },
      { position: 2, facts: { ...FACTS, number: '+442' } },
      { position: 3, facts: { ...FACTS, number: '+443' } },
    ];
    expect(chooseNumber(numbers, 0, rules, TEN)?.position).to.equal(2);
    expect(chooseNumber(numbers, 3, rules, TEN)?.position).to.equal(3);
    expect(chooseNumber(numbers, 9, rules, TEN)?.position).to.equal(2);
    const tired = numbers.map((one) => ({ ...one, facts: { ...one.facts, dials: [dial()] } }));
    expect(chooseNumber(tired, 0, rules, TEN)?.verdict.refusedBy).to.equal('days-between');
    expect(chooseNumber([], 0, rules, TEN)).to.equal(undefined);
  });
});

describe('rule sets', () => {
  it('are found by country, with that of the house for others', () => {
    expect(ruleSetOf('PR', 'GB').id).to.equal('us');
    expect(ruleSetOf('JP', 'GB').id).to.equal('uk');
    expect(ruleSetOf('', 'AU').id).to.equal('none');
    expect(ruleSetOf('DE', 'CN').id).to.equal('eu');
  });

  it('never ring shorter than 15 seconds, name each country once and say where it stands', () => {
    const countries = RULE_SETS.flatMap((one) => one.countries);
    expect(new Set(countries).size).to.equal(countries.length);
    for (const one of RULE_SETS) {
      expect(one.minRingMs, one.id).to.be.at.least(15_000);
      expect(one.sources, one.id).to.have.length.above(0);
    }
  });
});

describe('numbers that are shown', () => {
  const pool = ['+441615550000', '+442079990000', '+442079460999'];
  it('are those that the person has answered, then the nearest, then as they stand', () => {
    expect(orderCallerIds(pool, '+442079460001', [], false)).to.deep.equal(pool);
    expect(orderCallerIds(pool, '+442079460001', [], true)).to.deep.equal([...pool].reverse());
    expect(orderCallerIds(pool, '+442079460001', ['+441615550000'], true)[0]).to.equal(
      '+441615550000',
    );
  });
});
