import type { SkillId } from '../../kernel/ids.js';
import type { VersionedStore } from '../configuration/index.js';
import type { SkillDraft, SkillSort, StoredSkill } from './skill.js';

/** Skills. A name and a language exist once, archived or not. Archiving leaves the levels as they are. */
export type SkillStore = VersionedStore<SkillId, SkillDraft, StoredSkill, SkillSort>;
