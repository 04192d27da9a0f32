import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { SkillId } from '../../kernel/ids.js';
import { DistributionError, parseDistribution, type Distribution } from '../distributions.js';
import type { JsonPath } from '../json-lines.js';
import { ScenarioError } from './problems.js';
import type { Scenario } from './scenario.js';
import type { ScenarioFile, ScenarioRequirement } from './scenario-file.js';

const SECOND_MS = 1000;

/** A scenario while it is worked out: the names in it, and what is wrong with it. */
export class Planning {
  readonly file: ScenarioFile;
  readonly #problems: string[] = [];
  readonly #queues = new Map<string, number>();
  readonly #skills = new Map<string, SkillId>();

  constructor(readonly scenario: Scenario) {
    this.file = scenario.file;
    for (const name of this.file.skills) this.#skills.set(name, (this.#skills.size + 1) as SkillId);
    this.file.queues.forEach(({ name }, index) => {
      if (this.#queues.has(name))
        this.refuse(['queues', index, 'name'], `there is a queue "${name}" already`);
      this.#queues.set(name, index);
    });
  }

  get skillNames(): ReadonlyMap<SkillId, string> {
    return new Map([...this.#skills].map(([name, id]) => [id, name]));
  }

  /** `place` is where it stands, if not in the scenario's own file. */
  refuse(path: JsonPath, message: string, place = this.scenario.where(path)): void {
    this.#problems.push(`${place}: ${message}`);
  }

  /** @throws {ScenarioError} with everything that was refused. */
  throwIfRefused(): void {
    if (this.#problems.length > 0) throw new ScenarioError(this.#problems);
  }

  /** Index of a queue; undefined, and refused, where there is none of this name. */
  queue(name: string, path: JsonPath, place?: string): number | undefined {
    const index = this.#queues.get(name);
    if (index === undefined) this.refuse(path, `there is no queue "${name}"`, place);
    return index;
  }

  requirements(
    list: readonly ScenarioRequirement[],
    path: JsonPath,
    place?: string,
  ): readonly SkillRequirement[] {
    return list.map(({ skill, minLevel, required, relax }, index) => {
      relax.forEach((step, at) => {
        const before = relax[at - 1];
        const isEarlier = before !== undefined && step.afterSeconds <= before.afterSeconds;
        if (isEarlier || step.minLevel >= (before?.minLevel ?? minLevel))
          this.refuse(
            [...path, index, 'relax', at],
            'each step must come later than the one before, and ask for less',
            place,
          );
      });
      return {
        skill: this.skill(skill, [...path, index, 'skill'], place),
        minLevel,
        isRequired: required,
        relax: relax.map((step) => ({
          afterMs: step.afterSeconds * SECOND_MS,
          minLevel: step.minLevel,
        })),
      };
    });
  }

  /** Where skills are listed a name that is not among them is a typing error; otherwise names are skills by being used. */
  skill(name: string, path: JsonPath, place?: string): SkillId {
    const known = this.#skills.get(name);
    if (known !== undefined) return known;
    if (this.file.skills.length > 0)
      this.refuse(path, `there is no skill "${name}" in skills`, place);
    const fresh = (this.#skills.size + 1) as SkillId;
    this.#skills.set(name, fresh);
    return fresh;
  }

  distribution(text: string, path: JsonPath, isFinite: boolean): Distribution {
    try {
      const distribution = parseDistribution(text, this.scenario.readText);
      if (isFinite && distribution.kind === 'infinite') this.refuse(path, 'must end some time');
      return distribution;
    } catch (error) {
      if (!(error instanceof DistributionError)) throw error;
      this.refuse(path, error.message);
      return parseDistribution('constant:0', this.scenario.readText);
    }
  }
}
