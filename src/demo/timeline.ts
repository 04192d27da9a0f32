import type { CallEvent } from '../kernel/call-event.js';
import type { ChannelId } from '../kernel/ids.js';

/** One line for people about each event of a call: what happened and why. English: it is printed by set-up scripts. */
export function describeEvent(event: CallEvent, nameOf: (leg: ChannelId) => string): string {
  switch (event.kind) {
    case 'call-arrived':
      return `call from ${event.from}${event.fromName === '' ? '' : ` (${event.fromName})`} to ${event.to}`;
    case 'leg-started':
      return event.role === 'caller' ? 'the caller is here' : `${nameOf(event.leg)} is called`;
    case 'leg-answered':
      return `${nameOf(event.leg)} answered`;
    case 'leg-ended':
      return `${nameOf(event.leg)} is gone, cause ${String(event.cause)}`;
    case 'flow-entered':
      return `menu flow "${event.name}", version ${String(event.version)}`;
    case 'step-entered':
      return `step "${event.label}" (${event.stepKind})`;
    case 'key-pressed':
      return `key ${event.digits} pressed${event.accepted ? '' : ', which is not in use'}`;
    case 'no-key':
      return `no key pressed, try ${String(event.tries)}`;
    case 'step-left':
      return `left step "${event.step}" by ${event.exit}`;
    case 'input-collected':
      return `entered for "${event.label}": ${event.value ?? `${String(event.length)} keys, not shown`}`;
    case 'looked-up':
      return `looked up for "${event.label}": ${event.ok ? 'answered' : event.reason} after ${String(event.ms)} ms`;
    case 'language-chosen':
      return `language ${event.language}`;
    case 'queue-entered':
      return `queue "${event.name}", place ${String(event.place)}, music`;
    case 'queue-left':
      return `left the queue: ${event.outcome} after ${seconds(event.waitedMs)}`;
    case 'offered':
      return `offered to ${event.agentName}: ${event.reasons.join('; ')}`;
    case 'offer-ended':
      return `${event.agentName}: ${event.outcome} after ${seconds(event.rangMs)}`;
    case 'connected':
      return 'both sides are connected';
    case 'held':
      return 'on hold';
    case 'resumed':
      return 'talking again';
    case 'disconnected':
      return `talked ${seconds(event.talkedMs)}`;
    case 'party-left':
      return `${nameOf(event.leg)} has left the talk`;
    case 'anchored':
      return `the call goes on with ${event.number}`;
    case 'consult-started':
      return `${nameOf(event.by)} asks ${nameOf(event.leg)}`;
    case 'consult-answered':
      return `${nameOf(event.leg)} is asked`;
    case 'consult-ended':
      return `asking ${nameOf(event.leg)} is over: ${event.outcome}`;
    case 'transferred':
      return `${nameOf(event.by)} transfers to ${`${event.to.number} ${event.to.name}`.trim()} (${event.how}, ${event.via})`;
    case 'transfer-returned':
      return `back from ${event.to}: ${event.reason}`;
    case 'calls-joined':
      return event.as === 'taker' ? 'joined with another call' : 'goes on in another call';
    case 'callback-asked':
      return `asked to be called back at ${event.number}`;
    case 'callback-closed':
      return `nobody calls back: ${event.why}`;
    case 'callback-tried':
      return `callback, try ${String(event.attempt)}, after ${seconds(event.waitedMs)}`;
    case 'routed':
      return `routed: ${event.reasons.join('; ')}`;
    case 'queue-waiting':
      return `waits: ${event.reasons.join('; ')}`;
    case 'announced':
      return `hears the announcement ${event.name}`;
    case 'recording-decided':
      return `to be recorded: ${event.mode} (${event.why.map(({ by, name }) => `${by} ${name}`.trim()).join(', ')})`;
    case 'recording-told':
      return `${nameOf(event.leg)} is told of the recording: ${event.answer}`;
    case 'recording-switched':
      return `${nameOf(event.by)} switches the recording ${event.isOn ? 'on' : 'off'}`;
    case 'recording-paused':
      return `${nameOf(event.by)} pauses the recording`;
    case 'recording-resumed':
      return `the recording goes on after ${seconds(event.pausedMs)}: ${event.why}`;
    case 'help-called':
      return `${event.from} calls for help at ${event.number}`;
    case 'line-freed':
      return `the call ${event.freed} was ended to free a line of ${event.name}`;
    case 'recording-started':
      return 'recording, two channels';
    case 'recording-ended':
      return `recorded ${seconds(event.recordedMs)}`;
    case 'recording-missing':
      return `not recorded: ${event.reason}`;
    case 'voicemail-left':
      return `left a message of ${seconds(event.durationMs)}`;
    case 'context-passed':
      return `passed on: ${Object.keys(event.values).join(', ')}`;
    case 'conference-joined':
      return `is in the conference ${event.name}`;
    case 'conference-changed':
      return `conference: ${event.what} by ${event.by}`;
    case 'conference-recorded':
      return `${seconds(event.recordedMs)} of it recorded with the room`;
    case 'conference-invited':
      return `invited to the conference ${event.name} by ${event.by}`;
    case 'survey-offered':
      return `survey "${event.name}"`;
    case 'survey-skipped':
      return `no survey: ${event.reason}`;
    case 'survey-begun':
      return 'takes part in the survey';
    case 'survey-answered':
      return `answered "${event.label}": ${String(event.value)}`;
    case 'survey-comment':
      return `a comment of ${seconds(event.durationMs)}`;
    case 'survey-finished':
      return `survey ${event.end}`;
    case 'forwarded':
      return `${event.number} sends it on to ${event.to}: ${event.why}`;
    case 'not-forwarded':
      return `${event.number} does not send it on to ${event.to}: ${event.why}`;
    case 'not-rung':
      return `${event.number} is not rung: ${event.why}`;
    case 'ring-group-entered':
      return `rings the group ${event.name}`;
    case 'picked-up':
      return `${event.number} picks it up from ${event.from}`;
    case 'parked':
      return `${nameOf(event.by)} parks it at ${event.slot}`;
    case 'retrieved':
      return `${event.number} takes it from ${event.slot}`;
    case 'paged':
      return `is heard at ${event.name}, ${String(event.phones)} phones`;
    case 'monitored':
      return `${event.by} at ${event.number}: ${event.mode}, ${event.agentName}`;
    case 'monitor-ended':
      return `${event.by} at ${event.number} hears it no more`;
    case 'refused':
      return `refused: ${event.reason}`;
    case 'adopted':
      return `taken up again by another process after ${seconds(event.awayMs)}`;
    case 'call-ended':
      return `the call ended: ${event.result}, by ${event.endedBy}, ${event.reason}`;
    default:
      return event satisfies never;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The events in the order in which they happened, with their offsets from the first one, one line each. */
export function timelineOf(events: readonly CallEvent[]): readonly string[] {
  const start = events[0]?.at ?? 0;
  const legs = new Map<ChannelId, string>();
  for (const event of events)
    if (event.kind === 'leg-started')
      legs.set(event.leg, event.role === 'caller' ? 'the caller' : `${event.role} ${event.number}`);
  return [...events]
    .sort((a, b) => a.at - b.at || a.seq - b.seq)
    .map((event) => {
      const offset = ((event.at - start) / 1000).toFixed(2).padStart(7);
      return `${offset} s  ${describeEvent(event, (leg) => legs.get(leg) ?? 'somebody')}`;
    });
}
