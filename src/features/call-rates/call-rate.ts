import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import {
  choiceField,
  integerField,
  optionalIdField,
  patternField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { CallRateId, TrunkId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** in: legs of callers who came over the trunk; out: legs that we called over it. */
export const RATE_DIRECTIONS = ['out', 'in'] as const;
export const RATE_SORTS = ['name', 'prefix', 'updated'] as const;
export type RateSort = (typeof RATE_SORTS)[number];

/** Millionths of the currency in one. */
const MICROS = 1_000_000;
const MAX_STEP_S = 3_600;

/** An amount such as `0.0125`, as millionths; a comma is understood. */
export const amountField = () =>
  z.string('form.problem.needed').transform((text, context): number => {
    const plain = text.trim().replace(',', '.');
    if (/^\d{1,6}(\.\d{1,6})?$/.test(plain)) return Math.round(Number(plain) * MICROS);
    context.addIssue(problem('rates.problem.amount'));
    return z.NEVER;
  });

/** A day such as `2026-11-24`. */
const dayField = () =>
  z.string('form.problem.needed').transform((text, context): string => {
    try {
      return Temporal.PlainDate.from(text.trim(), { overflow: 'reject' }).toString();
    } catch {
      context.addIssue(problem('rates.problem.day'));
      return z.NEVER;
    }
  });

/** `+44`, or nothing for any number. */
const prefixField = () =>
  z
    .string()
    .optional()
    .transform((text = '', context): string => {
      const plain = text.replaceAll(/[\s().\-/]/g, '').replace(/^00/, '+');
      if (plain === '' || /^\+[1-9]\d{0,14}$/.test(plain)) return plain;
      context.addIssue(problem('rates.problem.prefix'));
      return z.NEVER;
    });

/** The form. */
export const rateSchema = z.object({
  name: textField({ max: 80 }),
  trunkId: optionalIdField<TrunkId>(),
  direction: choiceField(RATE_DIRECTIONS),
  prefix: prefixField(),
  currency: patternField(/^[A-Z]{3}$/, 'rates.problem.currency'),
  perMinute: amountField(),
  perCall: amountField(),
  minimumS: integerField(0, MAX_STEP_S),
  incrementS: integerField(1, MAX_STEP_S),
  validFrom: dayField(),
});

export type RateDraft = z.output<typeof rateSchema>;
export type StoredRate = RateDraft & Versioned<CallRateId>;

/** Millionths as they are typed: `0.0125`. */
export const amountText = (micros: number): string =>
  (micros / MICROS).toFixed(6).replace(/\.?0+$/, '');
