import {
  MAX_COLUMNS,
  TableError,
  type TableBatch,
  type TableFormat,
  type TableProblem,
  type TableRow,
} from '../../features/contacts/importing/table-file.js';
import { SharedStrings } from './shared-strings.js';
import { readXml, xmlPieces } from './xml-events.js';
import { openZip, type ZipFile } from './zip-file.js';

const ROWS_A_BATCH = 200;
/** Number formats that Excel has built in for dates and times. */
const DATE_FORMATS = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47]);
const DAY_MS = 86_400_000;
/** Day 0 of Excel's calendar, which has a 29 February 1900; and that of old workbooks from a Macintosh. */
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);

interface Workbook {
  /** Where the first sheet that is shown lies. */
  readonly part: string;
  readonly sheet: string;
  readonly epoch: number;
}

/** The first sheet that is shown. */
export async function detectWorkbook(path: string): Promise<TableFormat | TableProblem> {
  let zip: ZipFile | undefined;
  try {
    zip = await openZip(path);
    return { kind: 'workbook', sheet: (await readWorkbook(zip)).sheet };
  } catch (error) {
    if (error instanceof TableError) return error.problem;
    throw error;
  } finally {
    zip?.close();
  }
}

/** Rows of the first sheet that is shown: numbers as they are stored, dates as `2026-11-24`. */
export async function* workbookRows(path: string): AsyncGenerator<TableBatch> {
  const zip = await openZip(path);
  try {
    const { part, epoch } = await readWorkbook(zip);
    const strings = await SharedStrings.read(zip);
    const sheet = new SheetReader(strings, await readDateStyles(zip), epoch);
    const size = zip.sizeOf(part);
    let read = 0;
    for await (const bytes of xmlPieces(await zip.open(part), sheet)) {
      read += bytes;
      if (sheet.rows.length >= ROWS_A_BATCH) yield { rows: sheet.take(), share: read / size };
    }
    if (sheet.rows.length > 0) yield { rows: sheet.take(), share: 1 };
  } finally {
    zip.close();
  }
}

async function readWorkbook(zip: ZipFile): Promise<Workbook> {
  if (!zip.has('xl/workbook.xml') || !zip.has('xl/_rels/workbook.xml.rels'))
    throw new TableError({ message: 'contact-import.problem.no-workbook' });
  const sheets: { name: string; relation: string }[] = [];
  let epoch = EPOCH_1900;
  await readXml(await zip.open('xl/workbook.xml'), {
    open: (name, attributes) => {
      const { name: sheet = '', state = 'visible' } = attributes;
      if (name === 'sheet' && state === 'visible')
        sheets.push({ name: sheet, relation: attributes['r:id'] ?? '' });
      if (name === 'workbookPr' && ['1', 'true'].includes(attributes['date1904'] ?? ''))
        epoch = EPOCH_1904;
    },
  });
  const [first] = sheets;
  let part = '';
  await readXml(await zip.open('xl/_rels/workbook.xml.rels'), {
    open: (_name, { Id: id, Target: target = '' }) => {
      if (id === first?.relation) part = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
    },
  });
  if (first === undefined || !zip.has(part))
    throw new TableError({ message: 'contact-import.problem.no-workbook' });
  return { part, sheet: first.name, epoch };
}

/** Which cell styles show a number as a date. */
async function readDateStyles(zip: ZipFile): Promise<ReadonlySet<number>> {
  const dates = new Set<number>();
  if (!zip.has('xl/styles.xml')) return dates;
  const formats = new Set(DATE_FORMATS);
  let isCellStyles = false;
  let style = 0;
  await readXml(await zip.open('xl/styles.xml'), {
    open: (name, attributes) => {
      if (name === 'numFmt' && isDateFormat(attributes['formatCode'] ?? ''))
        formats.add(Number(attributes['numFmtId']));
      if (name === 'cellXfs') isCellStyles = true;
      if (name !== 'xf' || !isCellStyles) return;
      if (formats.has(Number(attributes['numFmtId']))) dates.add(style);
      style += 1;
    },
    close: (name) => {
      if (name === 'cellXfs') isCellStyles = false;
    },
  });
  return dates;
}

/** `dd/mm/yyyy` and the like, not `"Summe" 0` or `[Red]0`. */
const isDateFormat = (code: string): boolean =>
  /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\./g, '').replaceAll(/general/gi, ''));

class SheetReader {
  rows: TableRow[] = [];
  #line = 0;
  #cells: string[] = [];
  #column = 0;
  #type = '';
  #style = 0;
  #value = '';
  #isValue = false;

  constructor(
    private readonly strings: SharedStrings,
    private readonly dateStyles: ReadonlySet<number>,
    private readonly epoch: number,
  ) {}

  take(): readonly TableRow[] {
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') {
      this.#line = Number(attributes['r'] ?? this.#line + 1);
      this.#cells = [];
      this.#column = 0;
    } else if (name === 'c') {
      const place = attributes['r'];
      if (place !== undefined) this.#column = columnOf(place);
      this.#type = attributes['t'] ?? 'n';
      this.#style = Number(attributes['s'] ?? 0);
      this.#value = '';
    } else if (name === 'v' || name === 't') this.#isValue = true;
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false;
    else if (name === 'c') this.#put(this.#read());
    else if (name === 'row' && this.#cells.some((cell) => cell !== ''))
      this.rows.push({ line: this.#line, cells: this.#cells });
  }

  #put(value: string): void {
    if (this.#column >= MAX_COLUMNS && value !== '')
      throw new TableError({
        message: 'contact-import.problem.too-many-columns',
        params: { max: MAX_COLUMNS, line: this.#line },
      });
    if (value !== '') {
      while (this.#cells.length < this.#column) this.#cells.push('');
      this.#cells[this.#column] = value;
    }
    this.#column += 1;
  }

  #read(): string {
    if (this.#value === '') return '';
    switch (this.#type) {
      case 's':
        return this.strings.at(Number(this.#value));
      case 'b':
        return this.#value === '1' ? 'true' : 'false';
      case 'n':
        return this.#number();
      default:
        return this.#value;
    }
  }

  #number(): string {
    const value = Number(this.#value);
    if (!Number.isFinite(value)) return this.#value;
    if (this.dateStyles.has(this.#style)) {
      const at = new Date(this.epoch + Math.round(value * DAY_MS));
      if (Number.isNaN(at.getTime())) return this.#value;
      const iso = at.toISOString();
      return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
    }
    // A telephone number that Excel took for a number is stored as 1.3800138E10: all its digits are there.
    return Number.isSafeInteger(value) ? String(value) : this.#value;
  }
}

/** `AB12` is 27. */
function columnOf(place: string): number {
  let column = 0;
  for (const character of place) {
    const letter = character.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}
