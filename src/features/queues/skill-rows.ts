import { z } from 'zod';
import { MAX_LEVEL } from '../../engines/acd/requirement.js';
import { parseSeconds, problem } from '../../kernel/fields.js';
import type { SkillId } from '../../kernel/ids.js';
import {
  MAX_QUEUE_RELAX_STEPS,
  MAX_QUEUE_SKILLS,
  MAX_RELAX_AFTER_S,
  type QueueRelaxStep,
  type QueueSkill,
} from './queue.js';

/** Values by name as forms send and show them. */
export type FlatValues = Readonly<Record<string, unknown>>;
/** One row of the form: its fields as typed. */
type TypedRow = Readonly<Record<string, string>>;

/** Empty rows after the filled ones; more come with each save, so that no script is needed. */
const EMPTY_ROWS = 2;
const ROW = /^skills\.(\d{1,2})\.([a-z]{1,10}\d?)$/;
export const RELAX_STEPS = Array.from({ length: MAX_QUEUE_RELAX_STEPS }, (_, at) => at);

/** The rows of a form by their numbers. Rows of a number that no form shows are left out. */
export function skillRowsOf(flat: FlatValues): readonly TypedRow[] {
  const rows: Record<string, string>[] = [];
  for (const [name, value] of Object.entries(flat)) {
    const [, at, field] = ROW.exec(name) ?? [];
    if (field === undefined || Number(at) >= MAX_QUEUE_SKILLS) continue;
    while (rows.length <= Number(at)) rows.push({});
    const row = rows[Number(at)];
    if (row) row[field] = typeof value === 'string' ? value.trim() : '';
  }
  return rows;
}

const isEmpty = (row: TypedRow): boolean =>
  Object.entries(row).every(([field, value]) => field === 'kind' || value === '');

/** Numbers of the rows that a form shows: the filled ones and some empty ones behind. */
export const shownSkillRows = (flat: FlatValues): readonly number[] => {
  const last = skillRowsOf(flat).findLastIndex((row) => !isEmpty(row));
  const count = Math.min(MAX_QUEUE_SKILLS, last + 1 + EMPTY_ROWS);
  return Array.from({ length: count }, (_, at) => at);
};

/** Reads rows. A row that was left empty is no skill; what is wrong is a problem of its field. */
export const skillRowsField = () =>
  z.custom<readonly TypedRow[]>().transform((rows, context): readonly QueueSkill[] => {
    const seen = new Set<number>();
    const skills = rows.flatMap((row, at) => {
      if (isEmpty(row)) return [];
      const report: Report = (field, message, params) =>
        context.addIssue({ ...problem(message, params), path: [at, field] });
      const skill = readRow(row, report);
      if (seen.has(skill.skill)) report('skill', 'queues.problem.skill-twice');
      seen.add(skill.skill);
      return [skill];
    });
    return skills.sort((a, b) => a.skill - b.skill);
  });

type Report = (
  field: string,
  message: string,
  params?: Readonly<Record<string, string | number>>,
) => void;

function readRow(row: TypedRow, report: Report): QueueSkill {
  const id = row['skill'] ?? '';
  if (!/^[1-9]\d{0,9}$/.test(id)) report('skill', 'form.problem.choose');
  const minLevel = levelOf(row['level'], 1);
  if (minLevel === undefined) report('level', 'form.problem.between', { min: 1, max: MAX_LEVEL });
  return {
    skill: Number(id) as SkillId,
    isRequired: row['kind'] !== 'preferred',
    minLevel: minLevel ?? MAX_LEVEL,
    relax: readRelax(row, minLevel ?? MAX_LEVEL, report),
  };
}

function levelOf(typed: string | undefined, min: number): number | undefined {
  const level = /^\d{1,3}$/.test(typed ?? '') ? Number(typed) : undefined;
  return level !== undefined && level >= min && level <= MAX_LEVEL ? level : undefined;
}

function readRelax(row: TypedRow, level: number, report: Report): readonly QueueRelaxStep[] {
  const steps: QueueRelaxStep[] = [];
  let before: QueueRelaxStep = { afterS: 0, minLevel: level };
  for (const at of RELAX_STEPS) {
    const [after, to] = [`after${String(at)}`, `to${String(at)}`];
    const [typedAfter, typedTo] = [row[after] ?? '', row[to] ?? ''];
    if (typedAfter === '' && typedTo === '') continue;
    const afterS = parseSeconds(typedAfter);
    const minLevel = levelOf(typedTo, 0);
    if (afterS === undefined || afterS < 1 || afterS > MAX_RELAX_AFTER_S)
      report(after, 'form.problem.between-seconds', { min: 1, max: MAX_RELAX_AFTER_S });
    else if (afterS <= before.afterS)
      report(after, 'queues.problem.relax-time', { before: before.afterS });
    if (minLevel === undefined) report(to, 'form.problem.between', { min: 0, max: MAX_LEVEL });
    else if (minLevel >= before.minLevel)
      report(to, 'queues.problem.relax-level', { before: before.minLevel });
    before = { afterS: afterS ?? before.afterS, minLevel: minLevel ?? before.minLevel };
    steps.push(before);
  }
  return steps;
}

/** Skills as the rows of the form. */
export const skillValues = (skills: readonly QueueSkill[]): FlatValues =>
  Object.fromEntries(
    skills.flatMap((one, at): (readonly [string, string])[] => {
      const prefix = `skills.${String(at)}.`;
      return [
        [`${prefix}skill`, String(one.skill)],
        [`${prefix}kind`, one.isRequired ? 'required' : 'preferred'],
        [`${prefix}level`, String(one.minLevel)],
        ...one.relax.flatMap((step, number): (readonly [string, string])[] => [
          [`${prefix}after${String(number)}`, String(step.afterS)],
          [`${prefix}to${String(number)}`, String(step.minLevel)],
        ]),
      ];
    }),
  );
