import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { AgentId, AgentMessageId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import type { OwnMessage, SentMessage } from './message.js';

interface MessageRow {
  readonly id: AgentMessageId;
  readonly sent_at: Date;
  readonly sent_by: string;
  readonly sent_to: string;
  readonly text: string;
}

const toMessage = ({ id, sent_at, sent_by, text }: MessageRow): OwnMessage => ({
  ...{ id, by: sent_by, at: sent_at, text },
});

/** Messages in MariaDB. Rejects while the database is away. */
export class KnexMessageStore {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  /** With its line of the audit log, in one transaction. */
  send(
    actor: Actor,
    message: {
      readonly to: string;
      readonly text: string;
      readonly agents: readonly AgentId[];
      readonly at: Date;
    },
  ): Promise<AgentMessageId> {
    const { to, text, agents, at } = message;
    return inTransaction(this.db, async (tx) => {
      const [id] = (await tx('agent_messages').insert({
        ...{ sent_at: at, sent_by: actor.name, sent_to: to.slice(0, 500), text },
      })) as [AgentMessageId];
      await tx('agent_message_recipients').insert(
        agents.map((agent_id) => ({ message_id: id, agent_id })),
      );
      await this.auditLog(tx).record(actor, {
        ...{ action: 'agent.message', objectKind: 'agent-message', objectId: String(id) },
        objectName: to,
        changes: { text: ['', text], recipients: ['', agents.length] },
      });
      return id;
    });
  }

  /** What each agent has not seen, the oldest first; agents without are absent. */
  async unseen(since: Date): Promise<ReadonlyMap<AgentId, readonly OwnMessage[]>> {
    const rows = await this.db('agent_message_recipients as r')
      .join('agent_messages as m', 'm.id', 'r.message_id')
      .whereNull('r.seen_at')
      .where('m.sent_at', '>=', since)
      .orderBy('m.id')
      .select<(MessageRow & { readonly agent_id: AgentId })[]>('r.agent_id', 'm.*');
    const messages = new Map<AgentId, OwnMessage[]>();
    for (const row of rows)
      messages.set(row.agent_id, [...(messages.get(row.agent_id) ?? []), toMessage(row)]);
    return messages;
  }

  /** False where the message is not the agent's, or was seen before. */
  async noteSeen(agent: AgentId, id: AgentMessageId, at: Date): Promise<boolean> {
    const changed = await this.db('agent_message_recipients')
      .where({ message_id: id, agent_id: agent })
      .whereNull('seen_at')
      .update({ seen_at: at });
    return changed > 0;
  }

  /** Newest first. */
  async latest(limit: number): Promise<readonly SentMessage[]> {
    const rows = (await this.db('agent_messages')
      .orderBy('id', 'desc')
      .limit(limit)) as MessageRow[];
    const recipients = await this.db('agent_message_recipients as r')
      .join('agents as a', 'a.id', 'r.agent_id')
      .whereIn(
        'r.message_id',
        rows.map(({ id }) => id),
      )
      .orderBy('a.name')
      .select<{ message_id: AgentMessageId; seen_at: Date | null; name: string }[]>(
        'r.message_id',
        'r.seen_at',
        'a.name',
      );
    return rows.map((row) => {
      const own = recipients.filter(({ message_id }) => message_id === row.id);
      const unseen = own.filter(({ seen_at }) => seen_at === null);
      return {
        ...toMessage(row),
        to: row.sent_to,
        recipients: own.length,
        seen: own.length - unseen.length,
        unseenBy: unseen.map(({ name }) => name),
      };
    });
  }
}
