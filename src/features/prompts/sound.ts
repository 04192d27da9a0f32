import type { Language } from '../../kernel/call-event.js';
import type { SoundFormat } from './sound-format.js';

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
  | 'timed-out'
  | 'busy'
  | 'tool-missing'
  | 'nothing-to-say'
  /** The configured speech endpoint gave no sound, and nothing else may speak. */
  | 'endpoint';

export type SoundResult<T> =
  | { readonly ok: true; readonly value: T }
  /** `detail` is for the log: what the tool said. */
  | { readonly ok: false; readonly reason: SoundRefusal; readonly detail: string };

export const refused = (reason: SoundRefusal, detail = ''): SoundResult<never> => ({
  ok: false,
  reason,
  detail,
});

/**
 * How loud all sounds are made, by EBU R 128: integrated loudness (ITU-R BS.1770) in LUFS, and the true peak that none may
 * go over, in dBTP.
 */
export const TARGET_LUFS = -23;
export const MAX_TRUE_PEAK_DBTP = -1;

/** One sound in the two qualities that phones hear: mono, 16 bit. */
export interface ConvertedSound {
  /** Path of the 8 kHz wav. */
  readonly narrow: string;
  /** Path of the 16 kHz wav. */
  readonly wide: string;
  readonly durationMs: number;
  /** Nothing can be heard in it. */
  readonly isSilent: boolean;
}

/** A tone that is as loud as a beep should be, or silence where `hertz` is 0. */
export interface Tone {
  readonly ms: number;
  readonly hertz: number;
}

/** Makes any sound file fit for the phone: mono, 8 and 16 kHz, as loud as the others. */
export interface SoundConverter {
  /** Writes its files into `folder`, which the caller removes. */
  convert(
    source: { readonly path: string; readonly format: SoundFormat },
    folder: string,
  ): Promise<SoundResult<ConvertedSound>>;
  tone(tone: Tone, folder: string): Promise<SoundResult<ConvertedSound>>;
  /** Cuts what {@link SpeechSynthesiser.speakAll} spoke, and was converted since, into its texts. */
  split(
    spoken: string,
    converted: ConvertedSound,
    count: number,
    folder: string,
  ): Promise<SoundResult<readonly ConvertedSound[]>>;
  /** Whether a stored sound (its 8 kHz wav) holds nothing that can be heard. */
  isSilent(path: string): Promise<boolean>;
}

/** Between two texts of {@link SpeechSynthesiser.speakAll}: longer than any pause within a text. */
export const BETWEEN_TEXTS_MS = 1_000;

/** Turns text into speech. The embedded one is espeak-ng; another may ask a server. */
export interface SpeechSynthesiser {
  /** Writes a sound file to `target`, of any format that is read. */
  speak(text: string, language: Language, target: string): Promise<SoundResult<void>>;
}

/** The voice that ships with the program. */
export interface EmbeddedVoice extends SpeechSynthesiser {
  /** Names voice and settings: when it changes, the switchboard's own prompts are spoken anew. */
  readonly voices: string;
  /** Speaks many texts into one wav, with a pause of {@link BETWEEN_TEXTS_MS} after each: a hundred cost as much as one. */
  speakAll(
    texts: readonly string[],
    language: Language,
    target: string,
  ): Promise<SoundResult<void>>;
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

/** Texts that a flow or a try may have kept: 8 s each on average, about 250 MB. */
export const MAX_SPOKEN_SOUNDS = 2_000;

/** Sounds of texts that were spoken during calls, by a key of 64 hexadecimal digits. Bounded: the least used go. */
export interface SpokenSounds {
  /** Path of the 8 kHz wav. */
  find(key: string): Promise<string | undefined>;
  has(key: string): Promise<boolean>;
  /** Moves a converted sound in. */
  add(key: string, sound: ConvertedSound): Promise<void>;
}
