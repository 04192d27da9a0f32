import type { SkillId } from '../../kernel/ids.js';

/** Skill levels are whole numbers from 1 to 100; an agent without the skill has level 0. */
export const MAX_LEVEL = 100;

/** From this waiting time on, a lower level is enough; level 0 drops the requirement. */
export interface RelaxStep {
  readonly afterMs: number;
  readonly minLevel: number;
}

/**
 * A skill that a waiting call asks for. A required one decides who may be offered the call at all, a preferred one who is
 * offered it first. `relax` is ascending in time and descending in level.
 */
export interface SkillRequirement {
  readonly skill: SkillId;
  readonly minLevel: number;
  readonly isRequired: boolean;
  readonly relax: readonly RelaxStep[];
}

/** The level asked for after a wait, and when it changes next (ms after entry; undefined: never again). */
export function levelAfter(
  requirement: SkillRequirement,
  waitedMs: number,
): { readonly minLevel: number; readonly nextChangeMs: number | undefined } {
  let { minLevel } = requirement;
  for (const step of requirement.relax) {
    if (step.afterMs > waitedMs) return { minLevel, nextChangeMs: step.afterMs };
    minLevel = step.minLevel;
  }
  return { minLevel, nextChangeMs: undefined };
}
