import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';

/** A number as it is dialled for a callback; undefined where we call nobody back. `country`: that of the site. */
export function callableNumber(typed: string, country: string): string | undefined {
  const number = normaliseNumber(typed, country);
  const kind = classifyNumber(number, country);
  // Typed digits must not make us call the far side of the world; whoever calls from there may be called back there.
  const isOwn = number === typed;
  const isRefused =
    kind === 'invalid' || kind === 'emergency' || (kind === 'international' && !isOwn);
  return isRefused ? undefined : number;
}
