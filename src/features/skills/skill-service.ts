import type { Announcer } from '../../kernel/announcer.js';
import type { SkillId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import type { SkillStore } from './skill-store.js';
import type { SkillDraft, SkillSort, StoredSkill } from './skill.js';

/** What calls can ask for. Who has it is in the matrix ({@link LevelService}). */
export class SkillService extends RowService<SkillId, SkillDraft, StoredSkill, SkillSort> {
  constructor(store: SkillStore, announcer: Announcer) {
    super(store, announcer, {
      permission: 'skills.edit',
      objectKind: 'skill',
      announces: 'skills',
      nameOf: (draft) => draft.name,
      describe: (draft) => ({
        name: draft.name,
        description: draft.description,
        kind: draft.kind,
        language: draft.language ?? '',
      }),
    });
  }
}
