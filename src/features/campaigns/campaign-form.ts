import { z } from 'zod';
import { RULE_SETS } from '../../engines/outbound/rule-set.js';
import { instantOf, isKnownZone } from '../../engines/routing/wall-clock.js';
import {
  choiceField,
  flagField,
  integerField,
  optionalIdField,
  parseFields,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type { FieldProblem } from '../../kernel/errors.js';
import type { CalendarId, PromptId, QueueId, ScriptId } from '../../kernel/ids.js';
import type { FormBody } from '../../web/kit/index.js';
import { readWeek, textsOf, weekValues } from '../calendars/index.js';
import { phonesField } from '../configuration/index.js';
import { BY_COUNTRY } from './campaign-rules.js';
import {
  CAMPAIGN_LIMITS,
  CAMPAIGN_MODES,
  type CampaignDraft,
  type CampaignSource,
} from './campaign.js';
import { readRecycling, recyclingValues } from './recycling-rows.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WINDOWS = { day: DAY_MS, 'thirty-days': 30 * DAY_MS } as const;
export const ABANDON_WINDOWS = Object.keys(WINDOWS) as readonly (keyof typeof WINDOWS)[];
export const MACHINE_ACTIONS = ['off', 'hang-up', 'agent', 'message'] as const;
export const OPT_OUT_DIGITS = [
  '',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '0',
  '*',
  '#',
] as const;

const limits = CAMPAIGN_LIMITS;
const count = ({ min, max }: { readonly min: number; readonly max: number }) =>
  integerField(min, max);

/** `list:3`, `segment:2`: checkboxes of one name. */
const sourcesField = () =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly CampaignSource[] => {
      const found = [value ?? []]
        .flat()
        .map((text) => /^(list|segment):([1-9]\d{0,9})$/.exec(text));
      if (found.every((one) => one !== null))
        return found.map((one) => ({
          kind: one[1] === 'list' ? 'list' : 'segment',
          id: Number(one[2]),
        }));
      context.addIssue(problem('form.problem.choose'));
      return z.NEVER;
    });

const wallTimeField = (zone: string) =>
  z
    .string()
    .trim()
    .default('')
    .superRefine((text, context) => {
      if (text !== '' && instantOf(text, isKnownZone(zone) ? zone : 'UTC') === undefined)
        context.addIssue(problem('campaigns.problem.moment'));
    });

const daysField = () =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly number[] => {
      const days = [value ?? []].flat().map(Number);
      if (days.length > 0 && days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7))
        return days;
      context.addIssue(problem('flow.problem.no-days'));
      return z.NEVER;
    });

const plainFields = (country: string, zone: string) =>
  z.object({
    name: textField({ max: 80 }),
    mode: choiceField(CAMPAIGN_MODES),
    queue: optionalIdField<QueueId>(),
    priority: count(limits.priority),
    sources: sourcesField(),
    language: choiceField(['en', 'zh-CN']),
    zone: z.string('form.problem.choose').superRefine((typed, context) => {
      if (!isKnownZone(typed)) context.addIssue(problem('form.problem.choose'));
    }),
    ringS: secondsField(limits.ringS.min, limits.ringS.max),
    maxLines: count(limits.maxLines),
    callerIds: phonesField(country),
    localPresence: flagField(),
    ownersOnly: flagField(),
    abandonPercent: percentField(),
    abandonWindow: choiceField(['day', 'thirty-days']),
    inboundThreshold: count(limits.inboundThreshold),
    abandonedPrompt: optionalIdField<PromptId>(),
    machine: choiceField(MACHINE_ACTIONS),
    machinePrompt: optionalIdField<PromptId>(),
    flow: optionalIdField(),
    scriptId: optionalIdField<ScriptId>(),
    scoreField: textField({ min: 0, max: 40 }).default(''),
    optOutDigit: choiceField(OPT_OUT_DIGITS),
    previewLimitS: secondsField(limits.previewLimitS.min, limits.previewLimitS.max),
    previewAtLimit: choiceField(['dial', 'skip']),
    promiseAttempts: count(limits.promiseAttempts),
    promiseRetryMin: count(limits.promiseRetryMin),
    promiseGraceMin: count(limits.promiseGraceMin),
    ruleSet: choiceField([BY_COUNTRY, ...RULE_SETS.map(({ id }) => id)]),
    consentNeeded: flagField(),
    holidays: optionalIdField<CalendarId>(),
    attemptsInAll: count(limits.attempts),
    attemptsANumber: count(limits.attempts),
    attemptsADay: count(limits.attempts),
    daysBetween: count(limits.daysBetween),
    quotaHuman: count(limits.quota),
    quotaMachine: count(limits.quota),
    scheduleFrom: wallTimeField(zone),
    scheduleUntil: wallTimeField(zone),
    scheduleDays: daysField(),
    endsWhenEmpty: flagField(),
  });
