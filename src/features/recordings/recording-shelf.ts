import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { Recording } from './recording.js';
import { UnreadableSound, type RecordingFolder } from './recording-sound.js';
import type { SealedRecordings } from './resealer.js';
import type { SealingRule } from './sealing.js';
import type { SealingKey, SealingKeys } from './sealing-keys.js';
import { reportUnreadable, type UnreadableReporter } from './unreadable.js';

type Kept = Pick<Recording, 'id' | 'callId' | 'path' | 'keyId'>;

/** Where kept recordings lie, and what seals them. */
export interface RecordingShelf {
  readonly folder: RecordingFolder;
  readonly keys: SealingKeys;
  readonly sealed: SealedRecordings;
  /** What the site seals. */
  readonly rule: () => Promise<SealingRule>;
  /** The key that seals now; the first one is made when it is first asked for. */
  readonly key: () => Promise<SealingKey>;
  /**
   * Works with a file of a recording as it was encoded, which vanishes afterwards; undefined where it is not there, or cannot be read,
   * which is reported.
   */
  withPlain<T>(
    recording: Kept,
    work: (file: string, scratch: string) => Promise<T>,
  ): Promise<T | undefined>;
}

/** See {@link RecordingShelf}. */
export async function withPlain<T>(
  { folder, ...reporter }: UnreadableReporter & { readonly folder: RecordingFolder },
  recording: Kept,
  work: (file: string, scratch: string) => Promise<T>,
): Promise<T | undefined> {
  try {
    return await folder.withPlain(recording, work);
  } catch (error) {
    if (!(error instanceof UnreadableSound)) throw error;
    await reportUnreadable(reporter, SYSTEM_ACTOR, recording, error);
    return undefined;
  }
}
