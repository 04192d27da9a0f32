import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import { normaliseNumber } from '../../kernel/numbers.js';

/**
 * A telephone number that a carrier understands, typed in any readable way and kept normalised (E.164).
 * `optional` takes an empty field as ''.
 */
export const phoneField = (country: string, options: { readonly optional?: boolean } = {}) =>
  z.string('form.problem.needed').transform((text, context): string => {
    const typed = text.trim();
    if (typed === '' && options.optional === true) return '';
    const number = normaliseNumber(typed, country);
    if (typed === '') context.addIssue(problem('form.problem.needed'));
    else if (!number.startsWith('+') || /[*#]/.test(number) || number.length < 8)
      context.addIssue(problem('configuration.problem.phone'));
    else return number;
    return z.NEVER;
  });
