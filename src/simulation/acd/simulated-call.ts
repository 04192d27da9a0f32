import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { CallId } from '../../kernel/ids.js';

/** A caller, with everything that chance has decided beforehand. */
export interface SimulatedCall {
  readonly id: CallId;
  readonly arrivedAt: number;
  readonly number: string | undefined;
  readonly handlingMs: number;
  readonly patienceMs: number;
  readonly priority: number;
  readonly requirements: readonly SkillRequirement[];
  /** False where the call came in the warm-up. */
  readonly isCounted: boolean;
  /** Index of the queue; changes by overflow. */
  queue: number;
  state: 'waiting' | 'talking' | 'gone';
  /** Nobody was there for it at some time. */
  hasWaited: boolean;
  /** The time to overflow came while a phone rang. */
  isOverflowDue: boolean;
}

const FIRST_NUMBER = 1_000_000_000;

/** Ids sort in the order in which calls come: that is how the engine orders calls of one moment. */
export const simulatedCallId = (index: number): CallId => String(FIRST_NUMBER + index) as CallId;