type PlainFields = z.output<ReturnType<typeof plainFields>>;

/** A share typed in percent, with at most one decimal, as a number from 0 to 100. */
const percentField = () =>
  z.union([z.string(), z.number()], 'form.problem.needed').transform((value, context) => {
    const text = String(value).trim().replace('%', '').trim();
    const { min, max } = limits.abandonPercent;
    const number = /^\d{1,3}(\.\d)?$/.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    context.addIssue(problem('form.problem.between', { min, max }));
    return z.NEVER;
  });

/**
 * The form. The week comes as rows (`week.0.from` ...), what happens after each result as `recycle.busy.delay` ...; what
 * contradicts itself is refused beside one of its fields.
 */
export const campaignForm = (country: string) =>
  z.custom<FormBody>().transform((body, context): CampaignDraft => {
    const zone = textsOf(body, 'zone')[0] ?? '';
    const parsed = parseFields(plainFields(country, zone), body);
    const week = readWeek(body);
    const recycling = readRecycling(body);
    const problems: FieldProblem[] = [
      ...(parsed.ok ? contradictions(parsed.values) : parsed.problems),
      ...week.problems,
      ...(week.weekly.length === 0
        ? [{ field: 'week', message: 'campaigns.problem.no-hours' }]
        : []),
      ...recycling.problems,
    ];
    for (const { field, message, params } of problems)
      context.addIssue({ ...problem(message, params), path: field.split('.') });
    if (!parsed.ok || problems.length > 0) return z.NEVER;
    return draftOf(parsed.values, week.weekly, recycling.table);
  });

/** What one field says against another. */
function contradictions(values: PlainFields): readonly FieldProblem[] {
  const found: FieldProblem[] = [];
  const say = (field: string, message: string): void => {
    found.push({ field, message });
  };
  const speaksAlone = values.mode === 'notification';
  if (!speaksAlone && values.queue === undefined) say('queue', 'campaigns.problem.queue');
  if (speaksAlone && values.flow === undefined) say('flow', 'campaigns.problem.flow');
  if (values.machine === 'message' && values.machinePrompt === undefined)
    say('machinePrompt', 'campaigns.problem.machine-prompt');
  if (values.machine === 'agent' && speaksAlone) say('machine', 'campaigns.problem.no-agents');
  const { scheduleFrom: from, scheduleUntil: until } = values;
  if (from !== '' && until !== '' && until <= from)
    say('scheduleUntil', 'campaigns.problem.until-before-from');
  return found;
}

