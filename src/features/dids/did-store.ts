import type { DidId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { DidDraft, DidSort, StoredDid } from './did.js';

/** The numbers of this place. A number exists once, archived or not. */
export type DidStore = VersionedStore<DidId, DidDraft, StoredDid, DidSort>;
