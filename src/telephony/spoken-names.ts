import type { ExtensionId } from '../kernel/ids.js';
import type { GreetingOutcome } from './mailboxes.js';

/** A name takes no longer; Asterisk stops there. */
export const MAX_NAME_MS = 8_000;

/** Names as their owners say them. */
export interface SpokenNames {
  /** Keeps what a node recorded. Never rejects. */
  keep(extension: ExtensionId, wav: Buffer): Promise<GreetingOutcome>;
}
