import { z } from 'zod';
import { base, MAX_TEMPLATE, type SchemaParts } from './parts.js';

/** One period of opening: ISO weekdays 1 (Monday) to 7, minutes since midnight, half-open, in the site's zone. */
export const periodSchema = z
  .object({
    days: z.array(z.int().min(1).max(7)).min(1),
    fromMinute: z.int().min(0).max(1439),
    toMinute: z.int().min(1).max(1440),
  })
  .refine((p) => p.fromMinute < p.toMinute, {
    path: ['toMinute'],
    message: 'flow.error.period-order',
  });

/** How a condition compares two texts. */
export const OPERATORS = [
  'equals',
  'not-equals',
  'less',
  'at-most',
  'greater',
  'at-least',
  'contains',
  'starts-with',
  'is-empty',
  'is-not-empty',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Steps that callers do not hear. */
export const decidingSteps = ({ exit, reference, variable }: SchemaParts) =>
  [
    z.object({
      kind: z.literal('hours'),
      ...base,
      /** The calendar that says when it is open; the step's own periods and dates count where there is none. */
      calendar: reference.optional(),
      periods: z.array(periodSchema).max(50),
      /** ISO dates that are closed all day. */
      closedDates: z.array(z.iso.date()).max(400),
      open: exit,
      closed: exit,
    }),
    z.object({
      kind: z.literal('set'),
      ...base,
      assign: z
        .array(
          z.object({
            variable,
            value: z.string().max(MAX_TEMPLATE),
            operation: z.enum(['set', 'add', 'subtract']),
          }),
        )
        .min(1)
        .max(20),
      next: exit,
    }),
    z.object({
      kind: z.literal('condition'),
      ...base,
      /** The first branch of which everything is true is taken. */
      branches: z
        .array(
          z.object({
            label: z.string().trim().min(1).max(80),
            all: z
              .array(
                z.object({
                  left: z.string().max(MAX_TEMPLATE),
                  operator: z.enum(OPERATORS),
                  right: z.string().max(MAX_TEMPLATE),
                }),
              )
              .min(1)
              .max(20),
            next: exit,
          }),
        )
        .min(1)
        .max(20),
      otherwise: exit,
    }),
    z.object({ kind: z.literal('sub-flow'), ...base, flow: reference, next: exit }),
    z.object({ kind: z.literal('return'), ...base }),
  ] as const;
