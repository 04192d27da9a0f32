import { z } from 'zod';
import { DEFAULT_EMERGENCY, type EmergencySettings } from '../../telephony/emergency.js';
import type { SettingKind } from './knex-setting-store.js';

const storedSchema = z
  .object({ numbers: z.array(z.string()), callerId: z.string() })
  .catch({ numbers: [], callerId: '' });

/** Calls for help as one setting of the site: their numbers belong to the number plan. */
export const EMERGENCY_SETTING: SettingKind<EmergencySettings> = {
  name: 'emergency',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_EMERGENCY),
  describe: ({ numbers, callerId }) => ({ numbers: numbers.join(', '), callerId }),
};
