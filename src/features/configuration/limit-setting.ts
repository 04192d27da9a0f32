import { z } from 'zod';
import { DEFAULT_LIMITS, type LimitSettings } from '../../telephony/limits.js';
import type { SettingKind } from './knex-setting-store.js';
import { storedTargetSchema, targetText } from './target.js';
import type { Target } from '../../telephony/directory.js';

const count = z.int().nonnegative();

const storedSchema = z
  .object({
    load: z.object({
      ...{ maxCalls: count, reserve: count, perSecond: count },
      ...{ perSource: count, perSourceMinute: count },
    }),
    busyTarget: storedTargetSchema.optional(),
    outside: z.object({ callsPerHour: count, atOnce: count, costPerHour: count }),
  })
  .transform(({ load, busyTarget, outside }): LimitSettings => ({
    ...{ load, outside },
    ...(busyTarget === undefined ? {} : { busyTarget: busyTarget as Target }),
  }))
  .catch(DEFAULT_LIMITS);

/** How much is taken and what an extension may use, as one setting of the site. */
export const LIMIT_SETTING: SettingKind<LimitSettings> = {
  name: 'limits',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_LIMITS),
  describe: ({ load, busyTarget, outside }) => ({
    ...{ ...load, ...outside },
    busyTarget: busyTarget === undefined ? '' : targetText(busyTarget),
  }),
};
