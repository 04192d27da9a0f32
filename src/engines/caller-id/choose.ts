/** How an agent's own numbers take turns. `sticky`: a customer always sees the same one. */
export const POOL_ORDERS = ['rotate', 'sticky'] as const;

/** Numbers of one agent, of which one is shown. */
export interface CallerIdPool {
  readonly order: (typeof POOL_ORDERS)[number];
  /** E.164; none where the agent has no numbers of their own. */
  readonly numbers: readonly string[];
}

export const NO_POOL: CallerIdPool = { order: 'rotate', numbers: [] };

/** Whose number is shown. `emergency`: the site's for calls for help. */
export type CallerIdSource =
  'withheld' | 'emergency' | 'agent' | 'campaign' | 'queue' | 'extension' | 'flow' | 'trunk';

/** Who wants which number to be shown. */
export interface CallerIdWishes {
  /** Whoever dials wants to show no number. */
  readonly isWithheld: boolean;
  /** Those of the agent who dials. */
  readonly pool: CallerIdPool;
  /** Behind the pool, in the order in which they are asked; '' for nothing. */
  readonly owners: readonly CallerIdWish[];
}

export interface CallerIdWish {
  readonly of: CallerIdSource;
  readonly number: string;
}

/** What a carrier lets us show. */
export interface CallerIdLimits {
  /** What is shown where nobody else has anything to show. */
  readonly callerId: string;
  /** Besides that one: numbers, or beginnings that end in `*`. Any number where there are none. */
  readonly allowed: readonly string[];
  readonly mayWithhold: boolean;
}

export interface ChosenCallerId {
  /** '' for none: withheld, or there is nothing to show. */
  readonly number: string;
  readonly of: CallerIdSource;
  /** What would have been shown, did the trunk allow it. */
  readonly passedOver: readonly CallerIdWish[];
}

/** Whether a trunk may show a number. */
export const isAllowedCallerId = (
  { callerId, allowed }: Pick<CallerIdLimits, 'callerId' | 'allowed'>,
  number: string,
): boolean =>
  allowed.length === 0 ||
  number === callerId ||
  allowed.some((one) => (one.endsWith('*') ? number.startsWith(one.slice(0, -1)) : one === number));

/**
 * The number that is shown to `customer` over a trunk: the first that its owner wants and the trunk may show. `turn` counts
 * the calls of the agent, for numbers that take turns. Undefined where no number is to be shown and the trunk must show one.
 */
export function chooseCallerId(
  wishes: CallerIdWishes,
  limits: CallerIdLimits,
  customer: string,
  turn: number,
): ChosenCallerId | undefined {
  const passedOver: CallerIdWish[] = [];
  if (wishes.isWithheld)
    return limits.mayWithhold ? { number: '', of: 'withheld', passedOver } : undefined;
  const { numbers, order } = wishes.pool;
  const mayShow = numbers.filter((number) => isAllowedCallerId(limits, number));
  for (const number of numbers)
    if (!mayShow.includes(number)) passedOver.push({ of: 'agent', number });
  const fromPool =
    order === 'sticky' ? stickiest(mayShow, customer) : mayShow[turn % mayShow.length];
  const asked = [{ of: 'agent' as const, number: fromPool ?? '' }, ...wishes.owners];
  for (const { of, number } of asked) {
    if (number === '') continue;
    if (isAllowedCallerId(limits, number)) return { number, of, passedOver };
    passedOver.push({ of, number });
  }
  return { number: limits.callerId, of: 'trunk', passedOver };
}

/**
 * Highest weight of all numbers for this customer (rendezvous hashing): nothing is to be remembered, and where a number goes or
 * comes, only the customers move who had it or get it.
 */
function stickiest(numbers: readonly string[], customer: string): string | undefined {
  let best: { number: string; weight: number } | undefined;
  for (const number of numbers) {
    const weight = hashOf(`${customer} ${number}`);
    if (best === undefined || weight > best.weight) best = { number, weight };
  }
  return best?.number;
}

/** FNV-1a with a final mix (MurmurHash3), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The turns in which a pool may show different numbers: one where a customer always sees the same. */
export const turnsOf = ({ order, numbers }: CallerIdPool): readonly number[] =>
  order === 'sticky' || numbers.length === 0 ? [0] : numbers.map((_, turn) => turn);
