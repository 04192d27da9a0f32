import { isOurs, type ChannelId } from '../../kernel/ids.js';
import type { AriEventOf } from '../ari/events.js';
import type { ChannelSnapshot } from '../ari/port.js';
import type { Call } from './call.js';
import { bridgeOfRoom } from './conference-rooms.js';
import type { JournalEntry } from './journal.js';
import { onHangup, type Stage } from './stage.js';

/** What a former process left on a node, by what becomes of it. */
export interface Inheritance {
  /** Calls whose caller is there: they go on, in this order. */
  readonly living: readonly JournalEntry[];
  /** Calls whose caller left while nobody watched. */
  readonly lost: readonly JournalEntry[];
  /** Legs and listeners of calls that are over. */
  readonly strays: readonly ChannelId[];
  /** Callers of whom nothing was written down yet: new calls. */
  readonly arrivals: readonly AriEventOf<'StasisStart'>[];
  /** Channels and bridges that living calls need. */
  readonly kept: ReadonlySet<string>;
}

/** Sorts what was written down against what is there. `taken` are channels that came in meanwhile: they are ours already. */
export function inheritanceOf(
  entries: readonly JournalEntry[],
  channels: readonly ChannelSnapshot[],
  taken: ReadonlySet<ChannelId>,
): Inheritance {
  const present = new Set(channels.map((channel) => channel.id));
  const ours = entries
    .filter((entry) => !taken.has(entry.facts.channel))
    // Who comes first in line joins it first: the first offer goes to whoever joined.
    .sort((a, b) => priorityOf(b) - priorityOf(a) || waitingSince(a) - waitingSince(b));
  const living = ours.filter((entry) => present.has(entry.facts.channel));
  const kept = new Set(living.flatMap((entry) => idsIn(entry.stage)));
  const known = new Set(ours.map((entry) => entry.facts.channel));
  const others = channels.filter(({ id }) => !known.has(id) && !kept.has(id) && !taken.has(id));
  return {
    living,
    lost: ours.filter((entry) => !present.has(entry.facts.channel)),
    strays: others.flatMap(({ id }) => (isOurs(id) ? [id] : [])),
    arrivals: others.flatMap((channel) => (isOurs(channel.id) ? [] : (arrivalOf(channel) ?? []))),
    kept,
  };
}

/** Nobody saw this call end: its line in the ledger says so. */
export function recordLost(call: Call, entry: JournalEntry): void {
  const { stage } = entry;
  if (stage.kind === 'talk') {
    const talkedMs = Math.max(0, entry.writtenAt - (stage.connectedAt ?? entry.writtenAt));
    call.record({ kind: 'disconnected', talkedMs }, entry.writtenAt);
    if (stage.recording)
      call.record({
        kind: 'recording-ended',
        recordingId: stage.recording.id,
        recordedMs: Math.max(0, entry.writtenAt - stage.recording.startedAt),
        files: stage.recording.snoops,
        node: call.ari.node,
      });
  }
  if (stage.kind === 'queue')
    call.record({
      kind: 'queue-left',
      queueId: stage.queue,
      outcome: 'abandoned',
      reason: 'ended-while-away',
      waitedMs: Math.max(0, entry.writtenAt - (stage.enteredAt ?? entry.writtenAt)),
    });
  const end = stage.kind === 'ended' ? stage : onHangup(stage, false, 'ended-while-away');
  call.record({
    kind: 'call-ended',
    result: end.result,
    endedBy: end.endedBy,
    cause: end.cause,
    reason: end.reason,
  });
}

const priorityOf = ({ stage }: JournalEntry): number =>
  stage.kind === 'queue' ? stage.priority : 0;
const waitingSince = ({ stage, facts }: JournalEntry): number =>
  stage.kind === 'queue' ? (stage.enteredAt ?? facts.startedAt) : facts.startedAt;

/** A channel that was in the application before we were, as if it had just come in; undefined where it is elsewhere. */
function arrivalOf(snapshot: ChannelSnapshot): AriEventOf<'StasisStart'> | undefined {
  const args = snapshot.stasisArgs;
  return args && { type: 'StasisStart', channel: snapshot.id, snapshot, args };
}

/** Channels and bridges that a stage needs: an adopting process keeps them. */
function idsIn(stage: Stage): readonly string[] {
  if (stage.kind === 'conference') return [bridgeOfRoom(stage.room)];
  return stage.kind === 'talk'
    ? [stage.partner.leg, stage.bridge, ...(stage.recording?.snoops ?? [])]
    : [];
}