function draftOf(
  values: PlainFields,
  weekly: CampaignDraft['settings']['weekly'],
  recycling: CampaignDraft['settings']['recycling'],
): CampaignDraft {
  const isNotification = values.mode === 'notification';
  return {
    name: values.name,
    mode: values.mode,
    queue: isNotification ? undefined : values.queue,
    priority: values.priority,
    sources: values.sources,
    settings: {
      language: values.language,
      zone: values.zone,
      ringMs: values.ringS * 1_000,
      maxLines: values.maxLines,
      callerIds: values.callerIds,
      localPresence: values.localPresence,
      ownersOnly: values.ownersOnly,
      abandonLimit: values.abandonPercent / 100,
      abandonWindowMs: WINDOWS[values.abandonWindow],
      inboundThreshold: values.inboundThreshold,
      abandonedPrompt: values.abandonedPrompt,
      machine: values.machine,
      machinePrompt: values.machinePrompt,
      flow: isNotification ? values.flow : undefined,
      scriptId: isNotification ? undefined : values.scriptId,
      scoreField: values.scoreField,
      optOutDigit: values.optOutDigit,
      previewLimitMs: values.previewLimitS * 1_000,
      previewAtLimit: values.previewAtLimit,
      promiseAttempts: values.promiseAttempts,
      promiseRetryMs: values.promiseRetryMin * MINUTE_MS,
      promiseGraceMs: values.promiseGraceMin * MINUTE_MS,
      ruleSet: values.ruleSet,
      consentNeeded: values.consentNeeded,
      weekly,
      holidays: values.holidays,
      attemptsInAll: values.attemptsInAll,
      attemptsANumber: values.attemptsANumber,
      attemptsADay: values.attemptsADay,
      daysBetween: values.daysBetween,
      recycling,
      quota: { human: values.quotaHuman, machine: values.quotaMachine },
      schedule: {
        from: values.scheduleFrom,
        until: values.scheduleUntil,
        days: values.scheduleDays,
      },
      endsWhenEmpty: values.endsWhenEmpty,
    },
  };
}

/** A campaign as the form shows and sends it. */
export function campaignValues(draft: CampaignDraft): Readonly<Record<string, unknown>> {
  const { settings } = draft;
  return {
    name: draft.name,
    mode: draft.mode,
    queue: draft.queue,
    priority: draft.priority,
    sources: draft.sources.map(({ kind, id }) => `${kind}:${String(id)}`),
    language: settings.language,
    zone: settings.zone,
    ringS: settings.ringMs / 1_000,
    maxLines: settings.maxLines,
    callerIds: settings.callerIds.join('\n'),
    localPresence: settings.localPresence,
    ownersOnly: settings.ownersOnly,
    abandonPercent: Math.round(settings.abandonLimit * 1_000) / 10,
    abandonWindow: settings.abandonWindowMs > DAY_MS ? 'thirty-days' : 'day',
    inboundThreshold: settings.inboundThreshold,
    abandonedPrompt: settings.abandonedPrompt,
    machine: settings.machine,
    machinePrompt: settings.machinePrompt,
    flow: settings.flow,
    scriptId: settings.scriptId,
    scoreField: settings.scoreField,
    optOutDigit: settings.optOutDigit,
    previewLimitS: settings.previewLimitMs / 1_000,
    previewAtLimit: settings.previewAtLimit,
    promiseAttempts: settings.promiseAttempts,
    promiseRetryMin: Math.round(settings.promiseRetryMs / MINUTE_MS),
    promiseGraceMin: Math.round(settings.promiseGraceMs / MINUTE_MS),
    ruleSet: settings.ruleSet,
    consentNeeded: settings.consentNeeded,
    holidays: settings.holidays,
    attemptsInAll: settings.attemptsInAll,
    attemptsANumber: settings.attemptsANumber,
    attemptsADay: settings.attemptsADay,
    daysBetween: settings.daysBetween,
    quotaHuman: settings.quota.human,
    quotaMachine: settings.quota.machine,
    scheduleFrom: settings.schedule.from,
    scheduleUntil: settings.schedule.until,
    scheduleDays: settings.schedule.days.map(String),
    endsWhenEmpty: settings.endsWhenEmpty,
    ...weekValues(settings.weekly),
    ...recyclingValues(settings.recycling),
  };
}
