import { z } from 'zod';
import {
  flagField,
  idsField,
  integerField,
  optionalIdField,
  problem,
  textField,
} from '../../kernel/fields.js';
import type { DispositionId, QueueId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** Deeper trees cannot be read while a call waits for its code. */
export const DEEPEST_LEVEL = 3;
export const NAME_MAX = 60;
export const PHONE_KEY_FORM = /^\d{1,3}$/;

/** A disposition as the form sets it. */
export interface DispositionDraft {
  /** What it stands below; undefined at the top. */
  readonly parentId: DispositionId | undefined;
  readonly nameEn: string;
  readonly nameZh: string;
  /** What agents dial on their phones to choose it; '' for none. */
  readonly phoneKey: string;
  readonly active: boolean;
  readonly allQueues: boolean;
  /** Queues that offer it, ascending; of no meaning where all do. */
  readonly queues: readonly QueueId[];
  /** Whose agents do what follows from it; nothing follows where there is none. */
  readonly followUpQueue: QueueId | undefined;
  readonly followUpHours: number;
}

/** Bounds of the form's numbers, shown beside them. */
export const DISPOSITION_LIMITS = { followUpHours: { min: 1, max: 2_160, default: 24 } } as const;

export interface StoredDisposition extends Versioned<DispositionId>, DispositionDraft {}

export const DISPOSITION_SORTS = ['name', 'updated'] as const;
export type DispositionSort = (typeof DISPOSITION_SORTS)[number];

/** The form. */
export const dispositionSchema = z
  .object({
    parentId: optionalIdField<DispositionId>(),
    nameEn: textField({ max: NAME_MAX }),
    nameZh: textField({ max: NAME_MAX }),
    phoneKey: z
      .string()
      .trim()
      .regex(/^\d{0,3}$/, 'dispositions.problem.phone-key')
      .default(''),
    active: flagField(),
    allQueues: flagField(),
    followUpQueue: optionalIdField<QueueId>(),
    followUpHours: integerField(
      DISPOSITION_LIMITS.followUpHours.min,
      DISPOSITION_LIMITS.followUpHours.max,
    ).default(DISPOSITION_LIMITS.followUpHours.default),
    queues: idsField<QueueId>().transform((ids) => [...ids].sort((a, b) => a - b)),
  })
  .superRefine((draft, context) => {
    if (!draft.allQueues && draft.queues.length === 0)
      context.addIssue({ ...problem('dispositions.problem.no-queue'), path: ['queues'] });
  });
