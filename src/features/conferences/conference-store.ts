import type { ConferenceId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { ConferenceDraft, ConferenceSort, StoredConference } from './conference.js';

/** Conference rooms. PINs go in sealed. */
export interface ConferenceStore extends VersionedStore<
  ConferenceId,
  ConferenceDraft,
  StoredConference,
  ConferenceSort
> {
  /** The PINs of a room, sealed; '' where it has none. */
  pins(id: ConferenceId): Promise<{ readonly host: string; readonly guest: string }>;
}
