import type { SurveyEnd } from '../../kernel/call-event.js';
import { readKeys, type Spoken, type Survey, type SurveyQuestion } from './survey.js';

/** Questions in a row to which nothing at all was pressed, before the caller counts as gone from the phone. */
export const SILENT_UNTIL_GIVEN_UP = 2;
/** How long a second key is waited for that would make another answer of the first. */
export const MORE_KEYS_MS = 2_000;
/** The key that takes part. */
export const CONSENT_KEY = '1';

/** Where a caller stands in a survey. Plain data: the journal keeps it, with the survey as it was when it was offered. */
export interface SurveyState {
  readonly survey: Survey;
  readonly phase: 'intro' | 'question' | 'thanks' | 'over';
  /** Number of the question, from 0. */
  readonly at: number;
  /** Keys of an answer that may need one more. */
  readonly keys: string;
  /** How often the present question was asked in vain; `isWrong`: the last time with a key that is no answer. */
  readonly tries: number;
  readonly isWrong: boolean;
  /** Any key was pressed at the present question. */
  readonly isHeard: boolean;
  /** Questions in a row to which nothing was pressed. */
  readonly silent: number;
  readonly answers: number;
  readonly end?: SurveyEnd;
}

/** What happened. Each effect is answered by one of the inputs that its description names. */
export type SurveyInput =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'no-key' | 'recorded' | 'nothing-recorded' | 'said' }
  /** The process that asked is gone: gives the effect of the present question again. */
  | { readonly kind: 'resumed' };

/** What the call has to do next. */
export type SurveyEffect =
  /** Say the introduction; a key ends it, then wait for one: `key` or `no-key`. */
  | { readonly kind: 'introduce'; readonly says: Spoken; readonly waitMs: number }
  /** Say the question (after a word on the wrong key); a key ends it, then wait for one: `key` or `no-key`. */
  | {
      readonly kind: 'ask';
      readonly question: SurveyQuestion;
      readonly isWrong: boolean;
      readonly waitMs: number;
    }
  /** Wait for one more key: `key` or `no-key`. */
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** Say the question, then record after a beep: `recorded` or `nothing-recorded`. */
  | { readonly kind: 'record'; readonly question: SurveyQuestion & { readonly kind: 'comment' } }
  /** Say thanks, then `said`. */
  | { readonly kind: 'thank'; readonly says: Spoken }
  | { readonly kind: 'end'; readonly end: SurveyEnd }
  /** The input does not belong here: go on with what is under way. */
  | { readonly kind: 'keep' };

/** What there is to tell of it. */
export type SurveyTrace =
  | { readonly kind: 'begun' }
  | { readonly kind: 'answered'; readonly question: SurveyQuestion; readonly value: number }
  | { readonly kind: 'finished'; readonly end: SurveyEnd };

export interface SurveyResult {
  readonly state: SurveyState;
  readonly effect: SurveyEffect;
  readonly trace: readonly SurveyTrace[];
}

const FRESH = { keys: '', tries: 0, isWrong: false, isHeard: false } as const;

/** The state before anything was said. */
export const freshSurvey = (survey: Survey): SurveyState => ({
  ...{ survey, phase: 'intro', at: 0, silent: 0, answers: 0 },
  ...FRESH,
});

/**
 * Takes what happened and says what to do next: pure, without clock and sound. Never throws; an input out of place gives
 * `keep`.
 *
 *   intro ──1──▶ question ──answer, or asked often enough──▶ question ... ──▶ thanks ──▶ over
 *     └──other key, nothing──▶ over      └──two questions without any key──▶ over
 */
export function advanceSurvey(state: SurveyState, input: SurveyInput): SurveyResult {
  if (input.kind === 'resumed') return { state, effect: effectOf(state), trace: [] };
  switch (state.phase) {
    case 'intro':
      return consent(state, input);
    case 'question':
      return answer(state, input);
    case 'thanks':
      return input.kind === 'said' ? stay({ ...state, phase: 'over' }) : keep(state);
    case 'over':
      return keep(state);
  }
}

