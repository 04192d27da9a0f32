import { z } from 'zod';
import { patternField, problem, textField } from '../../kernel/fields.js';
import type { SpeedDialId } from '../../kernel/ids.js';
import { classifyNumber, isEmergencyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { Versioned } from '../configuration/index.js';

/** A short code and what it stands for. */
export interface SpeedDialDraft {
  /** Two or three digits. */
  readonly code: string;
  readonly name: string;
  /** As it is dialled inside, or E.164. */
  readonly number: string;
}

export interface StoredSpeedDial extends Versioned<SpeedDialId>, SpeedDialDraft {}

export const SPEED_DIAL_SORTS = ['code', 'name', 'number', 'updated'] as const;
export type SpeedDialSort = (typeof SPEED_DIAL_SORTS)[number];

/**
 * The form, and one row of an import. Whether a number inside the house is there is not asked: what is dialled is looked up
 * then.
 */
export const speedDialSchema = (country: string) =>
  z.object({
    code: patternField(/^\d{2,3}$/, 'speed-dials.problem.code'),
    name: textField({ max: 80 }),
    number: z.string('form.problem.needed').transform((text, context): string => {
      const digits = text.normalize('NFKC').replace(/[\s().-]/g, '');
      if (digits === '') context.addIssue(problem('form.problem.needed'));
      else if (!/^\+?\d{2,20}$/.test(digits) || isNowhere(digits, country))
        context.addIssue(problem('speed-dials.problem.number'));
      else if (isEmergencyNumber(digits, country))
        context.addIssue(problem('configuration.problem.number-of.emergency'));
      else return normaliseNumber(digits, country);
      return z.NEVER;
    }),
  });

const isNowhere = (digits: string, country: string): boolean =>
  classifyNumber(digits, country) === 'invalid';
