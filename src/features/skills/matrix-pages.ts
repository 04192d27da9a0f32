import { AppError, type FieldProblem } from '../../kernel/errors.js';
import { idsField, optionalIdField, parseFields } from '../../kernel/fields.js';
import type { AgentId, QueueId, SkillId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import {
  readList,
  type LiveTopic,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import { writeCsv } from '../configuration/index.js';
import { z } from 'zod';
import type { LevelService } from './level-service.js';
import { MATRIX_SORTS, type MatrixQuery } from './level-store.js';
import { cellOf, readShown, type LevelChange } from './level.js';
import { matrixView, withQuery, type MatrixRequest, type MatrixTrouble } from './matrix-view.js';
import { levelField } from './skill.js';

const PATH = '/setup/skills';
const PAGE_SIZE = 50;
const WARNINGS_SHOWN = 5;

export interface MatrixPagesParts {
  readonly levels: LevelService;
  readonly topic: LiveTopic;
  readonly live: LiveView;
}

/** The skills matrix: look, save cells, set one level for several agents, take as a file. */
export function addMatrixPages(pages: PageRoutes, parts: MatrixPagesParts): void {
  pages
    .get(PATH, 'skills.edit', (page) => showMatrix(page, parts))
    .post(`${PATH}/levels`, 'skills.edit', (page) => saveLevels(page, parts))
    .post(`${PATH}/bulk`, 'skills.edit', (page) => setForMany(page, parts))
    .get(`${PATH}/export.csv`, 'skills.edit', (page) => sendFile(page, parts));
}

function readRequest(page: PageContext): MatrixRequest {
  const request = readList(page, {
    path: PATH,
    sorts: MATRIX_SORTS,
    defaultSort: 'name',
    filters: ['queue'],
  });
  const limit = Math.min(request.limit, PAGE_SIZE);
  return { ...request, limit, offset: (request.page - 1) * limit };
}

function queryOf(request: MatrixRequest): MatrixQuery {
  const queue = Number(request.filters['queue'] ?? 0);
  return {
    ...request,
    queue: Number.isInteger(queue) && queue > 0 ? (queue as QueueId) : undefined,
  };
}

interface Answer {
  readonly status: number;
  readonly trouble?: MatrixTrouble;
  /** What is wrong with the form for several agents. */
  readonly bulkProblem?: string;
}

async function showMatrix(
  page: PageContext,
  { levels, topic, live }: MatrixPagesParts,
  answer: Answer = { status: 200 },
): Promise<void> {
  const request = readRequest(page);
  const [matrix, queues, notTaken] = await Promise.all([
    levels.matrix(page.actor, queryOf(request)),
    levels.queues(page.actor),
    levels.queuesNobodyTakes(page.actor),
  ]);
  page.render(
    'skills/matrix',
    {
      title: page.t('skills.matrix.title'),
      styles: ['setup', 'skills'],
      scripts: ['skills'],
      values: topic.values(live.current, page),
      ...matrixView(page, request, matrix, answer.trouble),
      queues: queues.map(({ id, name }) => ({ value: id, label: name })),
      warnings: notTaken.slice(0, WARNINGS_SHOWN).map(({ id, name }) => ({
        text: page.t('skills.warning.not-taken', { queue: name }),
        href: `/setup/queues/${String(id)}`,
        action: page.t('skills.warning.not-taken.see'),
      })),
      bulkAction: withQuery(`${PATH}/bulk`, request),
      bulkProblem: answer.bulkProblem,
      exportHref: withQuery(`${PATH}/export.csv`, request),
      discardHref: withQuery(PATH, request),
    },
    answer.status,
  );
}

/** The cells that a form sends. What it does not send is unchanged. */
function readCells(page: PageContext): {
  readonly typed: ReadonlyMap<string, string>;
  readonly changes: readonly LevelChange[];
  readonly problems: readonly FieldProblem[];
} {
  const { shown = '' } = page.body;
  const before = readShown(typeof shown === 'string' ? shown : '');
  const typed = new Map<string, string>();
  const changes: LevelChange[] = [];
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(page.body)) {
    const cell = cellOf(name);
    if (cell === undefined || typeof value !== 'string') continue;
    typed.set(name, value.trim());
    const parsed = parseFields(z.object({ level: levelField() }), { level: value });
    if (!parsed.ok) problems.push({ field: name, message: 'skills.problem.level' });
    else if (parsed.values.level !== (before.get(name) ?? 0))
      changes.push({ ...cell, before: before.get(name) ?? 0, after: parsed.values.level });
  }
  return { typed, changes, problems };
}

async function saveLevels(page: PageContext, parts: MatrixPagesParts): Promise<void> {
  const { typed, changes, problems } = readCells(page);
  if (problems.length > 0)
    return showMatrix(page, parts, { status: 422, trouble: { typed, problems, conflicts: [] } });
  try {
    const outcome = await parts.levels.save(page.actor, changes);
    if (outcome.kind === 'saved')
      return await page.redirect(withQuery(PATH, readRequest(page)), {
        message: 'skills.matrix.saved',
        params: { cells: outcome.cells, agents: outcome.agents },
      });
    const trouble = { typed, problems: [], conflicts: outcome.conflicts };
    return await showMatrix(page, parts, { status: 409, trouble });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    const trouble = { typed, problems: error.problems, conflicts: [] };
    return showMatrix(page, parts, { status: 422, trouble });
  }
}

const bulkSchema = z.object({
  agents: idsField<AgentId>(),
  everybody: z.string().optional(),
  skill: optionalIdField<SkillId>(),
  level: levelField(),
});

async function setForMany(page: PageContext, parts: MatrixPagesParts): Promise<void> {
  const refuse = (message: string): Promise<void> =>
    showMatrix(page, parts, { status: 422, bulkProblem: page.t(message) });
  const parsed = parseFields(bulkSchema, page.body);
  if (!parsed.ok) return refuse('skills.problem.level');
  const { everybody, skill, level } = parsed.values;
  if (skill === undefined) return refuse('skills.bulk.problem.skill');
  const request = readRequest(page);
  const agents =
    everybody === undefined
      ? parsed.values.agents
      : await parts.levels.everybody(page.actor, queryOf(request));
  if (agents.length === 0) return refuse('skills.bulk.problem.nobody');
  try {
    const count = await parts.levels.setForAgents(page.actor, agents, skill, level);
    return await page.redirect(withQuery(PATH, request), {
      message: 'skills.bulk.done',
      params: { count },
    });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    return refuse('skills.problem.gone');
  }
}

/** Everybody who matches, as the import reads it. */
async function sendFile(page: PageContext, { levels }: MatrixPagesParts): Promise<void> {
  const { skills, agents } = await levels.export(page.actor, queryOf(readRequest(page)));
  const rows = agents.map((agent) => [
    agent.number,
    agent.name,
    ...skills.map((skill) => agent.levels.get(skill.id) ?? ''),
  ]);
  page.res
    .set('Cache-Control', 'no-store')
    .attachment('skills.csv')
    .type('text/csv')
    .send(writeCsv([['number', 'name', ...skills.map((skill) => skill.name)], ...rows]));
}
