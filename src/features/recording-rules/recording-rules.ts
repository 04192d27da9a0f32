import { z } from 'zod';
import { RECORDING_MODES, type RecordingMode } from '../../engines/recording/policy.js';
import { choiceField, patternField, problem, secondsField } from '../../kernel/fields.js';
import { CODE_FORM } from '../../telephony/feature-codes.js';
import {
  DEFAULT_RECORDING,
  type NoticePrefix,
  type RecordingSettings,
} from '../../telephony/recording-settings.js';
import type { SettingKind } from '../configuration/index.js';

/** Limits of how long a pause may last. */
export const MAX_PAUSE_S = { min: 10, max: 1_800, default: 180 } as const;
/** Prefixes that one list holds at most; more are a mistake. */
const MAX_PREFIXES = 500;

const mode = z.enum(RECORDING_MODES);
const storedSchema = z
  .object({
    site: z.object({ inbound: mode, outbound: mode, internal: mode }),
    maxPauseMs: z.number(),
    codes: z.object({ record: z.string(), pause: z.string() }),
    prefixes: z.array(z.object({ prefix: z.string(), notice: z.enum(['notice', 'choice']) })),
  })
  .catch({ ...DEFAULT_RECORDING, prefixes: [] });

/** What holds for recording on the whole site, as one setting. */
export const RECORDING_SETTING: SettingKind<RecordingSettings> = {
  name: 'recording',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_RECORDING),
  describe: ({ site, maxPauseMs, codes, prefixes }) => ({
    ...site,
    maxPauseS: maxPauseMs / 1000,
    recordCode: codes.record,
    pauseCode: codes.pause,
    noticePrefixes: prefixesOf(prefixes, 'notice').join(', '),
    choicePrefixes: prefixesOf(prefixes, 'choice').join(', '),
  }),
};

const prefixesField = () =>
  z
    .string()
    .default('')
    .transform((text, context): readonly string[] => {
      const found = [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ''))];
      const wrong = found.find((part) => !/^\+[1-9]\d{0,14}$/.test(part));
      if (wrong !== undefined)
        context.addIssue(problem('recording-rules.problem.prefix', { prefix: wrong.slice(0, 40) }));
      if (found.length > MAX_PREFIXES)
        context.addIssue(problem('recording-rules.problem.prefixes', { max: MAX_PREFIXES }));
      return found;
    });

const modeField = () => choiceField(RECORDING_MODES);
const codeField = () => patternField(CODE_FORM, 'feature-codes.problem.form');

/** The form. */
export const recordingForm = z
  .object({
    inbound: modeField(),
    outbound: modeField(),
    internal: modeField(),
    maxPauseS: secondsField(MAX_PAUSE_S.min, MAX_PAUSE_S.max),
    recordCode: codeField(),
    pauseCode: codeField(),
    noticePrefixes: prefixesField(),
    choicePrefixes: prefixesField(),
  })
  .superRefine(({ recordCode, pauseCode, noticePrefixes, choicePrefixes }, context) => {
    // Phones send key after key: the shorter of the two would always win.
    if (recordCode.startsWith(pauseCode) || pauseCode.startsWith(recordCode))
      context.addIssue({
        ...problem('recording-rules.problem.codes', { code: recordCode }),
        path: ['pauseCode'],
      });
    const twice = noticePrefixes.find((prefix) => choicePrefixes.includes(prefix));
    if (twice !== undefined)
      context.addIssue({
        ...problem('recording-rules.problem.twice', { prefix: twice }),
        path: ['choicePrefixes'],
      });
  })
  .transform((form): RecordingSettings => ({
    site: { inbound: form.inbound, outbound: form.outbound, internal: form.internal },
    maxPauseMs: form.maxPauseS * 1000,
    codes: { record: form.recordCode, pause: form.pauseCode },
    prefixes: [
      ...form.noticePrefixes.map((prefix) => ({ prefix, notice: 'notice' as const })),
      ...form.choicePrefixes.map((prefix) => ({ prefix, notice: 'choice' as const })),
    ],
  }));

/** What the form shows of it. */
export const formValues = ({ site, maxPauseMs, codes, prefixes }: RecordingSettings) => ({
  ...(site satisfies Readonly<Record<string, RecordingMode>>),
  maxPauseS: String(maxPauseMs / 1000),
  recordCode: codes.record,
  pauseCode: codes.pause,
  noticePrefixes: prefixesOf(prefixes, 'notice').join('\n'),
  choicePrefixes: prefixesOf(prefixes, 'choice').join('\n'),
});

const prefixesOf = (prefixes: readonly NoticePrefix[], notice: NoticePrefix['notice']) =>
  prefixes.filter((one) => one.notice === notice).map((one) => one.prefix);
