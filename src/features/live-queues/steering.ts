import type { MonitorMode } from '../../kernel/call-event.js';
import { z } from 'zod';
import type { CallId, QueueId } from '../../kernel/ids.js';
import type { DeskRefusal } from '../../telephony/live.js';

/** Priorities go from 0 to this. */
export const MAX_PRIORITY = 100;
/** What "raise" adds. */
export const PRIORITY_STEP = 10;
/** So long a caller who is offered to one agent waits for that agent; then the rules count again. */
export const OFFER_FOR_MS = 5 * 60_000;
/** The action under which a priority set by hand stands in the audit log. */
export const AUDIT_PRIORITY = 'call.set-priority';
/** What the audit log says came of a command that the calls took; else the code of their refusal. */
export const OUTCOME_DONE = 'done';

/** What can be done with somebody in line. */
export const STEERING = ['priority', 'offer', 'move', 'end'] as const;
export type Steering = (typeof STEERING)[number];

/** Somebody in line, as an address names them. */
export interface Place {
  readonly queueId: QueueId;
  readonly callId: string;
}

/**
 * What became of a command: taken, refused by the calls, or not understood. Taken is not done: that is seen in the live
 * values.
 */
export type SteeringAnswer =
  | { readonly ok: true; readonly who: string }
  | { readonly ok: false; readonly code: DeskRefusal; readonly detail: string }
  /** `problem` is a key of the catalog, said beside `field`. */
  | { readonly ok: false; readonly field: string; readonly problem: string };

/** How a supervisor hears a talk. */
export const MONITOR_MODES = [
  'listen',
  'whisper',
  'barge',
  'take-over',
] as const satisfies readonly MonitorMode[];

export const isCallId = (text: string): text is CallId => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);

/** A priority as it is typed. */
export const priorityField = z.coerce.number().int().min(0).max(MAX_PRIORITY);

/** States that an agent can be put in: `available`, `signed-out`, or `not-ready:<code of a reason>`. */
export const FORCED_REASON = 'forced';
/** A sentence at most so long goes into the audit log. */
export const MAX_WHY = 200;
