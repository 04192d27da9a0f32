import type { CallEvent } from '../../kernel/call-event.js';
import { formatDuration, type PageContext } from '../../web/kit/index.js';
import type { Recording } from '../recordings/index.js';

/** From when to when, in ms of the recording. */
type Span = readonly [fromMs: number, toMs: number];

/** What the player and the words around it need of one recording. */
export function playerView(recording: Recording, events: readonly CallEvent[], page: PageContext) {
  const { id, kind, state, problem, durationMs } = recording;
  const startedAt = startOf(recording, events);
  const callStartedAt = events[0]?.at ?? startedAt;
  return {
    id,
    state,
    kind,
    isCall: kind === 'call',
    audioHref: `/recordings/${id}/audio`,
    durationMs,
    durationS: Math.round(durationMs / 1_000),
    lengthText: formatDuration(durationMs),
    /** From the beginning of the call to the beginning of the sound. */
    offsetMs: Math.max(0, startedAt - callStartedAt),
    holds: holdsIn(events, startedAt, durationMs),
    problemText: problem === '' ? '' : page.t(`recordings.problem.${problem}`),
    isMissing: state === 'missing',
    bytes: recording.bytes,
    megabytes: (recording.bytes / 1_048_576).toFixed(1),
    sha256: recording.sha256,
    hashStart: recording.sha256.slice(0, 12),
  };
}

/** When the sound begins: as the ledger noted it, else back from its end by its length. */
function startOf(recording: Recording, events: readonly CallEvent[]): number {
  const started = events.find(
    (event) => event.kind === 'recording-started' && event.recordingId === recording.id,
  );
  return started?.at ?? recording.createdAt.getTime() - recording.durationMs;
}

/** Times on hold within a recording: the player hatches them. */
function holdsIn(
  events: readonly CallEvent[],
  startedAt: number,
  durationMs: number,
): readonly Span[] {
  const spans: Span[] = [];
  const held = new Set<string>();
  let since: number | undefined;
  const end = (at: number): void => {
    if (since === undefined) return;
    const [from, to] = [since - startedAt, at - startedAt];
    if (to > 0 && from < durationMs) spans.push([Math.max(0, from), Math.min(durationMs, to)]);
    since = undefined;
    held.clear();
  };
  for (const event of events) {
    if (event.kind === 'held') {
      held.add(event.leg);
      since ??= event.at;
    } else if (event.kind === 'resumed') {
      if (held.delete(event.leg) && held.size === 0) end(event.at);
    } else if (event.kind === 'disconnected' || event.kind === 'call-ended') end(event.at);
  }
  end(startedAt + durationMs);
  return spans;
}
