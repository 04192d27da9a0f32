import { z } from 'zod';
import { IS_VARIABLE_NAME, VARIABLE_NAME } from '../variable-name.js';

/** Characters of a text with variables, where nothing else limits it. */
export const MAX_TEMPLATE = 2_000;

/**
 * What a published flow and a draft differ in. Of a published one every exit, reference and text is there; in a draft
 * exits and texts may still be '' and references 0.
 */
export interface SchemaParts {
  readonly exit: z.ZodString;
  /** Row id of something that an administrator named. */
  readonly reference: z.ZodInt;
  readonly text: (max: number) => z.ZodString;
  /** Name of a variable that the step sets. */
  readonly variable: z.ZodString;
}

export const STRICT: SchemaParts = {
  exit: z.string().regex(/^[a-z0-9-]{1,40}$/),
  reference: z.int().positive(),
  text: (max) => z.string().min(1).max(max),
  variable: z.string().regex(IS_VARIABLE_NAME),
};

export const DRAFT: SchemaParts = {
  exit: z.string().regex(/^[a-z0-9-]{0,40}$/),
  reference: z.int().min(0),
  text: (max) => z.string().max(max),
  variable: z.string().regex(new RegExp(`^(${VARIABLE_NAME})?$`)),
};

/** What every step has. */
export const base = {
  label: z.string().trim().min(1).max(80),
  /** For those who edit the flow; callers never hear it. */
  note: z.string().max(1_000).optional(),
  /** Where the drawing shows the step, if somebody moved it there. */
  position: z
    .object({
      x: z.int().min(-100_000).max(100_000),
      y: z.int().min(-100_000).max(100_000),
    })
    .optional(),
};
