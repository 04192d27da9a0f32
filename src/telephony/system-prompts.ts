import type { FragmentName, SoundRef } from '../engines/speech/sound.js';
import type { Language } from '../kernel/call-event.js';

/** What the switchboard itself says to callers and agents. Texts: `asterisk/prompts/manifest.json`. */
export const SYSTEM_PROMPTS = [
  'unknown-number',
  'nobody-answers',
  'not-permitted',
  'bad-number',
  'all-lines-busy',
  'leave-message',
  'message-too-short',
  'goodbye',
  'wrong-key',
  'signed-in',
  'signed-out',
  'available',
  'not-ready',
  'enter-agent-number',
  'enter-pin',
  'sign-in-refused',
  'extension-taken',
  'closed',
  'please-hold',
  'service-problem',
  'recorded-notice',
  'callback-offer',
  'callback-confirm',
  'callback-number',
  'callback-done',
  'callback-refused',
  'you-entered',
  'confirm-entry',
  'record-prompt',
  'keep-recording',
  'recording-kept',
  'recording-lost',
  'wrong-pin',
  'conference-alone',
  'conference-joined',
] as const;

/** A sentence, or a piece of a spoken value. */
export type SystemPromptName = (typeof SYSTEM_PROMPTS)[number] | FragmentName;

/** The sound files of the system's own prompts; nodes fetch them at `<CB_MEDIA_URL>/<hash>.wav`. */
export interface SystemPrompts {
  /**
   * Hash of the 8 kHz wav, in English where the language has none. Undefined only where `ensureSystemPrompts` has
   * never succeeded on this machine (no voice installed): the call goes on without the sentence.
   */
  systemPrompt(name: SystemPromptName, language: Language): string | undefined;
  /**
   * Hashes of a spoken value, or undefined where one of its pieces is not there in that language: half a number is worse
   * than none. Letters are English in every language.
   */
  pieces(sounds: readonly SoundRef[], language: Language): readonly string[] | undefined;
}
