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
] as const;

/** Sentences with a number in them, one file each: they sound right in every language, and can be stopped at any moment. */
export const NUMBERED_PROMPTS = {
  /** How many callers are before this one. */
  ahead: { from: 0, to: 20 },
  /** Expected wait in minutes. */
  wait: { from: 1, to: 30 },
} as const;
export type NumberedPrompt = keyof typeof NUMBERED_PROMPTS;

export type SystemPromptName =
  (typeof SYSTEM_PROMPTS)[number] | `${NumberedPrompt}-${number}` | `${NumberedPrompt}-more`;

/** The sentence for a number; numbers that are too large have one sentence together. */
export function numberedPrompt(name: NumberedPrompt, value: number): SystemPromptName {
  const { from, to } = NUMBERED_PROMPTS[name];
  if (value > to) return `${name}-more`;
  return `${name}-${String(Math.max(from, value))}` as SystemPromptName;
}

/** How many callers are before this one. */
export const aheadPrompt = (count: number): SystemPromptName => numberedPrompt('ahead', count);
/** The expected wait, in whole minutes, rather too long than too short. */
export const waitPrompt = (ms: number): SystemPromptName =>
  numberedPrompt('wait', Math.ceil(ms / 60_000));

/** The sound files of the system's own prompts; nodes fetch them at `<CB_MEDIA_URL>/<hash>.wav`. */
export interface SystemPrompts {
  /**
   * Hash of the 8 kHz wav, in English where the language has none. Undefined only where `ensureSystemPrompts` has
   * never succeeded on this machine (no voice installed): the call goes on without the sentence.
   */
  systemPrompt(name: SystemPromptName, language: Language): string | undefined;
}