/** What a state asks of the call. */
function effectOf(state: SurveyState): SurveyEffect {
  const { survey, phase } = state;
  const question = survey.questions[state.at];
  if (phase === 'over') return { kind: 'end', end: state.end ?? 'no-answer' };
  if (phase === 'thanks') return { kind: 'thank', says: survey.thanks };
  if (phase === 'intro' || question === undefined)
    return {
      kind: 'introduce',
      says: survey.intro,
      waitMs: survey.asksConsent ? survey.timeoutMs : 0,
    };
  if (question.kind === 'comment') return { kind: 'record', question };
  return state.keys === ''
    ? { kind: 'ask', question, isWrong: state.isWrong, waitMs: survey.timeoutMs }
    : { kind: 'wait', waitMs: MORE_KEYS_MS };
}

const keep = (state: SurveyState): SurveyResult => ({
  state,
  effect: { kind: 'keep' },
  trace: [],
});

const stay = (state: SurveyState, trace: readonly SurveyTrace[] = []): SurveyResult => ({
  state,
  effect: effectOf(state),
  trace,
});

function finish(
  state: SurveyState,
  end: SurveyEnd,
  {
    phase = 'over',
    before = [],
  }: { phase?: 'over' | 'thanks'; before?: readonly SurveyTrace[] } = {},
): SurveyResult {
  return stay({ ...state, ...FRESH, phase, end }, [...before, { kind: 'finished', end }]);
}

function consent(state: SurveyState, input: SurveyInput): SurveyResult {
  if (input.kind !== 'key' && input.kind !== 'no-key') return keep(state);
  const { asksConsent } = state.survey;
  if (asksConsent && input.kind === 'no-key') return finish(state, 'no-answer');
  if (asksConsent && input.kind === 'key' && input.key !== CONSENT_KEY)
    return finish(state, 'declined');
  return atQuestion(state, 0, [{ kind: 'begun' }]);
}

/** The question of this number; thanks behind the last one. */
function atQuestion(
  state: SurveyState,
  at: number,
  trace: readonly SurveyTrace[] = [],
): SurveyResult {
  const next = { ...state, ...FRESH, at };
  return at < state.survey.questions.length
    ? stay({ ...next, phase: 'question' }, trace)
    : thank(next, trace);
}

/** It is finished before the thanks: many hang up with their last answer. Who answered nothing is not thanked. */
const thank = (state: SurveyState, before: readonly SurveyTrace[]): SurveyResult =>
  state.answers > 0
    ? finish(state, 'completed', { phase: 'thanks', before })
    : finish(state, 'no-answer', { before });

function answer(state: SurveyState, input: SurveyInput): SurveyResult {
  const question = state.survey.questions[state.at];
  if (question === undefined) return keep(state);
  if (question.kind === 'comment') {
    if (input.kind === 'recorded')
      return atQuestion({ ...state, answers: state.answers + 1, silent: 0 }, state.at + 1);
    return input.kind === 'nothing-recorded' ? atQuestion(state, state.at + 1) : keep(state);
  }
  if (input.kind === 'key') return keyed(state, question, state.keys + input.key);
  if (input.kind !== 'no-key') return keep(state);
  const begun = state.keys === '' ? undefined : readKeys(question, state.keys);
  return begun?.kind === 'more' ? answered(state, question, begun.value) : inVain(state, false);
}

function keyed(state: SurveyState, question: SurveyQuestion, keys: string): SurveyResult {
  const reading = readKeys(question, keys);
  switch (reading.kind) {
    case 'value':
      return answered(state, question, reading.value);
    case 'more':
      return stay({ ...state, keys, isHeard: true });
    case 'wrong':
      return inVain({ ...state, isHeard: true }, true);
  }
}

const answered = (state: SurveyState, question: SurveyQuestion, value: number): SurveyResult =>
  atQuestion({ ...state, answers: state.answers + 1, silent: 0 }, state.at + 1, [
    { kind: 'answered', question, value },
  ]);

/** Asks again, or goes on without an answer; who presses nothing at all for long is gone from the phone. */
function inVain(state: SurveyState, isWrong: boolean): SurveyResult {
  const tries = state.tries + 1;
  if (tries <= state.survey.repeats) return stay({ ...state, keys: '', tries, isWrong });
  const silent = state.isHeard ? 0 : state.silent + 1;
  if (silent >= SILENT_UNTIL_GIVEN_UP)
    return finish({ ...state, silent }, state.answers > 0 ? 'given-up' : 'no-answer');
  return atQuestion({ ...state, silent }, state.at + 1);
}
