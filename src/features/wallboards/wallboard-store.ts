import type { CampaignId, WallboardId, WallboardLinkId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import type { QueueOption, VersionedStore } from '../configuration/index.js';
import type { StoredWallboard, WallboardDraft, WallboardLink, WallboardSort } from './wallboard.js';

export interface WallboardStore extends VersionedStore<
  WallboardId,
  WallboardDraft,
  StoredWallboard,
  WallboardSort
> {
  /** Queues in use, by name. */
  queueOptions(): Promise<readonly QueueOption[]>;
  /** Campaigns that call by themselves and are not archived, by name. */
  campaignOptions(): Promise<readonly { readonly id: CampaignId; readonly name: string }[]>;
  /** Boards in use with these ids. */
  some(ids: readonly WallboardId[]): Promise<readonly StoredWallboard[]>;
}

/** Links to boards. */
export interface WallboardLinks {
  /** Newest first; also those that do not count any more. */
  of(board: WallboardId): Promise<readonly WallboardLink[]>;
  byNonce(nonce: string): Promise<WallboardLink | undefined>;
  find(id: WallboardLinkId): Promise<WallboardLink | undefined>;
  /** One transaction with its line of the audit log. */
  change<T>(work: (writer: WallboardLinkWriter) => Promise<T>): Promise<T>;
  noteOpened(id: WallboardLinkId, at: Date): Promise<void>;
}

export interface WallboardLinkWriter {
  add(
    link: Pick<
      WallboardLink,
      'boardId' | 'nonce' | 'label' | 'createdBy' | 'createdAt' | 'expiresAt'
    >,
  ): Promise<WallboardLinkId>;
  /** False where it was revoked before. */
  revoke(id: WallboardLinkId, at: Date, by: string): Promise<boolean>;
  readonly audit: AuditLog;
}
