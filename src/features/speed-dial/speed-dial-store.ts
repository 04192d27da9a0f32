import type { AuditLog } from '../audit/audit.js';
import type { ExtensionId, SpeedDialId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { SpeedDialDraft, SpeedDialSort, StoredSpeedDial } from './speed-dial.js';

/** The company's speed dials. */
export interface SpeedDialStore extends VersionedStore<
  SpeedDialId,
  SpeedDialDraft,
  StoredSpeedDial,
  SpeedDialSort
> {
  /** Which of these codes exist, archived ones too. */
  taken(codes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Creates all or none, with what `record` writes to the audit log; throws `invalid-fields` where a code is taken. */
  insertAll(
    drafts: readonly SpeedDialDraft[],
    record: (audit: AuditLog) => Promise<void>,
  ): Promise<void>;
}

/** Speed dials of single extensions. */
export interface OwnSpeedDialStore {
  /** By code. */
  of(extension: ExtensionId): Promise<readonly SpeedDialDraft[]>;
  /** Sets what the code stands for; undefined takes it away. */
  set(
    extension: ExtensionId,
    code: string,
    dial: Omit<SpeedDialDraft, 'code'> | undefined,
  ): Promise<void>;
}
