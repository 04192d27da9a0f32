import { formatWhen, type Reader, type Translate } from '../../web/kit/index.js';
import type { CallLine } from './call.js';

/** Excel takes a file with this mark for UTF-8, also where Chinese is the system's language. */
export const BYTE_ORDER_MARK = '\ufeff';

/** Columns of the export; their names are `calls.csv.<column>`. */
const COLUMNS = [
  'id',
  'started',
  'direction',
  'from',
  'name',
  'to',
  'queue',
  'agent',
  'result',
  'waited',
  'talked',
] as const;

/** One line of CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLine(cells: readonly (string | number)[]): string {
  const written = cells.map((cell) => {
    const text = String(cell);
    const harmless = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  });
  return `${written.join(',')}\r\n`;
}

export const csvHeader = (t: Translate): string =>
  csvLine(COLUMNS.map((column) => t(`calls.csv.${column}`)));

/** A call as a line; times in the site's zone, durations in whole seconds. */
export const csvCall = (call: CallLine, t: Translate, reader: Reader): string =>
  csvLine([
    call.id,
    csvTime(call.startedAt, reader),
    t(`direction.${call.direction}`),
    call.fromNumber,
    call.fromName,
    call.toNumber,
    call.queueName,
    call.agentName,
    call.result === undefined ? t('stage.other') : t(`result.${call.result}`),
    Math.round(call.waitMs / 1_000),
    Math.round(call.talkMs / 1_000),
  ]);

/** `2026-11-24 10:35:41` in the site's zone: the form that spreadsheets of every language read. */
export function csvTime(at: Date, reader: Reader): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: reader.zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
    .formatToParts(at)
    .reduce<Record<string, string>>((all, part) => ({ ...all, [part.type]: part.value }), {});
  const day = `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}`;
  return `${day} ${formatWhen(at, 'seconds', { ...reader, language: 'en' })}`;
}
