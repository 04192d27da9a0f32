import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import type { EmergencySettings } from '../../telephony/emergency.js';
import { phoneField } from '../configuration/index.js';

const MAX_NUMBERS = 20;

const numbersField = () =>
  z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const found = [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !/^\d{2,6}$/.test(part));
      if (wrong !== undefined)
        context.addIssue(problem('emergency.problem.number', { number: wrong.slice(0, 40) }));
      if (found.length > MAX_NUMBERS)
        context.addIssue(problem('emergency.problem.numbers', { max: MAX_NUMBERS }));
      return found;
    });

/** The form. */
export const emergencyForm = (country: string) =>
  z
    .object({ numbers: numbersField(), callerId: phoneField(country, { optional: true }) })
    .transform((form): EmergencySettings => form);
