import type { CallEvent } from '../../kernel/call-event.js';
import type { ChannelId } from '../../kernel/ids.js';

/** Durations of one call in ms. */
export interface CallTimes {
  readonly firstConnectedAt: number | undefined;
  /** Sum of the waits that queues reported. */
  readonly waitMs: number;
  /** Sum of the times from `connected` to `disconnected`; a talk that the call's end cut off lasts until then. */
  readonly talkMs: number;
  /** Time in which at least one leg was on hold. */
  readonly holdMs: number;
}

interface Open {
  isInLine: boolean;
  talkingSince: number | undefined;
  holdingSince: number | undefined;
  readonly held: Set<ChannelId>;
}

const positive = (ms: number): number => Math.max(0, Math.round(ms));

/** Measures what a call lived through. While it goes on, only finished talks, waits and holds count. */
export function foldTimes(ordered: readonly CallEvent[]): CallTimes {
  const open: Open = {
    isInLine: false,
    talkingSince: undefined,
    holdingSince: undefined,
    held: new Set(),
  };
  let firstConnectedAt: number | undefined;
  let waitMs = 0;
  let talkMs = 0;
  let holdMs = 0;
  const endHold = (at: number): void => {
    if (open.holdingSince !== undefined) holdMs += positive(at - open.holdingSince);
    open.holdingSince = undefined;
    open.held.clear();
  };
  for (const event of ordered) {
    switch (event.kind) {
      case 'queue-entered':
        open.isInLine = true;
        break;
      case 'queue-left':
        // Told twice where a process was killed in between.
        if (open.isInLine) waitMs += positive(event.waitedMs);
        open.isInLine = false;
        break;
      case 'connected':
        firstConnectedAt ??= event.at;
        open.talkingSince ??= event.at;
        break;
      case 'disconnected':
        talkMs += positive(event.talkedMs);
        open.talkingSince = undefined;
        endHold(event.at);
        break;
      case 'held':
        open.held.add(event.leg);
        open.holdingSince ??= event.at;
        break;
      case 'resumed':
        if (open.held.delete(event.leg) && open.held.size === 0) endHold(event.at);
        break;
      case 'call-ended':
        if (open.talkingSince !== undefined) talkMs += positive(event.at - open.talkingSince);
        open.talkingSince = undefined;
        endHold(event.at);
        break;
      case 'call-arrived':
      case 'leg-started':
      case 'leg-answered':
      case 'leg-ended':
      case 'flow-entered':
      case 'step-entered':
      case 'key-pressed':
      case 'no-key':
      case 'language-chosen':
      case 'step-left':
      case 'input-collected':
      case 'looked-up':
      case 'context-passed':
      case 'conference-joined':
      case 'conference-changed':
      case 'conference-recorded':
      case 'conference-invited':
      case 'offered':
      case 'offer-ended':
      case 'recording-decided':
      case 'recording-told':
      case 'recording-switched':
      case 'recording-paused':
      case 'recording-resumed':
      case 'help-called':
      case 'line-freed':
      case 'recording-started':
      case 'recording-ended':
      case 'party-left':
      case 'anchored':
      case 'consult-started':
      case 'consult-answered':
      case 'consult-ended':
      case 'transferred':
      case 'transfer-returned':
      case 'calls-joined':
      case 'recording-missing':
      case 'voicemail-left':
      case 'routed':
      case 'queue-waiting':
      case 'announced':
      case 'callback-asked':
      case 'callback-tried':
      case 'callback-closed':
      case 'survey-offered':
      case 'survey-skipped':
      case 'survey-begun':
      case 'survey-answered':
      case 'survey-comment':
      case 'survey-finished':
      case 'forwarded':
      case 'not-forwarded':
      case 'not-rung':
      case 'ring-group-entered':
      case 'picked-up':
      case 'paged':
      case 'parked':
      case 'retrieved':
      case 'monitored':
      case 'monitor-ended':
      case 'refused':
      case 'adopted':
        break;
    }
  }
  return { firstConnectedAt, waitMs, talkMs, holdMs };
}
