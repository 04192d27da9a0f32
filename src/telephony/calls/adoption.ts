import { partiesOf, stepTalk } from '../../engines/talk/talk.js';
import { isOurs, timeOfId, type ChannelId } from '../../kernel/ids.js';
import type { AriEventOf } from '../ari/events.js';
import { AriError, type AriPort, type BridgeSnapshot, type ChannelSnapshot } from '../ari/port.js';
import type { Call } from './call.js';
import { bridgeOfRoom } from './rooms/open-room.js';
import type { JournalEntry } from './journal.js';
import { messageLeft, MIN_TALK_MS, storedMessageMs, storedMs } from './message.js';
import { filesOf, onHangup, type MessageState, type Stage, type StageOf } from './stage.js';
import { commentEvent } from './survey-comment.js';
import { talkStateOf, withTalkState } from './talk-state.js';

/** A call as the former process left it. */
export interface InheritedCall extends JournalEntry {
  /** It waited here when it was written down last, and was bridged with an agent in the moment after. */
  readonly joinedFrom?: StageOf<'queue'>;
}

/** What a former process left on a node, by what becomes of it. */
export interface Inheritance {
  /** Calls whose caller is there: they go on, in this order. */
  readonly living: readonly InheritedCall[];
  /** Calls whose caller left while nobody watched. */
  readonly lost: readonly InheritedCall[];
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
  bridges: readonly BridgeSnapshot[],
  taken: ReadonlySet<ChannelId>,
): Inheritance {
  const present = new Set(channels.map((channel) => channel.id));
  const bridged = new Set(bridges.flatMap((bridge) => bridge.channels));
  const ours = entries
    .map((entry) => survived(joined(entry, bridged), present))
    .filter((entry) => !taken.has(anchorOf(entry)))
    // Talks first, so that nobody in line is offered to an agent who talks. Who comes first in line joins it first.
    .sort(
      (a, b) =>
        Number(isTalk(b)) - Number(isTalk(a)) ||
        priorityOf(b) - priorityOf(a) ||
        waitingSince(a) - waitingSince(b),
    );
  const living = ours.filter((entry) => present.has(anchorOf(entry)));
  const kept = new Set(living.flatMap((entry) => idsIn(entry.stage)));
  const known = new Set(ours.map(anchorOf));
  const others = channels.filter(({ id }) => !known.has(id) && !kept.has(id) && !taken.has(id));
  return {
    living,
    lost: ours.filter((entry) => !present.has(anchorOf(entry))),
    strays: others.flatMap(({ id }) => (isOurs(id) ? [id] : [])),
    arrivals: others.flatMap((channel) => (isOurs(channel.id) ? [] : (arrivalOf(channel) ?? []))),
    kept,
  };
}

/** The message that a caller was leaving who hung up while nobody watched; undefined where nothing was said. */
export async function lostMessage(
  ari: AriPort,
  { stage }: JournalEntry,
): Promise<LostMessage | undefined> {
  const state = 'message' in stage ? stage.message : undefined;
  if (state === undefined) return undefined;
  try {
    const ms = await storedMessageMs(ari, state.id);
    return ms === undefined || ms < MIN_TALK_MS ? undefined : { state, ms };
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
    // Whoever brings the file in will know how long it is.
    return { state, ms: 0 };
  }
}

interface LostMessage {
  readonly state: MessageState;
  readonly ms: number;
}

/**
 * Callers who came in while the connection to the node was breaking: Asterisk had told nobody of them. `taken` and `calls` are
 * what is known already; a channel with a mark has been a call, and is only not gone yet.
 */
export function unheardArrivals(
  channels: readonly ChannelSnapshot[],
  taken: ReadonlySet<ChannelId>,
  calls: Iterable<Pick<Call, 'facts' | 'channel' | 'legs' | 'stage'>>,
): readonly AriEventOf<'StasisStart'>[] {
  const held = new Set<string>();
  for (const { facts, channel, legs, stage } of calls)
    for (const id of [facts.channel, channel, ...legs.keys(), ...idsIn(stage)]) held.add(id);
  return channels.flatMap((one) => {
    const isKnown = isOurs(one.id) || taken.has(one.id) || held.has(one.id);
    return isKnown || (one.mark ?? '') !== '' ? [] : (arrivalOf(one) ?? []);
  });
}

/**
 * When a call was over that nobody saw end, in ms since the epoch: what was recorded says it to the moment; else it lived at
 * least until the former process was last known to.
 */
export async function lostAt(ari: AriPort, entry: JournalEntry, aliveAt = 0): Promise<number> {
  const { stage, writtenAt } = entry;
  const recording = stage.kind === 'talk' ? stage.recording : undefined;
  const [file] = recording?.snoops ?? [];
  const beganAt = recording && (recording.earlier ? timeOfId(file ?? '') : recording.startedAt);
  if (recording !== undefined && file !== undefined)
    try {
      const ms = await storedMs(ari, file);
      if (ms !== undefined && ms > 0) return Math.max(writtenAt, (beganAt ?? 0) + ms);
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
    }
  return Math.max(writtenAt, aliveAt);
}

