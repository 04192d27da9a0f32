import type { PromptId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { PromptDraft, PromptSort, StoredPrompt } from './prompt.js';

/** Prompts and which sounds they have. */
export type PromptStore = VersionedStore<PromptId, PromptDraft, StoredPrompt, PromptSort>;
