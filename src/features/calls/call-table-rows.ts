import type { CallTableRow, LegTableRow } from '../../engines/reporting/table-rows.js';
import type { CallDetail, CallLine, LegLine, Named } from './call.js';

/** A call as the queries of `knex-call-reports` give it. Names are absent where a query does not ask for them. */
export interface CallRowWithNames extends CallTableRow {
  readonly queue_name: string | null;
  readonly agent_name: string | null;
  readonly extension_number?: string | null;
  readonly did_name?: string | null;
  readonly trunk_name?: string | null;
  /** Who had the call, in turn. */
  readonly talkers?: string | null;
}

/** What stands between their names. */
export const TALKERS_SEPARATOR = '\u001f';

/** Who had the call; where it was sent on, all of them in turn. */
function agentsOf({ agent_name: agent, talkers }: CallRowWithNames): string {
  const names = (talkers ?? '').split(TALKERS_SEPARATOR).filter((name) => name !== '');
  const inTurn = names.filter((name, at) => name !== names[at - 1]);
  return inTurn.length > 1 ? inTurn.join(' → ') : (agent ?? '');
}

/** A leg with the names of who was on it. */
export interface LegRowWithNames extends LegTableRow {
  readonly agent_name: string | null;
  readonly trunk_name: string | null;
}

const named = <Id>(id: Id | null, name: string | null | undefined): Named<Id> | undefined =>
  id === null ? undefined : { id, name: name ?? String(id) };

export const toCallLine = (row: CallRowWithNames): CallLine => ({
  id: row.id,
  startedAt: row.started_at,
  direction: row.direction,
  fromNumber: row.from_number,
  fromName: row.from_name,
  toNumber: row.to_number,
  result: row.result ?? undefined,
  isOver: row.ended_at !== null,
  queueName: row.queue_name ?? '',
  agentName: agentsOf(row),
  waitMs: row.wait_ms,
  talkMs: row.talk_ms,
  isTest: row.test === 1,
});

export const toCallDetail = (row: CallRowWithNames): CallDetail => ({
  ...toCallLine(row),
  answeredAt: row.answered_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  endedBy: row.ended_by ?? undefined,
  cause: row.cause ?? undefined,
  reason: row.reason,
  node: row.node,
  language: row.language ?? undefined,
  path: row.path,
  holdMs: row.hold_ms,
  recordedMs: row.recorded_ms,
  queue: named(row.queue_id, row.queue_name),
  agent: named(row.agent_id, row.agent_name),
  extension: named(row.extension_id, row.extension_number),
  did: named(row.did_id, row.did_name),
  trunk: named(row.trunk_id, row.trunk_name),
});

export const toLegLine = (row: LegRowWithNames): LegLine => ({
  id: row.id,
  role: row.role,
  number: row.number,
  name: row.agent_name ?? row.name,
  trunkName: row.trunk_name ?? '',
  startedAt: row.started_at,
  answeredAt: row.answered_at ?? undefined,
  endedAt: row.ended_at ?? undefined,
  cause: row.cause ?? undefined,
  techCause: row.tech_cause ?? undefined,
});
