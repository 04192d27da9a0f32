import { z } from 'zod';
import { instantOf } from '../../../engines/routing/wall-clock.js';
import { flagField, problem, textField } from '../../../kernel/fields.js';
import { normaliseNumber } from '../../../kernel/numbers.js';

/** What a test call pretends, as it is typed. */
export interface TrialValues {
  /** Number of the phone that rings. */
  readonly phone: string;
  readonly to: string;
  readonly from: string;
  /** In ms since the epoch; absent for now. */
  readonly moment?: number;
  readonly handsOver: boolean;
}

export interface TrialFormSite {
  /** The site's IANA zone. */
  readonly zone: string;
  readonly country: string;
}

/** The form behind "Call my phone". Its fields are named so that they meet none of the step's form beside it. */
export const trialForm = ({ zone, country }: TrialFormSite) =>
  z
    .object({
      callPhone: textField({ max: 20 }),
      callTo: textField({ min: 0, max: 64 }).default(''),
      callFrom: textField({ min: 0, max: 64 }).default(''),
      callAt: z
        .string()
        .regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d)?$/, 'flow.test.problem.moment')
        .default(''),
      callOn: flagField(),
    })
    .transform(({ callPhone, callTo, callFrom, callAt, callOn }, context): TrialValues => {
      const from = callFrom === '' ? '' : normaliseNumber(callFrom, country);
      if (callFrom !== '' && from === '')
        context.addIssue({ ...problem('flow.trial.problem.number'), path: ['callFrom'] });
      const moment = callAt === '' ? undefined : instantOf(callAt, zone);
      if (callAt !== '' && moment === undefined)
        context.addIssue({ ...problem('flow.test.problem.moment'), path: ['callAt'] });
      return {
        phone: callPhone,
        to: callTo,
        from,
        handsOver: callOn,
        ...(moment === undefined ? {} : { moment }),
      };
    });
