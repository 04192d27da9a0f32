import type { ConferenceId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { ConferenceDraft, ConferenceSort, StoredConference } from './conference.js';

/** Conference rooms. PINs go in sealed. */
export type ConferenceStore = VersionedStore<
  ConferenceId,
  ConferenceDraft,
  StoredConference,
  ConferenceSort
>;
