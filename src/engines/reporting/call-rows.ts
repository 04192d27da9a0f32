import type { CallResult, Direction, EndedBy, Language, LegRole } from '../../kernel/call-event.js';
import type {
  AgentId,
  CallId,
  ConferenceId,
  ChannelId,
  DidId,
  ExtensionId,
  QueueId,
  RecordingId,
  TrunkId,
} from '../../kernel/ids.js';
import type { QueueVisitRow } from './fold-queue-visits.js';
import type { FoldedSurveys } from './fold-surveys.js';
import type { TalkRow, TransferRow } from './fold-talks.js';
import type { VisitRow } from './fold-visits.js';

/** What `calls` says of one call. Instants and durations in ms; `answeredAt`: when two people first heard each other. */
export interface CallRow {
  readonly id: CallId;
  readonly startedAt: number;
  readonly answeredAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly direction: Direction;
  readonly fromNumber: string;
  readonly fromName: string;
  readonly toNumber: string;
  /** undefined while the call goes on. */
  readonly result: CallResult | undefined;
  readonly endedBy: EndedBy | undefined;
  readonly cause: number | undefined;
  readonly reason: string;
  readonly node: string;
  readonly trunkId: TrunkId | undefined;
  readonly didId: DidId | undefined;
  /** The last queue in which the call was answered; where it was in none, the last that it entered. */
  readonly queueId: QueueId | undefined;
  /** The last agent who talked; for calls that an agent made, that agent. */
  readonly agentId: AgentId | undefined;
  /** The calling extension, else the last one that talked, else the last one that rang. */
  readonly extensionId: ExtensionId | undefined;
  readonly language: Language | undefined;
  /** Pressed keys with the labels of the steps they led to: `2 Repairs · 1 Washing machine`. */
  readonly path: string;
  readonly waitMs: number;
  readonly talkMs: number;
  readonly holdMs: number;
  readonly recordedMs: number;
  readonly test: boolean;
}

/** One channel of a call. */
export interface LegRow {
  readonly id: ChannelId;
  readonly callId: CallId;
  readonly role: LegRole;
  readonly number: string;
  readonly name: string;
  readonly agentId: AgentId | undefined;
  readonly extensionId: ExtensionId | undefined;
  readonly trunkId: TrunkId | undefined;
  readonly startedAt: number;
  readonly answeredAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly cause: number | undefined;
  readonly techCause: number | undefined;
}

/** What the ledger knows of a recording; state, file and hash belong to the recordings feature. */
export interface RecordingRow {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly kind: 'call' | 'voicemail' | 'comment' | 'conference';
  readonly node: string;
  /** caller and other party; one name for a message, a comment, or a conference room. */
  readonly nodeFiles: readonly string[];
  readonly durationMs: number;
  readonly createdAt: number;
}

/** How much of a call is in the recording of a room. */
export interface RoomRecordingRow {
  readonly callId: CallId;
  readonly recordingId: RecordingId;
  readonly conferenceId: ConferenceId;
  readonly durationMs: number;
}

export interface VoicemailRow {
  readonly recordingId: RecordingId;
  readonly callId: CallId;
  readonly extensionId: ExtensionId | undefined;
  readonly queueId: QueueId | undefined;
  readonly leftAt: number;
}

export interface FoldedCall {
  /** undefined until the call's arrival is known: events may reach the database in any order. */
  readonly call: CallRow | undefined;
  readonly legs: readonly LegRow[];
  readonly recordings: readonly RecordingRow[];
  readonly roomRecordings: readonly RoomRecordingRow[];
  readonly voicemails: readonly VoicemailRow[];
  /** None until the call has ended. */
  readonly visits: readonly VisitRow[];
  /** The one that goes on, too. */
  readonly queueVisits: readonly QueueVisitRow[];
  readonly surveys: FoldedSurveys;
  /** The same. */
  readonly talks: readonly TalkRow[];
  readonly transfers: readonly TransferRow[];
}
