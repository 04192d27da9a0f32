import { z } from 'zod';
import { flagField, patternField } from '../../kernel/fields.js';
import {
  CODE_FORM,
  DEFAULT_CODES,
  FEATURE_NAMES,
  type FeatureCodes,
  type FeatureName,
} from '../../telephony/feature-codes.js';
import type { SettingKind } from '../configuration/index.js';

const storedSchema = z
  .partialRecord(z.string(), z.object({ code: z.string(), isEnabled: z.boolean() }))
  .catch({});

/** Codes that a later release brings have their default; those that it no longer has are left out. */
const parse = (stored: unknown): FeatureCodes => {
  const known = storedSchema.parse(stored ?? {});
  return Object.fromEntries(
    FEATURE_NAMES.map((name) => [name, known[name] ?? DEFAULT_CODES[name]]),
  ) as FeatureCodes;
};

/** The codes as one setting of the site. */
export const FEATURE_CODE_SETTING: SettingKind<FeatureCodes> = {
  name: 'feature-codes',
  parse,
  describe: (codes) =>
    Object.fromEntries(
      FEATURE_NAMES.map((name) => [name, codes[name].isEnabled ? codes[name].code : '']),
    ),
};

/** Names of the form's fields. */
export const codeField = (name: FeatureName): `code.${FeatureName}` => `code.${name}`;
export const enabledField = (name: FeatureName): `on.${FeatureName}` => `on.${name}`;

/** The form: a code and a switch for each feature. */
export const featureCodesForm = z
  .object({
    ...Object.fromEntries(
      FEATURE_NAMES.map((name) => [
        codeField(name),
        patternField(CODE_FORM, 'feature-codes.problem.form'),
      ]),
    ),
    ...Object.fromEntries(FEATURE_NAMES.map((name) => [enabledField(name), flagField()])),
  })
  .transform((form): FeatureCodes => {
    const typed = form as Readonly<Record<string, string | boolean>>;
    return Object.fromEntries(
      FEATURE_NAMES.map((name) => [
        name,
        { code: String(typed[codeField(name)]), isEnabled: typed[enabledField(name)] === true },
      ]),
    ) as FeatureCodes;
  });
