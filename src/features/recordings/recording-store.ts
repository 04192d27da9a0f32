import type { AgentId, CallId, RecordingId } from '../../kernel/ids.js';
import type { Peaks, Recording, RecordingProblem } from './recording.js';

/** A recording with what still lies on its node. */
export interface RecordingOnNode extends Recording {
  /** caller and other party; one name for a voicemail. */
  readonly nodeFiles: readonly string[];
}

/** What is known of a file that is safely stored. */
export interface StoredFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Of the key that sealed it, or ''. */
  readonly keyId: string;
  readonly durationMs: number;
  readonly peaks: Peaks;
  readonly problem: RecordingProblem | '';
}

/** Rows of recordings. The ledger makes them; this feature completes them. */
export interface RecordingStore {
  /** Recordings of which files lie on nodes, the oldest first, without those given. */
  onNodes(options: {
    readonly limit: number;
    readonly exceptIds: readonly RecordingId[];
    readonly exceptNodes: readonly string[];
  }): Promise<readonly RecordingOnNode[]>;
  /** Waiting becomes stored; false where it was not waiting any more: another process was faster. */
  markStored(id: RecordingId, file: StoredFile): Promise<boolean>;
  /** Waiting becomes missing; false where it was not waiting any more. */
  markMissing(id: RecordingId, problem: RecordingProblem): Promise<boolean>;
  /** Nothing of it lies on the node any more, or nothing that we would fetch. */
  markOffNode(id: RecordingId): Promise<void>;
  find(id: RecordingId): Promise<Recording | undefined>;
  /** Recordings of a call in the order in which they ended. */
  ofCall(callId: CallId): Promise<readonly Recording[]>;
  peaks(id: RecordingId): Promise<Peaks | undefined>;
  /** Did the agent talk in the call, or is the message for the agent's extension or one of the agent's queues? */
  belongsTo(id: RecordingId, agentId: AgentId): Promise<boolean>;
  /** Calls `visit` with every stored recording, the oldest first. */
  eachStored(visit: (recording: Recording) => Promise<void>): Promise<void>;
}
