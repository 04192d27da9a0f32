import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger };

/** JSON lines, on standard output where no other destination is given. Numbers and names of people go under `pii`, which operators may redact. */
export function makeLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  return destination === undefined ? pino(options) : pino(options, destination);
}
