import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MAX_SOUND_MS,
  MIN_SOUND_MS,
  refused,
  type ConvertedSound,
  type SoundConverter,
  type SoundResult,
} from '../../features/prompts/sound.js';
import { runTool, type ToolResult } from './run-tool.js';

/** Half a second of work for a usual prompt; ten minutes of MP3 take ten seconds on a slow machine. */
const TIMEOUT_MS = 60_000;
/** Speech (pauses left out) is brought to this level: what telephone networks expect, with room for peaks. */
const TARGET_RMS_DB = -20;
/** What never gets louder than this holds no speech. */
const SILENT_PEAK_DB = -60;
/** A pause is what stays this far below the loudest moment. */
const PAUSE_BELOW_PEAK_DB = 35;
const MAX_GAIN_DB = 40;
/** Of a RIFF header as sox writes it for 16-bit PCM. */
const WAV_HEADER_BYTES = 44;

const plainWav = (rate: number, path: string): string[] => [
  ...['-t', 'wav', '-e', 'signed-integer', '-b', '16', '-c', '1', '-r', String(rate)],
  path,
];

/** Converts with sox. `-R` makes the same file from the same sound, so that its hash stays the same. */
export const soxConverter: SoundConverter = {
  convert: async (source, folder) => {
    const raw = join(folder, 'raw.wav');
    const decoded = await decode(source, raw);
    if (decoded.kind !== 'done') return toolProblem(decoded);
    const measured = await measure(raw);
    if (!measured.ok) return measured;
    const narrow = join(folder, 'narrow.wav');
    const wide = join(folder, 'wide.wav');
    const level = levelling(measured.value.gainDb);
    for (const [rate, path] of [
      [16_000, wide],
      [8_000, narrow],
    ] as const) {
      const written = await sox([raw, ...plainWav(rate, path), ...level]);
      if (written.kind !== 'done') return toolProblem(written);
    }
    return checkLength({ narrow, wide, durationMs: await wavDurationMs(narrow) });
  },
};

/** sox' limiter holds peaks back where sound gets louder; with a gain below zero it would do harm. */
const levelling = (gainDb: number): string[] => [
  ...['gain', ...(gainDb > 0 ? ['-l'] : []), gainDb.toFixed(2)],
  ...['gain', '-1'],
];

/** Length of an 8 kHz wav that sox wrote, from its size. */
export const wavDurationMs = async (path: string): Promise<number> => {
  const { size } = await stat(path);
  return Math.round(Math.max(0, size - WAV_HEADER_BYTES) / 16);
};

const sox = (args: readonly string[]): Promise<ToolResult> =>
  runTool('sox', ['-V1', '-R', '--no-show-progress', ...args], TIMEOUT_MS);

/** To mono as floating point. One second more than is allowed is read, whatever length the file claims to have. */
const decode = (source: { path: string; format: string }, target: string): Promise<ToolResult> =>
  sox([
    ...['-t', source.format, source.path],
    ...['-t', 'wav', '-e', 'floating-point', '-b', '32', '-r', '16000', '-c', '1', target],
    ...['trim', '0', String(MAX_SOUND_MS / 1_000 + 1), 'remix', '-', 'gain', '-3'],
    ...['highpass', '80'],
  ]);

async function measure(path: string): Promise<SoundResult<{ gainDb: number }>> {
  const whole = await sox([path, '-n', 'stats']);
  if (whole.kind !== 'done') return toolProblem(whole);
  const peak = statistic(whole.stderr, 'Pk lev dB');
  if (peak === undefined || peak < SILENT_PEAK_DB) return refused('silent');
  const pause = `${(peak - PAUSE_BELOW_PEAK_DB).toFixed(2)}d`;
  const spoken = await sox([
    path,
    '-n',
    'silence',
    '-l',
    '1',
    '0.02',
    pause,
    '-1',
    '0.3',
    pause,
    'stats',
  ]);
  if (spoken.kind !== 'done') return toolProblem(spoken);
  const level = statistic(spoken.stderr, 'RMS lev dB') ?? statistic(whole.stderr, 'RMS lev dB');
  const gainDb = level === undefined ? 0 : TARGET_RMS_DB - level;
  return { ok: true, value: { gainDb: Math.min(gainDb, MAX_GAIN_DB) } };
}

/** A number of the table that sox' `stats` prints; undefined for `-inf` and for no samples at all. */
function statistic(table: string, name: string): number | undefined {
  const line = table.split('\n').find((found) => found.startsWith(name));
  const value = Number(line?.slice(name.length).trim().split(/\s+/)[0] ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

function checkLength(sound: ConvertedSound): SoundResult<ConvertedSound> {
  if (sound.durationMs > MAX_SOUND_MS) return refused('too-long');
  if (sound.durationMs < MIN_SOUND_MS) return refused('too-short');
  return { ok: true, value: sound };
}

function toolProblem(result: Exclude<ToolResult, { kind: 'done' }>): SoundResult<never> {
  switch (result.kind) {
    case 'missing':
      return refused('tool-missing', 'sox');
    case 'timed-out':
      return refused('timed-out', `sox, ${String(TIMEOUT_MS)} ms`);
    case 'failed':
      return refused('damaged', result.stderr.trim());
  }
}
