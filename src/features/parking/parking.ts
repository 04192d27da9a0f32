import { z } from 'zod';
import { flagField, integerField, patternField, problem } from '../../kernel/fields.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import { slotsOf, type Parking } from '../../telephony/parking.js';

export const MAX_SLOTS = 100;
/** Limits of the time-out, in seconds. */
export const TIMEOUT_S = { min: 10, max: 3_600 } as const;
/** Numbers inside the house have 8 digits at most. */
const LAST_NUMBER = 99_999_999;

/** The form. `country` decides which numbers help in an emergency. */
export const parkingForm = (country: string) =>
  z
    .object({
      isEnabled: flagField(),
      firstSlot: patternField(/^[1-9]\d{1,7}$/, 'parking.problem.number'),
      slots: integerField(1, MAX_SLOTS),
      timeoutS: integerField(TIMEOUT_S.min, TIMEOUT_S.max),
    })
    .transform(({ isEnabled, firstSlot, slots, timeoutS }): Parking => ({
      ...{ isEnabled, firstSlot: Number(firstSlot), slots },
      timeoutMs: timeoutS * 1000,
    }))
    .superRefine((parking, context) => {
      const { firstSlot, slots } = parking;
      if (firstSlot + slots - 1 > LAST_NUMBER)
        context.addIssue({ ...problem('parking.problem.too-high'), path: ['slots'] });
      const number = slotsOf(parking).find((slot) => isEmergencyNumber(slot, country));
      if (number !== undefined)
        context.addIssue({
          ...problem('parking.problem.emergency', { number }),
          path: ['firstSlot'],
        });
    });

/** What the form shows of it. */
export const formValues = ({ isEnabled, firstSlot, slots, timeoutMs }: Parking) => ({
  isEnabled,
  firstSlot: String(firstSlot),
  slots: String(slots),
  timeoutS: String(timeoutMs / 1000),
});
