import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse';
import {
  MAX_COLUMNS,
  TableError,
  type TableBatch,
  type TableFormat,
  type TableRow,
} from '../../features/contacts/importing/table-file.js';

/** Some hundred rows: between two of them a thread does other work. */
const PIECE_BYTES = 32 * 1024;
/** A longer row has an open quote, or is none. */
const MAX_ROW_CHARACTERS = 100_000;

/** Rows of a text file. What was read before something is wrong comes first. */
export async function* textRows(
  path: string,
  { encoding, delimiter }: Extract<TableFormat, { readonly kind: 'text' }>,
): AsyncGenerator<TableBatch> {
  const { size } = await stat(path);
  const source = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const decoder = new TextDecoder(encoding);
  let rows: TableRow[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    max_record_size: MAX_ROW_CHARACTERS,
    // Rows are taken here, at once: a stream that breaks forgets what it has not handed on.
    on_record: (cells: readonly string[], { lines }) => {
      if (cells.length > MAX_COLUMNS) throw tooWide(lines);
      rows.push({ line: lines, cells });
      return null;
    },
    relax_column_count: true,
    skip_empty_lines: true,
  });
  let problem: Error | undefined;
  parser.on('error', (error) => {
    problem = error;
  });
  parser.resume();
  const take = (share: number): TableBatch => {
    const batch = { rows, share };
    rows = [];
    return batch;
  };
  try {
    for await (const piece of source as AsyncIterable<Buffer>) {
      // UTF-8 goes through as it is: the parser reads it.
      const text = encoding === 'utf-8' ? piece : decoder.decode(piece, { stream: true });
      await new Promise<void>((resolve) =>
        parser.write(text, () => {
          resolve();
        }),
      );
      if (problem !== undefined) break;
      if (rows.length > 0) yield take(size === 0 ? 1 : source.bytesRead / size);
    }
    if (problem === undefined) {
      const end = new Promise<void>((resolve) => parser.once('close', resolve));
      parser.end();
      await end;
    }
    if (rows.length > 0) yield take(1);
    if (problem !== undefined) throw problem instanceof CsvError ? problemOf(problem) : problem;
  } finally {
    source.destroy();
    parser.destroy();
  }
}

const tooWide = (line: number): TableError =>
  new TableError({
    message: 'contact-import.problem.too-many-columns',
    params: { max: MAX_COLUMNS, line },
  });

function problemOf(error: CsvError): TableError {
  const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
  const message =
    error.code === 'CSV_MAX_RECORD_SIZE'
      ? 'contact-import.problem.long-row'
      : 'contact-import.problem.quotes';
  return new TableError({ message, params: { line } });
}
