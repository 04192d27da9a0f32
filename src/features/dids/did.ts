import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { choiceField, problem, textField } from '../../kernel/fields.js';
import type { DidId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { Target } from '../../telephony/directory.js';
import { targetField, type Versioned } from '../configuration/index.js';

/** A number that the carrier delivers, and where its callers go. */
export interface DidDraft {
  /** Normalised: E.164, or the digits that the carrier sends where they are no number of their own. */
  readonly number: string;
  readonly name: string;
  readonly target: Target;
  /** First language of what callers hear. */
  readonly language: Language;
}

export interface StoredDid extends Versioned<DidId>, DidDraft {}

export const DID_SORTS = ['number', 'name', 'language', 'updated'] as const;
export type DidSort = (typeof DID_SORTS)[number];

/** What a carrier may send as called number: E.164, or 2 to 15 digits. */
const CALLED_NUMBER = /^(?:\+\d{7,15}|\d{2,15})$/;

const didNumberField = (country: string) =>
  z.string('form.problem.needed').transform((text, context): string => {
    const number = normaliseNumber(text, country);
    if (text.trim() === '') context.addIssue(problem('form.problem.needed'));
    else if (!CALLED_NUMBER.test(number)) context.addIssue(problem('dids.problem.number'));
    else return number;
    return z.NEVER;
  });

/** The form. `country` is where national numbers belong. */
export const didSchema = (country: string) =>
  z.object({
    number: didNumberField(country),
    name: textField({ max: 80 }),
    target: targetField(),
    language: choiceField(LANGUAGES as readonly [Language, ...Language[]]),
  });
