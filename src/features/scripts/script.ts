import type { Script } from '../../engines/script/script.js';
import type { ScriptId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** A script as the form sets it. */
export interface ScriptDraft extends Script {
  readonly name: string;
}

export interface StoredScript extends Versioned<ScriptId>, ScriptDraft {}

export const SCRIPT_SORTS = ['name', 'updated'] as const;
export type ScriptSort = (typeof SCRIPT_SORTS)[number];

/** Bounds of the form, shown beside its fields. Ways have the keys 1 to 9. */
export const SCRIPT_LIMITS = {
  pages: 30,
  questions: 8,
  ways: 9,
  title: 80,
  text: 2_000,
  label: 120,
  choices: 20,
} as const;
