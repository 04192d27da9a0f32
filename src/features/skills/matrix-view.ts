import type { FieldProblem } from '../../kernel/errors.js';
import {
  formView,
  listView,
  type FormView,
  type ListRequest,
  type PageContext,
} from '../../web/kit/index.js';
import { footKey } from './skill-live.js';
import type { Matrix } from './level-service.js';
import {
  cellName,
  cellOf,
  tintStep,
  writeShown,
  type LevelConflict,
  type MatrixAgent,
} from './level.js';
import type { SkillOption } from './skill.js';
import type { MATRIX_SORTS } from './level-store.js';

export type MatrixRequest = ListRequest<(typeof MATRIX_SORTS)[number]>;

/** Above so many skills their names stand on end. */
const LEVEL_HEADS = 12;
/** More rows on one page are slow to work in. */
const PAGE_SIZE_MAX = 50;

/** What was typed and did not get through. */
export interface MatrixTrouble {
  readonly typed: ReadonlyMap<string, string>;
  readonly problems: readonly FieldProblem[];
  readonly conflicts: readonly LevelConflict[];
}

/** The page's address with the same filter, sort and page. */
export function withQuery(path: string, request: MatrixRequest): string {
  const { search, filters, page, limit, sortBy, descending } = request;
  const query = new URLSearchParams({
    ...(search === '' ? {} : { q: search }),
    ...filters,
    ...(sortBy === 'name' && !descending ? {} : { sort: (descending ? '-' : '') + sortBy }),
    ...(limit === PAGE_SIZE_MAX ? {} : { size: String(limit) }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** What the view `skills/matrix` draws. */
export function matrixView(
  page: PageContext,
  request: MatrixRequest,
  matrix: Matrix,
  trouble?: MatrixTrouble,
) {
  const { skills, agents, total } = matrix;
  const list = listView(request, { rows: agents, total }, [
    { label: 'agents.form.name', sort: 'name' },
  ]);
  const form = matrixForm(page, request, matrix, trouble);
  return {
    list: { ...list, sizes: list.sizes.filter(({ size }) => size <= PAGE_SIZE_MAX) },
    form,
    shown: shownLevels(agents, trouble),
    isUpright: skills.length > LEVEL_HEADS,
    skills: skills.map(({ id, name }) => ({ id, name, foot: footKey(id) })),
    agents: agents.map(({ id, name, number, levels }) => ({
      id,
      name,
      number,
      cells: skills.map((skill) => {
        const field = cellName({ agent: id, skill: skill.id });
        const level = levels.get(skill.id) ?? 0;
        const stored = level === 0 ? '' : String(level);
        const value = trouble?.typed.get(field) ?? stored;
        return {
          field,
          skill: skill.id,
          value,
          stored,
          step: tintStep(Math.min(Number(value) || 0, 100)),
          problem: form.problems[field],
        };
      }),
    })),
  };
}

/** After a conflict the form is about what is stored now: saving once more means it. */
function shownLevels(agents: readonly MatrixAgent[], trouble: MatrixTrouble | undefined): string {
  const shown = writeShown(agents);
  const onPage = new Set(agents.map((agent) => agent.id));
  const others = (trouble?.conflicts ?? [])
    .filter(({ agent, theirs }) => !onPage.has(agent) && theirs > 0)
    .map((conflict) => `${cellName(conflict)}:${String(conflict.theirs)}`);
  return [shown, ...others].filter((part) => part !== '').join(' ');
}

function matrixForm(
  page: PageContext,
  request: MatrixRequest,
  matrix: Matrix,
  trouble: MatrixTrouble | undefined,
): FormView {
  const form = formView(
    { prefix: 'skills.matrix', action: withQuery('/setup/skills/levels', request) },
    {},
  );
  if (trouble === undefined) return form;
  const label = (name: string): string => cellLabel(page, matrix, name);
  const summary = trouble.problems.map((found) => ({
    field: found.field,
    label: label(found.field),
    text: page.t(found.message, found.params),
  }));
  const asText = (level: number): string => (level === 0 ? '' : String(level));
  return {
    ...form,
    problems: Object.fromEntries(
      summary.map((line) => [line.field, `${line.label}: ${line.text}`]),
    ),
    summary,
    conflicts: trouble.conflicts.map((conflict) => ({
      name: cellName(conflict),
      label: label(cellName(conflict)),
      theirs: asText(conflict.theirs),
      yours: asText(conflict.yours),
    })),
  };
}

const nameOf = (found: readonly (SkillOption | MatrixAgent)[], id: number | undefined): string =>
  found.find((one) => one.id === id)?.name ?? '';

function cellLabel(page: PageContext, { agents, skills }: Matrix, field: string): string {
  const cell = cellOf(field);
  const agent = nameOf(agents, cell?.agent);
  const skill = nameOf(skills, cell?.skill);
  if (agent === '' || skill === '') return page.t('skills.matrix.cell-gone');
  return page.t('skills.matrix.cell', { agent, skill });
}
