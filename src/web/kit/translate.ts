import type { Language } from '../../kernel/call-event.js';

/** Values that a message can show. */
export type MessageParams = Readonly<Record<string, string | number | boolean | Date>>;

/** The message of a key in the reader's language. An unknown key shows itself and is logged. */
export type Translate = (key: string, params?: MessageParams) => string;

/** Every message of the product, in every language. */
export interface Messages {
  /** True where the catalog has the key. */
  has(key: string): boolean;
  translate(language: Language, key: string, params?: MessageParams): string;
}
