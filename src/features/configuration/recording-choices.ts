import { RECORDING_NOTICES, RECORDING_RULES } from '../../engines/recording/policy.js';
import type { Translate } from '../../web/kit/index.js';

/** What forms offer about recording. */
export const recordingChoices = (t: Translate) => ({
  recordingRules: RECORDING_RULES.map((value) => ({ value, label: t(`recording.rule.${value}`) })),
  recordingNotices: RECORDING_NOTICES.map((value) => ({
    value,
    label: t(`recording.notice.${value}`),
  })),
});
