import type { DispositionId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { QueueOption, UsedRowWriter, VersionedStore } from '../configuration/index.js';
import type { DispositionDraft, DispositionSort, StoredDisposition } from './disposition.js';

export type DispositionWriter = UsedRowWriter<DispositionId, DispositionDraft, StoredDisposition>;

/** Dispositions as a tree. */
export interface DispositionStore extends VersionedStore<
  DispositionId,
  DispositionDraft,
  StoredDisposition,
  DispositionSort
> {
  /** The whole tree, archived ones too. */
  tree(): Promise<readonly DispositionConfig[]>;
  queueOptions(): Promise<readonly QueueOption[]>;
  /** Changes places with the one before or after it; at the end of the line nothing happens. */
  move(id: DispositionId, direction: 'up' | 'down'): Promise<void>;
}
