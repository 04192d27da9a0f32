import { formatWhen, type Reader } from './format.js';

/** One line of CSV. A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLine(cells: readonly (string | number)[]): string {
  const written = cells.map((cell) => {
    const text = String(cell);
    const harmless = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  });
  return `${written.join(',')}\r\n`;
}

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
