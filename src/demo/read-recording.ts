import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readWav, type Sound } from './tones.js';

const run = promisify(execFile);
/** An hour in two channels. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The samples of a kept recording (FLAC), decoded by sox. Rejects with sox's words where it cannot be read. */
export async function readRecording(path: string): Promise<Sound> {
  const { stdout } = await run('sox', ['-V1', path, '-t', 'wav', '-b', '16', '-'], {
    encoding: 'buffer',
    maxBuffer: MAX_BYTES,
  });
  return readWav(stdout);
}
