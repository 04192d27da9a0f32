import { parseFields } from '../../kernel/fields.js';
import type { CsvProblem, CsvRow, CsvTable } from '../configuration/index.js';
import type { LevelChange, MatrixAgent } from './level.js';
import { levelField, type SkillOption } from './skill.js';
import { z } from 'zod';

/** Headers by which the column of agent numbers is known. */
const NUMBER_HEADERS: readonly string[] = ['number', 'agent_number', 'agent', '工号'];
/** Columns for people who read the file. */
const IGNORED_HEADERS: readonly string[] = ['name', '姓名'];
const levelSchema = z.object({ level: levelField() });

/** A cell or a row of the file that cannot be taken, and why. */
export interface RejectedCell {
  readonly line: number;
  /** Header of its column; '' where the whole row is wrong. */
  readonly column: string;
  readonly value: string;
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** What a file would change. */
export interface LevelPlan {
  readonly changes: readonly LevelChange[];
  readonly rejected: readonly RejectedCell[];
  /** Headers that are no skill. */
  readonly unused: readonly string[];
}

const headerOf = (header: string): string =>
  header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

const numberColumn = (table: CsvTable): number =>
  table.header.findIndex((header) => NUMBER_HEADERS.includes(headerOf(header)));

/** The agent numbers that a file names. */
export const agentNumbersIn = (table: CsvTable): readonly string[] => {
  const at = numberColumn(table);
  return at < 0 ? [] : [...new Set(table.rows.map((row) => row.cells[at] ?? ''))];
};

/**
 * Compares a file with what is stored: one row an agent, one column a skill by its name. An empty cell takes the skill
 * away; a skill without a column stays as it is. A row with a wrong cell changes nothing of its agent.
 */
export function planLevels(
  table: CsvTable,
  skills: readonly SkillOption[],
  agents: readonly MatrixAgent[],
): LevelPlan | CsvProblem {
  const at = numberColumn(table);
  const found = table.header.join(', ').slice(0, 200);
  if (at < 0) return { message: 'import.problem.columns', params: { missing: 'number', found } };
  const byName = new Map(skills.map((skill) => [skill.name.toLowerCase(), skill]));
  const columns = table.header.map((header, column) =>
    column === at ? undefined : byName.get(header.trim().toLowerCase()),
  );
  if (columns.every((skill) => skill === undefined))
    return { message: 'skills.import.problem.no-skills', params: { found } };
  const byNumber = new Map(agents.map((agent) => [agent.number, agent]));
  const seen = new Map<string, number>();
  const changes: LevelChange[] = [];
  const rejected: RejectedCell[] = [];
  for (const row of table.rows) {
    const number = row.cells[at] ?? '';
    const agent = byNumber.get(number);
    const before = seen.get(number);
    const reject = (message: string, params?: RejectedCell['params']): void => {
      const column = table.header[at] ?? '';
      rejected.push({ line: row.line, column, value: number, message, ...(params && { params }) });
    };
    if (agent === undefined) reject('skills.import.problem.agent');
    else if (before !== undefined) reject('import.problem.repeated', { line: before });
    else {
      seen.set(number, row.line);
      const read = readRow(table, row, columns, agent);
      rejected.push(...read.rejected);
      if (read.rejected.length === 0) changes.push(...read.changes);
    }
  }
  const unused = table.header.filter(
    (header, column) =>
      column !== at &&
      columns[column] === undefined &&
      header !== '' &&
      !IGNORED_HEADERS.includes(headerOf(header)),
  );
  return { changes, rejected, unused };
}

function readRow(
  table: CsvTable,
  row: CsvRow,
  columns: readonly (SkillOption | undefined)[],
  agent: MatrixAgent,
): { readonly changes: readonly LevelChange[]; readonly rejected: readonly RejectedCell[] } {
  const changes: LevelChange[] = [];
  const rejected: RejectedCell[] = [];
  columns.forEach((skill, column) => {
    if (skill === undefined) return;
    const value = row.cells[column] ?? '';
    const parsed = parseFields(levelSchema, { level: value });
    const before = agent.levels.get(skill.id) ?? 0;
    if (!parsed.ok)
      rejected.push({
        line: row.line,
        column: table.header[column] ?? '',
        value,
        message: 'skills.problem.level',
      });
    else if (parsed.values.level !== before)
      changes.push({ agent: agent.id, skill: skill.id, before, after: parsed.values.level });
  });
  return { changes, rejected };
}
