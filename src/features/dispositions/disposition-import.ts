import type { FieldProblem } from '../../kernel/errors.js';
import type { DispositionId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { CsvProblem, CsvTable } from '../configuration/index.js';
import { NAME_MAX, PHONE_KEY_FORM } from './disposition.js';
import { outlineOf } from './disposition-tree.js';

/** Columns of the file: the levels in English, then in Chinese, and the key on the phone. */
export const IMPORT_COLUMNS = [
  'level_1',
  'level_2',
  'level_3',
  'level_1_zh',
  'level_2_zh',
  'level_3_zh',
  'phone_key',
] as const;
/** More codes than anybody chooses from. */
export const IMPORT_MAX_ROWS = 500;

/** A disposition that the file would create; what it stands below is there, or earlier in the plan. */
export interface PlannedDisposition {
  /** English names from the top down, itself last. */
  readonly path: readonly string[];
  readonly nameZh: string;
  /** '' for none. */
  readonly phoneKey: string;
}

export interface ImportProblem {
  readonly line: number;
  readonly problem: Omit<FieldProblem, 'field'>;
}

/** What a file would do: all of it, or nothing where there are problems. */
export interface DispositionPlan {
  readonly creates: readonly PlannedDisposition[];
  /** Rows that are there already. */
  readonly known: number;
  readonly problems: readonly ImportProblem[];
}

/** How English paths are compared. */
export const pathKey = (path: readonly string[]): string => path.join('\u0000').toLowerCase();

/** Paths in use by their key. */
export const knownPaths = (tree: Iterable<DispositionConfig>): ReadonlyMap<string, DispositionId> =>
  new Map(outlineOf(tree, 'en').map(({ path, disposition }) => [pathKey(path), disposition.id]));

/** Keys that dispositions have, archived ones too. */
export const takenKeys = (tree: Iterable<DispositionConfig>): ReadonlySet<string> =>
  new Set([...tree].flatMap(({ phoneKey }) => phoneKey ?? []));

/** Reads each row as one path; groups that are missing on the way are created too. */
export function planDispositions(
  table: CsvTable,
  known: ReadonlyMap<string, DispositionId>,
  taken: ReadonlySet<string> = new Set(),
): DispositionPlan | CsvProblem {
  const places = IMPORT_COLUMNS.map((column) =>
    table.header.findIndex((header) => header.trim().toLowerCase() === column),
  );
  if (places[0] === -1)
    return {
      message: 'import.problem.columns',
      params: { missing: 'level_1', found: table.header.join(', ').slice(0, 200) },
    };
  if (table.rows.length > IMPORT_MAX_ROWS)
    return { message: 'import.problem.too-many-rows', params: { max: IMPORT_MAX_ROWS } };
  const creates = new Map<string, PlannedDisposition>();
  const keys = new Set(taken);
  const problems: ImportProblem[] = [];
  let knownRows = 0;
  for (const { line, cells } of table.rows) {
    const values = places.map((place) => (place === -1 ? '' : (cells[place] ?? '').trim()));
    const names = values.slice(0, 3);
    const problem = problemOf(names, values);
    if (problem) {
      problems.push({ line, problem });
      continue;
    }
    const path = names.filter((name) => name !== '');
    const phoneKey = values[6] ?? '';
    if (known.has(pathKey(path)) || creates.has(pathKey(path))) knownRows += 1;
    else if (keys.has(phoneKey)) {
      const params = { key: phoneKey };
      problems.push({
        line,
        problem: { message: 'dispositions.import.problem.key-taken', params },
      });
      continue;
    } else if (phoneKey !== '') keys.add(phoneKey);
    path.forEach((name, at) => {
      const own = path.slice(0, at + 1);
      const key = pathKey(own);
      const nameZh = values[at + 3] ?? '';
      if (!known.has(key) && !creates.has(key))
        creates.set(key, {
          path: own,
          nameZh: nameZh === '' ? name : nameZh,
          phoneKey: at === path.length - 1 ? phoneKey : '',
        });
    });
  }
  return { creates: [...creates.values()], known: knownRows, problems };
}

function problemOf(
  names: readonly string[],
  values: readonly string[],
): ImportProblem['problem'] | undefined {
  const depth = names.filter((name) => name !== '').length;
  if (depth === 0 || names.slice(0, depth).includes(''))
    return { message: 'dispositions.import.problem.gap' };
  if (values.some((value) => value.length > NAME_MAX))
    return { message: 'form.problem.too-long', params: { max: NAME_MAX } };
  const key = values[6] ?? '';
  if (key !== '' && !PHONE_KEY_FORM.test(key))
    return { message: 'dispositions.import.problem.phone-key', params: { key } };
  return undefined;
}
