import { z } from 'zod';
import {
  flagField,
  idsField,
  integerField,
  optionalIdField,
  problem,
  secondsField,
  textField,
} from '../../kernel/fields.js';
import type { AgentId, PromptId, QueueId } from '../../kernel/ids.js';
import type { Target } from '../../telephony/directory.js';
import { targetField, type Versioned } from '../configuration/index.js';

/** A line of callers and the agents who answer them, as the form sets it. Durations in seconds. */
export interface QueueDraft {
  readonly name: string;
  readonly ringTimeoutS: number;
  readonly wrapUpS: number;
  /** 0 is without limit. */
  readonly maxWaitS: number;
  /** Callers in line at most; 0 is without limit. */
  readonly maxLength: number;
  readonly overflow: Target;
  readonly leaveWhenEmpty: boolean;
  readonly announcement: PromptId | undefined;
  readonly announceEveryS: number;
  readonly record: boolean;
  readonly serviceLevelS: number;
  /** Agents in use only, ascending. */
  readonly members: readonly AgentId[];
}

export interface StoredQueue extends Versioned<QueueId>, QueueDraft {}

export const QUEUE_SORTS = ['name', 'updated'] as const;
export type QueueSort = (typeof QUEUE_SORTS)[number];

/** Bounds of the form's numbers, shown beside them. */
export const QUEUE_LIMITS = {
  ringTimeoutS: { min: 5, max: 120, default: 20 },
  wrapUpS: { min: 0, max: 3_600, default: 15 },
  maxWaitS: { min: 0, max: 86_400, default: 600 },
  maxLength: { min: 0, max: 10_000, default: 0 },
  announceEveryS: { min: 15, max: 3_600, default: 60 },
  serviceLevelS: { min: 1, max: 3_600, default: 20 },
} as const;
/** A shorter limit would send callers away before the first agent could answer. */
const SHORTEST_MAX_WAIT_S = 10;

const within = (name: keyof typeof QUEUE_LIMITS) =>
  secondsField(QUEUE_LIMITS[name].min, QUEUE_LIMITS[name].max);

/** The form. */
export const queueSchema = z.object({
  name: textField({ max: 80 }),
  ringTimeoutS: within('ringTimeoutS'),
  wrapUpS: within('wrapUpS'),
  maxWaitS: within('maxWaitS').superRefine((seconds, context) => {
    if (seconds > 0 && seconds < SHORTEST_MAX_WAIT_S)
      context.addIssue(problem('queues.problem.max-wait', { min: SHORTEST_MAX_WAIT_S }));
  }),
  maxLength: integerField(QUEUE_LIMITS.maxLength.min, QUEUE_LIMITS.maxLength.max),
  overflow: targetField(),
  leaveWhenEmpty: flagField(),
  announcement: optionalIdField<PromptId>(),
  announceEveryS: within('announceEveryS'),
  record: flagField(),
  serviceLevelS: within('serviceLevelS'),
  members: idsField<AgentId>().transform((ids) => [...ids].sort((a, b) => a - b)),
});

/** What the form of a new queue shows. */
export const NEW_QUEUE: Omit<QueueDraft, 'members' | 'overflow'> = {
  name: '',
  ringTimeoutS: QUEUE_LIMITS.ringTimeoutS.default,
  wrapUpS: QUEUE_LIMITS.wrapUpS.default,
  maxWaitS: QUEUE_LIMITS.maxWaitS.default,
  maxLength: QUEUE_LIMITS.maxLength.default,
  leaveWhenEmpty: true,
  announcement: undefined,
  announceEveryS: QUEUE_LIMITS.announceEveryS.default,
  record: true,
  serviceLevelS: QUEUE_LIMITS.serviceLevelS.default,
};

/**
 * The queues that callers who overflow from `start` pass, when they come back to where they were; undefined where every
 * chain ends. `overflowOf` gives the queue that a queue overflows to.
 */
export function overflowLoop(
  start: QueueId,
  overflowOf: (id: QueueId) => QueueId | undefined,
): readonly QueueId[] | undefined {
  const passed: QueueId[] = [start];
  for (let next = overflowOf(start); next !== undefined; next = overflowOf(next)) {
    if (passed.includes(next)) return [...passed, next];
    passed.push(next);
  }
  return undefined;
}
