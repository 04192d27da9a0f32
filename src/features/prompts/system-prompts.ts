import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import {
  NUMBERED_PROMPTS,
  numberedPrompt,
  SYSTEM_PROMPTS,
  type SystemPromptName,
  type SystemPrompts,
} from '../../telephony/system-prompts.js';
import type { SoundStudio } from './sound-studio.js';
import type { SoundLibrary, SoundRefusal } from './sound.js';

const texts = { en: z.string().min(1), 'zh-CN': z.string().min(1) };
const manifestSchema = z.object({
  prompts: z.array(z.object({ name: z.enum(SYSTEM_PROMPTS), ...texts })),
  /** Sentences with `{n}`: one for each number, a special one for the first, and one for all that are larger. */
  numbered: z.array(
    z.object({
      name: z.enum(['ahead', 'wait']),
      one: z.object(texts),
      ...texts,
      more: z.object(texts),
    }),
  ),
});
type Manifest = z.infer<typeof manifestSchema>;

function sentencesOf(manifest: Manifest): readonly Sentence[] {
  const all: { name: SystemPromptName; texts: Readonly<Record<Language, string>> }[] =
    manifest.prompts.map(({ name, ...said }) => ({ name, texts: said }));
  for (const { name, one, more, ...many } of manifest.numbered) {
    const { from, to }: { from: number; to: number } = NUMBERED_PROMPTS[name];
    for (let n = from; n <= to; n++) {
      const said = n === from ? one : { en: many.en, 'zh-CN': many['zh-CN'] };
      all.push({ name: numberedPrompt(name, n), texts: filled(said, n) });
    }
    all.push({ name: `${name}-more`, texts: more });
  }
  return all.flatMap((prompt) =>
    LANGUAGES.map((language) => ({
      name: prompt.name,
      language,
      text: prompt.texts[language],
    })),
  );
}

const filled = (
  said: Readonly<Record<Language, string>>,
  n: number,
): Readonly<Record<Language, string>> => ({
  en: said.en.replace('{n}', String(n)).replace('There are 1 callers', 'There is one caller'),
  'zh-CN': said['zh-CN'].replace('{n}', String(n)),
});

const entrySchema = z.object({
  text: z.string(),
  voices: z.string(),
  hash: z.string(),
  durationMs: z.number(),
});
/** Which sound says which text; made by {@link SystemPromptLibrary.ensure}. */
const indexSchema = z.record(z.string(), z.record(z.string(), entrySchema));
type Index = z.infer<typeof indexSchema>;

/** Sentences that are spoken at the same time: as many as the studio works at. */
const AT_ONCE = 2;

export interface SystemPromptFiles {
  /** Texts by language: `asterisk/prompts/manifest.json`. */
  readonly manifest: string;
  /** Where the index is kept: `<var>/prompts/system.json`. */
  readonly index: string;
}

/** One sentence of the switchboard, as pages show it. */
export interface SystemPromptSound {
  readonly name: SystemPromptName;
  readonly language: Language;
  readonly text: string;
  /** Undefined where it has not been spoken yet. */
  readonly hash: string | undefined;
  readonly durationMs: number | undefined;
}

type Sentence = Omit<SystemPromptSound, 'hash' | 'durationMs'>;

/** `plain`: without which no call should begin. `numbered`: many, and a call goes on without one that is not spoken yet. */
export type SentenceKind = 'plain' | 'numbered';
const kindOf = ({ name }: Sentence): SentenceKind =>
  (SYSTEM_PROMPTS as readonly string[]).includes(name) ? 'plain' : 'numbered';

export interface EnsureResult {
  /** Sounds that were made now. */
  readonly made: number;
  readonly failed: readonly {
    readonly name: SystemPromptName;
    readonly language: Language;
    readonly reason: SoundRefusal;
  }[];
}

/** The switchboard's own sentences: texts that ship with it, spoken once on each machine and kept in the library. */
export class SystemPromptLibrary implements SystemPrompts {
  #texts: readonly Sentence[] = [];
  #index: Index = {};

  constructor(
    private readonly files: SystemPromptFiles,
    private readonly studio: SoundStudio,
    private readonly library: SoundLibrary,
    private readonly voices: string,
  ) {}

  systemPrompt(name: SystemPromptName, language: Language): string | undefined {
    const sounds = this.#index[name];
    return (sounds?.[language] ?? sounds?.['en'])?.hash;
  }

  all(): readonly SystemPromptSound[] {
    return this.#texts.map((sentence) => {
      const stored = this.#index[sentence.name]?.[sentence.language];
      return { ...sentence, hash: stored?.hash, durationMs: stored?.durationMs };
    });
  }

  /** Reads texts and index, and speaks what is missing or was spoken from another text or voice. Quick when all is there. */
  async ensure(kind: SentenceKind = 'plain'): Promise<EnsureResult> {
    await this.read();
    const needed = [];
    for (const sentence of this.#texts)
      if (kindOf(sentence) === kind && !(await this.#isThere(sentence))) needed.push(sentence);
    if (needed.length === 0) return { made: 0, failed: [] };
    return this.#speakAll(needed);
  }

  /** Reads texts and index and speaks nothing: another process may have spoken meanwhile. */
  async read(): Promise<void> {
    const manifest = manifestSchema.parse(JSON.parse(await readFile(this.files.manifest, 'utf8')));
    this.#texts = sentencesOf(manifest);
    this.#index = await this.#readIndex();
  }

  async #speakAll(needed: readonly Sentence[]): Promise<EnsureResult> {
    const failed: EnsureResult['failed'][number][] = [];
    for (let at = 0; at < needed.length; at += AT_ONCE) {
      const batch = needed.slice(at, at + AT_ONCE).map((sentence) => this.#speak(sentence));
      for (const failure of await Promise.all(batch)) if (failure) failed.push(failure);
      // What is spoken stays spoken when the program ends in between.
      await this.#writeIndex();
    }
    return { made: needed.length - failed.length, failed };
  }

  async #isThere(sentence: Sentence): Promise<boolean> {
    const stored = this.#index[sentence.name]?.[sentence.language];
    return (
      stored?.text === sentence.text &&
      stored.voices === this.voices &&
      (await this.library.find(stored.hash, 'narrow')) !== undefined
    );
  }

  async #speak(sentence: Sentence): Promise<EnsureResult['failed'][number] | undefined> {
    const { name, language, text } = sentence;
    const spoken = await this.studio.fromText(text, language);
    if (!spoken.ok) return { name, language, reason: spoken.reason };
    const sounds = (this.#index[name] ??= {});
    sounds[language] = { text, voices: this.voices, ...spoken.value };
    return undefined;
  }

  /** An index that is missing or damaged is made anew: that costs seconds and loses nothing. */
  async #readIndex(): Promise<Index> {
    try {
      return indexSchema.parse(JSON.parse(await readFile(this.files.index, 'utf8')));
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (isMissing || error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw error;
    }
  }

  async #writeIndex(): Promise<void> {
    const temporary = `${this.files.index}.${String(process.pid)}`;
    await writeFile(temporary, `${JSON.stringify(this.#index, null, 2)}\n`);
    await rename(temporary, this.files.index);
  }
}
