import type { CallEvent } from '../../kernel/call-event.js';

/** A time in which nothing was recorded because somebody wanted it so. Instants in ms. */
export interface RecordingPause {
  readonly from: number;
  readonly to: number;
}

/** The pauses of a call's recording, as far as people talked in them. One under way lasts until `until`. */
export function foldPauses(
  ordered: readonly CallEvent[],
  until: number,
): readonly RecordingPause[] {
  const pauses: RecordingPause[] = [];
  let pausedSince: number | undefined;
  let talkingSince: number | undefined;
  const note = (to: number): void => {
    if (pausedSince === undefined || talkingSince === undefined) return;
    const from = Math.max(pausedSince, talkingSince);
    if (to > from) pauses.push({ from, to });
  };
  for (const { kind, at } of [...ordered].sort((a, b) => a.at - b.at || a.seq - b.seq))
    switch (kind) {
      case 'connected':
        talkingSince ??= at;
        break;
      case 'disconnected':
      case 'call-ended':
        note(at);
        talkingSince = undefined;
        break;
      case 'recording-paused':
        pausedSince = at;
        break;
      case 'recording-resumed':
        note(at);
        pausedSince = undefined;
        break;
      default:
        break;
    }
  note(until);
  return pauses;
}
