import type { AttemptId, CallId, TrunkId } from '../../../kernel/ids.js';
import type { ClearedLead } from '../../campaigns.js';
import type { Stage } from '../stage.js';

/**
 * dialling ─▶ ringing ─▶ detecting ─▶ waiting ─▶ talking
 *                │            │          └─────▶ message (nobody is free; or a machine)
 *                └────────────┴────────▶ flow (of a notification)
 * Each ends when nobody is on the line any more.
 */
export type LinePhase =
  'dialling' | 'ringing' | 'detecting' | 'waiting' | 'talking' | 'message' | 'flow';

/** One line of a campaign, from the dial to the end of its call. Instants in ms. */
export interface Line {
  readonly attempt: AttemptId;
  readonly call: CallId;
  readonly startedAt: number;
  phase: LinePhase;
  /** Answered, and pacing waits to hear whether an agent has it. */
  isOwed: boolean;
  /** The trunk that it rings over; its call has the trunk from the answer on. */
  trunkId?: TrunkId | undefined;
  /** Ends the ringing; absent where there is nothing to give up. */
  giveUp?: (() => void) | undefined;
}

/** A line that is dialled now. */
export interface DialledLine extends Line {
  readonly lead: ClearedLead;
}

/** What a call in this stage is to its campaign; undefined where that stays as it was. */
export function phaseOf(stage: Stage): LinePhase | undefined {
  switch (stage.kind) {
    case 'queue':
      return 'waiting';
    case 'campaign-message':
      return 'message';
    case 'ivr':
      return 'flow';
    case 'talk':
      return stage.connectedAt === undefined ? undefined : 'talking';
    default:
      return undefined;
  }
}
