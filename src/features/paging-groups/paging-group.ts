import { z } from 'zod';
import { idsField, patternField, problem, textField } from '../../kernel/fields.js';
import type { ExtensionId, PagingGroupId } from '../../kernel/ids.js';
import { isEmergencyNumber } from '../../kernel/numbers.js';
import type { Versioned } from '../configuration/index.js';

/** Phones of one group at most: each is a channel of the telephone server while somebody speaks. */
export const MAX_PHONES = 50;

/** A paging group as it is stored. */
export interface PagingGroupDraft {
  readonly name: string;
  /** 2 to 8 digits that nothing else in the house has. */
  readonly number: string;
  readonly members: readonly ExtensionId[];
}

export interface StoredPagingGroup extends Versioned<PagingGroupId>, PagingGroupDraft {}

export const PAGING_GROUP_SORTS = ['number', 'name', 'updated'] as const;
export type PagingGroupSort = (typeof PAGING_GROUP_SORTS)[number];

/** The form. `country` decides which numbers help in an emergency. */
export const pagingGroupSchema = (country: string) =>
  z.object({
    name: textField({ max: 80 }),
    number: patternField(/^[1-9]\d{1,7}$/, 'paging-groups.problem.number').superRefine(
      (number, context) => {
        if (isEmergencyNumber(number, country))
          context.addIssue(problem('paging-groups.problem.emergency', { number }));
      },
    ),
    members: idsField<ExtensionId>().superRefine((members, context) => {
      if (members.length === 0) context.addIssue(problem('paging-groups.problem.nobody'));
      if (members.length > MAX_PHONES)
        context.addIssue(problem('paging-groups.problem.too-many', { max: MAX_PHONES }));
    }),
  });
