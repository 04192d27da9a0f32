import type { Vendor } from '../models.js';
import type { ExtraLine } from './device.js';

/** More is a mistake: a phone has a few hundred settings. */
export const MAX_EXTRA_LINES = 200;
const MAX_VALUE = 500;

/** How the names of settings look, by vendor. */
const NAMES: Readonly<Record<Vendor, RegExp>> = {
  yealink: /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$/i,
  grandstream: /^P(\d{1,6}|[a-z][A-Za-z0-9_]{0,60})$/,
  fanvil:
    /^[A-Za-z][A-Za-z0-9_]*(\[\d{1,3}\])?(\/[A-Za-z][A-Za-z0-9_]*(\[\d{1,3}\])?)*\/[A-Za-z][A-Za-z0-9_]*$/,
};

export type ExtraLines =
  | { readonly ok: true; readonly lines: readonly ExtraLine[] }
  | { readonly ok: false; readonly line: number; readonly text: string };

/**
 * Reads `name = value` lines; empty ones, and those that begin with `#`, are left out. The first line that a vendor's phones
 * could not read is given back with its number.
 */
export function readExtraLines(vendor: Vendor, text: string): ExtraLines {
  const lines: ExtraLine[] = [];
  for (const [at, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, name = '', value = ''] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
    const isFit =
      NAMES[vendor].test(name) &&
      value.length <= MAX_VALUE &&
      !/\p{Cc}/u.test(value) &&
      lines.length < MAX_EXTRA_LINES;
    if (!isFit) return { ok: false, line: at + 1, text: line.slice(0, 60) };
    lines.push({ name, value });
  }
  return { ok: true, lines };
}
