import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BETWEEN_TEXTS_MS,
  refused,
  type ConvertedSound,
  type SoundResult,
} from '../../features/prompts/sound.js';
import { readWav, WAV_HEADER_BYTES, wavFile, type Wav } from '../../features/prompts/wav.js';

/** Silence of this length parts two texts; pauses within a text are shorter. */
const PARTING_MS = BETWEEN_TEXTS_MS * 0.8;
/** Left at both ends, so that nothing is cut off and pieces still flow when they are played one after the other. */
const MARGIN_MS = 15;

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
  const stretches = findStretches(readWav(await readFile(spoken)));
  if (stretches.length !== count)
    return refused('damaged', `${String(stretches.length)} pieces of ${String(count)} texts`);
  const [narrow, wide] = await Promise.all([
    readFile(converted.narrow).then(readWav),
    readFile(converted.wide).then(readWav),
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
    const durationMs = Math.round((cut.length - WAV_HEADER_BYTES) / 16);
    pieces.push({ ...paths, durationMs, isSilent: false });
  }
  return { ok: true, value: pieces };
}

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
  return wavFile({ rate, data: data.subarray(byte(from), byte(until)) });
}
