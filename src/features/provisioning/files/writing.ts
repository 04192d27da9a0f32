/**
 * A value on a line of its own: control characters, which end lines, become spaces; so do the marks that some programs take
 * for the end of a line.
 */
export const plain = (value: string): string =>
  value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A value inside an element: what XML 1.0 does not allow is left out, what it reads as its own is written as entities. */
export const escaped = (value: string): string =>
  plain(value)
    .replaceAll(/[\p{Cs}\uFFFE\uFFFF]/gu, '')
    .replaceAll(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);

/** An element with text; names are ours. */
export const element = (name: string, value: string | number): string =>
  `<${name}>${escaped(String(value))}</${name}>`;
