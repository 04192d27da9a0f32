import { z } from 'zod';
import { secondsField, textField } from '../../kernel/fields.js';
import type {
  AgentId,
  CallId,
  DispositionId,
  QueueId,
  RecordingId,
  UserId,
} from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { RecordingKind, RecordingProblem, RecordingState } from './recording.js';

/** Something said about a moment of a recording. `atMs`: from the beginning of the sound. */
export interface RecordingRemark {
  readonly id: number;
  readonly recordingId: RecordingId;
  readonly atMs: number;
  readonly text: string;
  readonly userId: UserId | undefined;
  readonly userName: string;
  readonly madeAt: Date;
}

/** Why a recording is not deleted when its time is over; undefined where nobody holds it. */
export interface LegalHold {
  readonly at: Date;
  readonly by: string;
  readonly why: string;
}

export const RECORDING_SORTS = ['at', 'length'] as const;
export type RecordingSort = (typeof RECORDING_SORTS)[number];

/** What recordings are searched by. Instants in ms since the epoch, lengths in ms. */
export interface RecordingQuery extends ListQuery<RecordingSort> {
  readonly agentId: AgentId | undefined;
  readonly queueId: QueueId | undefined;
  readonly dispositionId: DispositionId | undefined;
  readonly kind: RecordingKind | undefined;
  /** held · missing · remarks: those that have one. */
  readonly only: 'held' | 'missing' | 'remarks' | undefined;
  readonly longerMs: number | undefined;
  readonly shorterMs: number | undefined;
  readonly fromAt: number | undefined;
  readonly toAt: number | undefined;
}

/** A recording as the search lists it. */
export interface FoundRecording {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly kind: RecordingKind;
  readonly state: RecordingState;
  readonly problem: RecordingProblem | '';
  readonly durationMs: number;
  readonly createdAt: Date;
  readonly isHeld: boolean;
  readonly remarks: number;
  /** Of its call. */
  readonly number: string;
  readonly name: string;
  readonly queueName: string;
  readonly agentName: string;
}

interface NamedChoice {
  readonly id: number;
  readonly name: string;
}

/** What the search can be narrowed by. */
export interface CareChoices {
  readonly queues: readonly NamedChoice[];
  readonly agents: readonly NamedChoice[];
  readonly dispositions: readonly DispositionConfig[];
}

/** Searching, remarks and holding; each change with its line of the audit log. */
export interface RecordingCareStore {
  search(query: RecordingQuery): Promise<ListResult<FoundRecording>>;
  choices(): Promise<CareChoices>;
  remarks(ids: readonly RecordingId[]): Promise<readonly RecordingRemark[]>;
  holds(ids: readonly RecordingId[]): Promise<ReadonlyMap<RecordingId, LegalHold>>;
}

export const REMARK_MAX = 500;

export const remarkSchema = z.object({
  at: secondsField(0, 86_400),
  text: textField({ max: REMARK_MAX }),
});
export const holdSchema = z.object({ why: textField({ max: 200 }) });
