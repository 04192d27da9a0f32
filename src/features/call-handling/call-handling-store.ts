import type { CallHandling } from '../../engines/reach/reach.js';
import type { Actor } from '../../kernel/actor.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { StoredHandling } from './call-handling.js';

/** What is set for the calls to extensions. */
export interface CallHandlingStore {
  find(extension: ExtensionId): Promise<StoredHandling>;
  /**
   * Changes what is stored, with its audit line, as one transaction; nothing is written where nothing changes. `version` is the
   * one that a form showed: throws `conflict` where another is stored. Throws `not-found` for an extension that is not in use.
   */
  change(
    actor: Actor,
    extension: ExtensionId,
    version: number | undefined,
    next: (before: CallHandling) => CallHandling,
  ): Promise<void>;
}
