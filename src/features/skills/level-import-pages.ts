import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, SkillId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import {
  CSV_MAX_ROWS,
  IMPORT_UPLOAD_BYTES,
  importForm,
  readCsvTable,
  shelve,
  takeChecked,
  writeCsv,
  type CsvProblem,
  type CsvTable,
  type ImportShelf,
} from '../configuration/index.js';
import { agentNumbersIn, planLevels, type LevelPlan } from './level-import.js';
import type { LevelService } from './level-service.js';
import type { LevelChange, MatrixAgent } from './level.js';
import type { SkillOption } from './skill.js';

const PATH = '/setup/skills/import';
const FORM = { prefix: 'skills.import.form', action: PATH } as const;
/** More lines do not fit a page. */
const SHOWN_ROWS = 100;

export interface LevelImportParts {
  readonly levels: LevelService;
  readonly shelf: ImportShelf;
}

/** What waits on the shelf. Whoever checked the file runs it. */
const checkedSchema = z.object({
  changes: z.array(z.object({ agent: z.int(), skill: z.int(), before: z.int(), after: z.int() })),
});

/** Levels from a file: choose, look what it would change, run. */
export function addLevelImportPages(pages: PageRoutes, parts: LevelImportParts): void {
  pages
    .get(PATH, 'skills.edit', (page) => {
      showChoice(page);
    })
    .upload(PATH, 'skills.edit', IMPORT_UPLOAD_BYTES, (page) => check(page, parts))
    .post(`${PATH}/run`, 'skills.edit', (page) => run(page, parts));
}

const crumbs = (page: PageContext) => [
  { label: page.t('skills.matrix.title'), href: '/setup/skills' },
];

function showChoice(page: PageContext, problem?: CsvProblem): void {
  page.render(
    'skills/import',
    {
      title: page.t('skills.import.title'),
      crumbs: crumbs(page),
      styles: ['setup'],
      form: importForm(page, FORM, problem),
      maxRows: CSV_MAX_ROWS,
    },
    problem === undefined ? 200 : 422,
  );
}

/** Everybody of the matrix, by name. */
const EVERYBODY = {
  search: '',
  queue: undefined,
  sortBy: 'name',
  descending: false,
  offset: 0,
  limit: 1,
} as const;

async function check(page: PageContext, { levels, shelf }: LevelImportParts): Promise<void> {
  const [upload] = page.uploads;
  if (upload === undefined) {
    showChoice(page, { message: 'form.problem.file-needed' });
    return;
  }
  const table = readCsvTable(await readFile(upload.path));
  if ('message' in table) {
    showChoice(page, table);
    return;
  }
  const { skills } = await levels.matrix(page.actor, EVERYBODY);
  const agents = await levels.agentsByNumber(page.actor, agentNumbersIn(table));
  const plan = planLevels(table, skills, agents);
  if ('message' in plan) {
    showChoice(page, plan);
    return;
  }
  const content = { changes: plan.changes };
  const checked = plan.changes.length === 0 ? undefined : await shelve(page, shelf, content);
  page.render('skills/import-check', {
    title: page.t('skills.import.check'),
    crumbs: [...crumbs(page), { label: page.t('skills.import.title'), href: PATH }],
    styles: ['setup'],
    fileName: upload.fileName,
    encoding: table.encoding.toUpperCase(),
    checked,
    ...planView(page, table, plan, skills, agents),
  });
}

function planView(
  page: PageContext,
  table: CsvTable,
  { changes, rejected, unused }: LevelPlan,
  skills: readonly SkillOption[],
  agents: readonly MatrixAgent[],
) {
  const agentOf = new Map(agents.map((agent) => [agent.id, agent]));
  const skillOf = new Map(skills.map((skill) => [skill.id, skill]));
  const rejectedRows = rejected.map((cell) => ({
    line: cell.line,
    column: cell.column,
    value: cell.value,
    reason: page.t(cell.message, cell.params),
  }));
  const asText = (level: number): string => (level === 0 ? '' : String(level));
  return {
    total: table.rows.length,
    count: changes.length,
    agentCount: new Set(changes.map((change) => change.agent)).size,
    taken: changes.filter((change) => change.after === 0).length,
    bad: new Set(rejected.map((cell) => cell.line)).size,
    unused: unused.join(', '),
    rejected: rejectedRows.slice(0, SHOWN_ROWS),
    hiddenRejected: Math.max(0, rejectedRows.length - SHOWN_ROWS),
    rejectedFile: csvLink([
      ['line', 'column', 'value', 'reason'],
      ...rejectedRows.map((row) => [row.line, row.column, row.value, row.reason]),
    ]),
    changes: changes.slice(0, SHOWN_ROWS).map((change) => ({
      agent: agentOf.get(change.agent),
      skill: skillOf.get(change.skill)?.name,
      before: asText(change.before),
      after: asText(change.after),
    })),
    hiddenChanges: Math.max(0, changes.length - SHOWN_ROWS),
  };
}

async function run(page: PageContext, { levels, shelf }: LevelImportParts): Promise<void> {
  const checked = await takeChecked(page, shelf, checkedSchema);
  if (checked === undefined) {
    showChoice(page, { message: 'import.problem.gone' });
    return;
  }
  const changes = checked.changes.map((change): LevelChange => ({
    ...change,
    agent: change.agent as AgentId,
    skill: change.skill as SkillId,
  }));
  try {
    const outcome = await levels.save(page.actor, changes);
    if (outcome.kind === 'saved') {
      const { cells, agents } = outcome;
      const toast = { message: 'skills.matrix.saved', params: { cells, agents } };
      await page.redirect('/setup/skills', toast);
      return;
    }
    const count = outcome.conflicts.length;
    showChoice(page, { message: 'skills.import.problem.changed', params: { count } });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    showChoice(page, { message: 'skills.import.problem.gone' });
  }
}

/** A file inside the page: nothing of it stays on the server. */
const csvLink = (rows: readonly (readonly (string | number)[])[]): string =>
  `data:text/csv;base64,${Buffer.from(writeCsv(rows)).toString('base64')}`;
