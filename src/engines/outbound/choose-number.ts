import { checkDial, type DialFacts, type DialVerdict, type EffectiveRules } from './rules.js';

/** A number of a person in its place. */
export interface PlacedFacts {
  readonly position: number;
  readonly facts: DialFacts;
}

/** Which number is dialled now, or which one is waited for. */
export interface NumberChoice {
  readonly position: number;
  readonly facts: DialFacts;
  readonly verdict: DialVerdict;
}

/** Numbers in the order in which they are tried: from a place on, then from the first. */
export const fromPlace = <T extends { readonly position: number }>(
  numbers: readonly T[],
  position: number,
): readonly T[] => {
  const inOrder = numbers.toSorted((a, b) => a.position - b.position);
  return [
    ...inOrder.filter((one) => one.position >= position),
    ...inOrder.filter((one) => one.position < position),
  ];
};

/**
 * The first number that may be dialled now; where none may, the one that may be dialled soonest, and of numbers that never may
 * the first. Undefined for a person without numbers.
 */
export function chooseNumber(
  numbers: readonly PlacedFacts[],
  position: number,
  rules: EffectiveRules,
  now: number,
): NumberChoice | undefined {
  let best: NumberChoice | undefined;
  for (const { position: place, facts } of fromPlace(numbers, position)) {
    const choice = { position: place, facts, verdict: checkDial(rules, facts, now) };
    if (choice.verdict.refusedBy === undefined) return choice;
    if (best === undefined || soonness(choice) < soonness(best)) best = choice;
  }
  return best;
}

const soonness = ({ verdict }: NumberChoice): number => verdict.retryAt ?? Infinity;
