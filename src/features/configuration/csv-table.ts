import { CsvError, parse } from 'csv-parse/sync';

/** What csv-parse gives with `info`. */
interface CsvLine {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/** A text file as rows of cells. */
export interface CsvTable {
  /** How the bytes were read; shown, because a wrong guess reads as garbled names. */
  readonly encoding: CsvEncoding;
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}
export interface CsvRow {
  /** As an editor counts them, the header being line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}
export type CsvEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030';

/** Why a file is no table: a key of the catalog with its parameters. */
export interface CsvProblem {
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** A file of 5,000 extensions has about 400 kB. */
export const CSV_MAX_BYTES = 2 * 1024 * 1024;
/** More rows are imported in parts, each in one transaction. */
export const CSV_MAX_ROWS = 5_000;
const MAX_COLUMNS = 50;
/** A line that is longer has an open quote, or is none. */
const MAX_LINE_CHARACTERS = 10_000;
/** Share of zero bytes in every second place from which text without a mark is taken for UTF-16. */
const UTF16_ZEROS = 0.3;

/**
 * Reads a CSV file (comma, semicolon or tab; UTF-8, UTF-16 or GB18030) of at most `maxRows` rows below the header. What is
 * wrong comes back as one sentence.
 */
export function readCsvTable(bytes: Buffer, maxRows = CSV_MAX_ROWS): CsvTable | CsvProblem {
  if (bytes.length === 0) return { message: 'import.problem.empty' };
  if (bytes.length > CSV_MAX_BYTES)
    return { message: 'import.problem.too-large', params: { max: CSV_MAX_BYTES / 1_048_576 } };
  if (isSpreadsheet(bytes)) return { message: 'import.problem.spreadsheet' };
  const text = decode(bytes);
  if ('message' in text) return text;
  return parseText(text.text, text.encoding, maxRows);
}

/** Excel workbooks: a zip archive, or a compound file of old. */
const isSpreadsheet = (bytes: Buffer): boolean =>
  bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04])) ||
  bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));

interface Decoded {
  readonly text: string;
  readonly encoding: CsvEncoding;
}

function decode(bytes: Buffer): Decoded | CsvProblem {
  const utf16 = utf16Of(bytes);
  const candidates: readonly CsvEncoding[] = utf16 === undefined ? ['utf-8', 'gb18030'] : [utf16];
  for (const encoding of candidates) {
    const text = decodeAs(bytes, encoding);
    if (text === undefined) continue;
    // Other control characters stand in programs and pictures, not in tables.
    if (/[^\P{Cc}\t\r\n]/u.test(text)) return { message: 'import.problem.binary' };
    return text.trim() === '' ? { message: 'import.problem.empty' } : { text, encoding };
  }
  return { message: bytes.includes(0) ? 'import.problem.binary' : 'import.problem.encoding' };
}

function decodeAs(bytes: Buffer, encoding: CsvEncoding): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** UTF-16 by its mark, or because every second byte of Latin text in it is zero. */
function utf16Of(bytes: Buffer): CsvEncoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 4_096);
  let even = 0;
  let odd = 0;
  sample.forEach((byte, at) => {
    if (byte !== 0) return;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  });
  const half = sample.length / 2;
  if (odd > half * UTF16_ZEROS && even < odd / 10) return 'utf-16le';
  if (even > half * UTF16_ZEROS && odd < even / 10) return 'utf-16be';
  return undefined;
}

function parseText(text: string, encoding: CsvEncoding, maxRows: number): CsvTable | CsvProblem {
  const firstLine = text.slice(0, MAX_LINE_CHARACTERS).split(/\r?\n|\r/, 1)[0] ?? '';
  const delimiter = delimiterOf(firstLine);
  const columns = firstLine.split(delimiter).length;
  if (columns > MAX_COLUMNS)
    return { message: 'import.problem.too-many-columns', params: { max: MAX_COLUMNS } };
  try {
    const parsed: unknown = parse(text, {
      bom: true,
      delimiter,
      info: true,
      max_record_size: MAX_LINE_CHARACTERS,
      relax_column_count: true,
      skip_empty_lines: true,
      to: maxRows + 2,
      trim: true,
    });
    const records = parsed as readonly CsvLine[];
    const [header, ...rows] = records;
    if (header === undefined) return { message: 'import.problem.empty' };
    if (rows.length > maxRows)
      return { message: 'import.problem.too-many-rows', params: { max: maxRows } };
    if (rows.length === 0) return { message: 'import.problem.no-rows' };
    return {
      encoding,
      header: header.record,
      rows: rows.map(({ record, info }) => ({ line: info.lines, cells: record })),
    };
  } catch (error) {
    if (error instanceof CsvError) return csvProblem(error);
    throw error;
  }
}

function csvProblem(error: CsvError): CsvProblem {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
  const message =
    error.code === 'CSV_MAX_RECORD_SIZE' ? 'import.problem.long-line' : 'import.problem.quotes';
  return { message, params: { line } };
}

/** The one of comma, semicolon and tab that stands most often in the header. */
function delimiterOf(line: string): ',' | ';' | '\t' {
  const count = (character: string): number => line.split(character).length - 1;
  const [best = ','] = ([',', ';', '\t'] as const).toSorted((a, b) => count(b) - count(a));
  return best;
}

/** Rows as a CSV file that Excel reads in any language: UTF-8 with a mark, cells that look like formulas made harmless. */
export function writeCsv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
