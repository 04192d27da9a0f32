import type { AuditLog } from '../audit/audit.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Usage, VersionedStore } from '../configuration/index.js';
import type { ExtensionDraft, ExtensionSort, StoredExtension } from './extension.js';

/** A phone's sealed password. */
export interface SealedSecret {
  readonly id: ExtensionId;
  readonly secretSealed: string;
}

/** Extensions and the sealed passwords of their phones. */
export interface ExtensionStore extends VersionedStore<
  ExtensionId,
  ExtensionDraft,
  StoredExtension,
  ExtensionSort
> {
  /**
   * Creates all or none, in few statements, with what `record` writes to the audit log. Throws `invalid-fields` where a
   * number is taken.
   */
  insertAll(
    drafts: readonly ExtensionDraft[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void>;
  /** Of every extension in use. */
  secrets(): Promise<readonly SealedSecret[]>;
  /** With its audit line; nothing happens where no name was said. */
  forgetSpokenName(id: ExtensionId, record: (audit: AuditLog) => Promise<void>): Promise<void>;
  /** What leads to the extension's mailbox itself. */
  usesOfMailbox(id: ExtensionId): Promise<readonly Usage[]>;
  /** Which of these numbers are extensions, archived ones too, or something else in use. */
  taken(numbers: readonly string[]): Promise<ReadonlySet<string>>;
}
