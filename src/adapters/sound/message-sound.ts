import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.js';

/** Ten minutes take a second. */
const TIMEOUT_MS = 30_000;

/**
 * A kept message as phones and mail programs play it: wav, 8 kHz, one channel, 16 bit. Works in `folder`, which the caller
 * removes. Rejects where sox cannot.
 */
export async function messageWav(flac: string, folder: string): Promise<Buffer> {
  const target = join(folder, 'message.wav');
  const args = ['-V1', '-R', '-D', '--no-show-progress', '-t', 'flac', flac];
  const wav = ['-t', 'wav', '-e', 'signed-integer', '-b', '16', '-r', '8000', '-c', '1', target];
  const result = await runTool('sox', [...args, ...wav], TIMEOUT_MS);
  if (result.kind !== 'done')
    throw new Error(
      `a message could not be converted: ${result.kind} ${'stderr' in result ? result.stderr : ''}`,
    );
  return readFile(target);
}
