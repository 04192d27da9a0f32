import type { AgentId, RecordingId, UserId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { BoxOwner } from '../../telephony/mailboxes.js';
import type { Voicemail, VoicemailQuery } from './voicemail.js';

/** Whose messages: an agent's (own extension, own queues), or everybody's. */
export type VoicemailScope = { readonly agentId: AgentId } | 'everything';

/** Marks that people put on messages. Those that are not mentioned stay as they are. */
export interface VoicemailMarks {
  readonly heard?: { readonly at: Date; readonly by: UserId | undefined } | null;
  readonly remark?: string;
  readonly handled?: { readonly at: Date; readonly by: UserId | undefined } | null;
  readonly keptAt?: Date | null;
  readonly archivedAt?: Date | null;
}

/** A box that can be asked for. */
export interface BoxWithMessages {
  readonly owner: BoxOwner;
  readonly name: string;
}

/** Messages. The ledger makes them; this feature keeps what people did with them. */
export interface VoicemailStore {
  list(scope: VoicemailScope, query: VoicemailQuery): Promise<ListResult<Voicemail>>;
  /** undefined where there is none, or none within the scope. */
  find(scope: VoicemailScope, id: RecordingId): Promise<Voicemail | undefined>;
  mark(id: RecordingId, marks: VoicemailMarks): Promise<void>;
  countNew(scope: VoicemailScope): Promise<number>;
  /** The boxes that have messages within the scope, archived ones too. */
  boxes(scope: VoicemailScope): Promise<readonly BoxWithMessages[]>;
}
