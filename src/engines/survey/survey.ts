import type { Language } from '../../kernel/call-event.js';
import type { PromptId, SurveyId, SurveyQuestionId } from '../../kernel/ids.js';

/** What callers are asked for: a number on a scale, yes or no, one of some choices, or a comment in their own words. */
export const QUESTION_KINDS = ['score', 'yes-no', 'choice', 'comment'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

/** The largest number of a scale; it takes two keys, or `*`. */
export const MAX_SCORE = 10;
/** Choices have the keys 1 to 9. */
export const MAX_CHOICES = 9;

/** A text by language; '' where there is none in it. */
export type Texts = Readonly<Record<Language, string>>;

/** Something that callers hear: the prompt where it has a sound, else the text, spoken. */
export interface Spoken {
  readonly prompt?: PromptId;
  readonly texts: Texts;
}

interface QuestionBase extends Spoken {
  /** Stays with the question for good: answers are counted by it. */
  readonly id: SurveyQuestionId;
}

export type SurveyQuestion =
  /** Whole numbers from `from` (0 or 1) to `to` (at most {@link MAX_SCORE}). */
  | (QuestionBase & { readonly kind: 'score'; readonly from: number; readonly to: number })
  /** 1 is yes, 2 is no. */
  | (QuestionBase & { readonly kind: 'yes-no' })
  /** Key 1 takes the first, and so on. */
  | (QuestionBase & { readonly kind: 'choice'; readonly choices: readonly Texts[] })
  /** Recorded after a beep. */
  | (QuestionBase & { readonly kind: 'comment'; readonly maxMs: number });

/** Questions that callers answer by keys and in their own words. */
export interface Survey {
  readonly id: SurveyId;
  readonly version: number;
  readonly name: string;
  /** Said first. Where nothing is given, the standard sentence that asks for key 1. */
  readonly intro: Spoken;
  /** True: only who presses 1 is asked. False: whoever stays on the line is. */
  readonly asksConsent: boolean;
  /** Said after the last question; the standard sentence where nothing is given. */
  readonly thanks: Spoken;
  /** How long a key is waited for after a question has been said, and how often it is said again. */
  readonly timeoutMs: number;
  readonly repeats: number;
  readonly questions: readonly SurveyQuestion[];
}

/** A text in a language, else in any that it has. */
export const textIn = (texts: Texts, language: Language): string =>
  texts[language] === '' ? texts.en || texts['zh-CN'] : texts[language];

/** What keys mean as the answer to a question. */
export type Reading =
  | { readonly kind: 'value'; readonly value: number }
  /** A further key may follow: `1` is the beginning of `10`. Without one it is `value`. */
  | { readonly kind: 'more'; readonly value: number }
  | { readonly kind: 'wrong' };

const WRONG: Reading = { kind: 'wrong' };
const YES = '1';
const NO = '2';

/** Reads the keys pressed so far. Comments are recorded, not keyed: nothing is an answer to them. */
export function readKeys(question: SurveyQuestion, keys: string): Reading {
  switch (question.kind) {
    case 'score':
      return readScore(keys, question.from, question.to);
    case 'yes-no':
      if (keys === YES) return { kind: 'value', value: 1 };
      return keys === NO ? { kind: 'value', value: 0 } : WRONG;
    case 'choice': {
      const value = /^[1-9]$/.test(keys) ? Number(keys) : 0;
      return value >= 1 && value <= question.choices.length ? { kind: 'value', value } : WRONG;
    }
    case 'comment':
      return WRONG;
  }
}

/**
 * On a scale up to 10 the ten is `10` or `*`; `1` alone counts as one once no zero has followed for a moment, or at once
 * with `#`.
 */
function readScore(keys: string, from: number, to: number): Reading {
  const hasTen = to === MAX_SCORE;
  if (hasTen && (keys === '*' || keys === '10')) return { kind: 'value', value: MAX_SCORE };
  if (hasTen && keys === '1') return { kind: 'more', value: 1 };
  const digit = hasTen && keys === '1#' ? '1' : keys;
  const value = /^\d$/.test(digit) ? Number(digit) : Number.NaN;
  return value >= from && value <= to ? { kind: 'value', value } : WRONG;
}
