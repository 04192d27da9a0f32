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

/** A row of `calls` as the database gives it back; what folding makes of events is `CallRow`. */
export interface CallTableRow {
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
}

/** A row of `call_legs` as the database gives it back. */
export interface LegTableRow {
  readonly id: ChannelId;
  readonly role: LegRole;
  readonly number: string;
  readonly name: string;
  readonly started_at: Date;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly cause: number | null;
  readonly tech_cause: number | null;
}

/** A row of `call_events` as the database gives it back. */
export interface EventTableRow {
  readonly id: string;
  readonly call_id: string;
  readonly seq: number;
  readonly at: Date;
  readonly kind: string;
  /** Parsed or as text, by server and driver. */
  readonly body: unknown;
}

/** The event that was stored in a row. */
export const toCallEvent = (row: EventTableRow): CallEvent =>
  ({
    ...((typeof row.body === 'string' ? JSON.parse(row.body) : row.body) as object),
    id: row.id,
    callId: row.call_id,
    seq: row.seq,
    at: row.at.getTime(),
    kind: row.kind,
  }) as CallEvent;
