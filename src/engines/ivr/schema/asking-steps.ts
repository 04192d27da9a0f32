import { z } from 'zod';
import { base, MAX_TEMPLATE, type SchemaParts } from './parts.js';

const MAX_BODY = 10_000;
const MAX_QUERY = 4_000;

/** How another system may be asked. */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** Steps that ask other systems or tell them something. */
export const askingSteps = ({ exit, reference, text, variable }: SchemaParts) =>
  [
    z.object({
      kind: z.literal('http'),
      ...base,
      method: z.enum(HTTP_METHODS),
      url: text(MAX_TEMPLATE),
      headers: z
        .array(
          z.object({
            name: z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/),
            value: z.string().max(MAX_TEMPLATE),
          }),
        )
        .max(20),
      body: z.string().max(MAX_BODY).optional(),
      contentType: z.enum(['application/json', 'application/x-www-form-urlencoded', 'text/plain']),
      timeoutMs: z.int().min(500).max(30_000),
      /** The same request may be sent again safely: it carries a key by which the other side knows it. */
      idempotent: z.boolean(),
      /** Variables, and where in the JSON answer their values are (`data.orders.0.status`). */
      answers: z.array(z.object({ variable, path: text(200) })).max(20),
      /** Played while it runs. */
      holdPrompt: reference.optional(),
      next: exit,
      error: exit,
    }),
    z.object({
      kind: z.literal('sql'),
      ...base,
      connection: reference,
      /** One SELECT; `:name` stands for the value of a variable. */
      query: text(MAX_QUERY),
      timeoutMs: z.int().min(100).max(30_000),
      /** Variables, and the columns of the first row that they get. */
      answers: z.array(z.object({ variable, column: text(100) })).max(20),
      found: exit,
      empty: exit,
      error: exit,
    }),
    z.object({
      kind: z.literal('customer'),
      ...base,
      /** The number by which the caller is known. */
      by: text(MAX_TEMPLATE),
      found: exit,
      unknown: exit,
    }),
    z.object({
      kind: z.literal('webhook'),
      ...base,
      url: text(MAX_TEMPLATE),
      body: z.string().max(MAX_BODY),
      next: exit,
    }),
  ] as const;
