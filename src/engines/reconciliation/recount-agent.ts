/** A state that an agent entered, as the raw change says it. */
export interface RawState {
  readonly id: string;
  readonly at: number;
  readonly state: string;
}

/**
 * How long an agent was signed in within [fromAt, toAt), in ms: from each change to a state other than signed out up to the
 * next change. `changes` begin with the last one before `fromAt`, where there is one; of several in one millisecond the one
 * with the greatest id counts.
 */
export function signedInMs(changes: readonly RawState[], fromAt: number, toAt: number): number {
  const byInstant = new Map<number, RawState>();
  for (const change of changes) {
    const known = byInstant.get(change.at);
    if (known === undefined || known.id < change.id) byInstant.set(change.at, change);
  }
  const instants = [...byInstant.keys()].sort((a, b) => a - b);
  return instants.reduce((sum, at, index) => {
    if (byInstant.get(at)?.state === 'signed-out') return sum;
    const until = instants[index + 1] ?? Infinity;
    return sum + Math.max(0, Math.min(until, toAt) - Math.max(at, fromAt));
  }, 0);
}
