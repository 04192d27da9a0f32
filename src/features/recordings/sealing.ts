import { z } from 'zod';
import { choiceField } from '../../kernel/fields.js';
import type { SettingKind } from '../configuration/index.js';
import { KeysLost, type SealingKey, type SealingKeys } from './sealing-keys.js';

/**
 * off: recordings are kept as they were encoded · new: those that are kept from now on are sealed · all: those that were kept before
 * are sealed too, and what an earlier key sealed is sealed again with the last one.
 */
export const SEALING_MODES = ['off', 'new', 'all'] as const;
export type SealingMode = (typeof SEALING_MODES)[number];

/** What of the recordings is sealed. */
export interface SealingRule {
  readonly mode: SealingMode;
}

const FIRST: SealingRule = { mode: 'new' };

/** One setting of the site. */
export const SEALING_SETTING: SettingKind<SealingRule> = {
  name: 'recording-sealing',
  parse: (stored) =>
    z
      .object({ mode: z.enum(SEALING_MODES) })
      .catch(FIRST)
      .parse(stored ?? FIRST),
  describe: ({ mode }) => ({ mode }),
};

/** The form. */
export const sealingSchema = z.object({ mode: choiceField(SEALING_MODES) });

/**
 * The key that seals now. The first one is made when it is first asked for. Throws {@link KeysLost} where recordings are sealed and
 * no key is there: one that was made then would be lost in its turn when the copy of the old ones is brought back.
 */
export async function sealingKey(
  keys: SealingKeys,
  isAnySealed: () => Promise<boolean>,
  now: Date,
): Promise<SealingKey> {
  const last = (await keys.all()).at(-1);
  if (last !== undefined) return last;
  if (await isAnySealed())
    throw new KeysLost(`recordings are sealed, and ${keys.place} holds no key`);
  return keys.add(now);
}
