import { open, stat } from 'node:fs/promises';
import { TABLE_MAX_BYTES, type TableFiles } from '../../features/contacts/importing/table-file.js';
import { detectText } from './text-format.js';
import { textRows } from './text-rows.js';
import { detectWorkbook, workbookRows } from './workbook-rows.js';

/** CSV (and the like) and XLSX files on disk. */
export const tableFiles: TableFiles = {
  detect: async (path) => {
    const { size } = await stat(path);
    if (size === 0) return { message: 'contact-import.problem.empty' };
    if (size > TABLE_MAX_BYTES)
      return {
        message: 'contact-import.problem.too-large',
        params: { max: TABLE_MAX_BYTES / 1_048_576 },
      };
    const first = await firstBytes(path);
    // A compound file: a workbook of Excel 97 to 2003, or one with a password.
    if (first === 'd0cf11e0') return { message: 'contact-import.problem.old-workbook' };
    return first === '504b0304' ? detectWorkbook(path) : detectText(path);
  },
  rows: (path, format) => (format.kind === 'text' ? textRows(path, format) : workbookRows(path)),
};

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead).toString('hex');
  } finally {
    await file.close();
  }
}
