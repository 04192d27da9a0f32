import type { Actor } from '../../kernel/actor.js';

/** A setting of the whole site, and how often it was saved. */
export interface StoredSetting<Value> {
  /** 0 where nobody has saved it. */
  readonly version: number;
  readonly value: Value;
}

/** One setting of the whole site. */
export interface SettingStore<Value> {
  read(): Promise<StoredSetting<Value>>;
  /** Saves over the version that the form showed, with its audit line; throws `conflict`. Saving no change writes nothing. */
  save(actor: Actor, version: number, value: Value): Promise<void>;
}
