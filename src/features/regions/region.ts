import { z } from 'zod';
import { problem, textField } from '../../kernel/fields.js';
import type { RegionId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

/** A part of the world by how its numbers begin. */
export interface RegionDraft {
  readonly name: string;
  /** In ascending order, each once. */
  readonly prefixes: readonly string[];
}

export interface StoredRegion extends Versioned<RegionId>, RegionDraft {}

export const REGION_SORTS = ['name', 'updated'] as const;
export type RegionSort = (typeof REGION_SORTS)[number];

/** A form with more does not fit a request; the rest belongs into another region. */
export const PREFIXES_MAX = 10_000;
/** Named in a message about lines that are no prefix. */
const NAMED_LINES = 3;

/**
 * A prefix as it is stored: plus, country code, digits. Spaces, brackets, hyphens, `00` for the plus and the `(0)` of
 * `+44 (0)161` are understood; undefined for anything else, such as national numbers, whose country nobody knows.
 */
export function normalisePrefix(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    // Spreadsheets and our own files put an apostrophe before what could be a formula.
    .replace(/^'/, '')
    .replace(/\(0\)/, '')
    .replaceAll(/[\s().\-/–]/g, '')
    .replace(/^00/, '+');
  return /^\+[1-9]\d{0,14}$/.test(plain) ? plain : undefined;
}

/** A textarea with one prefix a line (commas are understood too); what is no prefix is named. */
const prefixesField = () =>
  z.string('form.problem.needed').transform((text, context): readonly string[] => {
    const lines = text
      .split(/[\n,;，；]/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const prefixes = lines.map(normalisePrefix);
    const wrong = lines.filter((_line, at) => prefixes[at] === undefined);
    const found = [...new Set(prefixes.filter((prefix) => prefix !== undefined))].sort();
    if (wrong.length > 0) {
      const lines = wrong.slice(0, NAMED_LINES).map((line) => line.slice(0, 30));
      context.addIssue(
        problem('regions.problem.prefix', { lines: lines.join(', '), count: wrong.length }),
      );
    } else if (found.length === 0) context.addIssue(problem('form.problem.needed'));
    else if (found.length > PREFIXES_MAX)
      context.addIssue(problem('regions.problem.too-many', { max: PREFIXES_MAX }));
    else return found;
    return z.NEVER;
  });

/** The form. */
export const regionSchema = z.object({
  name: textField({ max: 80 }),
  prefixes: prefixesField(),
});
