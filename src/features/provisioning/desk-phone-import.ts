import type { FieldProblem } from '../../kernel/errors.js';
import { parseFields } from '../../kernel/fields.js';
import type { CsvProblem, CsvTable } from '../configuration/index.js';
import type { LineOption } from './desk-phone-store.js';
import { deskPhoneSchema, type DeskPhoneDraft } from './desk-phone.js';
import { parseMac } from './mac.js';
import { PHONE_MODELS } from './models.js';

/** Columns of the file, and the names by which their headers are known. */
const COLUMNS = {
  mac: ['mac', 'mac_address', 'mac地址'],
  model: ['model', '型号', '机型'],
  extensions: ['extensions', 'extension', 'lines', '分机', '分机号'],
  name: ['name', '名称', '姓名'],
  keys: ['keys', '按键', '功能键'],
} as const;
type Column = keyof typeof COLUMNS;
const REQUIRED: readonly Column[] = ['mac', 'model', 'extensions'];

/** A row that cannot become a phone, and why. */
export interface RejectedPhone {
  readonly line: number;
  /** As typed. */
  readonly mac: string;
  readonly problem: Pick<FieldProblem, 'message' | 'params'>;
}

/** What a file would do. */
export interface ImportPlan {
  readonly drafts: readonly { readonly line: number; readonly draft: DeskPhoneDraft }[];
  readonly rejected: readonly RejectedPhone[];
}

/** Checks every row as the form would. A file without a needed column is refused whole. */
export function planImport(
  table: CsvTable,
  extensions: readonly LineOption[],
): ImportPlan | CsvProblem {
  const columns = table.header.map(columnOf);
  const missing = REQUIRED.filter((column) => !columns.includes(column));
  if (missing.length > 0)
    return {
      message: 'import.problem.columns',
      params: { missing: missing.join(', '), found: table.header.join(', ').slice(0, 200) },
    };
  const drafts: { line: number; draft: DeskPhoneDraft }[] = [];
  const rejected: RejectedPhone[] = [];
  const macs = new Map<string, number>();
  const numbers = new Map<string, number>();
  for (const { line, cells } of table.rows) {
    const typed = (column: Column): string => cells[columns.indexOf(column)]?.trim() ?? '';
    const reject = (problem: RejectedPhone['problem']): void => {
      rejected.push({ line, mac: typed('mac'), problem });
    };
    const asked = typed('extensions')
      .split(/[\s,;/]+/)
      .filter((number) => number !== '');
    const unknown = asked.find((number) => !extensions.some((one) => one.number === number));
    const twice = asked.find((number) => numbers.has(number));
    const mac = parseMac(typed('mac')) ?? '';
    if (unknown !== undefined)
      reject({ message: 'provisioning.problem.unknown-extension', params: { number: unknown } });
    else if (twice !== undefined)
      reject({
        message: 'provisioning.problem.extension-repeated',
        params: { number: twice, line: numbers.get(twice) ?? 0 },
      });
    else if (macs.has(mac))
      reject({ message: 'import.problem.repeated', params: { line: macs.get(mac) ?? 0 } });
    else {
      const lines = asked.flatMap((number) =>
        extensions.filter((one) => one.number === number).map(({ id }) => String(id)),
      );
      const first = extensions.find((one) => one.number === asked[0]);
      const parsed = parseFields(deskPhoneSchema, {
        ...{ mac: typed('mac'), model: modelId(typed('model')), lines, isEnabled: true },
        name: typed('name') === '' ? (first?.name ?? '') : typed('name'),
        keys: typed('keys').replaceAll(/\s*;\s*/g, '\n'),
      });
      if (!parsed.ok) {
        const [problem = { message: 'form.problem.unfit', field: '' }] = parsed.problems;
        reject(problem.field === 'model' ? { message: 'provisioning.problem.model' } : problem);
        continue;
      }
      macs.set(mac, line);
      for (const number of asked) numbers.set(number, line);
      drafts.push({ line, draft: parsed.values });
    }
  }
  return { drafts, rejected };
}

const columnOf = (header: string): Column | undefined => {
  const name = header
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  return (Object.keys(COLUMNS) as Column[]).find((column) =>
    (COLUMNS[column] as readonly string[]).includes(name),
  );
};

/** The family of what people write: `Yealink T46U`, `GRP2614`, `fanvil x4u`, and the family's own name. */
function modelId(text: string): string {
  const typed = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, '');
  const named = PHONE_MODELS.find(
    ({ id, name }) => typed === id.replaceAll('-', '') || typed === plainName(name),
  );
  if (named !== undefined) return named.id;
  if (/^(yealink)?(sip)?t4\d/.test(typed)) return 'yealink-t4';
  if (/^(yealink)?(sip)?t5\d/.test(typed)) return 'yealink-t5';
  if (/^(grandstream)?gxp\d/.test(typed)) return 'grandstream-gxp';
  if (/^(grandstream)?grp\d/.test(typed)) return 'grandstream-grp';
  return /^(fanvil)?x\d/.test(typed) ? 'fanvil-x' : '';
}

const plainName = (name: string): string => name.toLowerCase().replaceAll(/\s+/g, '');
