import { VARIABLE_NAME } from './variable-name.js';

/** `{{name}}` in a text. Anything else in braces is text. */
const VARIABLE = new RegExp(`\\{\\{\\s*(${VARIABLE_NAME})\\s*\\}\\}`, 'g');

/** The template with the values of its variables; `encode` makes each fit its place. */
export const fillIn = (
  template: string,
  valueOf: (name: string) => string,
  encode: (value: string) => string = (value) => value,
): string => template.replace(VARIABLE, (_, name: string) => encode(valueOf(name)));

/** Names of the variables that a template reads, in order. */
export const variablesIn = (template: string): readonly string[] =>
  Array.from(template.matchAll(VARIABLE), (match) => match[1] ?? '');

/** Half of a character that is written as two: no other program takes it. */
const LONE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
export const wellFormed = (text: string): string => text.replace(LONE, '\uFFFD');

/** As a part of a URL or of a form. */
export const inUrl = (value: string): string => encodeURIComponent(wellFormed(value));
/** Between the quotes of a JSON text. */
export const inJson = (value: string): string => JSON.stringify(wellFormed(value)).slice(1, -1);
/** In a header: one line without control characters. */
export const inHeader = (value: string): string =>
  Array.from(wellFormed(value))
    .filter((character) => character >= ' ' && character !== '\u007f')
    .join('');
