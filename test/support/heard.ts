import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EAR_RATE, type Ear } from '../../src/demo/ear.js';
import { loudness, readWav } from '../../src/demo/tones.js';
import type { Language } from '../../src/kernel/call-event.js';
import type { SystemPromptName } from '../../src/telephony/system-prompts.js';
import type { Product } from './product.js';
import { until } from './until.js';

/** Parts of a sentence that are looked for: short enough that a late packet on a busy machine spoils one, not all. */
const PART_SAMPLES = EAR_RATE / 8;
const MAX_PARTS = 8;
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

/** The text that was spoken last during a call, 8 kHz. */
export async function lastText({ config }: Product): Promise<Int16Array> {
  const folder = join(config.varDir, 'spoken');
  const names = await readdir(folder);
  const files = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const [last] = files.sort((a, b) => b.at - a.at);
  if (last === undefined) throw new Error('no text was spoken');
  const [samples] = readWav(await readFile(join(folder, last.name))).channels;
  if (samples === undefined) throw new Error(`${last.name} has no sound`);
  return samples;
}

/** Resolves as soon as one of the louder parts of a sound has been heard, counted from `fromMs` of the ear's time line. */
export async function hears(
  ear: Ear,
  sound: Int16Array,
  limitMs: number,
  fromMs = 0,
): Promise<void> {
  const parts = louderParts(sound);
  let searched = Math.floor((fromMs * EAR_RATE) / 1000);
  await until(
    'the sentence in the ear',
    limitMs,
    () => {
      const heard = ear.samples();
      for (; searched + PART_SAMPLES <= heard.length; searched++)
        if (parts.some((part) => isSame(heard, searched, part))) return true;
      return false;
    },
    () => ear.describe(),
  );
}

function louderParts(sound: Int16Array): readonly Int16Array[] {
  const parts: Int16Array[] = [];
  for (let at = 0; at + PART_SAMPLES <= sound.length; at += PART_SAMPLES)
    parts.push(sound.subarray(at, at + PART_SAMPLES));
  return parts.sort((a, b) => loudness(b) - loudness(a)).slice(0, MAX_PARTS);
}

/** Every eighth sample tells nearly every other place apart, so that the search keeps up with the ear. */
const isSame = (heard: Int16Array, at: number, part: Int16Array): boolean =>
  likeness(heard, at, part, 8) >= SAME && likeness(heard, at, part, 1) >= SAME;

/** Normalised correlation of every `step`th sample. */
function likeness(heard: Int16Array, at: number, part: Int16Array, step: number): number {
  let product = 0;
  let power = 0;
  let own = 0;
  for (let i = 0; i < part.length; i += step) {
    const a = heard[at + i] as number;
    const b = part[i] as number;
    product += a * b;
    power += a * a;
    own += b * b;
  }
  return power === 0 || own === 0 ? 0 : product / Math.sqrt(power * own);
}
