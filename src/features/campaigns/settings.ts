import { z } from 'zod';
import { RECYCLED_RESULTS, USUAL_RECYCLING } from '../../engines/outbound/recycling.js';
import type { CalendarId, PromptId, ScriptId } from '../../kernel/ids.js';
import { FOLLOW_UP_RULE } from '../../telephony/campaigns.js';
import type { CampaignSettings } from './campaign.js';

const DAY_MS = 86_400_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const minute = z.int().min(0).max(1_440);
const weekly = z.array(
  z.object({ days: z.array(z.int().min(1).max(7)), fromMinute: minute, toMinute: minute }),
);
const count = (usual: number) => z.int().min(0).default(usual);
const prompt = () =>
  z
    .int()
    .optional()
    .transform((id) => id as PromptId | undefined);

const recycleRule = z.object({
  delayMs: z.number().min(0),
  most: z.int().min(0),
  number: z.enum(['same', 'next']),
  fromMinute: minute,
  toMinute: minute,
});

/** The settings as a column has them; what a column does not have yet is as in a new campaign. */
const settingsSchema = z.object({
  language: z.enum(['en', 'zh-CN']).default('en'),
  zone: z.string().default('UTC'),
  ringMs: count(25_000),
  maxLines: count(10),
  callerIds: z.array(z.string()).default([]),
  localPresence: z.boolean().default(false),
  ownersOnly: z.boolean().default(false),
  abandonLimit: z.number().min(0).max(1).default(0.03),
  abandonWindowMs: z.number().min(1).default(DAY_MS),
  inboundThreshold: count(0),
  abandonedPrompt: prompt(),
  machine: z.enum(['off', 'hang-up', 'agent', 'message']).default('off'),
  machinePrompt: prompt(),
  flow: z.int().optional(),
  scriptId: z
    .int()
    .optional()
    .transform((id) => id as ScriptId | undefined),
  scoreField: z.string().max(40).default(''),
  optOutDigit: z.string().max(1).default('9'),
  previewLimitMs: count(60_000),
  previewAtLimit: z.enum(['dial', 'skip']).default('dial'),
  promiseAttempts: z.int().min(1).default(FOLLOW_UP_RULE.attempts),
  promiseRetryMs: count(FOLLOW_UP_RULE.retryMs),
  promiseGraceMs: count(FOLLOW_UP_RULE.graceMs),
  ruleSet: z.string().default('by-country'),
  consentNeeded: z.boolean().default(false),
  weekly: weekly.default([{ days: [1, 2, 3, 4, 5], fromMinute: 9 * 60, toMinute: 18 * 60 }]),
  holidays: z
    .int()
    .optional()
    .transform((id) => id as CalendarId | undefined),
  attemptsInAll: count(8),
  attemptsANumber: count(6),
  attemptsADay: count(2),
  daysBetween: count(0),
  recycling: z
    .object(Object.fromEntries(RECYCLED_RESULTS.map((result) => [result, recycleRule.optional()])))
    .default({})
    .transform((table) => ({ ...USUAL_RECYCLING, ...table })),
  quota: z.object({ human: count(0), machine: count(0) }).default({ human: 0, machine: 0 }),
  schedule: z
    .object({
      from: z.string().default(''),
      until: z.string().default(''),
      days: z.array(z.int().min(1).max(7)).default(EVERY_DAY),
    })
    .default({ from: '', until: '', days: EVERY_DAY }),
  endsWhenEmpty: z.boolean().default(true),
});

/** Settings of a column of type JSON; throws on what never was a campaign. */
export const readSettings = (column: unknown): CampaignSettings =>
  settingsSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);

/** What the form of a new campaign begins with. */
export const newSettings = (zone: string): CampaignSettings => settingsSchema.parse({ zone });
