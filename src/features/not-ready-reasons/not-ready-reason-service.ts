import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { NotReadyReasonId, PromptId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { NameOption, NotReadyReasonStore } from './not-ready-reason-store.js';
import type { NotReadyReasonDraft, ReasonSort, StoredNotReadyReason } from './not-ready-reason.js';

/** What agents can choose when they are not ready. */
export class NotReadyReasonService extends RowService<
  NotReadyReasonId,
  NotReadyReasonDraft,
  StoredNotReadyReason,
  ReasonSort
> {
  constructor(
    private readonly reasons: NotReadyReasonStore,
    announcer: Announcer,
  ) {
    super(reasons, announcer, {
      permission: 'reasons.edit',
      objectKind: 'not-ready-reason',
      announces: 'reasons',
      nameOf: (draft) => draft.nameEn,
      describe: async ({ nameEn, nameZh, icon, position, limitMin, dayLimitMin, ...rest }) => ({
        nameEn,
        nameZh,
        icon,
        position,
        limitMin,
        dayLimitMin,
        agentsMayChoose: rest.agentsMayChoose,
        digit: rest.digit,
        prompt: await promptName(reasons, rest.prompt),
        active: rest.active,
      }),
    });
  }

  /** Prompts that can be heard as a reason's name. */
  nameOptions(actor: Actor): Promise<readonly NameOption[]> {
    requirePermission(actor, 'reasons.edit');
    return this.reasons.nameOptions();
  }
}

/** '' where the name is spoken. */
async function promptName(store: NotReadyReasonStore, id: PromptId | undefined): Promise<string> {
  if (id === undefined) return '';
  return (await store.nameOptions()).find((one) => one.id === id)?.name ?? '';
}
