import { z } from 'zod';
import { ANSWER_KINDS, type Script } from '../../engines/script/script.js';
import type { DispositionId } from '../../kernel/ids.js';

const texts = z.object({ en: z.string(), 'zh-CN': z.string() });
const disposition = z.number().transform((id) => id as DispositionId);

const pagesSchema = z.array(
  z.object({
    ...{ key: z.string(), title: texts, text: texts },
    questions: z.array(
      z.object({
        ...{ key: z.string(), kind: z.enum(ANSWER_KINDS), label: texts },
        ...{ choices: z.array(texts), isNeeded: z.boolean(), field: z.string() },
      }),
    ),
    ways: z.array(
      z.object({
        label: texts,
        to: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('page'), page: z.string() }),
          z.object({ kind: z.literal('disposition'), disposition }),
          z.object({ kind: z.literal('end') }),
        ]),
      }),
    ),
  }),
);

/** The pages of a column of JSON, which the driver may have read already. Throws for what this version does not know. */
export const readPages = (column: unknown): Script['pages'] =>
  pagesSchema.parse(typeof column === 'string' ? JSON.parse(column) : column);
