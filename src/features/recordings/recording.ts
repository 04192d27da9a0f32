import type { CallId, RecordingId } from '../../kernel/ids.js';

export type RecordingKind = 'call' | 'voicemail' | 'comment' | 'conference';
/** waiting: still on the node · stored: here, hashed · missing: the node has nothing that can be played. */
export type RecordingState = 'waiting' | 'stored' | 'missing';

/** Something that we captured: a call in two channels (caller left, other party right) or a message, a comment, or a conference room in one. */
export interface Recording {
  readonly id: RecordingId;
  readonly callId: CallId;
  readonly kind: RecordingKind;
  readonly state: RecordingState;
  readonly node: string;
  /** Below the recordings folder, '' until stored. */
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Of the key that sealed the file; '' where it is kept as it was encoded. Hash and bytes are those of the sound, sealed or not. */
  readonly keyId: string;
  readonly durationMs: number;
  /** What is wrong with it, as a code of the catalog: `recordings.problem.<code>`; '' where nothing is. */
  readonly problem: RecordingProblem | '';
  readonly createdAt: Date;
}

/**
 * gone: the node has no file · empty: the file holds no sound · damaged: it is no sound file, and stays on the node ·
 * caller-missing, other-missing: one of the two sides was not there, the other one is stored · expired: deleted after the
 * time that its mailbox keeps messages.
 */
export const RECORDING_PROBLEMS = [
  'gone',
  'empty',
  'damaged',
  'caller-missing',
  'other-missing',
  'expired',
] as const;
export type RecordingProblem = (typeof RECORDING_PROBLEMS)[number];

/** Loudest sample of each of up to {@link MAX_PEAKS} equal pieces of time, 0 to 100; one list a channel. */
export type Peaks = readonly (readonly number[])[];
export const MAX_PEAKS = 1_600;

/** Ids come from addresses: 26 characters of Crockford's base 32, nothing else. */
export const isRecordingId = (text: string): text is RecordingId =>
  /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);

/** Where a recording's file lies below the folder: by the UTC day on which it ended. */
export function recordingPath(id: RecordingId, createdAt: Date): string {
  const [year, month, day] = createdAt.toISOString().slice(0, 10).split('-');
  return [year, month, day, `${id}.flac`].join('/');
}

/** The only form that a path of the database may have before it is joined to a folder. */
export const isRecordingPath = (path: string): boolean =>
  /^\d{4}\/\d\d\/\d\d\/[0-9A-HJKMNP-TV-Z]{26}\.flac$/.test(path);
