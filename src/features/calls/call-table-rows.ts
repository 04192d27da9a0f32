import type {
  CallEvent,
  CallResult,
  Direction,
  EndedBy,
  Language,
  LegRole,
} from '../../kernel/call-event.js';
import type {
  AgentId,
  CallId,
  ChannelId,
  DidId,
  ExtensionId,
  QueueId,
  TrunkId,
} from '../../kernel/ids.js';
import type { CallDetail, CallLine, LegLine, Named } from './call.js';

/** Rows as the queries of `knex-call-reports` give them. Names are absent where a query does not ask for them. */
export interface CallRowWithNames {
  readonly id: CallId;
  readonly started_at: Date;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly direction: Direction;
  readonly from_number: string;
  readonly from_name: string;
  readonly to_number: string;
  readonly result: CallResult | null;
  readonly ended_by: EndedBy | null;
  readonly cause: number | null;
  readonly reason: string;
  readonly node: string;
  readonly trunk_id: TrunkId | null;
  readonly did_id: DidId | null;
  readonly queue_id: QueueId | null;
  readonly agent_id: AgentId | null;
  readonly extension_id: ExtensionId | null;
  readonly language: Language | null;
  readonly path: string;
  readonly wait_ms: number;
  readonly talk_ms: number;
  readonly hold_ms: number;
  readonly recorded_ms: number;
  readonly test: number;
  readonly queue_name: string | null;
  readonly agent_name: string | null;
  readonly extension_number?: string | null;
  readonly did_name?: string | null;
  readonly trunk_name?: string | null;
}

export interface LegRowWithNames {
  readonly id: ChannelId;
  readonly role: LegRole;
  readonly number: string;
  readonly name: string;
  readonly started_at: Date;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly cause: number | null;
  readonly tech_cause: number | null;
  readonly agent_name: string | null;
  readonly trunk_name: string | null;
}

export interface EventRow {
  readonly id: string;
  readonly call_id: string;
  readonly seq: number;
  readonly at: Date;
  readonly kind: string;
  /** Parsed or as text, by server and driver. */
  readonly body: unknown;
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
  agentName: row.agent_name ?? '',
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

export const toCallEvent = (row: EventRow): CallEvent =>
  ({
    ...((typeof row.body === 'string' ? JSON.parse(row.body) : row.body) as object),
    id: row.id,
    callId: row.call_id,
    seq: row.seq,
    at: row.at.getTime(),
    kind: row.kind,
  }) as CallEvent;
