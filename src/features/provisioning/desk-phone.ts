import { z } from 'zod';
import { choiceField, flagField, idsField, problem, textField } from '../../kernel/fields.js';
import type { DeskPhoneId, ExtensionId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';
import { readLineKeys } from './line-keys.js';
import { parseMac } from './mac.js';
import { MODEL_IDS, modelOf, type ModelId } from './models.js';

/** A desk phone as the form sets it. */
export interface DeskPhoneDraft {
  /** Twelve small hexadecimal digits. */
  readonly mac: string;
  readonly name: string;
  readonly model: ModelId;
  /** In the order of the phone's lines. */
  readonly lines: readonly ExtensionId[];
  /** A number and a name a line, as typed. */
  readonly keys: string;
  /** Switched off, it gets no file. */
  readonly isEnabled: boolean;
}

/** What a phone proves itself with, and what opens its menus. */
export interface PhoneSecrets {
  readonly secretSealed: string;
  readonly adminSealed: string;
}

export interface StoredDeskPhone extends Versioned<DeskPhoneId>, DeskPhoneDraft, PhoneSecrets {
  /** Undefined before the first fetch. */
  readonly fetchedAt: Date | undefined;
  /** SHA-256 of the file that it got last. */
  readonly fetchedHash: string;
}

export const DESK_PHONE_SORTS = ['mac', 'name', 'model', 'fetched', 'updated'] as const;
export type DeskPhoneSort = (typeof DESK_PHONE_SORTS)[number];

/** A MAC address in any usual way to write it. */
const macField = z
  .string('form.problem.needed')
  .trim()
  .transform((text, context) => {
    const mac = parseMac(text);
    if (mac !== undefined) return mac;
    context.addIssue(problem(text === '' ? 'form.problem.needed' : 'provisioning.problem.mac'));
    return z.NEVER;
  });

/** The form, and one row of an import. */
export const deskPhoneSchema = z
  .object({
    mac: macField,
    name: textField({ max: 80 }),
    model: choiceField(MODEL_IDS),
    lines: z.preprocess(
      (value: unknown) => [value].flat().filter((one) => one !== '' && one !== undefined),
      idsField<ExtensionId>(),
    ),
    keys: z.string().max(4_000, 'form.problem.unfit').default(''),
    isEnabled: flagField(),
  })
  .superRefine(({ model: id, lines, keys: text }, context) => {
    const model = modelOf(id);
    if (model === undefined) return;
    if (lines.length === 0)
      context.addIssue({ ...problem('provisioning.problem.no-line'), path: ['lines'] });
    if (lines.length > model.lines)
      context.addIssue({
        ...problem('provisioning.problem.lines', { model: model.name, max: model.lines }),
        path: ['lines'],
      });
    const keys = readLineKeys(text);
    if (!keys.ok)
      context.addIssue({
        ...problem('provisioning.problem.key', { line: keys.line }),
        path: ['keys'],
      });
    else if (keys.keys.length > model.keys)
      context.addIssue({
        ...problem('provisioning.problem.keys', { model: model.name, max: model.keys }),
        path: ['keys'],
      });
  });
