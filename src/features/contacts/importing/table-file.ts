/** How the bytes of a text file are read. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** How a file is read as a table: found when it is uploaded, kept with the import. */
export type TableFormat =
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly delimiter: Delimiter }
  | { readonly kind: 'workbook'; readonly sheet: string };

export interface TableRow {
  /** As an editor or a spreadsheet counts them, from 1. Of a row with line breaks in its cells the last one. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Some rows, and which share of the file (0 to 1) has been read after them. */
export interface TableBatch {
  readonly rows: readonly TableRow[];
  readonly share: number;
}

/** Why a file is no table, or stops being one: a key of the catalog with its parameters. */
export interface TableProblem {
  readonly message: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Thrown while a file is read; everything before it was a table. */
export class TableError extends Error {
  override readonly name = 'TableError';
  constructor(readonly problem: TableProblem) {
    super(problem.message);
  }
}

/** Reads files as tables, piece by piece: memory does not grow with the file. */
export interface TableFiles {
  detect(path: string): Promise<TableFormat | TableProblem>;
  /** All rows that are not empty, the header too. Throws {@link TableError}. Leaving the loop closes the file. */
  rows(path: string, format: TableFormat): AsyncIterable<TableBatch>;
}

/** A larger file is refused. A million rows of ten columns have about 100 MB. */
export const TABLE_MAX_BYTES = 512 * 1024 * 1024;
export const MAX_COLUMNS = 100;
