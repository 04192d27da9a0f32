import { z } from 'zod';
import type { AgentStateChange } from '../../kernel/agent-state-change.js';
import type { CallEvent } from '../../kernel/call-event.js';

/** What travels to the database: one stream carries events of calls and state changes of agents. */
export type LedgerRecord =
  | { readonly kind: 'call-event'; readonly event: CallEvent }
  | { readonly kind: 'agent-state'; readonly change: AgentStateChange };

const id = z.string().length(26);
const at = z.number().int().nonnegative();
// Only what storing and folding rely on is checked: a newer program's kinds of events pass through an older writer.
const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call-event'),
    event: z.looseObject({
      id,
      callId: id,
      seq: z.number().int().nonnegative(),
      at,
      kind: z.string().min(1).max(32),
    }),
  }),
  z.object({
    kind: z.literal('agent-state'),
    change: z.object({
      id,
      agentId: z.number().int().positive(),
      at,
      state: z.string().min(1).max(16),
      reason: z.string(),
      note: z.string().optional(),
      callId: id.optional(),
    }),
  }),
]);

/** One line of JSON, without a line break. */
export const encodeRecord = (record: LedgerRecord): string => JSON.stringify(record);

/** undefined where the text is not a record: torn by a crash, or written by something else. */
export function decodeRecord(text: string): LedgerRecord | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as LedgerRecord) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
