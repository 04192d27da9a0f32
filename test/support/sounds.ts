import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone after the test. */
export function withTestFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cordboard-test-'));
  return work(folder).finally(() => {
    rmSync(folder, { recursive: true, force: true });
  });
}

/** Runs sox to make a test sound: `sox('-n', path, 'synth', '1', 'sine', '440')`. */
export const sox = (...args: string[]): void => {
  execFileSync('sox', ['-V1', ...args], { stdio: ['ignore', 'ignore', 'ignore'] });
};

/** What sox measures of a file: `Pk lev dB`, `RMS lev dB`, `Length s` ... */
export function soundStats(path: string): (name: string) => number {
  const output = execFileSync('sh', ['-c', 'sox "$1" -n stats 2>&1', 'sh', path], {
    encoding: 'utf8',
  });
  return (name) => {
    const line = output.split('\n').find((found) => found.startsWith(name));
    return Number(line?.slice(name.length).trim().split(/\s+/)[0]);
  };
}

/** Channels, rate and bits per sample of a RIFF file. */
export function wavFormat(path: string): { channels: number; rate: number; bits: number } {
  const head = readFileSync(path).subarray(0, 44);
  return {
    channels: head.readUInt16LE(22),
    rate: head.readUInt32LE(24),
    bits: head.readUInt16LE(34),
  };
}
