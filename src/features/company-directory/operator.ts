import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import type { Operator } from '../../telephony/operator.js';
import { parseTargetText, targetText } from '../configuration/index.js';

/** The form. `country` decides which numbers help in an emergency. */
export const operatorForm = (country: string) =>
  z
    .object({
      number: z.string().trim().default(''),
      target: z.string().default(''),
    })
    .transform(({ number, target: text }, context): Operator => {
      if (!/^\d{0,8}$/.test(number))
        context.addIssue({ ...problem('operator.problem.number'), path: ['number'] });
      else if (isEmergencyNumber(number, country))
        context.addIssue({
          ...problem('operator.problem.emergency', { number }),
          path: ['number'],
        });
      if (text === '') return { number };
      const target = parseTargetText(text);
      if (target?.kind === 'extension' || target?.kind === 'ring-group' || target?.kind === 'queue')
        return { number, target };
      context.addIssue({ ...problem('form.problem.choose'), path: ['target'] });
      return z.NEVER;
    });

/** What the form shows of it. */
export const operatorValues = ({ number, target }: Operator) => ({
  number,
  target: target === undefined ? '' : targetText(target),
});
