import type { Announcer } from '../../kernel/announcer.js';
import type { NotReadyReasonId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { NotReadyReasonStore } from './not-ready-reason-store.js';
import type { NotReadyReasonDraft, ReasonSort, StoredNotReadyReason } from './not-ready-reason.js';

/** What agents can choose when they are not ready. */
export class NotReadyReasonService extends RowService<
  NotReadyReasonId,
  NotReadyReasonDraft,
  StoredNotReadyReason,
  ReasonSort
> {
  constructor(store: NotReadyReasonStore, announcer: Announcer) {
    super(store, announcer, {
      permission: 'reasons.edit',
      objectKind: 'not-ready-reason',
      announces: 'reasons',
      nameOf: (draft) => draft.nameEn,
      describe: ({ nameEn, nameZh, icon, position, limitMin, dayLimitMin, ...rest }) => ({
        nameEn,
        nameZh,
        icon,
        position,
        limitMin,
        dayLimitMin,
        agentsMayChoose: rest.agentsMayChoose,
        digit: rest.digit,
        active: rest.active,
      }),
    });
  }
}
