/** In which order the phones of a group ring. */
export const RING_STRATEGIES = ['all', 'in-turn', 'random'] as const;
export type RingStrategy = (typeof RING_STRATEGIES)[number];

/** Phones that ring at the same time. The next step begins when none of them rings any more. */
export type RingStep<Phone> = readonly Phone[];

/** Who rings when: all at once, or one after the other. `random` gives numbers from 0 to 1, 1 not reached. */
export function planGroup<Phone>(
  strategy: RingStrategy,
  phones: readonly Phone[],
  random: () => number,
): readonly RingStep<Phone>[] {
  if (phones.length === 0) return [];
  switch (strategy) {
    case 'all':
      return [phones];
    case 'in-turn':
      return phones.map((phone) => [phone]);
    case 'random':
      return shuffled(phones, random).map((phone) => [phone]);
  }
}

/** Every order is as likely as any other (Fisher and Yates). */
function shuffled<Phone>(phones: readonly Phone[], random: () => number): readonly Phone[] {
  const rest = [...phones];
  const order: Phone[] = [];
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return order;
}

/**
 * Who rings when for somebody who is followed: the own phone first, then each entry, together with the one before it or after
 * it.
 */
export function planFollowMe<Phone, Entry extends { readonly isTogether: boolean }>(
  own: Phone,
  entries: readonly Entry[],
  phoneOf: (entry: Entry) => Phone,
): readonly RingStep<Phone>[] {
  const steps: Phone[][] = [[own]];
  for (const entry of entries) {
    const last = steps.at(-1);
    if (entry.isTogether && last !== undefined) last.push(phoneOf(entry));
    else steps.push([phoneOf(entry)]);
  }
  return steps;
}
