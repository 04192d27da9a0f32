import { z } from 'zod';
import type { Language } from '../../kernel/call-event.js';
import { flagField, textField } from '../../kernel/fields.js';
import type { PromptId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';
import { MAX_SPEECH_TEXT, isSoundHash } from './sound.js';

/** How a sound came to be. `speech` was made from its text, which can be spoken again. */
export type SoundSource = 'upload' | 'speech' | 'phone';

/** What a prompt says in one language. */
export interface PromptSound {
  readonly source: SoundSource;
  /** What is said: for `speech` what was spoken, otherwise what somebody wrote down, or ''. */
  readonly text: string;
  readonly hash: string;
  readonly durationMs: number;
  /** Nothing can be heard in it. */
  readonly isSilent: boolean;
}

/** A sound that a prompt has, or had. */
export interface SoundVersion extends PromptSound {
  readonly language: Language;
  /** From 1 in each language. */
  readonly number: number;
  /** '' where nobody knows. */
  readonly madeBy: string;
  readonly madeAt: Date;
}
export type PromptSounds = Readonly<Partial<Record<Language, PromptSound>>>;

export interface PromptDraft {
  readonly name: string;
  readonly sounds: PromptSounds;
  /** Who makes new sounds with this draft; not part of what is compared. */
  readonly madeBy?: string;
}

/** A prompt: one thing that callers hear, in the languages that it was made for. */
export interface StoredPrompt extends PromptDraft, Versioned<PromptId> {}

export const PROMPT_SORTS = ['name', 'updated'] as const;
export type PromptSort = (typeof PROMPT_SORTS)[number];

/** Field names of a language in forms: `text-en` would not do as part of a catalog's key for `zh-CN`. */
export const FIELD_SUFFIX: Readonly<Record<Language, 'En' | 'Zh'>> = { en: 'En', 'zh-CN': 'Zh' };

export const promptNameField = textField({ max: 80 });

/** What the form says about one language; a file comes beside it. */
export interface SoundFields {
  /** What is to be spoken, or what the uploaded sound says. */
  readonly text: string;
  /** Speak the text although there is an uploaded sound. */
  readonly speak: boolean;
  readonly remove: boolean;
  /** Hash of a file that came with an earlier, refused try of the same form. */
  readonly kept: string;
}

const text = z
  .string()
  .default('')
  .transform((value) =>
    value
      .trim()
      .replaceAll('\r\n', '\n')
      .slice(0, MAX_SPEECH_TEXT + 1),
  );
const kept = z
  .string()
  .default('')
  .transform((value) => (isSoundHash(value) ? value : ''));

/** The form of a prompt. It refuses nothing by itself: the service says everything that is wrong at once. */
export const promptForm = z
  .object({
    name: z.string().default(''),
    ...{ textEn: text, speakEn: flagField(), removeEn: flagField(), keptEn: kept },
    ...{ textZh: text, speakZh: flagField(), removeZh: flagField(), keptZh: kept },
  })
  .transform((form): PromptForm => ({
    name: form.name,
    sounds: {
      en: { text: form.textEn, speak: form.speakEn, remove: form.removeEn, kept: form.keptEn },
      'zh-CN': { text: form.textZh, speak: form.speakZh, remove: form.removeZh, kept: form.keptZh },
    },
  }));
export interface PromptForm {
  readonly name: string;
  readonly sounds: Readonly<Record<Language, SoundFields>>;
}

/** Languages that callers of this site hear, and in which a prompt cannot be heard. */
export const missingLanguages = (
  sounds: PromptSounds,
  used: readonly Language[],
): readonly Language[] => used.filter((language) => sounds[language] === undefined);
