import { z } from 'zod';
import { idsField, textField } from '../../kernel/fields.js';
import type { AgentId, AgentMessageId, QueueId } from '../../kernel/ids.js';

export const MAX_TEXT = 300;
/** What nobody has seen for so long leaves the agents' pages: it was about a day that is over. */
export const SHOWN_MS = 12 * 3_600_000;

/** The form. */
export const messageSchema = z.object({
  text: textField({ max: MAX_TEXT }),
  agents: idsField<AgentId>(),
  queues: idsField<QueueId>(),
});
export type MessageForm = z.output<typeof messageSchema>;

/** A message as an agent sees it. */
export interface OwnMessage {
  readonly id: AgentMessageId;
  readonly by: string;
  readonly at: Date;
  readonly text: string;
}

/** A message as supervisors see it. */
export interface SentMessage extends OwnMessage {
  readonly to: string;
  readonly recipients: number;
  readonly seen: number;
  /** Names of those who have not seen it. */
  readonly unseenBy: readonly string[];
}
