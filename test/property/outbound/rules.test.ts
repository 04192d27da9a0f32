import { expect } from 'chai';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { RULE_SETS } from '../../../src/engines/outbound/rule-set.js';
import {
  checkDial,
  countsAsAttempt,
  effectiveRules,
  type CampaignRules,
  type DialFacts,
  type PastDial,
} from '../../../src/engines/outbound/rules.js';

/** Zones with every kind of clock change: by an hour, by half of one, over midnight, in the south, and none at all. */
const ZONES = [
  ...['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'America/Sao_Paulo'],
  ...['Africa/Cairo', 'Asia/Shanghai', 'Asia/Kathmandu', 'Pacific/Chatham', 'America/Santiago'],
  ...['Asia/Beirut', 'Africa/Casablanca', 'Pacific/Apia', 'UTC'],
];
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

const ruleSets = fc.constantFrom(...RULE_SETS);
const zones = fc.constantFrom(...ZONES);
const period = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    fc.integer({ min: 0, max: 1_439 }),
    fc.integer({ min: 1, max: 1_440 }),
  )
  .map(([days, a, b]) => ({ days, fromMinute: Math.min(a, b - 1), toMinute: Math.max(a + 1, b) }));
const campaigns = fc.record<CampaignRules>({
  isRecording: fc.boolean(),
  consentNeeded: fc.boolean(),
  weekly: fc.array(period, { minLength: 1, maxLength: 3 }),
  exceptions: fc.constant([]),
  ringMs: fc.integer({ min: 15_000, max: 60_000 }),
  attemptsInAll: fc.integer({ min: 0, max: 6 }),
  attemptsANumber: fc.integer({ min: 0, max: 6 }),
  attemptsADay: fc.integer({ min: 0, max: 4 }),
  daysBetween: fc.integer({ min: 0, max: 3 }),
  quota: fc.constant({}),
});
/** Moments of any day between 2024 and 2028, and of the minutes around each change of the clock. */
const anyMoment = fc.integer({
  min: Date.parse('2024-01-01') / MINUTE_MS,
  max: Date.parse('2028-01-01') / MINUTE_MS,
});
const changes = (zone: string): readonly number[] => {
  const found: number[] = [];
  let at = Temporal.Instant.from('2024-01-01T00:00Z').toZonedDateTimeISO(zone);
  for (let count = 0; count < 8; count += 1) {
    const next = at.getTimeZoneTransition('next');
    if (next === null) break;
    found.push(next.epochMilliseconds);
    at = next;
  }
  return found;
};
const aroundChanges = zones.chain((zone) => {
  const all = changes(zone);
  const moment =
    all.length === 0
      ? anyMoment.map((minute) => minute * MINUTE_MS)
      : fc
          .tuple(fc.constantFrom(...all), fc.integer({ min: -2_000, max: 2_000 }))
          .map(([at, minutes]) => at + minutes * MINUTE_MS);
  return fc.tuple(fc.constant(zone), moment);
});
const moments = fc.oneof(
  aroundChanges,
  fc.tuple(
    zones,
    anyMoment.map((minute) => minute * MINUTE_MS),
  ),
);

const factsIn = (zone: string, dials: readonly PastDial[] = []): DialFacts => ({
  number: '+442079460001',
  isInSource: true,
  consent: { kind: 'given', source: 'web', at: 0 },
  zones: [zone],
  zoneFrom: 'contact',
  dials,
  reached: {},
  isInFlight: false,
});

/** What the clock on the wall shows, by another way than the engine's. */
function wall(at: number, zone: string): { weekday: number; minute: number } {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' },
  }).formatToParts(at);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  return {
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(of('weekday')) + 1,
    minute: Number(of('hour')) * 60 + Number(of('minute')),
  };
}
const covers = (weekly: CampaignRules['weekly'], at: number, zone: string): boolean => {
  const { weekday, minute } = wall(at, zone);
  return weekly.some(
    ({ days, fromMinute, toMinute }) =>
      days.includes(weekday) && minute >= fromMinute && minute < toMinute,
  );
};

const dials = fc.array(
  fc.record<PastDial>({
    at: fc.integer({ min: -5 * DAY_MS, max: -1 }),
    number: fc.constantFrom('+442079460001', '+442079460002'),
    result: fc.constantFrom(
      '',
      'busy',
      'no-answer',
      'machine',
      'abandoned',
      'failed',
      'congestion',
    ),
    isOfThisLead: fc.boolean(),
    isOfThisCampaign: fc.boolean(),
  }),
  { maxLength: 12 },
);

describe('the rules of dialling, whatever the campaign', function () {
  this.timeout(30_000);
  it('let nobody be dialled outside the hours, in any zone, on any day of a clock change', () => {
    fc.assert(
      fc.property(campaigns, ruleSets, moments, (campaign, ruleSet, [zone, at]) => {
        const verdict = checkDial(effectiveRules(campaign, ruleSet), factsIn(zone), at);
        const isOpen = covers(campaign.weekly, at, zone) && covers(ruleSet.weekly, at, zone);
        expect(verdict.refusedBy === 'calling-window').to.equal(!isOpen);
      }),
      { numRuns: 100 },
    );
  });

  it('say truly when the hours open: then, and not before', () => {
    fc.assert(
      fc.property(campaigns, ruleSets, moments, (campaign, ruleSet, [zone, at]) => {
        const rules = effectiveRules(campaign, ruleSet);
        const { refusedBy, retryAt } = checkDial(rules, factsIn(zone), at);
        if (refusedBy === undefined || retryAt === undefined) return;
        expect(checkDial(rules, factsIn(zone), retryAt).refusedBy).to.equal(undefined);
        expect(checkDial(rules, factsIn(zone), retryAt - 1).refusedBy).to.equal('calling-window');
      }),
      { numRuns: 40 },
    );
  });

  it('never let attempts go over a limit, and never give a moment at which they would', () => {
    fc.assert(
      fc.property(campaigns, ruleSets, dials, moments, (campaign, ruleSet, past, [zone, at]) => {
        const history = past.map((one) => ({ ...one, at: at + one.at }));
        const rules = effectiveRules(campaign, ruleSet);
        const facts = factsIn(zone, history);
        const { refusedBy, retryAt } = checkDial(rules, facts, at);
        const counted = history.filter(countsAsAttempt);
        const day = Temporal.Instant.fromEpochMilliseconds(at)
          .toZonedDateTimeISO(zone)
          .startOfDay().epochMilliseconds;
        const within = (limit: number, used: number): boolean => limit === 0 || used < limit;
        const mine = counted.filter((one) => one.isOfThisLead).length;
        const today = counted.filter((one) => one.at >= day).length;
        const isAllowed =
          within(campaign.attemptsInAll, mine) &&
          within(campaign.attemptsADay, today) &&
          within(ruleSet.attemptsADay, today);
        if (!isAllowed) expect(refusedBy).to.not.equal(undefined);
        if (retryAt !== undefined) {
          expect(retryAt).to.be.above(at);
          expect(checkDial(rules, facts, retryAt).refusedBy).to.equal(undefined);
        }
      }),
      { numRuns: 60 },
    );
  });
});
