import { z } from 'zod';
import { integerField, problem } from '../../kernel/fields.js';
import type { LimitSettings } from '../../telephony/limits.js';
import { amountField, amountText } from '../call-rates/index.js';
import { parseTargetText, targetText } from '../configuration/index.js';

const MAX_CALLS = 100_000;
const MAX_PER_MINUTE = 6_000;

const countField = (max = MAX_CALLS) => integerField(0, max);

/** The form. */
export const limitForm = z
  .object({
    maxCalls: countField(),
    reserve: countField(),
    perSecond: countField(),
    perSource: countField(),
    perSourceMinute: countField(MAX_PER_MINUTE),
    busyTarget: z.string().default(''),
    callsPerHour: countField(),
    atOnce: countField(),
    costPerHour: amountField(),
  })
  .transform((form, context): LimitSettings => {
    const { maxCalls, reserve, perSecond, perSource, perSourceMinute } = form;
    const { callsPerHour, atOnce, costPerHour } = form;
    const limits = {
      load: { maxCalls, reserve, perSecond, perSource, perSourceMinute },
      outside: { callsPerHour, atOnce, costPerHour },
    };
    if (form.busyTarget === '') return limits;
    const busyTarget = parseTargetText(form.busyTarget);
    if (busyTarget !== undefined) return { ...limits, busyTarget };
    context.addIssue({ ...problem('form.problem.choose'), path: ['busyTarget'] });
    return z.NEVER;
  });

/** What the form shows of it. */
export const limitValues = ({ load, outside, busyTarget }: LimitSettings) => ({
  ...load,
  ...outside,
  costPerHour: amountText(outside.costPerHour),
  busyTarget: busyTarget === undefined ? '' : targetText(busyTarget),
});
