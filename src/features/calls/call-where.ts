import type { Knex } from 'knex';
import type { ListQuery } from '../../kernel/list.js';
import { orNumberOrText } from '../number-privacy/index.js';
import { REACHED_SQL, withFigure } from '../report-sums/index.js';
import { isCallId, type CallFilters } from './call.js';

type Wanted = Partial<CallFilters & Pick<ListQuery, 'search' | 'wholeNumbersOnly'>>;

/** Leaves those calls (`calls as c`) that match. Everything typed goes in as a bound parameter. */
export function narrowed<Query extends Knex.QueryBuilder>(
  query: Query,
  wanted: Wanted,
  country = '',
): Query {
  if (wanted.fromAt !== undefined) void query.where('c.started_at', '>=', new Date(wanted.fromAt));
  if (wanted.toAt !== undefined) void query.where('c.started_at', '<', new Date(wanted.toAt));
  if (wanted.direction !== undefined) void query.where('c.direction', wanted.direction);
  if (wanted.result === 'open') void query.whereNull('c.ended_at');
  else if (wanted.result !== undefined) void query.where('c.result', wanted.result);
  if (wanted.queueId !== undefined) void query.where('c.queue_id', wanted.queueId);
  if (wanted.agentId !== undefined) withAgent(query, wanted.agentId);
  if (wanted.extensionId !== undefined) void query.where('c.extension_id', wanted.extensionId);
  if (wanted.didId === 'any') void query.whereNotNull('c.did_id');
  else if (wanted.didId !== undefined) void query.where('c.did_id', wanted.didId);
  if (wanted.reached !== undefined) void query.whereRaw(REACHED_SQL[wanted.reached]);
  if (wanted.figure !== undefined) withFigure(query, 'c.id', wanted.figure);
  if (wanted.dispositionId !== undefined) withDisposition(query, wanted.dispositionId);
  if (wanted.withTests === false) void query.where('c.test', false);
  if (wanted.ownAgentId !== undefined) onlyOwn(query, wanted.ownAgentId);
  if (wanted.search !== undefined && wanted.search !== '')
    search(query, { ...wanted, search: wanted.search }, country);
  return query;
}

/** Calls of an agent, also those that the agent sent on. */
function withAgent(query: Knex.QueryBuilder, agentId: number): void {
  void query.where((either) => {
    void either.where('c.agent_id', agentId).orWhereIn('c.id', (talks: Knex.QueryBuilder) => {
      void talks
        .from('call_talks as k')
        .where({ 'k.agent_id': agentId, 'k.kind': 'talk' })
        .select('k.call_id');
    });
  });
}

/** Calls of which an agent said this, or something below it; the tree has three levels. */
function withDisposition(query: Knex.QueryBuilder, id: number): void {
  void query.whereIn('c.id', (said: Knex.QueryBuilder) => {
    void said
      .from('call_dispositions as cd')
      .join('dispositions as d1', 'd1.id', 'cd.disposition_id')
      .leftJoin('dispositions as d2', 'd2.id', 'd1.parent_id')
      .where((any) => {
        void any.where('d1.id', id).orWhere('d2.id', id).orWhere('d2.parent_id', id);
      })
      .select('cd.call_id');
  });
}

/** Calls in which the agent talked, also those that went on to another agent. */
function onlyOwn(query: Knex.QueryBuilder, agentId: number): void {
  void query.where((either) => {
    void either.where('c.agent_id', agentId).orWhereIn('c.id', (legs: Knex.QueryBuilder) => {
      void legs
        .from('call_legs as l')
        .where('l.agent_id', agentId)
        .whereNotNull('l.answered_at')
        .select('l.call_id');
    });
  });
}

/** A call's id, a number in any way of writing it, or a part of a number or name. */
function search(
  query: Knex.QueryBuilder,
  wanted: Pick<ListQuery, 'search' | 'wholeNumbersOnly'>,
  country: string,
): void {
  const id = wanted.search.toUpperCase();
  if (isCallId(id)) {
    void query.where('c.id', id);
    return;
  }
  void query.where((either) => {
    orNumberOrText(either, {
      ...{ query: wanted, country },
      numbers: ['c.from_number', 'c.to_number'],
      texts: ['c.from_name'],
    });
  });
}
