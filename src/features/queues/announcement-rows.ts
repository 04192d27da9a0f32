import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import type { PromptId } from '../../kernel/ids.js';
import type { FlatValues } from './skill-rows.js';

/** Announcements that a queue plays in turn at most. */
export const MAX_ANNOUNCEMENTS = 8;
const ROW = /^announcements\.(\d{1,2})$/;

const nameOf = (at: number): string => `announcements.${String(at)}`;

/** What was chosen in each row of a form; rows of a number that no form shows are left out. */
export function announcementRowsOf(flat: FlatValues): readonly string[] {
  const rows: string[] = [];
  for (const [name, value] of Object.entries(flat)) {
    const at = Number(ROW.exec(name)?.[1] ?? MAX_ANNOUNCEMENTS);
    if (at >= MAX_ANNOUNCEMENTS) continue;
    while (rows.length <= at) rows.push('');
    rows[at] = typeof value === 'string' ? value.trim() : '';
  }
  return rows;
}

/** Names of the rows that a form shows: the filled ones, and an empty one behind. */
export const shownAnnouncementRows = (flat: FlatValues): readonly string[] => {
  const filled = announcementRowsOf(flat).findLastIndex((row) => row !== '') + 1;
  return Array.from({ length: Math.min(MAX_ANNOUNCEMENTS, filled + 1) }, (_, at) => nameOf(at));
};

/** Reads rows in their order; an empty one is no announcement. */
export const announcementRowsField = () =>
  z.custom<readonly string[]>().transform((rows, context): readonly PromptId[] =>
    rows.flatMap((row, at) => {
      if (row === '') return [];
      if (/^[1-9]\d{0,9}$/.test(row)) return [Number(row) as PromptId];
      context.addIssue({ ...problem('form.problem.choose'), path: [at] });
      return [];
    }),
  );

/** Announcements as the rows of the form. */
export const announcementValues = (announcements: readonly PromptId[]): FlatValues =>
  Object.fromEntries(announcements.map((prompt, at) => [nameOf(at), String(prompt)]));
