import type { ParsedMessage } from './event-parser.js';
import type { AriFailure } from '../../telephony/ari/port.js';

/** What the connection to a node has lived through since the process started; for metrics and the health page. */
export interface AriCounters {
  /** Events that reached the program. */
  events: number;
  /** Events of types that the program does not know or does not want; by type. */
  readonly ignoredEvents: Map<string, number>;
  /** Messages that are not JSON, or events whose parts are missing: a newer Asterisk, or a bug. */
  malformedEvents: number;
  commands: number;
  /** Bytes of the events' JSON, of commands (line and body) and of their answers' bodies; HTTP headers are not counted. */
  readonly bytes: { events: number; commands: number; answers: number };
  readonly failedCommands: Record<AriFailure, number>;
  /** Connections made after the first one. */
  reconnects: number;
}

export const newCounters = (): AriCounters => ({
  events: 0,
  ignoredEvents: new Map(),
  malformedEvents: 0,
  commands: 0,
  bytes: { events: 0, commands: 0, answers: 0 },
  failedCommands: { gone: 0, refused: 0, timeout: 0, unavailable: 0 },
  reconnects: 0,
});

/** An event that nobody hears: none that can be read, or none that is wanted. */
export function countUnread(
  counters: AriCounters,
  message: Extract<ParsedMessage, { readonly kind: 'malformed' | 'ignored' }>,
): void {
  if (message.kind === 'malformed') counters.malformedEvents++;
  else {
    const before = counters.ignoredEvents.get(message.type) ?? 0;
    counters.ignoredEvents.set(message.type, before + 1);
  }
}
