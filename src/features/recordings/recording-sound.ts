import type { Peaks } from './recording.js';

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

/** The folder of kept recordings. Paths are relative to it and of one form only (see `isRecordingPath`). */
export interface RecordingFolder {
  /** Runs work with a scratch folder on the same file system, which vanishes afterwards. */
  withScratch<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a finished file in whole; resolves when it survives a power cut. */
  keep(file: string, path: string): Promise<FileFacts>;
  /** Reads the file again; undefined where it is not there. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** The absolute path for sending it; undefined where the path has not the one form or no file is there. */
  find(path: string): Promise<string | undefined>;
}
