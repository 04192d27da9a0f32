import type { Announcer } from '../../kernel/announcer.js';
import type { DidId } from '../../kernel/ids.js';
import { describeTarget, RowService, type TargetStore } from '../configuration/index.js';
import type { DidStore } from './did-store.js';
import type { DidDraft, DidSort, StoredDid } from './did.js';

/** The numbers of this place and where their callers go. A call to a number that is not here is refused with a message. */
export class DidService extends RowService<DidId, DidDraft, StoredDid, DidSort> {
  constructor(store: DidStore, announcer: Announcer, targets: TargetStore) {
    super(store, announcer, {
      permission: 'dids.edit',
      objectKind: 'did',
      announces: 'dids',
      nameOf: (draft) => `${draft.number} ${draft.name}`,
      describe: async (draft) => ({
        number: draft.number,
        name: draft.name,
        target: await describeTarget(targets, draft.target),
        language: draft.language,
      }),
    });
  }
}
