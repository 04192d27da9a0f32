import type { PromptId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { PromptDraft, PromptSort, SoundVersion, StoredPrompt } from './prompt.js';

/** Prompts and which sounds they have. */
export interface PromptStore extends VersionedStore<
  PromptId,
  PromptDraft,
  StoredPrompt,
  PromptSort
> {
  /** Every sound that a prompt has had, by language, the newest first; `limit` a language. */
  versions(id: PromptId, limit: number): Promise<readonly SoundVersion[]>;
}
