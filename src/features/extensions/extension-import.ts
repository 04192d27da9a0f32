import { parseFields } from '../../kernel/fields.js';
import type { FieldProblem } from '../../kernel/errors.js';
import type { CsvProblem, CsvRow, CsvTable } from '../configuration/index.js';
import { extensionSchema, NEW_EXTENSION, type ExtensionDraft } from './extension.js';

/** Columns of the file, in the order of the template, and the names by which their headers are known. */
export const IMPORT_COLUMNS = {
  number: ['number', 'extension', '分机', '分机号', '号码'],
  name: ['name', '姓名', '名称'],
  permission: ['permission', '权限', '呼叫权限'],
  callerId: ['caller_id', 'callerid', 'shown_number', '外显号码'],
  voicemail: ['voicemail', '语音留言'],
  recordingInternal: ['record_internal', 'recordinternal', '内部通话录音'],
  ringTimeoutS: ['ring_timeout', 'ring_timeout_s', '振铃时长'],
  language: ['language', '语言'],
  department: ['department', '部门'],
  isListed: ['in_directory', 'directory', '通讯录', '可按姓名查找'],
} as const;
export type ImportColumn = keyof typeof IMPORT_COLUMNS;
const REQUIRED: readonly ImportColumn[] = ['number', 'name'];

/** Words of both languages for what the form sends. */
const WORDS: Readonly<Record<string, string>> = {
  内部: 'internal',
  本地: 'local',
  国内: 'national',
  国际: 'international',
  yes: 'on',
  true: 'on',
  1: 'on',
  是: 'on',
  no: '',
  false: '',
  0: '',
  否: '',
  english: 'en',
  英文: 'en',
  英语: 'en',
  中文: 'zh-CN',
  简体中文: 'zh-CN',
  'zh-cn': 'zh-CN',
};
const WORD_COLUMNS: ReadonlySet<ImportColumn> = new Set<ImportColumn>([
  'permission',
  'voicemail',
  'recordingInternal',
  'language',
  'isListed',
]);
const FLAGS: ReadonlySet<ImportColumn> = new Set<ImportColumn>(['voicemail', 'isListed']);
/** What yes and no mean for a rule of recording; its own words count too. */
const RULES: Readonly<Record<string, string>> = { on: 'always', '': 'default' };

/** A row that cannot become an extension, and why. */
export interface RejectedRow {
  readonly line: number;
  /** '' where the whole row is wrong. */
  readonly field: string;
  readonly value: string;
  readonly problem: Omit<FieldProblem, 'field'>;
  readonly cells: readonly string[];
}

/** What a file would do. */
export interface ImportPlan {
  readonly drafts: readonly ExtensionDraft[];
  readonly rejected: readonly RejectedRow[];
  /** Headers that no column has. */
  readonly unused: readonly string[];
}

/** Checks every row as the form would; `taken` are numbers that exist. A file without a needed column is refused whole. */
export function planImport(
  table: CsvTable,
  country: string,
  taken: ReadonlySet<string>,
): ImportPlan | CsvProblem {
  const columns = table.header.map(columnOf);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    return {
      message: 'import.problem.columns',
      params: { missing: missing.join(', '), found: table.header.join(', ').slice(0, 200) },
    };
  const schema = extensionSchema(country);
  const drafts: ExtensionDraft[] = [];
  const rejected: RejectedRow[] = [];
  const seen = new Map<string, number>();
  for (const row of table.rows) {
    const reject = (field: string, value: string, problem: RejectedRow['problem']): void => {
      rejected.push({ line: row.line, field, value, problem, cells: row.cells });
    };
    if (
      row.cells.length > columns.length &&
      row.cells.slice(columns.length).some((cell) => cell !== '')
    ) {
      reject('', '', { message: 'import.problem.extra-cells', params: { max: columns.length } });
      continue;
    }
    const input = inputOf(row, columns);
    const parsed = parseFields(schema, input);
    if (!parsed.ok) {
      for (const { field, ...problem } of parsed.problems)
        reject(field, cellOf(row, columns, field), problem);
      continue;
    }
    const { number } = parsed.values;
    const before = seen.get(number);
    if (taken.has(number)) reject('number', number, { message: 'extensions.problem.number-taken' });
    else if (before !== undefined)
      reject('number', number, { message: 'import.problem.repeated', params: { line: before } });
    else {
      seen.set(number, row.line);
      drafts.push(parsed.values);
    }
  }
  const unused = table.header.filter((name, at) => columns[at] === undefined && name !== '');
  return { drafts, rejected, unused };
}

/** The numbers that a file would take, as far as they can be read. */
export function numbersIn(table: CsvTable): readonly string[] {
  const at = table.header.map(columnOf).indexOf('number');
  return table.rows.map((row) => row.cells[at] ?? '').filter((number) => /^\d{2,8}$/.test(number));
}

function columnOf(header: string): ImportColumn | undefined {
  const name = header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return (Object.keys(IMPORT_COLUMNS) as ImportColumn[]).find((column) =>
    (IMPORT_COLUMNS[column] as readonly string[]).includes(name),
  );
}

/** A row as the form would send it; empty cells mean what the form of a new extension shows. */
function inputOf(row: CsvRow, columns: readonly (ImportColumn | undefined)[]) {
  const input: Record<string, unknown> = { ...NEW_EXTENSION };
  columns.forEach((column, at) => {
    const cell = row.cells[at] ?? '';
    if (column === undefined || cell === '') return;
    const word = WORD_COLUMNS.has(column) ? (WORDS[cell.toLowerCase()] ?? cell) : cell;
    if (column === 'recordingInternal') {
      input[column] = RULES[word] ?? word;
      return;
    }
    // A word that is neither yes nor no must not pass as "no".
    input[column] = FLAGS.has(column) && word !== 'on' && word !== '' ? { unknown: cell } : word;
  });
  return input;
}

const cellOf = (
  row: CsvRow,
  columns: readonly (ImportColumn | undefined)[],
  field: string,
): string => row.cells[columns.findIndex((column) => column === field)] ?? '';
