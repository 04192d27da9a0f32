import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '../../kernel/call-event.js';
import {
  MAX_SPEECH_TEXT,
  MAX_UPLOAD_BYTES,
  refused,
  type ConvertedSound,
  type EmbeddedVoice,
  type SoundConverter,
  type SoundLibrary,
  type SoundResult,
  type SpeechSynthesiser,
  type Tone,
} from './sound.js';
import { HEAD_BYTES, soundFormat, type SoundFormat } from './sound-format.js';

/** Sounds made at the same time: each takes a processor for a moment, and calls need them more. */
const MAX_AT_ONCE = 2;
/** Sounds that may wait their turn; one more is refused as `busy`. */
const MAX_WAITING = 20;

/** A sound that is in the library. */
export interface StoredSound {
  readonly hash: string;
  readonly durationMs: number;
  /** Nothing can be heard in it. */
  readonly isSilent: boolean;
}

/** Makes stored sounds out of uploaded files and out of texts. Nothing is left behind where that fails. */
export class SoundStudio {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(
    private readonly library: SoundLibrary,
    private readonly converter: SoundConverter,
    /** Speaks what an administrator types. */
    private readonly synthesiser: SpeechSynthesiser,
    /** Speaks what the switchboard itself says. */
    private readonly embedded: EmbeddedVoice,
  ) {}

  /** Reads what the file is from its content and converts it. The file itself stays where it is. */
  fromFile(path: string): Promise<SoundResult<StoredSound>> {
    return this.#inTurn(async () => {
      const { size } = await stat(path);
      if (size === 0) return refused('empty-file');
      if (size > MAX_UPLOAD_BYTES) return refused('too-large');
      const format = soundFormat(await firstBytes(path));
      if (format === undefined) return refused('not-a-sound');
      return this.library.withFolder((folder) => this.#store({ path, format }, folder));
    });
  }

  /** Has a text spoken. */
  async fromText(text: string, language: Language): Promise<SoundResult<StoredSound>> {
    let stored: StoredSound | undefined;
    const made = await this.spoken(
      text,
      (path, words) => this.synthesiser.speak(words, language, path),
      async (sound) => {
        stored = await this.#keep(sound);
      },
    );
    if (!made.ok) return made;
    return stored === undefined ? refused('damaged') : { ok: true, value: stored };
  }

  /** The same by another voice, kept elsewhere: `speak` writes a sound file of any format, `keep` moves the converted one. */
  spoken<T>(
    text: string,
    speak: (path: string, words: string) => Promise<SoundResult<T>>,
    keep: (sound: ConvertedSound, by: T) => Promise<void>,
  ): Promise<SoundResult<{ readonly by: T; readonly durationMs: number }>> {
    return this.#inTurn<{ readonly by: T; readonly durationMs: number }>(async () => {
      const words = text.trim().slice(0, MAX_SPEECH_TEXT);
      if (!/[\p{L}\p{N}]/u.test(words)) return refused('nothing-to-say');
      return this.library.withFolder(async (folder) => {
        const path = join(folder, 'speech');
        const spoken = await speak(path, words);
        if (!spoken.ok) return spoken;
        const format = soundFormat(await firstBytes(path));
        if (format === undefined) return refused('not-a-sound');
        const converted = await this.converter.convert({ path, format }, folder);
        if (!converted.ok) return converted;
        await keep(converted.value, spoken.value);
        const { durationMs } = converted.value;
        return { ok: true, value: { by: spoken.value, durationMs } };
      });
    });
  }

  /** Has many texts spoken by the embedded voice at once, each into a sound of its own without silence at its ends. */
  fromTexts(
    texts: readonly string[],
    language: Language,
  ): Promise<SoundResult<readonly StoredSound[]>> {
    return this.#inTurn(() =>
      this.library.withFolder(async (folder) => {
        const path = join(folder, 'speech.wav');
        const spoken = await this.embedded.speakAll(texts, language, path);
        if (!spoken.ok) return spoken;
        const converted = await this.converter.convert({ path, format: 'wav' }, folder);
        if (!converted.ok) return converted;
        const pieces = await this.converter.split(path, converted.value, texts.length, folder);
        if (!pieces.ok) return pieces;
        const stored: StoredSound[] = [];
        for (const piece of pieces.value) stored.push(await this.#keep(piece));
        return { ok: true, value: stored };
      }),
    );
  }

  /** A tone, or silence. */
  tone(tone: Tone): Promise<SoundResult<StoredSound>> {
    return this.#inTurn(() =>
      this.library.withFolder(async (folder) => {
        const made = await this.converter.tone(tone, folder);
        return made.ok ? { ok: true, value: await this.#keep(made.value) } : made;
      }),
    );
  }

  /** A sound that is in the library already; undefined where there is none. */
  async find(hash: string): Promise<StoredSound | undefined> {
    const path = await this.library.find(hash, 'narrow');
    const durationMs = path === undefined ? undefined : await this.library.durationMs(hash);
    if (path === undefined || durationMs === undefined) return undefined;
    return { hash, durationMs, isSilent: await this.converter.isSilent(path) };
  }

  async #store(
    source: { path: string; format: SoundFormat },
    folder: string,
  ): Promise<SoundResult<StoredSound>> {
    const converted = await this.converter.convert(source, folder);
    if (!converted.ok) return converted;
    return { ok: true, value: await this.#keep(converted.value) };
  }

  async #keep(converted: ConvertedSound): Promise<StoredSound> {
    const { durationMs, isSilent } = converted;
    return { hash: await this.library.add(converted), durationMs, isSilent };
  }

  async #inTurn<T>(work: () => Promise<SoundResult<T>>): Promise<SoundResult<T>> {
    if (this.#running >= MAX_AT_ONCE) {
      if (this.#waiting.length >= MAX_WAITING) return refused('busy');
      await new Promise<void>((go) => this.#waiting.push(go));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The turn is handed over, not given back: nobody can slip in between.
      if (next) next();
      else this.#running -= 1;
    }
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
