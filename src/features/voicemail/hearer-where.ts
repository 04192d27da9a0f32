import type { Knex } from 'knex';
import type { AgentId } from '../../kernel/ids.js';

/**
 * Narrows messages (`voicemails as v`) to those that an agent may hear: for the agent's own extension, for queues whose
 * members hear theirs, and for boxes that name the agent.
 */
export function whereHeardBy(query: Knex.QueryBuilder, db: Knex, agentId: AgentId): void {
  void query.where((either) => {
    const named = (column: string) =>
      db('mailboxes as m')
        .join('mailbox_listeners as l', 'l.mailbox_id', 'm.id')
        .where('l.agent_id', agentId)
        .whereNotNull(`m.${column}`)
        .select(`m.${column}`);
    void either
      .whereIn('v.extension_id', db('agents').where('id', agentId).select('extension_id'))
      .orWhereIn('v.extension_id', named('extension_id'))
      .orWhereIn('v.queue_id', named('queue_id'))
      .orWhereIn(
        'v.queue_id',
        db('queue_members')
          .where('agent_id', agentId)
          .whereNotExists(
            db('mailboxes as m')
              .whereRaw('m.queue_id = queue_members.queue_id')
              .where('m.members_hear', false)
              .select('m.id'),
          )
          .select('queue_id'),
      );
  });
}
