/**
 * Our numbers in the order in which they are shown to a person: first those at which the person has answered before, the last
 * one first; then, with local presence, those that begin most like the person's own; then as the campaign has them.
 */
export function orderCallerIds(
  pool: readonly string[],
  number: string,
  answeredAt: readonly string[],
  localPresence: boolean,
): readonly string[] {
  const rank = (one: string): number => {
    const at = answeredAt.indexOf(one);
    return at === -1 ? answeredAt.length : at;
  };
  return pool.toSorted(
    (a, b) =>
      rank(a) - rank(b) || (localPresence ? commonLength(b, number) - commonLength(a, number) : 0),
  );
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
