import { wavFile } from '../features/prompts/wav.js';

/**
 * Who hears whom, decided by frequency: each party of a test or demonstration call sends its own tone, and what arrives at
 * the other end is searched for it. Works on 16-bit samples; a window is 40 ms, so instants are exact to that.
 */

/** A stretch of sound, in ms from the start of the samples. Half-open. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Decoded PCM: one array of samples a channel. */
export interface Sound {
  readonly rate: number;
  readonly channels: readonly Int16Array[];
}

const WINDOW_MS = 40;
/** Below this the samples are silence or line noise. Full scale is 32768. */
const QUIET_RMS = 150;
/** Share of the energy that must lie at the tone: one of two tones of equal strength has a half. */
const SHARE_NEEDED = 0.3;
/** Windows that miss between two that hit: coders and frame losses make such holes. */
const HOLE_MS = 120;

/** Root mean square of samples; 0 for none. */
export function loudness(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** The share of the energy, 0 to 1, that lies at one frequency (Goertzel). Silence has none. */
export function toneShare(samples: Int16Array, rate: number, frequency: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequency) / rate);
  let previous = 0;
  let beforeThat = 0;
  let energy = 0;
  for (const sample of samples) {
    const now = sample + coefficient * previous - beforeThat;
    beforeThat = previous;
    previous = now;
    energy += sample * sample;
  }
  if (energy === 0) return 0;
  const power = previous * previous + beforeThat * beforeThat - coefficient * previous * beforeThat;
  return (2 * power) / (samples.length * energy);
}

/** Whether a window of samples carries the tone. */
export const carriesTone = (samples: Int16Array, rate: number, frequency: number): boolean =>
  loudness(samples) >= QUIET_RMS && toneShare(samples, rate, frequency) >= SHARE_NEEDED;

/** Where any sound is. */
export const soundSpans = (samples: Int16Array, rate: number): Span[] =>
  spans(samples, rate, (window) => loudness(window) >= QUIET_RMS);

/** Where the tone is. */
export const toneSpans = (samples: Int16Array, rate: number, frequency: number): Span[] =>
  spans(samples, rate, (window) => carriesTone(window, rate, frequency));

/** Of nearly nothing but one tone: words have no such stretch. */
const PURE_SHARE = 0.8;
const PURE_FREQUENCIES = Array.from({ length: 33 }, (_, n) => 400 + n * 50);

/** What is heard where nothing but one tone is, in steps of 50 Hz; in order. For messages. */
export const pureTones = (
  samples: Int16Array,
  rate: number,
): readonly (Span & { readonly frequency: number })[] =>
  PURE_FREQUENCIES.flatMap((frequency) =>
    spans(
      samples,
      rate,
      (window) => loudness(window) >= QUIET_RMS && toneShare(window, rate, frequency) >= PURE_SHARE,
    ).map((span) => ({ ...span, frequency })),
  ).sort((a, b) => a.startMs - b.startMs);

/** How long, in ms, the tone was there altogether. */
export const toneMs = (samples: Int16Array, rate: number, frequency: number): number =>
  toneSpans(samples, rate, frequency).reduce((sum, span) => sum + span.endMs - span.startMs, 0);

function spans(samples: Int16Array, rate: number, hit: (window: Int16Array) => boolean): Span[] {
  const size = Math.round((rate * WINDOW_MS) / 1000);
  const found: { startMs: number; endMs: number }[] = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    if (!hit(samples.subarray(at, at + size))) continue;
    const startMs = (at * 1000) / rate;
    const last = found.at(-1);
    if (last !== undefined && startMs - last.endMs <= HOLE_MS) last.endMs = startMs + WINDOW_MS;
    else found.push({ startMs, endMs: startMs + WINDOW_MS });
  }
  return found;
}

/** Reads a WAV file of 16-bit PCM, any number of channels. Throws on every other thing. */
export function readWav(file: Buffer): Sound {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('not a WAV file');
  let format: { channels: number; rate: number } | undefined;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ') {
      if (file.readUInt16LE(body) !== 1 || file.readUInt16LE(body + 14) !== 16)
        throw new Error('not 16-bit PCM');
      format = { channels: file.readUInt16LE(body + 2), rate: file.readUInt32LE(body + 4) };
    }
    if (name === 'data') {
      if (format === undefined) throw new Error('WAV data without a format');
      // A file that is still being written, or whose writer died, names a size that is not there.
      return split(file.subarray(body, Math.min(body + size, file.length)), format);
    }
    at = body + size + (size % 2);
  }
  throw new Error('WAV file without data');
}

function split(data: Buffer, format: { channels: number; rate: number }): Sound {
  const frames = Math.floor(data.length / 2 / format.channels);
  const channels = Array.from({ length: format.channels }, (_, channel) => {
    const samples = new Int16Array(frames);
    for (let i = 0; i < frames; i++)
      samples[i] = data.readInt16LE((i * format.channels + channel) * 2);
    return samples;
  });
  return { rate: format.rate, channels };
}

/** A WAV file of 16-bit PCM with one channel. */
export function writeWav(samples: Int16Array, rate: number): Buffer {
  const data = Buffer.alloc(samples.length * 2);
  samples.forEach((sample, i) => data.writeInt16LE(sample, i * 2));
  return wavFile({ rate, data });
}

/** Samples of a sine, for tests and as a prompt that can be recognised. `level`: peak, full scale 1. */
export function makeTone(frequency: number, ms: number, rate = 8000, level = 0.3): Int16Array {
  const samples = new Int16Array(Math.round((rate * ms) / 1000));
  for (let i = 0; i < samples.length; i++)
    samples[i] = Math.round(32767 * level * Math.sin((2 * Math.PI * frequency * i) / rate));
  return samples;
}
