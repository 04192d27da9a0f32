import { z } from 'zod';
import { RING_STRATEGIES, type RingStrategy } from '../../engines/reach/ring-plan.js';
import { choiceField, flagField, problem, secondsField, textField } from '../../kernel/fields.js';
import type { RingGroupId } from '../../kernel/ids.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import type { RingMember, Target } from '../../telephony/directory.js';
import { targetField, type Versioned } from '../configuration/index.js';

/** Members of one group at most: more phones at once are more than anybody hears. */
export const MAX_MEMBERS = 20;
/** Shorter rings are over before anyone lifts; longer ones outlast what carriers wait for. */
export const RING_S = { min: 5, max: 120, default: 20 } as const;

/** A ring group as it is stored. */
export interface RingGroupDraft {
  readonly name: string;
  /** 2 to 8 digits that nothing else in the house has; '' for a group that is not dialled. */
  readonly number: string;
  readonly strategy: RingStrategy;
  readonly ringS: number;
  /** Shown before the caller; '' for nothing. */
  readonly prefix: string;
  readonly confirms: boolean;
  /** Each once, in their order. */
  readonly members: readonly RingMember[];
  readonly elsewhere: Target;
}

export interface StoredRingGroup extends Versioned<RingGroupId>, RingGroupDraft {}

export const RING_GROUP_SORTS = ['name', 'number', 'strategy', 'updated'] as const;
export type RingGroupSort = (typeof RING_GROUP_SORTS)[number];

/** The form. Members are extensions and outside numbers as they were typed; empty places are left out. */
export const ringGroupSchema = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    number: z
      .string()
      .trim()
      .default('')
      .superRefine((number, context) => {
        if (!/^([1-9]\d{1,7})?$/.test(number))
          context.addIssue(problem('ring-groups.problem.number'));
        else if (isEmergencyNumber(number, country))
          context.addIssue(problem('ring-groups.problem.emergency', { number }));
      }),
    strategy: choiceField(RING_STRATEGIES),
    ringS: secondsField(RING_S.min, RING_S.max),
    prefix: textField({ min: 0, max: 20 }),
    confirms: flagField(),
    members: z.preprocess(
      (value) =>
        [value ?? []]
          .flat()
          .map((one: unknown) => (typeof one === 'string' ? one.trim() : ''))
          .filter((one) => one !== ''),
      z.array(z.string().max(40, 'ring-groups.problem.member')).superRefine((members, context) => {
        if (members.length === 0) context.addIssue(problem('ring-groups.problem.no-members'));
        if (members.length > MAX_MEMBERS)
          context.addIssue(problem('ring-groups.problem.too-many', { max: MAX_MEMBERS }));
      }),
    ),
    elsewhere: targetField(),
  });
export type RingGroupValues = z.output<ReturnType<typeof ringGroupSchema>>;
