import type { ExtensionId, PagingGroupId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { PagingGroupDraft, PagingGroupSort, StoredPagingGroup } from './paging-group.js';

/** A desk phone that can be a member. */
export interface PagedPhone {
  readonly id: ExtensionId;
  readonly number: string;
  readonly name: string;
}

/** Paging groups. */
export interface PagingGroupStore extends VersionedStore<
  PagingGroupId,
  PagingGroupDraft,
  StoredPagingGroup,
  PagingGroupSort
> {
  /** Extensions in use, by number. */
  phones(): Promise<readonly PagedPhone[]>;
}
