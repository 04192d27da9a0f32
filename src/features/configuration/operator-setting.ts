import { z } from 'zod';
import { DEFAULT_OPERATOR, type Operator, type OperatorTarget } from '../../telephony/operator.js';
import type { SettingKind } from './knex-setting-store.js';
import { targetText } from './target.js';

const storedSchema = z
  .object({
    number: z.string(),
    target: z
      .object({ kind: z.enum(['extension', 'ring-group', 'queue']), id: z.int().positive() })
      .optional(),
  })
  .transform(({ number, target }): Operator =>
    target === undefined ? { number } : { number, target: target as OperatorTarget },
  )
  .catch(DEFAULT_OPERATOR);

/** Who the operator is, as one setting of the site: the number belongs to the number plan. */
export const OPERATOR_SETTING: SettingKind<Operator> = {
  name: 'operator',
  parse: (stored) => storedSchema.parse(stored ?? DEFAULT_OPERATOR),
  describe: ({ number, target }) => ({
    number,
    target: target === undefined ? '' : targetText(target),
  }),
};
