import type { ExtensionId } from '../../kernel/ids.js';
import type { DirectoryBook, Person } from './book.js';

/**
 * What a caller lives through who asks for somebody by name or by extension. Pure: the book comes in with each input.
 *
 *   typing ──typed──▶ offering ──key 1──▶ over (chosen)
 *     ▲  │               │ #, *: the next, the one before
 *     └──┴── nobody fits, too many, past the last; over (nobody) after so many tries
 *   key 0 anywhere: over (operator), where there is one
 */

/** How a caller asks for somebody. */
export type AskedBy = 'name' | 'extension';

/** More names than this are not read out at once: the caller is asked for more letters. */
export const MAX_OFFERED = 9;
/** Where more letters did not help, so many are read out at most. */
export const MAX_OFFERED_AT_LAST = 30;
/** Keys of one entry; further ones are dropped. */
export const MAX_KEYS = 16;
/** Offers in a row that nobody answered by a key: the caller has put the phone down. */
export const MAX_UNANSWERED = 3;

export const KEYS = { take: '1', next: '#', before: '*', operator: '0' } as const;

export interface DirectoryState {
  readonly by: AskedBy;
  /** A key leads to the operator. */
  readonly hasOperator: boolean;
  /** Entries left before it is given up. */
  readonly left: number;
  /** Those who fit, in the order in which they are read out; [] while the caller types. */
  readonly found: readonly Person[];
  readonly at: number;
  readonly unanswered: number;
  /** More letters were asked for once. */
  readonly askedForMore: boolean;
}

/** Why the caller is asked to type: at first, or after what. */
export type Told = 'first' | 'nothing-typed' | 'nobody-found' | 'too-many' | 'no-more';

export type DirectoryOutcome =
  | { readonly kind: 'chosen'; readonly extension: ExtensionId }
  | { readonly kind: 'operator' | 'nobody' };

export type DirectoryEffect =
  /** Say it, then take keys: `typed`. */
  | { readonly kind: 'ask'; readonly told: Told }
  /** Say who it is and which keys do what, then take one: `key` or `no-key`. */
  | { readonly kind: 'offer'; readonly person: Person; readonly isOnly: boolean }
  | { readonly kind: 'end'; readonly outcome: DirectoryOutcome };

export type DirectoryInput =
  /** Without the key that ended the entry; '' for none. */
  | { readonly kind: 'typed'; readonly keys: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'no-key' };

export interface DirectoryStep {
  readonly state: DirectoryState;
  readonly effect: DirectoryEffect;
}

/** Begins to ask; `tries` entries, 1 or more. */
export function startDirectory(by: AskedBy, tries: number, hasOperator: boolean): DirectoryStep {
  const state: DirectoryState = {
    ...{ by, hasOperator, left: tries, found: [], at: 0, unanswered: 0 },
    askedForMore: false,
  };
  return { state, effect: { kind: 'ask', told: 'first' } };
}

/** What follows from what the caller did. Never throws; a key that means nothing repeats the offer. */
export function advanceDirectory(
  book: DirectoryBook,
  state: DirectoryState,
  input: DirectoryInput,
): DirectoryStep {
  if (input.kind === 'typed') return typed(book, state, input.keys);
  if (state.found.length === 0) return again(state, 'nothing-typed');
  return answered(state, input.kind === 'key' ? input.key : undefined);
}

function typed(book: DirectoryBook, state: DirectoryState, keys: string): DirectoryStep {
  if (keys === KEYS.operator && state.hasOperator) return end(state, { kind: 'operator' });
  if (keys === '') return again(state, 'nothing-typed');
  if (state.by === 'extension') {
    const person = book.numbered(keys);
    return person === undefined
      ? again(state, 'nobody-found')
      : end(state, { kind: 'chosen', extension: person.id });
  }
  const found = book.named(keys);
  if (found.length === 0) return again(state, 'nobody-found');
  if (found.length > MAX_OFFERED && !state.askedForMore)
    return again({ ...state, askedForMore: true }, 'too-many');
  return offer({ ...state, found: found.slice(0, MAX_OFFERED_AT_LAST), at: 0, unanswered: 0 });
}

function answered(state: DirectoryState, key: string | undefined): DirectoryStep {
  if (key === undefined) {
    const unanswered = state.unanswered + 1;
    const waits = { ...state, unanswered };
    return unanswered >= MAX_UNANSWERED ? end(waits, { kind: 'nobody' }) : offer(waits);
  }
  const heard = { ...state, unanswered: 0 };
  const person = state.found[state.at];
  switch (key) {
    case KEYS.take:
      if (person !== undefined) return end(heard, { kind: 'chosen', extension: person.id });
      break;
    case KEYS.next:
      if (state.at + 1 >= state.found.length) return again(heard, 'no-more');
      return offer({ ...heard, at: state.at + 1 });
    case KEYS.before:
      return offer({ ...heard, at: Math.max(0, state.at - 1) });
    case KEYS.operator:
      if (state.hasOperator) return end(heard, { kind: 'operator' });
  }
  return offer(heard);
}

/** Asks once more, or gives up. */
function again(state: DirectoryState, told: Told): DirectoryStep {
  const left = state.left - 1;
  const asks = { ...state, left, found: [], at: 0, unanswered: 0 };
  return left <= 0 ? end(asks, { kind: 'nobody' }) : { state: asks, effect: { kind: 'ask', told } };
}

function offer(state: DirectoryState): DirectoryStep {
  const person = state.found[state.at];
  if (person === undefined) return again(state, 'no-more');
  return { state, effect: { kind: 'offer', person, isOnly: state.found.length === 1 } };
}

const end = (state: DirectoryState, outcome: DirectoryOutcome): DirectoryStep => ({
  state,
  effect: { kind: 'end', outcome },
});
