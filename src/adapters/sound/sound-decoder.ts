import { stat } from 'node:fs/promises';
import { MAX_SOUND_MS, refused, type SoundResult } from '../../features/prompts/sound.js';
import type { SoundFormat } from '../../features/prompts/sound-format.js';
import { runTool, type ToolResult } from './run-tool.js';

/** Ten minutes of MP3 take ten seconds on a slow machine. */
export const SOUND_TIMEOUT_MS = 60_000;
/** At which everything is worked on: the best that a phone hears. */
export const WORK_RATE = 16_000;
/** One second more than is allowed is read, whatever length the file claims to have. */
const READ_S = MAX_SOUND_MS / 1_000 + 1;
/** Of a decoder's wav: as many seconds of stereo at 48 kHz, 16 bit. More ends the decoder. */
const MAX_DECODED_BYTES = READ_S * 48_000 * 2 * 2;

/** Formats that sox does not read, and what turns them into wav. */
const DECODERS: Readonly<
  Partial<Record<SoundFormat, { tool: string; args: (source: string, target: string) => string[] }>>
> = {
  opus: {
    tool: 'opusdec',
    args: (source, target) => ['--quiet', '--rate', '48000', '--force-wav', source, target],
  },
  aac: { tool: 'faad', args: (source, target) => ['-q', '-o', target, source] },
};

/** Runs sox; `-R` makes the same file from the same sound, so that its hash stays the same. */
export const sox = (args: readonly string[]): Promise<ToolResult> =>
  runTool('sox', ['-V1', '-R', '--no-show-progress', ...args], SOUND_TIMEOUT_MS);

/** Any sound to samples: 32-bit floating point, mono, {@link WORK_RATE}, without a header and without rumble. */
export async function decodeSound(
  source: { readonly path: string; readonly format: SoundFormat },
  target: string,
): Promise<SoundResult<void>> {
  const decoder = DECODERS[source.format];
  let input = ['-t', source.format, source.path];
  if (decoder !== undefined) {
    const wav = `${target}.wav`;
    const decoded = await decodeToWav(decoder.tool, decoder.args(source.path, wav), wav);
    if (!decoded.ok) return decoded;
    input = ['-t', 'wav', '--ignore-length', wav];
  }
  const result = await sox([
    ...input,
    ...['-t', 'f32', '-r', String(WORK_RATE), '-c', '1', target],
    ...['trim', '0', String(READ_S), 'remix', '-', 'gain', '-3', 'highpass', '80'],
  ]);
  return result.kind === 'done' ? { ok: true, value: undefined } : toolProblem('sox', result);
}

/** The limit on the file's size ends a decoder that would fill the disk with hours of sound. */
async function decodeToWav(
  tool: string,
  args: readonly string[],
  wav: string,
): Promise<SoundResult<void>> {
  const limited = [`--fsize=${String(MAX_DECODED_BYTES)}`, tool, ...args];
  const result = await runTool('prlimit', limited, SOUND_TIMEOUT_MS);
  const size = await stat(wav).then(
    (found) => found.size,
    () => 0,
  );
  // faad says "done" also where it could read nothing.
  if (result.kind === 'done')
    return size === 0 ? refused('damaged', tool) : { ok: true, value: undefined };
  if (result.kind === 'failed' && /failed to execute/.test(result.stderr))
    return refused('tool-missing', tool);
  return size >= MAX_DECODED_BYTES ? refused('too-long') : toolProblem(tool, result);
}

/** Why a tool made nothing. */
export function toolProblem(
  tool: string,
  result: Exclude<ToolResult, { kind: 'done' }>,
): SoundResult<never> {
  switch (result.kind) {
    case 'missing':
      return refused('tool-missing', tool);
    case 'timed-out':
      return refused('timed-out', `${tool}, ${String(SOUND_TIMEOUT_MS)} ms`);
    case 'failed':
      return refused('damaged', result.stderr.trim());
  }
}
