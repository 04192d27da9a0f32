import type { TrunkId } from '../../kernel/ids.js';
import type { Call } from './call.js';

/**
 * Channels of each trunk that has any: callers who came in over it, legs that went out, and `dialling`, lines of campaigns that
 * are no calls yet. A call may have both.
 */
export function linesOfTrunks(
  calls: Iterable<Call>,
  dialling: readonly TrunkId[] = [],
): ReadonlyMap<TrunkId, number> {
  const used = new Map<TrunkId, number>();
  const count = (id: TrunkId): void => void used.set(id, (used.get(id) ?? 0) + 1);
  for (const { trunks } of calls) trunks.forEach(count);
  dialling.forEach(count);
  return used;
}
