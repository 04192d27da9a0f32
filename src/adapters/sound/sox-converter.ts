import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MAX_SOUND_MS,
  MAX_TRUE_PEAK_DBTP,
  MIN_SOUND_MS,
  refused,
  TARGET_LUFS,
  type SoundConverter,
  type SoundResult,
} from '../../features/prompts/sound.js';
import { WAV_HEADER_BYTES } from '../../features/prompts/wav.js';
import { measureLoudness } from './measure-loudness.js';
import { decodeSound, sox, toolProblem, WORK_RATE } from './sound-decoder.js';
import { splitSpoken } from './spoken-splitter.js';

/** What never gets louder than this holds no speech. */
const SILENT_PEAK_DB = -60;
const MAX_GAIN_DB = 40;
/** The loudest sample is lower than the true peak, hardly ever by as much; farther from the limit it is not measured. */
const SAMPLE_MARGIN_DB = 6;
/** The true peak of a lower sampling rate differs by less than this; nearer to the limit it is measured. */
const PEAK_MARGIN_DB = 0.5;

const plainWav = (rate: number, path: string): string[] => [
  ...['-t', 'wav', '-e', 'signed-integer', '-b', '16', '-c', '1', '-r', String(rate)],
  path,
];
const samples = (path: string): string[] => ['-t', 'f32', '-r', String(WORK_RATE), '-c', '1', path];

/** Converts with sox, levels by EBU R 128. */
export const soxConverter: SoundConverter = {
  convert: async (source, folder) => {
    const raw = join(folder, 'raw.f32');
    const decoded = await decodeSound(source, raw);
    if (!decoded.ok) return decoded;
    const durationMs = Math.round((await sizeOf(raw)) / 4 / (WORK_RATE / 1_000));
    if (durationMs > MAX_SOUND_MS) return refused('too-long');
    if (durationMs === 0) return refused('damaged', 'no samples');
    if (durationMs < MIN_SOUND_MS) return refused('too-short');
    const meter = await measureLoudness(raw, WORK_RATE, 'float');
    const isSilent = meter.peakDb < SILENT_PEAK_DB;
    const gain = isSilent ? 0 : Math.min(TARGET_LUFS - meter.loudness, MAX_GAIN_DB);
    const written = await writeBoth(raw, folder, gain, meter.peakDb);
    return written.ok ? { ok: true, value: { ...written.value, durationMs, isSilent } } : written;
  },
  tone: async ({ ms, hertz }, folder) => {
    const [narrow, wide] = [join(folder, 'narrow.wav'), join(folder, 'wide.wav')];
    const seconds = String(ms / 1_000);
    const sound =
      hertz === 0
        ? ['trim', '0', seconds]
        : [
            'synth',
            seconds,
            'sine',
            String(hertz),
            ...['gain', '-15', 'fade', '0.01', seconds, '0.01'],
          ];
    for (const [rate, path] of [
      [8_000, narrow],
      [16_000, wide],
    ] as const) {
      const written = await sox([
        '-D',
        '-r',
        String(rate),
        '-n',
        ...plainWav(rate, path),
        ...sound,
      ]);
      if (written.kind !== 'done') return toolProblem('sox', written);
    }
    return { ok: true, value: { narrow, wide, durationMs: ms, isSilent: hertz === 0 } };
  },
  split: splitSpoken,
  isSilent: async (path) =>
    (await measureLoudness(path, 8_000, 'int16', WAV_HEADER_BYTES)).peakDb < SILENT_PEAK_DB,
};

/** Length of an 8 kHz wav that sox wrote, from its size. */
export const wavDurationMs = async (path: string): Promise<number> =>
  Math.round(Math.max(0, (await sizeOf(path)) - WAV_HEADER_BYTES) / 16);

const sizeOf = async (path: string): Promise<number> => (await stat(path)).size;

async function writeBoth(
  raw: string,
  folder: string,
  gainDb: number,
  samplePeakDb: number,
): Promise<SoundResult<{ readonly narrow: string; readonly wide: string }>> {
  let isTooLoud = false;
  if (samplePeakDb + gainDb > MAX_TRUE_PEAK_DBTP - SAMPLE_MARGIN_DB) {
    const peak = await truePeakDb(samples(raw), WORK_RATE);
    if (!peak.ok) return peak;
    isTooLoud = peak.value + gainDb > MAX_TRUE_PEAK_DBTP - PEAK_MARGIN_DB;
  }
  const [narrow, wide] = [join(folder, 'narrow.wav'), join(folder, 'wide.wav')];
  for (const [rate, path] of [
    [8_000, narrow],
    [16_000, wide],
  ] as const) {
    const written = await (isTooLoud ? writeLimited : writePlain)(raw, rate, path, gainDb);
    if (!written.ok) return written;
  }
  return { ok: true, value: { narrow, wide } };
}

async function writePlain(
  raw: string,
  rate: number,
  path: string,
  gainDb: number,
): Promise<SoundResult<void>> {
  const effects = ['gain', gainDb.toFixed(2), 'rate', String(rate)];
  const written = await sox([...samples(raw), ...plainWav(rate, path), ...effects]);
  return written.kind === 'done' ? { ok: true, value: undefined } : toolProblem('sox', written);
}

/** Peaks are held back by sox' limiter where sound gets louder, and all is turned down by what is then still too much. */
async function writeLimited(
  raw: string,
  rate: number,
  path: string,
  gainDb: number,
): Promise<SoundResult<void>> {
  const limited = `${path}.f32`;
  const target = ['-t', 'f32', '-r', String(rate), '-c', '1', limited];
  const effects = ['gain', ...(gainDb > 0 ? ['-l'] : []), gainDb.toFixed(2), 'rate', String(rate)];
  const made = await sox([...samples(raw), ...target, ...effects]);
  if (made.kind !== 'done') return toolProblem('sox', made);
  const peak = await truePeakDb(target, rate);
  if (!peak.ok) return peak;
  const down = Math.min(0, MAX_TRUE_PEAK_DBTP - 0.1 - peak.value);
  const written = await sox([...target, ...plainWav(rate, path), 'gain', down.toFixed(2)]);
  return written.kind === 'done' ? { ok: true, value: undefined } : toolProblem('sox', written);
}

/** The true peak by ITU-R BS.1770, annex 2: the loudest sample at four times the rate. */
async function truePeakDb(input: readonly string[], rate: number): Promise<SoundResult<number>> {
  const measured = await sox([...input, '-n', 'rate', String(rate * 4), 'stats']);
  if (measured.kind !== 'done') return toolProblem('sox', measured);
  const line = measured.stderr.split('\n').find((found) => found.startsWith('Pk lev dB'));
  const value = Number(line?.slice('Pk lev dB'.length).trim().split(/\s+/)[0] ?? Number.NaN);
  return { ok: true, value: Number.isFinite(value) ? value : Number.NEGATIVE_INFINITY };
}
