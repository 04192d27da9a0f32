import { z } from 'zod';
import { can, type Actor } from '../../kernel/actor.js';
import { flagField } from '../../kernel/fields.js';
import type { Directory, NumberPrivacy } from '../../telephony/directory.js';
import type { SettingKind } from '../configuration/index.js';

const SHOWN: NumberPrivacy = { isMasked: false };
const storedSchema = z.object({ isMasked: z.boolean() }).catch(SHOWN);

/** Whether numbers of people outside are masked for those who may not see them, as one setting. */
export const NUMBER_PRIVACY_SETTING: SettingKind<NumberPrivacy> = {
  name: 'number-privacy',
  parse: (stored) => storedSchema.parse(stored ?? SHOWN),
  describe: ({ isMasked }) => ({ isMasked }),
};

/** Who does not see numbers of people outside whole. */
export const masksNumbersIn =
  (directory: Pick<Directory, 'current'>) =>
  (actor: Actor): boolean =>
    directory.current.numberPrivacy.isMasked && !can(actor, 'numbers.read');

/** The form. */
export const numberPrivacyForm = z.object({ isMasked: flagField() });
