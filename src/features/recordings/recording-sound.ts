import type { Peaks } from './recording.js';
import type { SealingKey } from './sealing-keys.js';

export type EncodedSound =
  | { readonly kind: 'encoded'; readonly durationMs: number; readonly peaks: Peaks }
  /** The sources hold no sound, or are no sound files. */
  | { readonly kind: 'empty' | 'damaged'; readonly detail: string }
  /** The tool is not there or did not end: trying again may help. */
  | { readonly kind: 'failed'; readonly detail: string };

/** Makes what is kept of what nodes recorded. */
export interface RecordingEncoder {
  /**
   * Puts one-sided wav files side by side into one FLAC file, one channel a source; undefined stands for a side that is
   * not there and becomes silence. The result is read back, so that what is hashed and kept is known to play.
   */
  encode(sources: readonly (string | undefined)[], target: string): Promise<EncodedSound>;
}

export interface FileFacts {
  readonly sha256: string;
  readonly bytes: number;
}

/** broken: it is not what was stored · no-key: the key that sealed it is not there. */
export type UnreadableWhy = 'broken' | 'no-key';

/** Sound that is there and cannot be given out: nobody hears anything rather than something else. */
export class UnreadableSound extends Error {
  override readonly name = 'UnreadableSound';
  constructor(
    readonly why: UnreadableWhy,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An opened sound, as it was encoded, whether it is sealed or not. Whoever opens it closes it. */
export interface StoredSound {
  readonly bytes: number;
  /** Of the key that sealed it; '' where it is kept as it was encoded. */
  readonly keyId: string;
  /** From `from` up to and without `to`, in pieces. Throws {@link UnreadableSound} instead of giving out what was changed. */
  read(from: number, to: number): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/** Where a stored recording lies, and what its row says of its seal. */
export interface StoredPlace {
  readonly path: string;
  /**
   * What is not sealed in the place of what was is {@link UnreadableSound}. The other way round is none: sealing an old file may
   * have ended before its row was written.
   */
  readonly keyId: string;
}

/** The folder of kept recordings. Paths are relative to it and of one form only (see `isRecordingPath`). */
export interface RecordingFolder {
  /** Runs work with a scratch folder on the same file system, which vanishes afterwards. */
  withScratch<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Removes scratch folders that a killed process left. */
  clearScratch(now: Date): Promise<void>;
  /** Seals a finished file, where the site does, and moves it in whole; resolves when it survives a power cut. */
  keep(file: string, path: string): Promise<FileFacts & { readonly keyId: string }>;
  /** Hash and length of the sound as it was encoded; undefined where it is not there. Throws {@link UnreadableSound}. */
  facts(place: StoredPlace): Promise<FileFacts | undefined>;
  /** Removes a file; one that is gone already is no error. */
  remove(path: string): Promise<void>;
  /** Undefined where the path has not the one form or no file is there. Throws {@link UnreadableSound}. */
  open(place: StoredPlace): Promise<StoredSound | undefined>;
  /** Works with a file of the sound as it was encoded, which vanishes afterwards; undefined where it is not there. */
  withPlain<T>(
    place: StoredPlace,
    work: (file: string, scratch: string) => Promise<T>,
  ): Promise<T | undefined>;
  /**
   * Seals a stored sound (again) with `key`. `commit` is called when all is ready and the sound is known to have the hash `sha256`:
   * it moves the sealed file into the place of the other one, or does not. Undefined where it is not there.
   */
  seal(
    place: StoredPlace,
    options: {
      readonly key: SealingKey;
      readonly sha256: string;
      readonly commit: (move: () => Promise<void>) => Promise<void>;
    },
  ): Promise<true | undefined>;
}
