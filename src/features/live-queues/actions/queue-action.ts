import { z } from 'zod';
import { parseSeconds } from '../../../kernel/fields.js';

/** What supervisors do with a whole queue. */
export const QUEUE_ACTIONS = ['opening', 'announce', 'max-wait', 'helper', 'send-on'] as const;
export type QueueAction = (typeof QUEUE_ACTIONS)[number];

/** Minutes for which an agent can help. */
export const HELP_MINUTES = [30, 60, 120, 240, 480] as const;
export const USUAL_HELP_MIN = 60;
/** A longest wait by hand is at most a day, as in the queue's form; a shorter one than 10 s would let nobody answer. */
const MAX_WAIT_S = 86_400;
const SHORTEST_WAIT_S = 10;

/** `5:00`, `300` or `5m` in ms; 0 is without limit; undefined for what is no wait. */
export function readMaxWait(typed: string): number | undefined {
  const seconds = parseSeconds(typed);
  if (seconds === undefined || seconds > MAX_WAIT_S) return undefined;
  return seconds > 0 && seconds < SHORTEST_WAIT_S ? undefined : seconds * 1_000;
}

export const helpMinutes = z.coerce
  .number()
  .refine((minutes) => HELP_MINUTES.some((one) => one === minutes));
