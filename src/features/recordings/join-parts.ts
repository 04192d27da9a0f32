import { timeOfId } from '../../kernel/ids.js';

/** Asterisk's `wav`: 16 bit, 8 kHz, one channel. */
const BYTES_PER_MS = 16;
const HEADER_BYTES = 44;

/** A file of one side, by the name that it has on its node; undefined where it is not there. */
export interface SidePart {
  readonly name: string;
  readonly wav: Buffer | undefined;
}

/**
 * One side of a recording out of its parts, the oldest first, each at the moment at which it was begun: names tell that. Between
 * them, and for a part that is not there, is silence. Undefined where no part is there.
 */
export function joinParts(parts: readonly SidePart[]): Buffer | undefined {
  const first = parts[0];
  const header = parts.find(({ wav }) => wav !== undefined)?.wav;
  if (first === undefined || header === undefined) return undefined;
  const pieces: Buffer[] = [header.subarray(0, soundAt(header))];
  let length = 0;
  for (const { name, wav } of parts) {
    const at = Math.max(0, timeOfId(name) - timeOfId(first.name)) * BYTES_PER_MS;
    if (at > length) {
      pieces.push(Buffer.alloc(at - length));
      length = at;
    }
    if (wav === undefined) continue;
    const sound = wav.subarray(soundAt(wav));
    pieces.push(sound);
    length += sound.length;
  }
  return Buffer.concat(pieces);
}

/** Where the sound begins; a file that was not closed has no other chunks before it. */
function soundAt(wav: Buffer): number {
  const at = wav.indexOf('data', 12, 'latin1');
  return at < 0 ? Math.min(HEADER_BYTES, wav.length) : at + 8;
}
