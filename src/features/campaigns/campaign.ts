import type { CampaignId, CalendarId, PromptId, QueueId, ScriptId } from '../../kernel/ids.js';
import type { Language } from '../../kernel/call-event.js';
import type { WeeklyPeriod } from '../../engines/routing/calendar.js';
import type { RecycleTable } from '../../engines/outbound/recycling.js';
import type { CampaignMode, CampaignState, RunningCampaign } from '../../telephony/campaigns.js';
import type { Versioned } from '../configuration/index.js';

export const CAMPAIGN_MODES = [
  'preview',
  'progressive',
  'predictive',
  'appointment',
  'notification',
] as const satisfies readonly CampaignMode[];
export const CAMPAIGN_STATES = [
  'draft',
  'running',
  'paused',
  'stopped',
  'done',
] as const satisfies readonly CampaignState[];

/** Whom a campaign calls: everybody in a list or a segment, now and later. */
export type CampaignSource =
  | { readonly kind: 'list'; readonly id: number }
  | { readonly kind: 'segment'; readonly id: number };

/** Results that a campaign may want so many of; then it is done. */
export const QUOTA_RESULTS = ['human', 'machine'] as const;

/** By the clock of the campaign's zone, when it runs by itself while it is started. */
export interface CampaignSchedule {
  /** Wall times `2026-12-01T09:00`; '' for at once, and for without end. */
  readonly from: string;
  readonly until: string;
  /** ISO weekdays. */
  readonly days: readonly number[];
}

/** What a campaign is beside its name, mode, queue and sources; kept as JSON. Durations in ms. */
export interface CampaignSettings {
  readonly language: Language;
  /** IANA zone of people whose own is not known, and of the schedule. */
  readonly zone: string;
  readonly ringMs: number;
  readonly maxLines: number;
  /** E.164, the best first; none is as the trunk has it. */
  readonly callerIds: readonly string[];
  /** The number that is most like the person's own is shown. */
  readonly localPresence: boolean;
  /** People who belong to a salesperson are called by that one only. */
  readonly ownersOnly: boolean;
  readonly abandonLimit: number;
  readonly abandonWindowMs: number;
  /** 0 is not looked at. */
  readonly inboundThreshold: number;
  readonly abandonedPrompt?: PromptId | undefined;
  readonly machine: RunningCampaign['machine']['kind'];
  readonly machinePrompt?: PromptId | undefined;
  readonly flow?: number | undefined;
  /** What agents follow in its calls. */
  readonly scriptId?: ScriptId | undefined;
  /** Key of the contacts' field that says how likely somebody answers; '' for none. */
  readonly scoreField: string;
  readonly optOutDigit: string;
  readonly previewLimitMs: number;
  readonly previewAtLimit: 'dial' | 'skip';
  /** How calls that were promised for a time are made: see `FollowUpRule`. */
  readonly promiseAttempts: number;
  readonly promiseRetryMs: number;
  readonly promiseGraceMs: number;
  /** `by-country`, or the id of a rule set. */
  readonly ruleSet: string;
  readonly consentNeeded: boolean;
  /** In the person's own zone. */
  readonly weekly: readonly WeeklyPeriod[];
  readonly holidays?: CalendarId | undefined;
  readonly attemptsInAll: number;
  readonly attemptsANumber: number;
  readonly attemptsADay: number;
  readonly daysBetween: number;
  readonly recycling: RecycleTable;
  /** 0 is without limit. */
  readonly quota: Readonly<Record<(typeof QUOTA_RESULTS)[number], number>>;
  readonly schedule: CampaignSchedule;
  /** It is done when nobody is left; else it waits for new people in its sources. */
  readonly endsWhenEmpty: boolean;
}

/** A campaign as its form sets it. */
export interface CampaignDraft {
  readonly name: string;
  readonly mode: CampaignMode;
  readonly queue: QueueId | undefined;
  /** 1 to 9; higher goes first where campaigns share agents. */
  readonly priority: number;
  readonly sources: readonly CampaignSource[];
  readonly settings: CampaignSettings;
}

export interface StoredCampaign extends Versioned<CampaignId>, CampaignDraft {
  readonly state: CampaignState;
  /** A key of the catalog below `campaigns.reason`, or words of the dialler; '' for none. */
  readonly stateReason: string;
}

export const CAMPAIGN_SORTS = ['name', 'updated'] as const;
export type CampaignSort = (typeof CAMPAIGN_SORTS)[number];

/** Bounds of the form's numbers. */
export const CAMPAIGN_LIMITS = {
  priority: { min: 1, max: 9, default: 5 },
  ringS: { min: 15, max: 120, default: 25 },
  maxLines: { min: 1, max: 500, default: 10 },
  abandonPercent: { min: 0, max: 100, default: 3 },
  inboundThreshold: { min: 0, max: 1_000, default: 0 },
  previewLimitS: { min: 10, max: 3_600, default: 60 },
  promiseAttempts: { min: 1, max: 20 },
  promiseRetryMin: { min: 1, max: 10_080 },
  promiseGraceMin: { min: 0, max: 1_440 },
  attempts: { min: 0, max: 100 },
  daysBetween: { min: 0, max: 365, default: 0 },
  quota: { min: 0, max: 1_000_000, default: 0 },
  recycleDelayS: { min: 0, max: 2_592_000 },
  recycleMost: { min: 0, max: 100 },
} as const;
