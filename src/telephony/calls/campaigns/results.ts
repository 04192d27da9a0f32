import type { AttemptResult } from '../../campaigns.js';
import { LOST_CAUSE } from '../../ari/events.js';

/**
 * How a line that was not answered ended: Q.850, the SIP status or 0. `isSilent`: the time was over, and the carrier had said
 * nothing at all, not even that it rings.
 */
export interface LineEnding {
  readonly cause: number;
  readonly techCause: number;
  readonly isSilent: boolean;
}

type Unanswered = Extract<
  AttemptResult,
  'busy' | 'no-answer' | 'invalid' | 'rejected' | 'congestion' | 'failed'
>;

/** SIP statuses that say more than the Q.850 cause that Asterisk makes of them (RFC 3261 §21, RFC 8688 for 608). */
const BY_STATUS: Readonly<Record<number, Unanswered>> = {
  404: 'invalid',
  410: 'invalid',
  484: 'invalid',
  604: 'invalid',
  403: 'rejected',
  603: 'rejected',
  607: 'rejected',
  608: 'rejected',
  486: 'busy',
  600: 'busy',
  500: 'congestion',
  502: 'congestion',
  503: 'congestion',
  504: 'congestion',
};

/** Q.850 causes by what they mean for the person who was called (ITU-T Q.850 §2.2.7). */
const BY_CAUSE: Readonly<Record<number, Unanswered>> = {
  1: 'invalid',
  22: 'invalid',
  28: 'invalid',
  17: 'busy',
  21: 'rejected',
  16: 'no-answer',
  18: 'no-answer',
  19: 'no-answer',
  20: 'no-answer',
  31: 'no-answer',
};

/** What a line that was not answered says of the number. Everything that only the network says is congestion. */
export function resultOf({ cause, techCause, isSilent }: LineEnding): Unanswered {
  // Nobody saw it end: Asterisk was away.
  if (cause === LOST_CAUSE && techCause === 0) return 'failed';
  // The person knows nothing of it.
  if (isSilent) return 'congestion';
  return BY_STATUS[techCause] ?? BY_CAUSE[cause] ?? 'congestion';
}

/** The far end has spoken: another trunk would say the same. */
export const isFinal = (result: Unanswered): boolean =>
  result !== 'congestion' && result !== 'failed';
