import type { Language } from '../../kernel/call-event.js';

/** A longer prompt is a mistake: nobody listens to it on the phone. */
export const MAX_SOUND_MS = 600_000;
/** Shorter than this is a click, not a word. */
export const MIN_SOUND_MS = 150;
/** Bytes of one uploaded file. Ten minutes of stereo at 44.1 kHz do not fit uncompressed: those come as MP3 or FLAC. */
export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024;
/** Characters of a text that is to be spoken. */
export const MAX_SPEECH_TEXT = 2_000;

/** Why there is no sound. Each has a text in the catalog: `prompts.problem.<reason>`. */
export type SoundRefusal =
  | 'empty-file'
  | 'too-large'
  | 'not-a-sound'
  | 'damaged'
  | 'too-long'
  | 'too-short'
  | 'silent'
  | 'timed-out'
  | 'busy'
  | 'tool-missing'
  | 'nothing-to-say';

export type SoundResult<T> =
  | { readonly ok: true; readonly value: T }
  /** `detail` is for the log: what the tool said. */
  | { readonly ok: false; readonly reason: SoundRefusal; readonly detail: string };

export const refused = (reason: SoundRefusal, detail = ''): SoundResult<never> => ({
  ok: false,
  reason,
  detail,
});

/** Formats that are read, by what the file contains; its name says nothing. */
export type SoundFormat = 'wav' | 'mp3' | 'flac' | 'ogg';

/** What a file is, by its first bytes (32 are enough); undefined for anything but the four formats. */
export function soundFormat(head: Uint8Array): SoundFormat | undefined {
  const text = (from: number, to: number): string =>
    String.fromCharCode(...head.subarray(from, to));
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'wav';
  if (text(0, 4) === 'fLaC') return 'flac';
  if (text(0, 4) === 'OggS') return 'ogg';
  if (text(0, 3) === 'ID3' || isMpegFrame(head)) return 'mp3';
  return undefined;
}

/** An MPEG audio frame begins with eleven ones, then a version, layer, bit rate and sample rate that are not reserved. */
function isMpegFrame(head: Uint8Array): boolean {
  const [first = 0, second = 0, third = 0] = head;
  return (
    first === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (second & 0x06) === 0x02 &&
    (third & 0xf0) !== 0xf0 &&
    (third & 0x0c) !== 0x0c
  );
}

/** One sound in the two qualities that phones hear: mono, 16 bit. */
export interface ConvertedSound {
  /** Path of the 8 kHz wav. */
  readonly narrow: string;
  /** Path of the 16 kHz wav. */
  readonly wide: string;
  readonly durationMs: number;
}

/** Makes any sound file fit for the phone: mono, 8 and 16 kHz, as loud as the others. */
export interface SoundConverter {
  /** Writes its files into `folder`, which the caller removes. */
  convert(
    source: { readonly path: string; readonly format: SoundFormat },
    folder: string,
  ): Promise<SoundResult<ConvertedSound>>;
}

/** Turns text into speech. The embedded one is espeak-ng; another may ask a server. */
export interface SpeechSynthesiser {
  /** Names voice and settings: when it changes, the switchboard's own prompts are spoken anew. */
  readonly voices: string;
  /** Writes a wav file to `target`. */
  speak(text: string, language: Language, target: string): Promise<SoundResult<void>>;
}

export type SoundQuality = 'narrow' | 'wide';

/** The sound files themselves, named by the SHA-256 of the 8 kHz wav. Files are never changed and never removed. */
export interface SoundLibrary {
  /** Runs `work` with an empty folder of its own, which is gone afterwards. */
  withFolder<T>(work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a converted sound in and gives its hash. */
  add(sound: ConvertedSound): Promise<string>;
  /** Path of a sound; undefined where there is no such file, or the hash is none. */
  find(hash: string, quality: SoundQuality): Promise<string | undefined>;
  /** Length of a stored sound; undefined where there is none. */
  durationMs(hash: string): Promise<number | undefined>;
}

/** True for what can be the name of a stored sound: 64 hexadecimal digits, in lower case. */
export const isSoundHash = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
