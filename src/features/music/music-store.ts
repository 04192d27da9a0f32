import type { MusicId, PromptId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { MusicDraft, MusicSort, StoredMusic } from './music.js';

/** A prompt that can be a sound, with the hash of what is heard of it ('' where there is none). */
export interface SoundOption {
  readonly id: PromptId;
  readonly name: string;
  readonly hash: string;
  readonly durationMs: number;
}

/** Music by name. */
export interface MusicStore extends VersionedStore<MusicId, MusicDraft, StoredMusic, MusicSort> {
  /** Prompts in use by name. */
  soundOptions(): Promise<readonly SoundOption[]>;
}
