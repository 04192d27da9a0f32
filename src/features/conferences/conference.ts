import { z } from 'zod';
import { flagField, patternField, problem, textField } from '../../kernel/fields.js';
import type { ConferenceId } from '../../kernel/ids.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import type { Versioned } from '../configuration/index.js';

/** A conference room as it is stored. */
export interface ConferenceDraft {
  readonly name: string;
  /** 2 to 8 digits, not beginning with 0, never an emergency number, no extension's number. */
  readonly number: string;
  readonly announcesJoin: boolean;
  /** Set where the PIN changes, '' where it is taken away. */
  readonly pinSealed?: string;
}

export interface StoredConference
  extends Versioned<ConferenceId>, Omit<ConferenceDraft, 'pinSealed'> {
  readonly hasPin: boolean;
}

export const CONFERENCE_SORTS = ['number', 'name', 'updated'] as const;
export type ConferenceSort = (typeof CONFERENCE_SORTS)[number];

/** The form. An empty PIN keeps the stored one. `country` decides which numbers help in an emergency. */
export const conferenceSchema = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    number: patternField(/^[1-9]\d{1,7}$/, 'conferences.problem.number').superRefine(
      (number, context) => {
        if (isEmergencyNumber(number, country))
          context.addIssue(problem('conferences.problem.emergency', { number }));
      },
    ),
    announcesJoin: flagField(),
    pin: z
      .string()
      .trim()
      .default('')
      .superRefine((pin, context) => {
        if (!/^(\d{4,12})?$/.test(pin)) context.addIssue(problem('conferences.problem.pin'));
      }),
    withoutPin: flagField(),
  });
export type ConferenceValues = z.output<ReturnType<typeof conferenceSchema>>;
