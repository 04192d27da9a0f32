import type { Language } from '../../kernel/call-event.js';
import type {
  AgentId,
  CalendarId,
  ContactFieldId,
  ContactListId,
  DidId,
  FlowId,
  QueueId,
  RegionId,
  RoutingRuleId,
  SkillId,
} from '../../kernel/ids.js';
import type { RelaxStep, SkillRequirement } from '../acd/requirement.js';

/** Priorities are whole numbers from 0 (last) to 100 (first); what rules add up to beyond that counts as the limit. */
export const MAX_PRIORITY = 100;
/** Memory of earlier calls reaches back so many days; conditions cannot ask for more. */
export const MAX_HISTORY_DAYS = 90;
export const DAY_MS = 86_400_000;

/** What must hold for a rule to apply; of its conditions all must. */
export type Condition =
  | { readonly kind: 'did'; readonly ids: readonly DidId[] }
  /** The queue that the call is on its way to, as the rules before left it. */
  | { readonly kind: 'queue'; readonly ids: readonly QueueId[] }
  /** The caller's number in stored form (E.164) begins with one of these. */
  | { readonly kind: 'caller-begins'; readonly prefixes: readonly string[] }
  | { readonly kind: 'caller-is'; readonly numbers: readonly string[] }
  | { readonly kind: 'region'; readonly ids: readonly RegionId[] }
  | { readonly kind: 'language'; readonly languages: readonly Language[] }
  /** What an IVR flow, a hook or an earlier rule has noted on the call. */
  | { readonly kind: 'attribute-is'; readonly name: string; readonly values: readonly string[] }
  /** Holds where the attribute is a number that is at least `value`. */
  | { readonly kind: 'attribute-at-least'; readonly name: string; readonly value: number }
  /** Does not hold while nothing is known of the calendar. */
  | { readonly kind: 'calendar'; readonly id: CalendarId; readonly isOpen: boolean }
  | { readonly kind: 'called-lately'; readonly days: number; readonly times: number }
  | { readonly kind: 'talked-lately'; readonly days: number }
  | { readonly kind: 'customer-value'; readonly atLeast: number }
  /** An own field of the contact who has the caller's number holds one of these, letter by letter. */
  | {
      readonly kind: 'contact-field-is';
      readonly field: ContactFieldId;
      readonly values: readonly string[];
    }
  /** Holds where that field holds a number that is at least `value`. */
  | {
      readonly kind: 'contact-field-at-least';
      readonly field: ContactFieldId;
      readonly value: number;
    }
  /** That contact is in one of these lists. */
  | { readonly kind: 'contact-in-list'; readonly ids: readonly ContactListId[] };

/** What a rule that applies does. What a later rule sets replaces what an earlier one has set. */
export type Effect =
  | { readonly kind: 'priority-add'; readonly value: number }
  | { readonly kind: 'priority-set'; readonly value: number }
  /** Adds the number that the field of the caller's contact holds; anything else there changes nothing. */
  | { readonly kind: 'priority-from-contact'; readonly field: ContactFieldId }
  | { readonly kind: 'vip' }
  | {
      readonly kind: 'skill';
      readonly skill: SkillId;
      readonly minLevel: number;
      readonly isRequired: boolean;
      readonly relax: readonly RelaxStep[];
    }
  | { readonly kind: 'queue'; readonly queue: QueueId }
  /** Waits for whom the caller talked to last. */
  | { readonly kind: 'last-agent'; readonly forMs: number }
  | { readonly kind: 'agent'; readonly agent: AgentId; readonly forMs: number }
  | { readonly kind: 'attribute'; readonly name: string; readonly value: string }
  /** No later rule is looked at. */
  | { readonly kind: 'stop' };

export type ConditionKind = Condition['kind'];
export type EffectKind = Effect['kind'];
export type ConditionOf<K extends ConditionKind> = Extract<Condition, { readonly kind: K }>;
export type EffectOf<K extends EffectKind> = Extract<Effect, { readonly kind: K }>;

/** One rule; where a rule stands in the list is its order. */
export interface RoutingRule {
  readonly id: RoutingRuleId;
  readonly name: string;
  readonly conditions: readonly Condition[];
  readonly effects: readonly Effect[];
}

/** Short texts that an IVR flow, a rule or a hook notes on a call, by name. */
export type Attributes = Readonly<Record<string, string>>;

/** What is remembered of a caller's number. */
export interface CallerPast {
  /** When earlier calls came in (ms since the epoch), newest first; at most what the memory holds. */
  readonly calledAt: readonly number[];
  /** Whom the caller talked to last. */
  readonly lastAgent?: { readonly agent: AgentId; readonly at: number };
}

/** What rules ask of the contact who has the caller's number: no field and no list that no rule names. */
export interface CallerContact {
  /** As stored; empty ones are not there. */
  readonly fields: ReadonlyMap<ContactFieldId, string>;
  readonly lists: ReadonlySet<ContactListId>;
}

/** Everything that rules can ask about a call. */
export interface RouteFacts {
  /** Now, in ms since the epoch. */
  readonly at: number;
  readonly queue: QueueId;
  readonly priority: number;
  readonly did?: DidId;
  /** In stored form; '' where the caller's number is withheld. */
  readonly from: string;
  readonly region?: RegionId;
  readonly language: Language;
  readonly attributes: Attributes;
  /** By calendar; one that is absent is unknown. */
  readonly openCalendars: ReadonlyMap<CalendarId, boolean>;
  /** Undefined while the memory cannot be asked: conditions on it then do not hold. */
  readonly past?: CallerPast;
  readonly customerValue?: number;
  /** Undefined where nobody has the number, and while contacts cannot be asked. */
  readonly contact?: CallerContact;
}

/** Names for reasons; undefined for what is not there (any more). */
export interface RouteNames {
  queue(id: QueueId): string | undefined;
  agent(id: AgentId): string | undefined;
  skill(id: SkillId): string | undefined;
}

/** For whom a call waits first, and how long. */
export interface StickyAgent {
  readonly agent: AgentId;
  readonly forMs: number;
}

/** Where a call goes and how it is treated there, with the reasons in order. */
export interface RouteDecision {
  /** Set where a hook sends the call into an IVR flow instead of the queue. */
  readonly flow?: FlowId;
  readonly queue: QueueId;
  /** 0 to {@link MAX_PRIORITY}. */
  readonly priority: number;
  readonly isVip: boolean;
  /** At most one a skill. */
  readonly requirements: readonly SkillRequirement[];
  readonly sticky?: StickyAgent;
  readonly attributes: Attributes;
  /** `<code>:<parameter>`, see `route-reason.ts`. */
  readonly reasons: readonly string[];
}

export const clampPriority = (value: number): number =>
  Math.min(MAX_PRIORITY, Math.max(0, Math.round(value)));

/** What one rule adds to the priority of a call: a whole number from -{@link MAX_PRIORITY} to {@link MAX_PRIORITY}. */
export const clampAmount = (value: number): number =>
  Math.min(MAX_PRIORITY, Math.max(-MAX_PRIORITY, Math.round(value))) + 0;
