import type { Region } from '../../engines/routing/region.js';
import type { RegionId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { VersionedStore } from '../configuration/index.js';
import type { RegionDraft, RegionSort, StoredRegion } from './region.js';

/** Whose a prefix is. */
export interface PrefixOwner {
  readonly prefix: string;
  readonly region: string;
  readonly isArchived: boolean;
}

/** A region by its name. */
export interface NamedRegion {
  readonly id: RegionId;
  readonly name: string;
  readonly isArchived: boolean;
  /** How many prefixes it has. */
  readonly count: number;
}

/** Prefixes that an import adds to one region; `id` is undefined for a new one. */
export interface PrefixAddition {
  readonly id: RegionId | undefined;
  readonly name: string;
  readonly prefixes: readonly string[];
}

/** Regions with their prefixes. A name and a prefix exist once, archived or not. */
export interface RegionStore extends VersionedStore<
  RegionId,
  RegionDraft,
  StoredRegion,
  RegionSort
> {
  /** Of these prefixes those that some region has. */
  owners(prefixes: readonly string[]): Promise<readonly PrefixOwner[]>;
  named(): Promise<readonly NamedRegion[]>;
  /** Regions in use that have one of these prefixes, each with only these. */
  withPrefixes(prefixes: readonly string[]): Promise<readonly Region[]>;
  /** All or none, with the audit lines that `record` writes; throws `conflict` where a prefix was taken meanwhile. */
  add(
    additions: readonly PrefixAddition[],
    record: (audit: AuditLog, added: PrefixAddition & { readonly id: RegionId }) => Promise<void>,
  ): Promise<void>;
}
