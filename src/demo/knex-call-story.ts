import type { Knex } from 'knex';
import type { CallEvent, CallResult, Direction, LegRole } from '../kernel/call-event.js';
import type { CallId } from '../kernel/ids.js';

/** What the ledger knows of one call. */
export interface CallStory {
  readonly id: CallId;
  readonly row: StoryRow;
  readonly legs: readonly StoryLeg[];
  readonly events: readonly CallEvent[];
  readonly recordings: readonly StoryRecording[];
  readonly voicemails: readonly StoryVoicemail[];
}

/** The call's row, as the table has it. */
export interface StoryRow {
  readonly id: CallId;
  readonly started_at: Date;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly direction: Direction;
  readonly from_number: string;
  readonly from_name: string;
  readonly to_number: string;
  readonly result: CallResult | null;
  readonly ended_by: string | null;
  readonly cause: number | null;
  readonly reason: string;
  readonly trunk_id: number | null;
  readonly did_id: number | null;
  readonly queue_id: number | null;
  readonly agent_id: number | null;
  readonly extension_id: number | null;
  readonly language: string | null;
  readonly path: string;
  readonly wait_ms: number;
  readonly talk_ms: number;
  readonly hold_ms: number;
  readonly recorded_ms: number;
}

/** One leg of the call, as the table has it. */
export interface StoryLeg {
  readonly id: string;
  readonly role: LegRole;
  readonly number: string;
  readonly name: string;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly cause: number | null;
  readonly tech_cause: number | null;
}

/** A message that was left. */
export interface StoryVoicemail {
  readonly recording_id: string;
  readonly extension_id: number | null;
  readonly queue_id: number | null;
}

/** A recording of the call; `path` is below the folder of recordings once it is stored. */
export interface StoryRecording {
  readonly id: string;
  readonly kind: 'call' | 'voicemail';
  readonly state: 'waiting' | 'stored' | 'missing';
  readonly path: string;
  readonly sha256: string;
  readonly durationMs: number;
  readonly problem: string;
}

interface EventRow {
  readonly id: string;
  readonly call_id: string;
  readonly seq: number;
  readonly at: Date;
  readonly kind: string;
  readonly body: string | object;
}

interface RecordingRow {
  readonly id: string;
  readonly kind: StoryRecording['kind'];
  readonly state: StoryRecording['state'];
  readonly path: string;
  readonly sha256: string;
  readonly duration_ms: number;
  readonly problem: string;
}

/** Reads calls as a whole from the ledger's tables, for the first call's report and the tests. */
export class KnexCallStories {
  constructor(private readonly database: Knex) {}

  /** Calls of a caller that began at or after an instant, the oldest first. */
  async from(number: string, since: Date): Promise<readonly CallStory[]> {
    const rows: readonly { readonly id: CallId }[] = await this.database('calls')
      .where('from_number', number)
      .andWhere('started_at', '>=', since)
      .orderBy('id')
      .select('id');
    return Promise.all(rows.map((row) => this.read(row.id)));
  }

  async read(id: CallId): Promise<CallStory> {
    const { database } = this;
    const rows = async <T>(table: string): Promise<T[]> => {
      return (await database(table).where('call_id', id).select('*')) as T[];
    };
    const row = (await database('calls').where({ id }).first()) as StoryRow | undefined;
    if (row === undefined) throw new Error(`the ledger has no call ${id}`);
    const [legs, events, recordings, voicemails] = await Promise.all([
      rows<StoryLeg>('call_legs'),
      rows<EventRow>('call_events'),
      rows<RecordingRow>('recordings'),
      rows<StoryVoicemail>('voicemails'),
    ]);
    return {
      id,
      row,
      legs,
      events: events.map(eventOf).sort((a, b) => a.seq - b.seq),
      recordings: recordings.map(recordingOf),
      voicemails,
    };
  }
}

const eventOf = ({ id, call_id, seq, at, kind, body }: EventRow): CallEvent =>
  ({
    ...((typeof body === 'string' ? JSON.parse(body) : body) as object),
    id,
    kind,
    callId: call_id,
    seq,
    at: at.getTime(),
  }) as CallEvent;

const recordingOf = (row: RecordingRow): StoryRecording => ({
  id: row.id,
  kind: row.kind,
  state: row.state,
  path: row.path,
  sha256: row.sha256,
  durationMs: row.duration_ms,
  problem: row.problem,
});

/** Whether nothing more will come: the call is over and its recordings have found their place. */
export const isFinal = (story: CallStory): boolean =>
  story.row.ended_at !== null &&
  story.recordings.every((recording) => recording.state !== 'waiting');
