import { levelAfter, type SkillRequirement } from '../../engines/acd/requirement.js';
import type { Levels } from './level.js';

/**
 * After which wait (ms) one of the takers has enough of every required skill at once; undefined for never. Preferred
 * skills keep nobody from a call.
 */
export function takenAfterMs(
  asked: readonly SkillRequirement[],
  takers: readonly Levels[],
): number | undefined {
  const required = asked.filter((requirement) => requirement.isRequired);
  const waits = required.flatMap(({ relax }) => relax.map((step) => step.afterMs));
  return [0, ...waits.sort((a, b) => a - b)].find((waitedMs) =>
    takers.some((levels) =>
      required.every(
        (requirement) =>
          (levels.get(requirement.skill) ?? 0) >= levelAfter(requirement, waitedMs).minLevel,
      ),
    ),
  );
}
