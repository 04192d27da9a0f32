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
    case 'callback-asked':
      return `asked to be called back at ${event.number}`;
    case 'callback-tried':
      return `callback, try ${String(event.attempt)}, after ${seconds(event.waitedMs)}`;
    case 'routed':
      return `routed: ${event.reasons.join('; ')}`;
    case 'queue-waiting':
      return `waits: ${event.reasons.join('; ')}`;
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
