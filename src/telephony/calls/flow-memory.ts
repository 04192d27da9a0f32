import type { Known } from '../../engines/ivr/state.js';
import type { Attributes } from '../../engines/routing/rule.js';

/** What a call keeps of the flows that it went through, for the next one. */
export interface FlowMemory extends Known {
  /** Flows entered since the caller last pressed a key that counted, or talked with somebody. */
  readonly entered: number;
  /** Tags that flows, rules and the routing hook gave the call on its way to a queue that sent it on. */
  readonly tags?: Attributes;
}

/**
 * Flows that a call may enter without a word from its caller: the first, and five behind overflowing queues. Then nobody
 * answers: two that lead to each other would never end.
 */
export const MAX_FLOWS = 6;

export const NO_FLOWS: FlowMemory = { entered: 0, variables: {}, secret: [] };
