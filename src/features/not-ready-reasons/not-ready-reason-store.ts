import type { NotReadyReasonId, PromptId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { NotReadyReasonDraft, ReasonSort, StoredNotReadyReason } from './not-ready-reason.js';

/** A prompt that can be heard as a reason's name. */
export interface NameOption {
  readonly id: PromptId;
  readonly name: string;
}

/** Reasons by name; a name and a digit exist once, archived or not. */
export interface NotReadyReasonStore extends VersionedStore<
  NotReadyReasonId,
  NotReadyReasonDraft,
  StoredNotReadyReason,
  ReasonSort
> {
  /** By name. */
  nameOptions(): Promise<readonly NameOption[]>;
}
