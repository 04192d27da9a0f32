import { z } from 'zod';
import { flagField, secondsField } from '../../kernel/fields.js';
import type { SettingKind } from '../configuration/index.js';

/** What counts as missed, and within what time somebody has to call back. */
export interface MissedRules {
  readonly dueMs: number;
  readonly withShort: boolean;
}

export const MISSED_LIMITS = { dueS: { min: 60, max: 7 * 86_400, default: 3_600 } } as const;

const DEFAULT_RULES: MissedRules = { dueMs: MISSED_LIMITS.dueS.default * 1_000, withShort: true };

const storedSchema = z.object({ dueMs: z.number(), withShort: z.boolean() }).catch(DEFAULT_RULES);

/** Both as one setting of the site. */
export const MISSED_SETTING: SettingKind<MissedRules> = {
  name: 'missed-callers',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_RULES),
  describe: ({ dueMs, withShort }) => ({ dueS: dueMs / 1_000, withShort }),
};

/** The form. */
export const missedRulesSchema = z
  .object({
    dueS: secondsField(MISSED_LIMITS.dueS.min, MISSED_LIMITS.dueS.max),
    withShort: flagField(),
  })
  .transform(({ dueS, withShort }): MissedRules => ({ dueMs: dueS * 1_000, withShort }));
