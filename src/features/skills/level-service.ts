import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, SkillId } from '../../kernel/ids.js';
import type { LevelStore, LevelWriter, MatrixQuery } from './level-store.js';
import {
  cellName,
  describeLevels,
  settle,
  type LevelChange,
  type LevelOutcome,
  type Levels,
  type MatrixAgent,
} from './level.js';
import type { SkillOption } from './skill.js';

/** The matrix as a page or a file shows it. */
export interface Matrix {
  readonly skills: readonly SkillOption[];
  readonly agents: readonly MatrixAgent[];
  /** Agents that match, on all pages. */
  readonly total: number;
}

/** One page; a file has all of them. */
const EVERYBODY = { offset: 0, limit: 1_000_000 } as const;

const gone = (change: LevelChange): AppError => {
  const field = cellName(change);
  return new AppError('invalid-fields', 'agent or skill is archived', [
    { field, message: 'skills.problem.gone' },
  ]);
};

/** Who can do what how well. Every save has one line in the audit log for each agent whom it changes. */
export class LevelService {
  constructor(
    private readonly store: LevelStore,
    private readonly announcer: Announcer,
  ) {}

  async matrix(actor: Actor, query: MatrixQuery): Promise<Matrix> {
    requirePermission(actor, 'skills.edit');
    const [skills, { rows, total }] = await Promise.all([
      this.store.skills(),
      this.store.agents(query),
    ]);
    return { skills, agents: rows, total };
  }

  queues(actor: Actor): ReturnType<LevelStore['queues']> {
    requirePermission(actor, 'skills.edit');
    return this.store.queues();
  }

  queuesNobodyTakes(actor: Actor): ReturnType<LevelStore['queuesNobodyTakes']> {
    requirePermission(actor, 'skills.edit');
    return this.store.queuesNobodyTakes();
  }

  /** Everybody who matches, for a file; leaves a line in the audit log. */
  async export(actor: Actor, query: MatrixQuery): Promise<Matrix> {
    const matrix = await this.matrix(actor, { ...query, ...EVERYBODY });
    await this.store.audit.record(actor, {
      action: 'skill.export',
      objectKind: 'skill',
      objectId: '',
      objectName: '',
    });
    return matrix;
  }

  /** The agents with these numbers, in use. */
  async agentsByNumber(actor: Actor, numbers: readonly string[]): Promise<readonly MatrixAgent[]> {
    requirePermission(actor, 'skills.edit');
    return this.store.agentsByNumber(numbers);
  }

  /**
   * Saves cells, all or none. A cell that holds something else than what was shown is a conflict, unless it holds what is
   * typed already. Throws `invalid-fields` where an agent or a skill was archived meanwhile.
   */
  async save(actor: Actor, changes: readonly LevelChange[]): Promise<LevelOutcome> {
    requirePermission(actor, 'skills.edit');
    const outcome = await this.store.change((writer) => saveCells(writer, actor, changes));
    if (outcome.kind === 'saved' && outcome.cells > 0) await this.#announce();
    return outcome;
  }

  /** Gives agents one skill at one level, whatever they had; 0 takes it away. Gives how many agents changed. */
  async setForAgents(
    actor: Actor,
    agents: readonly AgentId[],
    skill: SkillId,
    level: number,
  ): Promise<number> {
    requirePermission(actor, 'skills.edit');
    const outcome = await this.store.change(async (writer) => {
      const locked = await writer.lockAgents(agents);
      const changes = locked.map(({ id, levels }): LevelChange => ({
        agent: id,
        skill,
        before: levels.get(skill) ?? 0,
        after: level,
      }));
      return saveCells(writer, actor, changes);
    });
    if (outcome.kind === 'conflicts') throw new Error('locked agents changed');
    if (outcome.agents > 0) await this.#announce();
    return outcome.agents;
  }

  /** The ids of everybody who matches. */
  async everybody(actor: Actor, query: MatrixQuery): Promise<readonly AgentId[]> {
    const { agents } = await this.matrix(actor, { ...query, ...EVERYBODY });
    return agents.map((agent) => agent.id);
  }

  #announce(): Promise<void> {
    return this.announcer.configurationChanged('skills');
  }
}

async function saveCells(
  writer: LevelWriter,
  actor: Actor,
  changes: readonly LevelChange[],
): Promise<LevelOutcome> {
  const agents = await writer.lockAgents([...new Set(changes.map((change) => change.agent))]);
  const skills = await writer.lockSkills([...new Set(changes.map((change) => change.skill))]);
  const agentOf = new Map(agents.map((agent) => [agent.id, agent]));
  const inUse = new Set(skills.map((skill) => skill.id));
  const lost = changes.find(({ agent, skill }) => !agentOf.has(agent) || !inUse.has(skill));
  if (lost) throw gone(lost);
  const { writes, conflicts } = settle(
    changes,
    ({ agent, skill }) => agentOf.get(agent)?.levels.get(skill) ?? 0,
  );
  if (conflicts.length > 0) return { kind: 'conflicts', conflicts };
  if (writes.length > 0) await writer.write(writes);
  const writesOf = new Map<AgentId, LevelChange[]>();
  for (const write of writes)
    writesOf.set(write.agent, [...(writesOf.get(write.agent) ?? []), write]);
  const changed = agents.filter((agent) => writesOf.has(agent.id));
  for (const agent of changed)
    await record(writer, actor, agent, skills, writesOf.get(agent.id) ?? []);
  return { kind: 'saved', cells: writes.length, agents: changed.length };
}

/** Only the skills that changed, as `Billing 60`. */
function record(
  writer: LevelWriter,
  actor: Actor,
  agent: MatrixAgent,
  skills: readonly SkillOption[],
  writes: readonly LevelChange[],
): Promise<void> {
  const levels = (side: 'before' | 'after'): Levels =>
    new Map(writes.filter((write) => write[side] > 0).map((write) => [write.skill, write[side]]));
  const described = (side: 'before' | 'after') => describeLevels(skills, levels(side));
  return writer.audit.record(actor, {
    action: 'agent.change',
    objectKind: 'agent',
    objectId: String(agent.id),
    objectName: agent.name,
    changes: { levels: [described('before'), described('after')] },
  });
}
