import type { Knex } from 'knex';
import type {
  AgentId,
  CallId,
  CampaignId,
  ContactId,
  FollowUpId,
  QueueId,
} from '../../kernel/ids.js';
import type { FollowUpKind, FollowUpLine, FollowUpSource, FollowUpState } from './follow-up.js';

/** A row of {@link namedFollowUps}. */
export interface FollowUpRow {
  readonly id: FollowUpId;
  readonly kind: FollowUpKind;
  readonly state: FollowUpState;
  readonly contact_id: ContactId;
  readonly contact_name: string;
  readonly company: string;
  readonly number: string;
  readonly time_zone: string;
  readonly campaign_id: CampaignId | null;
  readonly campaign_name: string | null;
  readonly team_id: QueueId | null;
  readonly team_name: string | null;
  readonly agent_id: AgentId | null;
  readonly agent_name: string | null;
  readonly due_at: Date;
  readonly note: string;
  readonly outcome: string;
  readonly source: FollowUpSource;
  readonly attempts: number;
  readonly last_result: string;
  readonly call_id: CallId | null;
  readonly created_at: Date;
  readonly user_name: string | null;
  readonly closed_at: Date | null;
  readonly escalated_at: Date | null;
  readonly handed_from: string | null;
}

/** Follow-ups (`follow_ups as f`, `contacts as c`) with the names of what they are about. */
export const namedFollowUps = (db: Knex): Knex.QueryBuilder =>
  db('follow_ups as f')
    .join('contacts as c', 'c.id', 'f.contact_id')
    .leftJoin('campaigns as p', 'p.id', 'f.campaign_id')
    .leftJoin('queues as q', 'q.id', db.raw('COALESCE(f.queue_id, p.queue_id)'))
    .leftJoin('agents as a', 'a.id', 'f.agent_id')
    .leftJoin('agents as h', 'h.id', 'f.handed_from_id')
    .leftJoin('users as u', 'u.id', 'f.user_id')
    .select('f.*', 'c.company', 'c.time_zone', {
      contact_name: 'c.name',
      campaign_name: 'p.name',
      team_id: 'q.id',
      team_name: 'q.name',
      agent_name: 'a.name',
      handed_from: 'h.name',
      user_name: 'u.name',
    });

export const lineOf = (row: FollowUpRow): FollowUpLine => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  contactId: row.contact_id,
  contactName: row.contact_name,
  company: row.company,
  number: row.number,
  timeZone: row.time_zone,
  campaignId: row.campaign_id ?? undefined,
  campaignName: row.campaign_name ?? '',
  queueId: row.team_id ?? undefined,
  queueName: row.team_name ?? '',
  agentId: row.agent_id ?? undefined,
  agentName: row.agent_name ?? '',
  dueAt: row.due_at,
  note: row.note,
  outcome: row.outcome,
  source: row.source,
  attempts: row.attempts,
  lastResult: row.last_result,
  callId: row.call_id ?? undefined,
  createdAt: row.created_at,
  createdBy: row.user_name ?? '',
  closedAt: row.closed_at ?? undefined,
  escalatedAt: row.escalated_at ?? undefined,
  handedFrom: row.handed_from ?? '',
});
