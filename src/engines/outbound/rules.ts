import type { CalendarException, WeeklyPeriod } from '../routing/calendar.js';
import { DialWindows } from './dial-windows.js';
import { ruleSetName, type RuleSet } from './rule-set.js';

/** What is looked at before a dial, in this order. */
export const DIAL_RULES = [
  /** Still in one of the lists or segments of the campaign. */
  'source',
  'dead-number',
  'do-not-call',
  'consent',
  'ring-time',
  'quota',
  'attempts-in-all',
  'attempts-a-number',
  'attempts-a-day',
  'days-between',
  'after-abandoned',
  'after-machine',
  'calling-window',
  /** Nobody else dials this person or this number at the same moment. */
  'in-flight',
] as const;
export type DialRule = (typeof DIAL_RULES)[number];

/** What a campaign says of whom it dials and when. */
export interface CampaignRules {
  /** It speaks by itself: nobody hears an agent. */
  readonly isRecording: boolean;
  /** Consent is asked for even where the rule set does not. */
  readonly consentNeeded: boolean;
  /** In the person's own zone; the rule set's hours narrow them. */
  readonly weekly: readonly WeeklyPeriod[];
  readonly exceptions: readonly CalendarException[];
  readonly ringMs: number;
  /** 0 is without limit. */
  readonly attemptsInAll: number;
  readonly attemptsANumber: number;
  readonly attemptsADay: number;
  readonly daysBetween: number;
  /** By result, how many are wanted; results that are not named are without limit. */
  readonly quota: Readonly<Partial<Record<string, number>>>;
}

/** A campaign's rules where they are as strict as its rule set or stricter, and its rule set's where they are not. */
export interface EffectiveRules extends CampaignRules {
  readonly ruleSet: RuleSet;
  readonly isConsentNeeded: boolean;
  readonly windows: DialWindows;
}

/** A dial of the past, to the person or to the number, of any campaign. */
export interface PastDial {
  readonly at: number;
  readonly number: string;
  /** '' while it is in flight. */
  readonly result: string;
  readonly isOfThisLead: boolean;
  readonly isOfThisCampaign: boolean;
}

/** What is known of one number of one person at the moment of dialling. */
export interface DialFacts {
  readonly number: string;
  readonly isInSource: boolean;
  /** Nobody has it; why we think so. */
  readonly dead?: string;
  readonly doNotCall?: { readonly isForAll: boolean; readonly source: string; readonly at: number };
  /** The newest word of the person. */
  readonly consent?: {
    readonly kind: 'given' | 'withdrawn';
    readonly source: string;
    readonly at: number;
  };
  /** IANA zones in which the person may be, at least one, and how they are known. */
  readonly zones: readonly string[];
  readonly zoneFrom: string;
  /** Dials to the person and to the number, in any order. */
  readonly dials: readonly PastDial[];
  /** Results of the campaign so far, those that it has a quota for. */
  readonly reached: Readonly<Partial<Record<string, number>>>;
  /** Somebody else dials the person or the number now. */
  readonly isInFlight: boolean;
}

/** Values that the words of a rule are filled with; instants in ms since the epoch end in `At`. */
export type RuleDetail = Readonly<Record<string, string | number>>;

export interface RuleAnswer {
  readonly rule: DialRule;
  readonly passed: boolean;
  readonly detail: RuleDetail;
}

/** May this number be dialled now? Every rule was looked at. */
export interface DialVerdict {
  readonly reasons: readonly RuleAnswer[];
  /** `uk@2026-11` */
  readonly ruleSet: string;
  /** The first rule that says no; undefined where all say yes. */
  readonly refusedBy?: DialRule;
  /** When it may be looked at again, the window included; undefined where waiting changes nothing. */
  readonly retryAt?: number;
}

/** Dials that did not reach the network of the person: nobody's phone rang. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['failed', 'congestion', 'skipped']);
/** Somebody else's dial is over by then, more often than not. */
export const IN_FLIGHT_RETRY_MS = 60_000;
const DAY_MS = 86_400_000;

/** Both a campaign and its rule set are kept: of each pair of limits the stricter one. */
export function effectiveRules(campaign: CampaignRules, ruleSet: RuleSet): EffectiveRules {
  const isConsentNeeded =
    campaign.consentNeeded ||
    ruleSet.consent === 'always' ||
    (ruleSet.consent === 'recordings' && campaign.isRecording);
  return {
    ...campaign,
    ruleSet,
    isConsentNeeded,
    attemptsADay: stricter(campaign.attemptsADay, ruleSet.attemptsADay),
    windows: new DialWindows({
      weeks: [ruleSet.weekly, campaign.weekly],
      exceptions: campaign.exceptions,
    }),
  };
}

/** The smaller of two limits of which 0 is none. */
const stricter = (a: number, b: number): number => (a === 0 || b === 0 ? a + b : Math.min(a, b));

/** True where a dial counts as an attempt: it may have rung. */
export const countsAsAttempt = ({ result }: { readonly result: string }): boolean =>
  !NOT_COUNTED.has(result);

interface Answer {
  readonly passed: boolean;
  readonly detail?: RuleDetail;
  /** Of a refusal that ends by itself. */
  readonly retryAt?: number;
}

const PASSED: Answer = { passed: true };
const yes = (detail: RuleDetail = {}): Answer => ({ passed: true, detail });
const no = (detail: RuleDetail = {}, retryAt?: number): Answer => ({
  passed: false,
  detail,
  ...(retryAt === undefined ? {} : { retryAt }),
});

