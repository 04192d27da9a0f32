import type { TrunkId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { StoredTrunk, TrunkDraft, TrunkSort } from './trunk.js';

/** A trunk's sealed password, '' where it has none. */
export interface SealedTrunkPassword {
  readonly id: TrunkId;
  readonly passwordSealed: string;
}

/** Trunks and their sealed passwords. */
export interface TrunkStore extends VersionedStore<TrunkId, TrunkDraft, StoredTrunk, TrunkSort> {
  /** Of every trunk in use. */
  passwords(): Promise<readonly SealedTrunkPassword[]>;
}
