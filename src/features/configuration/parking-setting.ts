import { z } from 'zod';
import { DEFAULT_PARKING, type Parking } from '../../telephony/parking.js';
import type { SettingKind } from './knex-setting-store.js';

const storedSchema = z
  .object({
    isEnabled: z.boolean(),
    firstSlot: z.number(),
    slots: z.number(),
    timeoutMs: z.number(),
  })
  .catch(DEFAULT_PARKING);

/** The slots for parked calls as one setting of the site: their numbers belong to the number plan. */
export const PARKING_SETTING: SettingKind<Parking> = {
  name: 'parking',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_PARKING),
  describe: ({ isEnabled, firstSlot, slots, timeoutMs }) => ({
    ...{ isEnabled, firstSlot, slots },
    timeoutS: timeoutMs / 1000,
  }),
};
