import { pino, type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard output. Numbers and names of people go under `pii`, which operators may redact. */
export function makeLogger(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime });
}
