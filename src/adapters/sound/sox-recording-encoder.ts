import { open, rm, stat } from 'node:fs/promises';
import { MAX_PEAKS, type Peaks } from '../../features/recordings/recording.js';
import type { EncodedSound, RecordingEncoder } from '../../features/recordings/recording-sound.js';
import { runTool, type ToolResult } from './run-tool.js';

/** An hour in two channels takes about ten seconds on a slow machine. */
const TIMEOUT_MS = 300_000;
/** Asterisk's `wav`: 16 bit, 8 kHz. */
const RATE = 8_000;
const BYTES_PER_SAMPLE = 2;
/** Read at once while looking for peaks: a piece is done in well under a millisecond, so calls are not held up. */
const READ_BYTES = 64 * 1024;
/** A point of the waveform stands for at least 10 ms. */
const MIN_FRAMES_PER_PEAK = RATE / 100;

/** Encodes with sox. Lengths in headers are ignored: they are wrong in files that a crash of the node left open. */
export const soxRecordingEncoder: RecordingEncoder = {
  encode: async (sources, target) => {
    const encoded = await sox([
      ...inputs(sources),
      '-t',
      'flac',
      '-C',
      '5',
      target,
      ...silence(sources),
    ]);
    if (encoded.kind !== 'done') return problem(encoded);
    const raw = `${target}.raw`;
    try {
      const decoded = await sox([
        ...['-t', 'flac', target],
        ...['-t', 'raw', '-e', 'signed-integer', '-b', '16', '-L', raw],
      ]);
      if (decoded.kind !== 'done') return problem(decoded);
      return await measure(raw, sources.length);
    } finally {
      await rm(raw, { force: true });
    }
  },
};

const sox = (args: readonly string[]): Promise<ToolResult> =>
  runTool('sox', ['-V1', '-R', '-D', '--no-show-progress', ...args], TIMEOUT_MS);

function inputs(sources: readonly (string | undefined)[]): string[] {
  const present = sources.filter((source) => source !== undefined);
  return [
    ...(present.length > 1 ? ['-M'] : []),
    ...present.flatMap((source) => ['-t', 'wav', '--ignore-length', source]),
  ];
}

/** One side alone keeps its place: the other channel is silent. */
function silence(sources: readonly (string | undefined)[]): string[] {
  const isComplete = sources.every((source) => source !== undefined);
  return isComplete
    ? []
    : ['remix', ...sources.map((source) => (source === undefined ? '0' : '1'))];
}

function problem(result: Exclude<ToolResult, { kind: 'done' }>): EncodedSound {
  switch (result.kind) {
    case 'missing':
      return { kind: 'failed', detail: 'sox is not installed' };
    case 'timed-out':
      return { kind: 'failed', detail: `sox took more than ${String(TIMEOUT_MS)} ms` };
    case 'failed':
      // Full disks fail for the moment; what sox cannot read it will never read.
      return /no space|disk quota|input\/output error/i.test(result.stderr)
        ? { kind: 'failed', detail: result.stderr.trim() }
        : { kind: 'damaged', detail: result.stderr.trim() };
  }
}

async function measure(raw: string, channels: number): Promise<EncodedSound> {
  const { size } = await stat(raw);
  const frames = Math.floor(size / (BYTES_PER_SAMPLE * channels));
  if (frames === 0) return { kind: 'empty', detail: 'no samples' };
  const peaks = await findPeaks(raw, channels, frames);
  return { kind: 'encoded', durationMs: Math.round((frames * 1_000) / RATE), peaks };
}

async function findPeaks(raw: string, channels: number, frames: number): Promise<Peaks> {
  const perPeak = Math.max(MIN_FRAMES_PER_PEAK, Math.ceil(frames / MAX_PEAKS));
  const loudest = Array.from({ length: channels }, () =>
    new Array<number>(Math.ceil(frames / perPeak)).fill(0),
  );
  const handle = await open(raw, 'r');
  try {
    const buffer = Buffer.alloc(READ_BYTES - (READ_BYTES % (BYTES_PER_SAMPLE * channels)));
    for (let sample = 0; ;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length);
      if (bytesRead < BYTES_PER_SAMPLE) break;
      for (let at = 0; at + 1 < bytesRead; at += BYTES_PER_SAMPLE, sample++) {
        const lane = loudest[sample % channels];
        const peak = Math.floor(Math.floor(sample / channels) / perPeak);
        const level = Math.abs(buffer.readInt16LE(at));
        if (lane !== undefined && level > (lane[peak] ?? level)) lane[peak] = level;
      }
    }
  } finally {
    await handle.close();
  }
  return loudest.map((lane) => lane.map((level) => Math.round((level * 100) / 32_768)));
}