/** What the former process had no time to write: how the wait of a call ended that is a talk now. */
export function recordJoined(call: Call, { joinedFrom: wait, writtenAt }: InheritedCall): void {
  if (wait?.joining === undefined) return;
  const { queue: queueId, enteredAt = writtenAt } = wait;
  const { partner, offeredAt } = wait.joining;
  const { leg, agentId, name: agentName = '' } = partner;
  call.record({ kind: 'connected', leg, ...(agentId === undefined ? {} : { agentId }) }, writtenAt);
  if (agentId !== undefined)
    call.record(
      {
        ...{ kind: 'offer-ended', queueId, agentId, agentName, outcome: 'answered' },
        rangMs: Math.max(0, writtenAt - offeredAt),
      },
      writtenAt,
    );
  const waitedMs = Math.max(0, writtenAt - enteredAt);
  call.record(
    { kind: 'queue-left', queueId, outcome: 'answered', reason: 'answered', waitedMs },
    writtenAt,
  );
}

/** Nobody saw this call end: its line in the ledger says so. `at`: see {@link lostAt}. */
export function recordLost(
  call: Call,
  entry: JournalEntry,
  at: number,
  message?: LostMessage,
): void {
  const { stage } = entry;
  if (message) call.record(messageLeft(call, message.state, message.ms), entry.writtenAt);
  if (stage.kind === 'talk') {
    const talkedMs = Math.max(0, at - (stage.connectedAt ?? at));
    call.record({ kind: 'disconnected', talkedMs }, at);
    if (stage.recording)
      call.record({
        kind: 'recording-ended',
        recordingId: stage.recording.id,
        recordedMs: Math.max(0, at - stage.recording.startedAt),
        files: filesOf(stage.recording),
        node: call.ari.node,
      });
    for (const { leg } of [stage.partner, ...(stage.others ?? [])])
      call.record({ kind: 'leg-ended', leg, cause: UNSEEN_CAUSE }, at);
  }
  if (stage.kind === 'conference' && stage.enteredAt !== undefined) {
    const talkedMs = Math.max(0, at - stage.enteredAt);
    call.record({ kind: 'disconnected', talkedMs }, at);
  }
  if (stage.kind === 'queue')
    call.record({
      kind: 'queue-left',
      queueId: stage.queue,
      outcome: 'abandoned',
      reason: 'ended-while-away',
      waitedMs: Math.max(0, at - (stage.enteredAt ?? at)),
    });
  if (stage.kind === 'survey' && stage.comment)
    call.record(commentEvent(call, stage, stage.comment, entry.writtenAt), entry.writtenAt);
  call.record({ kind: 'leg-ended', leg: call.channel, cause: UNSEEN_CAUSE }, at);
  const end =
    stage.kind === 'ended' ? stage : onHangup(stage, message && 'voicemail', 'ended-while-away');
  call.record({
    kind: 'call-ended',
    result: entry.hasTalked === true ? 'answered' : end.result,
    endedBy: end.endedBy,
    cause: end.cause,
    reason: end.reason,
  });
}

/** Q.850: normal clearing. Why it really ended nobody has heard. */
const UNSEEN_CAUSE = 16;

const isTalk = ({ stage }: JournalEntry): boolean => stage.kind === 'talk';
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
  if (stage.kind !== 'talk') return [];
  const { partner, others = [], consult, bridge, recording } = stage;
  return [
    ...[partner, ...others].map(({ leg }) => leg),
    ...(consult === undefined ? [] : [consult.party.leg, consult.bridge]),
    ...[bridge, ...(recording?.snoops ?? [])],
  ];
}

/** Bridged with an agent in the moment in which the former process ended: a talk. The caller is put into the bridge first. */
function joined(entry: JournalEntry, bridged: ReadonlySet<ChannelId>): InheritedCall {
  const { stage } = entry;
  if (stage.kind !== 'queue' || stage.joining === undefined) return entry;
  const { joining, ...waiting } = stage;
  const { partner, bridge } = joining;
  if (!bridged.has(partner.leg)) return { ...entry, stage: waiting };
  return {
    ...entry,
    answered: true,
    hasTalked: true,
    joinedFrom: stage,
    stage: { kind: 'talk', partner, bridge, connectedAt: entry.writtenAt },
  };
}

const anchorOf = (entry: JournalEntry): ChannelId => entry.anchor?.channel ?? entry.facts.channel;

/** A talk whose anchor left while nobody watched, and in which others talk on: it is about one of them. */
function survived(entry: InheritedCall, present: ReadonlySet<ChannelId>): InheritedCall {
  const { stage } = entry;
  const anchor = anchorOf(entry);
  if (stage.kind !== 'talk' || present.has(anchor)) return entry;
  const state = talkStateOf(stage, anchor);
  const step = stepTalk(state, { kind: 'left', leg: anchor }, entry.writtenAt);
  if (step.kind !== 'goes-on') return entry;
  const heir = partiesOf(state).find(({ leg }) => leg === step.state.anchor);
  if (heir === undefined || !present.has(heir.leg) || !present.has(stage.partner.leg)) return entry;
  const { leg: channel, number, name = '' } = heir;
  return {
    ...entry,
    anchor: { channel, number, name, party: heir },
    stage: withTalkState(stage, step.state),
  };
}
