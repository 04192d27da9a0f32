import type { Language } from '../../kernel/call-event.js';
import type { AgentId, PromptId, QueueId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { QueueDraft, QueueSort, StoredQueue } from './queue.js';

/** An agent who can be a member. */
export interface MemberOption {
  readonly id: AgentId;
  readonly name: string;
  readonly number: string;
}

/** A prompt that can be an announcement, with the languages in which it can be played. */
export interface AnnouncementOption {
  readonly id: PromptId;
  readonly name: string;
  readonly languages: readonly Language[];
}

/** Queues with their members. Changing members raises the versions of the agents too, because their page shows them. */
export interface QueueStore extends VersionedStore<QueueId, QueueDraft, StoredQueue, QueueSort> {
  memberOptions(): Promise<readonly MemberOption[]>;
  announcementOptions(): Promise<readonly AnnouncementOption[]>;
}
