import type { Knex } from 'knex';
import {
  toCallEvent,
  type CallTableRow,
  type EventTableRow,
  type LegTableRow,
} from '../engines/reporting/table-rows.js';
import { KnexRecordingStore, type Recording } from '../features/recordings/index.js';
import type { CallEvent } from '../kernel/call-event.js';
import type { CallId } from '../kernel/ids.js';

/** What the ledger knows of one call. */
export interface CallStory {
  readonly id: CallId;
  readonly row: CallTableRow;
  readonly legs: readonly LegTableRow[];
  readonly events: readonly CallEvent[];
  readonly recordings: readonly Recording[];
  readonly voicemails: readonly StoryVoicemail[];
}

/** A message that was left. */
export interface StoryVoicemail {
  readonly recording_id: string;
  readonly extension_id: number | null;
  readonly queue_id: number | null;
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
    const row = (await database('calls').where({ id }).first()) as CallTableRow | undefined;
    if (row === undefined) throw new Error(`the ledger has no call ${id}`);
    const [legs, events, recordings, voicemails] = await Promise.all([
      rows<LegTableRow>('call_legs'),
      rows<EventTableRow>('call_events'),
      new KnexRecordingStore(database).ofCall(id),
      rows<StoryVoicemail>('voicemails'),
    ]);
    return {
      id,
      row,
      legs,
      events: events.map(toCallEvent).sort((a, b) => a.seq - b.seq),
      recordings,
      voicemails,
    };
  }
}

/** Whether nothing more will come: the call is over and its recordings have found their place. */
export const isFinal = (story: CallStory): boolean =>
  story.row.ended_at !== null &&
  story.recordings.every((recording) => recording.state !== 'waiting');
