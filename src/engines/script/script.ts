import type { DispositionId } from '../../kernel/ids.js';
import type { Texts } from '../survey/survey.js';

/** What an agent writes down while talking: free text, one of some choices, a number, or a day. */
export const ANSWER_KINDS = ['text', 'choice', 'number', 'date'] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** Keys of pages and of questions: they stay when texts change, and answers are kept by them. */
export const KEY_PATTERN = /^[a-z][a-z0-9_]{0,31}$/;

/** Longest answer that is kept, in characters. */
export const ANSWER_MAX = 500;

/** Something on a page that the agent asks and writes down. */
export interface ScriptQuestion {
  readonly key: string;
  readonly kind: AnswerKind;
  readonly label: Texts;
  /** Of a choice; kept is the place in this list, counted from 1, so that both languages mean the same. */
  readonly choices: readonly Texts[];
  /** The page cannot be left without it. */
  readonly isNeeded: boolean;
  /** The contact's own field that the answer is written to; '' for none. */
  readonly field: string;
}

/** Where an answer of the customer leads. */
export type ScriptTarget =
  | { readonly kind: 'page'; readonly page: string }
  /** The script is over, and the call came to this. */
  | { readonly kind: 'disposition'; readonly disposition: DispositionId }
  /** The script is over; what the call came to is said in wrap-up. */
  | { readonly kind: 'end' };

/** What the customer may say; picking it leads on. */
export interface ScriptWay {
  readonly label: Texts;
  readonly to: ScriptTarget;
}

export interface ScriptPage {
  readonly key: string;
  readonly title: Texts;
  /** What the agent says, with merge fields. */
  readonly text: Texts;
  readonly questions: readonly ScriptQuestion[];
  readonly ways: readonly ScriptWay[];
}

/** What agents say in a call, page by page. The first page begins. */
export interface Script {
  readonly pages: readonly ScriptPage[];
}

export const pageOf = (script: Script, key: string): ScriptPage | undefined =>
  script.pages.find((page) => page.key === key);

/** Every question of a script; where two pages ask the same key, the first one. */
export const questionsOf = (script: Script): ReadonlyMap<string, ScriptQuestion> =>
  new Map(
    script.pages
      .flatMap(({ questions }) => questions)
      .toReversed()
      .map((question) => [question.key, question]),
  );
