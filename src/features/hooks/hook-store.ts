import type { HookId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { HookDraft, HookSort, StoredHook } from './hook.js';

/** Hooks. Their secrets go in sealed and come out sealed. */
export type HookStore = VersionedStore<HookId, HookDraft, StoredHook, HookSort>;