interface Question {
  readonly rules: EffectiveRules;
  readonly facts: DialFacts;
  readonly now: number;
}

const LOOKS: Readonly<Record<DialRule, (question: Question) => Answer>> = {
  source: ({ facts }) => (facts.isInSource ? PASSED : no()),
  'dead-number': ({ facts }) => (facts.dead === undefined ? PASSED : no({ why: facts.dead })),
  'do-not-call': ({ facts: { doNotCall } }) =>
    doNotCall === undefined
      ? PASSED
      : no({
          scope: doNotCall.isForAll ? 'all' : 'campaign',
          source: doNotCall.source,
          sinceAt: doNotCall.at,
        }),
  consent: ({ rules, facts: { consent } }) => {
    if (consent?.kind === 'withdrawn')
      return no({ kind: 'withdrawn', source: consent.source, sinceAt: consent.at });
    if (consent !== undefined)
      return yes({ kind: 'given', source: consent.source, sinceAt: consent.at });
    return rules.isConsentNeeded ? no({ kind: 'none' }) : yes({ kind: 'not-needed' });
  },
  'ring-time': ({ rules }) => {
    const least = rules.ruleSet.minRingMs;
    const detail = { ringMs: rules.ringMs, leastMs: least };
    return rules.ringMs >= least ? yes(detail) : no(detail);
  },
  quota: ({ rules, facts }) => {
    for (const [result, wanted] of Object.entries(rules.quota)) {
      const reached = facts.reached[result] ?? 0;
      if (wanted !== undefined && wanted > 0 && reached >= wanted)
        return no({ result, reached, wanted });
    }
    return PASSED;
  },
  'attempts-in-all': ({ rules, facts }) =>
    within(rules.attemptsInAll, counted(facts.dials.filter((dial) => dial.isOfThisLead))),
  'attempts-a-number': ({ rules, facts }) =>
    within(
      rules.attemptsANumber,
      counted(facts.dials.filter((dial) => dial.isOfThisCampaign && dial.number === facts.number)),
    ),
  'attempts-a-day': ({ rules, facts, now }) => {
    const day = rules.windows.dayAt(facts.zones, now);
    const today = facts.dials.filter((dial) => dial.at >= day.startAt && dial.at < day.endAt);
    return within(rules.attemptsADay, counted(today), day.endAt);
  },
  'days-between': ({ rules, facts, now }) => since(facts.dials, rules.daysBetween * DAY_MS, now),
  'after-abandoned': ({ rules, facts, now }) =>
    since(of(facts.dials, 'abandoned'), rules.ruleSet.afterAbandonedMs, now),
  'after-machine': ({ rules, facts, now }) =>
    since(of(facts.dials, 'machine'), rules.ruleSet.afterMachineMs, now),
  'calling-window': ({ rules, facts, now }) => {
    const state = rules.windows.at(facts.zones, now);
    const detail = {
      zone: facts.zones.join(', '),
      from: facts.zoneFrom,
      ...(state.holiday === undefined ? {} : { holiday: state.holiday }),
      ...(state.untilAt === undefined ? {} : { untilAt: state.untilAt }),
    };
    return state.isOpen ? yes(detail) : no(detail, now);
  },
  'in-flight': ({ facts, now }) => (facts.isInFlight ? no({}, now + IN_FLIGHT_RETRY_MS) : PASSED),
};

/**
 * Looks at every rule. A refusal by the window and by anything that passes with time says when: then all of them say yes, unless
 * something happens in between.
 */
export function checkDial(rules: EffectiveRules, facts: DialFacts, now: number): DialVerdict {
  const answers = DIAL_RULES.map((rule) => ({ rule, ...LOOKS[rule]({ rules, facts, now }) }));
  const reasons = answers.map(({ rule, passed, detail }) => ({
    rule,
    passed,
    detail: detail ?? {},
  }));
  const ruleSet = ruleSetName(rules.ruleSet);
  const refused = answers.filter((answer) => !answer.passed);
  const [first] = refused;
  if (first === undefined) return { reasons, ruleSet };
  const retryAt = refused.every((answer) => answer.retryAt !== undefined)
    ? rules.windows.firstOpenAt(
        facts.zones,
        Math.max(...refused.map((answer) => answer.retryAt ?? now)),
      )
    : undefined;
  // Where waiting does not help, that rule is the one to name.
  const named = refused.find((answer) => answer.retryAt === undefined) ?? first;
  return {
    reasons,
    ruleSet,
    refusedBy: named.rule,
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

function within(limit: number, used: number, retryAt?: number): Answer {
  if (limit === 0) return yes({ used });
  return used < limit ? yes({ used, limit }) : no({ used, limit }, retryAt);
}

const counted = (dials: readonly PastDial[]): number => dials.filter(countsAsAttempt).length;
const of = (dials: readonly PastDial[], result: string): readonly PastDial[] =>
  dials.filter((dial) => dial.result === result);

/** Whether the last of some dials lies so long back. */
function since(dials: readonly PastDial[], leastMs: number, now: number): Answer {
  const last = Math.max(...dials.filter(countsAsAttempt).map((dial) => dial.at));
  if (leastMs === 0 || last === -Infinity) return PASSED;
  const untilAt = last + leastMs;
  return now >= untilAt ? yes({ lastAt: last }) : no({ lastAt: last, untilAt }, untilAt);
}
