import { csvLine, csvTime, exportPhone, type Reader, type Translate } from '../../web/kit/index.js';
import type { Voicemail } from './voicemail.js';

/** Columns of the export; their names are `voicemail.csv.<column>`. */
const COLUMNS = [
  'id',
  'left',
  'from',
  'name',
  'box',
  'seconds',
  'heard',
  'heard-by',
  'handled',
  'handled-by',
  'remark',
] as const;

export const csvHeader = (t: Translate): string =>
  csvLine(COLUMNS.map((column) => t(`voicemail.csv.${column}`)));

/** A message as a line; times in the reader's zone, its length in whole seconds. */
export function csvMessage(message: Voicemail, reader: Reader & { readonly t: Translate }): string {
  const time = (at: Date | undefined): string => (at === undefined ? '' : csvTime(at, reader));
  const { box } = message;
  return csvLine([
    message.id,
    time(message.leftAt),
    exportPhone(message.fromNumber, reader),
    message.fromName,
    reader.t(`voicemail.box.${box.kind}`, { name: box.name }),
    Math.round(message.durationMs / 1_000),
    time(message.heardAt),
    message.heardBy,
    time(message.handledAt),
    message.handledBy,
    message.remark,
  ]);
}
