import type { LookupId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { LookupDraft, LookupSort, StoredLookup } from './lookup.js';

/** Connections of flows. Passwords go in sealed. */
export interface LookupStore extends VersionedStore<
  LookupId,
  LookupDraft,
  StoredLookup,
  LookupSort
> {
  /** Sealed, '' where there is none. */
  passwordOf(id: LookupId): Promise<string>;
}
