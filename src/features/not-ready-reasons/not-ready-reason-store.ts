import type { NotReadyReasonId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { NotReadyReasonDraft, ReasonSort, StoredNotReadyReason } from './not-ready-reason.js';

/** Reasons by name; a name and a digit exist once, archived or not. */
export type NotReadyReasonStore = VersionedStore<
  NotReadyReasonId,
  NotReadyReasonDraft,
  StoredNotReadyReason,
  ReasonSort
>;
