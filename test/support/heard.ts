import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EAR_RATE, type Ear } from '../../src/demo/ear.js';
import { loudness, readWav } from '../../src/demo/tones.js';
import type { Language } from '../../src/kernel/call-event.js';
import type { SystemPromptName } from '../../src/telephony/system-prompts.js';
import type { Product } from './product.js';
import { until } from './until.js';

/** The part of a sentence that is looked for: long enough that nothing else sounds like it. */
const PART_SAMPLES = EAR_RATE / 4;
/** Of 1, for the same sound after A-law. Speech by the same voice about something else stays far below. */
const SAME = 0.9;

/** What the switchboard says, 8 kHz, as soon as it has been spoken once. */
export async function sentence(
  { config }: Product,
  name: SystemPromptName,
  language: Language = 'en',
): Promise<Int16Array> {
  const folder = join(config.varDir, 'prompts');
  const hash = await until(`the sentence ${name}`, 60_000, async () => {
    const text = await readFile(join(folder, 'system.json'), 'utf8');
    const index = JSON.parse(text) as Record<string, Record<string, { hash: string }>>;
    return index[name]?.[language]?.hash;
  });
  const [samples] = readWav(await readFile(join(folder, `${hash}.wav`))).channels;
  if (samples === undefined) throw new Error(`the sentence ${name} has no sound`);
  return samples;
}

/** Resolves as soon as the loudest part of a sound has been heard. Counts from `fromMs` of the ear's time line. */
export async function hears(
  ear: Ear,
  sound: Int16Array,
  limitMs: number,
  fromMs = 0,
): Promise<void> {
  const part = loudestPart(sound);
  let searched = Math.floor((fromMs * EAR_RATE) / 1000);
  await until(
    'the sentence in the ear',
    limitMs,
    () => {
      const heard = ear.samples();
      for (; searched + PART_SAMPLES <= heard.length; searched++)
        if (likeness(heard, searched, part) >= SAME) return true;
      return false;
    },
    () => ear.describe(),
  );
}

function loudestPart(sound: Int16Array): Int16Array {
  let best = sound.subarray(0, PART_SAMPLES);
  for (let at = 0; at + PART_SAMPLES <= sound.length; at += PART_SAMPLES / 4) {
    const part = sound.subarray(at, at + PART_SAMPLES);
    if (loudness(part) > loudness(best)) best = part;
  }
  return best;
}

/** Normalised correlation. */
function likeness(heard: Int16Array, at: number, part: Int16Array): number {
  let product = 0;
  let power = 0;
  let own = 0;
  for (let i = 0; i < part.length; i++) {
    const a = heard[at + i] ?? 0;
    const b = part[i] ?? 0;
    product += a * b;
    power += a * a;
    own += b * b;
  }
  return power === 0 || own === 0 ? 0 : product / Math.sqrt(power * own);
}
