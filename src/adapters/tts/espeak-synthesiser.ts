import { writeFile } from 'node:fs/promises';
import type { Language } from '../../kernel/call-event.js';
import {
  BETWEEN_TEXTS_MS,
  refused,
  type EmbeddedVoice,
  type SoundResult,
} from '../../features/prompts/sound.js';
import { runTool } from '../sound/run-tool.js';

const TIMEOUT_MS = 30_000;

/**
 * espeak-ng's voices. For Mandarin it is `cmn-latn-pinyin`: version 1.51's plain `cmn` reads out the letters and digits
 * of its own transcription.
 */
const VOICES: Readonly<Record<Language, readonly string[]>> = {
  en: ['-v', 'en-gb', '-s', '150', '-g', '2'],
  'zh-CN': ['-v', 'cmn-latn-pinyin', '-s', '160', '-g', '2'],
};

/** The embedded voice: needs nothing but a package, sounds like a machine, speaks every language that we have. */
export const espeakSynthesiser: EmbeddedVoice = {
  voices: `espeak-ng ${Object.values(VOICES).flat().join(' ')}`,
  // Two opening brackets would begin a notation of sounds, in which espeak-ng reads out what follows.
  speak: (text, language, target) => espeak(language, target, text.replaceAll('[[', '[ ['), []),
  speakAll: (texts, language, target) => {
    const pause = `<break time="${String(BETWEEN_TEXTS_MS)}ms"/>`;
    const said = texts.map((text) => `${escaped(text)}${pause}`).join('\n');
    return espeak(language, target, `<speak>${said}</speak>`, ['-m']);
  },
};

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('[[', '[ [');

async function espeak(
  language: Language,
  target: string,
  input: string,
  options: readonly string[],
): Promise<SoundResult<void>> {
  const source = `${target}.txt`;
  await writeFile(source, `${input}\n`);
  const args = [...VOICES[language], '-b', '1', ...options, '-f', source, '-w', target];
  const result = await runTool('espeak-ng', args, TIMEOUT_MS);
  switch (result.kind) {
    case 'done':
      return { ok: true, value: undefined };
    case 'missing':
      return refused('tool-missing', 'espeak-ng');
    case 'timed-out':
      return refused('timed-out', `espeak-ng, ${String(TIMEOUT_MS)} ms`);
    case 'failed':
      return refused('damaged', result.stderr.trim());
  }
}
