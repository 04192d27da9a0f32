import { z } from 'zod';
import { secondsField } from '../../kernel/fields.js';
import type { SettingKind } from '../configuration/index.js';

/** When what nobody has done is shown to supervisors, and when what is an agent's becomes the team's. */
export interface FollowUpTimes {
  /** After the due time. */
  readonly escalateMs: number;
  /** After the due time, where the agent is not signed in. */
  readonly handOnMs: number;
}

export const TIMES_LIMITS = {
  escalateS: { min: 60, max: 7 * 86_400, default: 3_600 },
  handOnS: { min: 60, max: 7 * 86_400, default: 900 },
} as const;

export const DEFAULT_TIMES: FollowUpTimes = {
  escalateMs: TIMES_LIMITS.escalateS.default * 1_000,
  handOnMs: TIMES_LIMITS.handOnS.default * 1_000,
};

const storedSchema = z
  .object({ escalateMs: z.number(), handOnMs: z.number() })
  .catch(DEFAULT_TIMES);

/** Both as one setting of the site. */
export const FOLLOW_UP_SETTING: SettingKind<FollowUpTimes> = {
  name: 'follow-ups',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_TIMES),
  describe: ({ escalateMs, handOnMs }) => ({
    escalateS: escalateMs / 1_000,
    handOnS: handOnMs / 1_000,
  }),
};

/** The form. */
export const timesSchema = z
  .object({
    escalateS: secondsField(TIMES_LIMITS.escalateS.min, TIMES_LIMITS.escalateS.max),
    handOnS: secondsField(TIMES_LIMITS.handOnS.min, TIMES_LIMITS.handOnS.max),
  })
  .transform(({ escalateS, handOnS }): FollowUpTimes => ({
    escalateMs: escalateS * 1_000,
    handOnMs: handOnS * 1_000,
  }));
