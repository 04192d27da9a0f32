import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import { normaliseNumber } from '../../kernel/numbers.js';

/** Numbers that one list holds at most; more are a mistake. */
const MAX_NUMBERS = 100;
/** A beginning is at least a country's code, so that `+*` does not stand for everything. */
const BEGINNING = /^\+\d{1,14}\*$/;

/**
 * Telephone numbers, each once, with commas or lines between, kept normalised (E.164). `beginnings`: also how numbers begin,
 * such as `+4420*`.
 */
export const phonesField = (country: string, options: { readonly beginnings?: boolean } = {}) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((value, context): readonly string[] => {
      const text = typeof value === 'string' ? value : (value ?? []).join('\n');
      const typed = text.split(/[\n,;]+/).map((part) => part.trim());
      const numbers = typed
        .filter((part) => part !== '')
        .map((part) => {
          const plain = part.replace(/[\s().-]/g, '');
          return options.beginnings === true && BEGINNING.test(plain)
            ? plain
            : normaliseNumber(part, country);
        });
      const wrong = numbers.findIndex(
        (number) =>
          !/^\+\d{7,15}$/.test(number) && !(options.beginnings === true && BEGINNING.test(number)),
      );
      if (wrong >= 0) {
        const shown = (typed.filter((part) => part !== '')[wrong] ?? '').slice(0, 60);
        context.addIssue(problem('configuration.problem.one-phone', { number: shown }));
        return z.NEVER;
      }
      const found = [...new Set(numbers)];
      if (found.length <= MAX_NUMBERS) return found;
      context.addIssue(problem('configuration.problem.phones', { max: MAX_NUMBERS }));
      return z.NEVER;
    });

/** A JSON column of numbers; null is none. */
export const readPhones = (column: unknown): readonly string[] => {
  const value: unknown = typeof column === 'string' ? JSON.parse(column) : column;
  return z.array(z.string()).catch([]).parse(value);
};
