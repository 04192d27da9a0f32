import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BETWEEN_TEXTS_MS,
  refused,
  type ConvertedSound,
  type SoundResult,
} from '../../features/prompts/sound.js';

/** Silence of this length parts two texts; pauses within a text are shorter. */
const PARTING_MS = BETWEEN_TEXTS_MS * 0.8;
/** Left at both ends, so that nothing is cut off and pieces still flow when they are played one after the other. */
const MARGIN_MS = 15;
const HEADER_BYTES = 44;

/** From and until, in ms from the beginning. */
type Stretch = readonly [from: number, until: number];

/**
 * Cuts a converted sound where the spoken one, as the voice wrote it (16 bit, mono), has its long pauses. Refused as
 * `damaged` where that does not give as many pieces as texts: they must then be spoken one by one.
 */
export async function splitSpoken(
  spoken: string,
  converted: ConvertedSound,
  count: number,
  folder: string,
): Promise<SoundResult<readonly ConvertedSound[]>> {
  const stretches = findStretches(wavData(await readFile(spoken)));
  if (stretches.length !== count)
    return refused('damaged', `${String(stretches.length)} pieces of ${String(count)} texts`);
  const [narrow, wide] = await Promise.all([
    readFile(converted.narrow).then(wavData),
    readFile(converted.wide).then(wavData),
  ]);
  const pieces: ConvertedSound[] = [];
  for (const [at, stretch] of stretches.entries()) {
    const paths = {
      narrow: join(folder, `${String(at)}.wav`),
      wide: join(folder, `${String(at)}.16k.wav`),
    };
    const cut = piece(narrow, stretch);
    await writeFile(paths.narrow, cut);
    await writeFile(paths.wide, piece(wide, stretch));
    const durationMs = Math.round((cut.length - HEADER_BYTES) / 16);
    pieces.push({ ...paths, durationMs, isSilent: false });
  }
  return { ok: true, value: pieces };
}

interface Wav {
  readonly rate: number;
  readonly data: Buffer;
}

/** A RIFF file of 16-bit PCM in one channel, as espeak-ng and sox write it: 44 bytes of header. */
const wavData = (file: Buffer): Wav => ({
  rate: file.readUInt32LE(24),
  data: file.subarray(HEADER_BYTES),
});

function findStretches({ rate, data }: Wav): readonly Stretch[] {
  const found: Stretch[] = [];
  const samples = new Int16Array(Uint8Array.from(data.subarray(0, data.length & ~1)).buffer);
  const ms = (sample: number): number => (sample * 1_000) / rate;
  const parting = (PARTING_MS * rate) / 1_000;
  let from: number | undefined;
  let last = 0;
  for (let at = 0; at < samples.length; at++) {
    if (samples[at] === 0) continue;
    if (from !== undefined && at - last > parting) {
      found.push([ms(from), ms(last)]);
      from = undefined;
    }
    from ??= at;
    last = at;
  }
  if (from !== undefined) found.push([ms(from), ms(last)]);
  return found.map(([start, end]) => [Math.max(0, start - MARGIN_MS), end + MARGIN_MS]);
}

function piece({ rate, data }: Wav, [from, until]: Stretch): Buffer {
  const byte = (ms: number): number => 2 * Math.round((ms * rate) / 1_000);
  return wavFile(data.subarray(byte(from), byte(until)), rate);
}

/** A RIFF file around samples of 16 bit in one channel. */
export function wavFile(data: Buffer, rate: number): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
