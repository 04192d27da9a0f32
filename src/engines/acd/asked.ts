import type { SkillId } from '../../kernel/ids.js';
import type { Bucket } from './bucket.js';
import { levelAfter, MAX_LEVEL, type SkillRequirement } from './requirement.js';

/** For reasons in words. */
export type SkillNames = ReadonlyMap<SkillId, string>;

/** A requirement at one moment of the wait. */
export interface Demand {
  readonly skill: SkillId;
  readonly minLevel: number;
  readonly isRequired: boolean;
}

/** The same for the same demands; a number where there is one at most, as most often. */
export function nameOf(demands: readonly Demand[]): number | string {
  const first = demands[0];
  if (first === undefined) return 0;
  return demands.length === 1 ? numberOf(first) : demands.map(numberOf).join(' ');
}

const numberOf = ({ skill, minLevel, isRequired }: Demand): number =>
  (skill * (MAX_LEVEL + 1) + minLevel) * 2 + (isRequired ? 1 : 0);

/** What is asked for at one moment of the wait. */
export interface Asked {
  /** In the order of the skills' ids, so that the same demands are one bucket. */
  readonly demands: readonly Demand[];
  /** When this changes, in ms after entry; undefined: never. */
  readonly nextChangeMs: number | undefined;
  /** Where those wait who ask for this, once it was looked for. */
  bucket: Bucket | undefined;
}
export const NOTHING: Asked = { demands: [], nextChangeMs: undefined, bucket: undefined };

export function askedAt(
  ofQueue: readonly SkillRequirement[],
  ofCall: readonly SkillRequirement[],
  waitedMs: number,
): Asked {
  let nextChangeMs: number | undefined;
  let demands: Demand[] | undefined;
  for (let at = 0; at < ofQueue.length + ofCall.length; at++) {
    const requirement = at < ofQueue.length ? ofQueue[at] : ofCall[at - ofQueue.length];
    if (requirement === undefined) continue;
    const level = levelAfter(requirement, waitedMs);
    if (level.nextChangeMs !== undefined)
      nextChangeMs = Math.min(nextChangeMs ?? Infinity, level.nextChangeMs);
    if (level.minLevel === 0) continue;
    const demand = demandOf(requirement, level.minLevel);
    if (demands === undefined) demands = [demand];
    else addDemand(demands, demand);
  }
  if (demands === undefined)
    return nextChangeMs === undefined ? NOTHING : { demands: [], nextChangeMs, bucket: undefined };
  if (demands.length > 1)
    demands.sort((a, b) => a.skill - b.skill || Number(b.isRequired) - Number(a.isRequired));
  return { demands, nextChangeMs, bucket: undefined };
}

const demandOf = ({ skill, isRequired }: SkillRequirement, minLevel: number): Demand => ({
  skill,
  minLevel,
  isRequired,
});

/** What a queue asks for, one stage after the other. */
export function stagesOf(requirements: readonly SkillRequirement[]): readonly Asked[] {
  const stages: Asked[] = [];
  let from: number | undefined = 0;
  while (from !== undefined) {
    const stage = askedAt(requirements, [], from);
    stages.push(stage);
    from = stage.nextChangeMs;
  }
  return stages;
}

/** The same skill asked for twice counts once, at the higher level; required beats preferred. */
function addDemand(demands: Demand[], demand: Demand): void {
  for (let at = 0; at < demands.length; at++) {
    const known = demands[at];
    if (known?.skill !== demand.skill || known.isRequired !== demand.isRequired) continue;
    if (known.minLevel < demand.minLevel) demands[at] = demand;
    return;
  }
  demands.push(demand);
}
