import type { AgentId, SkillId } from '../../kernel/ids.js';
import type { SkillOption } from './skill.js';

/** Levels of one agent by skill. A skill that the agent does not have is absent; a level is never 0 here. */
export type Levels = ReadonlyMap<SkillId, number>;

/** One cell of the matrix. */
export interface Cell {
  readonly agent: AgentId;
  readonly skill: SkillId;
}

/** A cell that somebody changes: from the level that was shown to the one that was typed; 0 is "does not have it". */
export interface LevelChange extends Cell {
  readonly before: number;
  readonly after: number;
}

/** A cell that somebody else changed meanwhile, to neither what was shown nor what is typed now. */
export interface LevelConflict extends Cell {
  readonly theirs: number;
  readonly yours: number;
}

/** What became of changes: saved all, or, where one is a conflict, none. */
export type LevelOutcome =
  | { readonly kind: 'saved'; readonly cells: number; readonly agents: number }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly LevelConflict[] };

/** An agent in the matrix. */
export interface MatrixAgent {
  readonly id: AgentId;
  readonly name: string;
  readonly number: string;
  readonly levels: Levels;
}

/** Colours of the matrix: 1 for levels up to 20 ... 5 for more than 80; 0 for agents without the skill. */
export const tintStep = (level: number): number => Math.ceil(level / 20);

export const cellName = ({ agent, skill }: Cell): string => `l-${String(agent)}-${String(skill)}`;

/** The cell that a form's field is about; undefined for other fields. */
export function cellOf(name: string): Cell | undefined {
  const [, agent, skill] = /^l-([1-9]\d{0,9})-([1-9]\d{0,9})$/.exec(name) ?? [];
  return agent === undefined || skill === undefined
    ? undefined
    : { agent: Number(agent) as AgentId, skill: Number(skill) as SkillId };
}

/** The levels that a page showed, as one hidden field: 1,500 fields would make the form twice as large. */
export const writeShown = (agents: readonly MatrixAgent[]): string =>
  agents
    .flatMap(({ id, levels }) =>
      [...levels].map(([skill, level]) => `${cellName({ agent: id, skill })}:${String(level)}`),
    )
    .join(' ');

/** Reads it again, by the names of cells; what is not there was shown empty. */
export const readShown = (text: string): ReadonlyMap<string, number> =>
  new Map(
    text
      .split(' ')
      .map((part) => part.split(':'))
      .filter(([name = '', level = '']) => cellOf(name) && /^\d{1,3}$/.test(level))
      .map(([name = '', level]) => [name, Number(level)]),
  );

/** Compares changes with what is stored: those to write, and those that meet somebody else's. */
export function settle(
  changes: readonly LevelChange[],
  stored: (cell: Cell) => number,
): { readonly writes: readonly LevelChange[]; readonly conflicts: readonly LevelConflict[] } {
  const writes: LevelChange[] = [];
  const conflicts: LevelConflict[] = [];
  for (const change of changes) {
    const { agent, skill, before, after } = change;
    const now = stored(change);
    if (now === after) continue;
    if (now === before) writes.push(change);
    else conflicts.push({ agent, skill, theirs: now, yours: after });
  }
  return { writes, conflicts };
}

/** The changes that make one set of levels of an agent another. */
export const levelDifferences = (
  agent: AgentId,
  before: Levels,
  after: Levels,
): readonly LevelChange[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .map((skill) => ({
      agent,
      skill,
      before: before.get(skill) ?? 0,
      after: after.get(skill) ?? 0,
    }))
    .filter((change) => change.before !== change.after);

/** Levels as people read them in the audit log: `Billing 60`, in the order of the skills. */
export const describeLevels = (skills: readonly SkillOption[], levels: Levels): readonly string[] =>
  skills.flatMap(({ id, name }) => {
    const level = levels.get(id);
    return level === undefined ? [] : [`${name} ${String(level)}`];
  });
