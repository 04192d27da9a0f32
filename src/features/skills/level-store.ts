import type { AgentId, QueueId, SkillId } from '../../kernel/ids.js';
import type { ListQuery, ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import type { NamedQueue } from './knex-takers.js';
import type { LevelChange, MatrixAgent } from './level.js';
import type { SkillOption } from './skill.js';

export const MATRIX_SORTS = ['name', 'number'] as const;

/** One page of the matrix: agents in use by name or number, perhaps of one queue. */
export interface MatrixQuery extends ListQuery<(typeof MATRIX_SORTS)[number]> {
  readonly queue: QueueId | undefined;
}

/** Who has which skill at which level. Archived agents and skills are absent; their levels stay for when they are back. */
export interface LevelStore {
  agents(query: MatrixQuery): Promise<ListResult<MatrixAgent>>;
  agentsByNumber(numbers: readonly string[]): Promise<readonly MatrixAgent[]>;
  /** Skills in use by name. */
  skills(): Promise<readonly SkillOption[]>;
  queues(): Promise<readonly NamedQueue[]>;
  /** Queues whose skills no member has, by name. */
  queuesNobodyTakes(): Promise<readonly NamedQueue[]>;
  /** One transaction. It is run again when MariaDB breaks a deadlock. */
  change<T>(work: (writer: LevelWriter) => Promise<T>): Promise<T>;
  /** For lines about what changed nothing. */
  readonly audit: AuditLog;
}

/** Writing inside one transaction. */
export interface LevelWriter {
  /** Keeps others from changing these agents until the end. Those that are archived are absent from the answer. */
  lockAgents(ids: readonly AgentId[]): Promise<readonly MatrixAgent[]>;
  /** Keeps these skills from being archived until the end, and gives those in use. */
  lockSkills(ids: readonly SkillId[]): Promise<readonly SkillOption[]>;
  /** Writes changes, and raises the versions of their agents, because their pages show the levels. */
  write(changes: readonly LevelChange[]): Promise<void>;
  readonly audit: AuditLog;
}
