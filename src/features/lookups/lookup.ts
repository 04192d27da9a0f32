import { z } from 'zod';
import { isHost } from '../../kernel/addresses.js';
import { integerField, problem, textField } from '../../kernel/fields.js';
import type { LookupId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** A database that flows may read from, as it is stored. */
export interface LookupDraft {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Set where the password changes. */
  readonly passwordSealed?: string;
}

export interface StoredLookup extends Versioned<LookupId>, Omit<LookupDraft, 'passwordSealed'> {
  readonly hasPassword: boolean;
}

export const LOOKUP_SORTS = ['name', 'updated'] as const;
export type LookupSort = (typeof LOOKUP_SORTS)[number];

export const DEFAULT_PORT = 3_306;

/** The form. An empty password keeps the stored one. */
export const lookupSchema = z.object({
  name: textField({ max: 80 }),
  host: textField({ max: 253 }).superRefine((host, context) => {
    if (host !== '' && !isHost(host)) context.addIssue(problem('lookups.problem.host'));
  }),
  port: integerField(1, 65_535),
  database: textField({ max: 64 }),
  user: textField({ max: 80 }),
  password: textField({ min: 0, max: 128 }).default(''),
});
export type LookupValues = z.output<typeof lookupSchema>;
