import type { Actor } from '../../kernel/actor.js';
import type { SpeechSettings, StoredSpeechSettings } from './speech-settings.js';

/** Keeps which voice speaks. */
export interface SpeechStore {
  read(): Promise<StoredSpeechSettings>;
  /** Saves over the version that the form showed, with its audit line; throws `conflict`. */
  save(actor: Actor, version: number, settings: SpeechSettings): Promise<void>;
}
