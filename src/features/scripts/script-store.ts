import type { ContactId, DispositionId, ScriptId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { VersionedStore } from '../configuration/index.js';
import type { ScriptDraft, ScriptSort, StoredScript } from './script.js';

/** A field that the site keeps of its contacts. */
export interface ContactFieldOption {
  readonly key: string;
  readonly name: string;
}

/** What scripts can name. */
export interface ScriptOptions {
  readonly dispositions: ReadonlyMap<DispositionId, DispositionConfig>;
  readonly contactFields: readonly ContactFieldOption[];
}

/** A contact for looking at a script with. Numbers in E.164. */
export interface ExampleContact {
  readonly id: ContactId;
  readonly name: string;
  readonly company: string;
  readonly number: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Scripts by name. */
export interface ScriptStore extends VersionedStore<
  ScriptId,
  ScriptDraft,
  StoredScript,
  ScriptSort
> {
  options(): Promise<ScriptOptions>;
  /** Contacts whose name begins with `search`, at most `limit`. */
  exampleContacts(search: string, limit: number): Promise<readonly ExampleContact[]>;
  exampleContact(id: ContactId): Promise<ExampleContact | undefined>;
}
