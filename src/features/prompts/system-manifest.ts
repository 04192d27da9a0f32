import { z } from 'zod';
import type { FragmentName } from '../../engines/speech/sound.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { Tone } from './sound.js';
import { SYSTEM_PROMPTS, type SystemPromptName } from '../../telephony/system-prompts.js';

const text = z.string().min(1);
const fragmentName = z
  .string()
  .regex(/^say-[a-zA-Z0-9-]+$/)
  .transform((name) => name as FragmentName);

const manifestSchema = z.object({
  prompts: z.array(z.object({ name: z.enum(SYSTEM_PROMPTS), en: text, 'zh-CN': text })),
  /** Pieces of spoken values. One that a language does not need is not there; letters are English in all. */
  fragments: z.array(
    z.object({ name: fragmentName, en: text.optional(), 'zh-CN': text.optional() }),
  ),
  /** Nobody speaks these: silence, or a tone where `hertz` is given. */
  made: z.array(
    z.object({
      name: fragmentName,
      ms: z.number().int().min(50).max(5_000),
      hertz: z.number().int().min(100).max(3_400).optional(),
    }),
  ),
});

/** `plain`: without which no call should begin. `fragment`: many; a call goes on without a value that cannot be said yet. */
export type SentenceKind = 'plain' | 'fragment';

/** One thing that the switchboard says in one language. */
export interface Sentence {
  readonly kind: SentenceKind;
  readonly name: SystemPromptName;
  readonly language: Language;
  /** What is said; of a tone its length and height. */
  readonly text: string;
  /** Set where nobody speaks: a tone, or silence where `hertz` is 0. */
  readonly tone?: Tone;
}

/** Reads `asterisk/prompts/manifest.json`; throws where it is not one. */
export function readManifest(json: string): readonly Sentence[] {
  const { prompts, fragments, made } = manifestSchema.parse(JSON.parse(json));
  return [
    ...prompts.flatMap((prompt) => spokenIn('plain', prompt)),
    ...fragments.flatMap((fragment) => spokenIn('fragment', fragment)),
    ...made.map(({ name, ms, hertz = 0 }) => ({
      kind: 'plain' as const,
      name,
      language: 'en' as const,
      text: `${String(ms)} ms, ${String(hertz)} Hz`,
      tone: { ms, hertz },
    })),
  ];
}

const spokenIn = (
  kind: SentenceKind,
  prompt: { readonly name: SystemPromptName } & Readonly<
    Partial<Record<Language, string | undefined>>
  >,
): readonly Sentence[] =>
  LANGUAGES.flatMap((language) => {
    const said = prompt[language];
    return said === undefined ? [] : [{ kind, name: prompt.name, language, text: said }];
  });
