import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SoundRef } from '../../engines/speech/sound.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import {
  ownSoundKey,
  type OwnSounds,
  type SystemPromptName,
  type SystemPrompts,
} from '../../telephony/system-prompts.js';
import type { SoundStudio, StoredSound } from './sound-studio.js';
import type { SoundLibrary, SoundRefusal, SoundResult } from './sound.js';
import { readManifest, type Sentence, type SentenceKind } from './system-manifest.js';

const entrySchema = z.object({
  text: z.string(),
  voices: z.string(),
  hash: z.string(),
  durationMs: z.number(),
});
/** Which sound says which text; made by {@link SystemPromptLibrary.ensure}. */
const indexSchema = z.record(z.string(), z.record(z.string(), entrySchema));
type Index = z.infer<typeof indexSchema>;

/** Texts that the voice speaks in one go: few enough that their sound stays below its longest. */
const AT_ONCE = 80;
/** Pieces that have no sound in a language of their own: English letters, and what nobody speaks. */
const IN_EVERY_LANGUAGE = /^say-(letter-[a-z]|pause|beep)$/;

export interface SystemPromptFiles {
  /** Texts by language: `asterisk/prompts/manifest.json`. */
  readonly manifest: string;
  /** Where the index is kept: `<var>/prompts/system.json`. */
  readonly index: string;
}

/** One sentence of the switchboard, as pages show it. */
export interface SystemPromptSound extends Sentence {
  /** Undefined where it has not been spoken yet. */
  readonly hash: string | undefined;
  readonly durationMs: number | undefined;
}

export interface EnsureResult {
  /** Sounds that were made now. */
  readonly made: number;
  readonly failed: readonly {
    readonly name: SystemPromptName;
    readonly language: Language;
    readonly reason: SoundRefusal;
  }[];
}
type Failure = EnsureResult['failed'][number];

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

  pieces(
    sounds: readonly SoundRef[],
    language: Language,
    own?: OwnSounds,
  ): readonly string[] | undefined {
    const hashes: string[] = [];
    for (const { name } of sounds) {
      const from = IN_EVERY_LANGUAGE.test(name) ? 'en' : language;
      const hash = own?.get(ownSoundKey(name, from)) ?? this.#index[name]?.[from]?.hash;
      if (hash === undefined) return undefined;
      hashes.push(hash);
    }
    return hashes;
  }

  /** What a sentence or piece says; letters are English in every language. */
  textOf(name: SystemPromptName, language: Language): string | undefined {
    const inLanguage = IN_EVERY_LANGUAGE.test(name) ? 'en' : language;
    return this.#texts.find((one) => one.name === name && one.language === inLanguage)?.text;
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
      if (sentence.kind === kind && !(await this.#isThere(sentence))) needed.push(sentence);
    if (needed.length === 0) return { made: 0, failed: [] };
    return this.#makeAll(needed);
  }

  /** Reads texts and index and speaks nothing: another process may have spoken meanwhile. */
  async read(): Promise<void> {
    this.#texts = readManifest(await readFile(this.files.manifest, 'utf8'));
    this.#index = await this.#readIndex();
  }

  async #makeAll(needed: readonly Sentence[]): Promise<EnsureResult> {
    const failed: Failure[] = [];
    for (const sentence of needed)
      if (sentence.tone !== undefined)
        failed.push(...this.#note(sentence, await this.studio.tone(sentence.tone)));
    await this.#writeIndex();
    for (const language of LANGUAGES) {
      const spoken = needed.filter((one) => one.language === language && !one.tone);
      for (let at = 0; at < spoken.length; at += AT_ONCE) {
        failed.push(...(await this.#speakTogether(spoken.slice(at, at + AT_ONCE), language)));
        // What is spoken stays spoken when the program ends in between.
        await this.#writeIndex();
      }
    }
    return { made: needed.length - failed.length, failed };
  }

  /** Together, because that takes a hundredth of the time; one by one where the voice's sound could not be taken apart. */
  async #speakTogether(
    sentences: readonly Sentence[],
    language: Language,
  ): Promise<readonly Failure[]> {
    const texts = sentences.map(({ text }) => text);
    const together = await this.studio.fromTexts(texts, language);
    const failed: Failure[] = [];
    for (const [at, sentence] of sentences.entries()) {
      const sound = together.ok ? together.value[at] : undefined;
      const made: SoundResult<StoredSound> =
        sound === undefined
          ? await this.studio.fromText(sentence.text, language)
          : { ok: true, value: sound };
      failed.push(...this.#note(sentence, made));
    }
    return failed;
  }

  /** Puts a sound into the index; what could not be made is the answer. */
  #note({ name, language, text }: Sentence, made: SoundResult<StoredSound>): readonly Failure[] {
    if (!made.ok) return [{ name, language, reason: made.reason }];
    const { hash, durationMs } = made.value;
    const sounds = (this.#index[name] ??= {});
    sounds[language] = { text, voices: this.voices, hash, durationMs };
    return [];
  }

  async #isThere(sentence: Sentence): Promise<boolean> {
    const stored = this.#index[sentence.name]?.[sentence.language];
    return (
      stored?.text === sentence.text &&
      stored.voices === this.voices &&
      (await this.library.find(stored.hash, 'narrow')) !== undefined
    );
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
