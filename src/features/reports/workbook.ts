import type { ExportTable } from './report-table.js';

/** Writes a table as a workbook (XLSX). Texts are texts, whatever they begin with: never formulas. */
export interface WorkbookWriter {
  write(table: ExportTable & { readonly title: string }): Promise<Buffer>;
}
