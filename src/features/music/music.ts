import { z } from 'zod';
import { choiceField, idsField, problem, textField } from '../../kernel/fields.js';
import type { MusicId, PromptId } from '../../kernel/ids.js';
import { MUSIC_ORDERS, type MusicOrder } from '../../telephony/directory.js';
import type { Versioned } from '../configuration/index.js';

/** Sounds of one music at most. */
export const MAX_SOUNDS = 12;

/** Prompts that callers in line hear one after the other. */
export interface MusicDraft {
  readonly name: string;
  readonly order: MusicOrder;
  /** Each once, in their order. */
  readonly sounds: readonly PromptId[];
}

export interface StoredMusic extends Versioned<MusicId>, MusicDraft {}

export const MUSIC_SORTS = ['name', 'updated'] as const;
export type MusicSort = (typeof MUSIC_SORTS)[number];

/** The form. Places for sounds that are left empty are left out. */
export const musicSchema = z.object({
  name: textField({ max: 80 }),
  order: choiceField(MUSIC_ORDERS),
  sounds: z.preprocess(
    (value) => [value ?? []].flat().filter((id) => id !== ''),
    idsField<PromptId>().superRefine((sounds, context) => {
      if (sounds.length === 0) context.addIssue(problem('form.problem.choose'));
      if (sounds.length > MAX_SOUNDS) context.addIssue(problem('music.problem.too-many'));
    }),
  ),
});
