import type { RecordingId } from '../../kernel/ids.js';

/** Gives out the sound of stored messages as wav. */
export interface MessageSounds {
  /** Undefined where it is not stored (yet, or any more). */
  wav(id: RecordingId): Promise<Buffer | undefined>;
}
