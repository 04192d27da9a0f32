import type { PageContext } from '../../web/kit/index.js';

type Words = Pick<PageContext, 't' | 'hasText'>;

/** The kind of an object in the words of people. */
export const auditKind = (words: Words, kind: string): string => {
  const key = `audit.kind.${kind}`;
  return words.hasText(key) ? words.t(key) : kind;
};

/** What was done, from an action such as `queue.change`. */
export const auditVerb = (words: Words, action: string): string => {
  const key = `audit.verb.${action.split('.').slice(1).join('.')}`;
  return words.hasText(key) ? words.t(key) : action;
};

/** A field's label as its form has it, which is called after the table; commands have no form. */
export function auditField(words: Words, kind: string, field: string): string {
  const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const key = [`${kind}s.form.${name}`, `${kind}.form.${name}`, `audit.field.${name}`].find(
    (known) => words.hasText(known),
  );
  return key === undefined ? field : words.t(key);
}
