/** Formats that are read, by what the file contains; its name says nothing. */
export type SoundFormat =
  | 'wav'
  | 'mp3'
  | 'flac'
  | 'ogg'
  | 'opus'
  | 'aac'
  | 'aiff'
  | 'au'
  | 'amr-nb'
  | 'amr-wb'
  | 'gsm'
  | 'caf';

/** Bytes from the beginning of a file that tell its format. */
export const HEAD_BYTES = 1_024;

const GSM_FRAME_BYTES = 33;
/** As many frames must look like GSM: a text could begin like one, but not like twenty. */
const GSM_FRAMES = 20;

interface Signature {
  readonly format: SoundFormat;
  readonly at: number;
  readonly text: string;
  /** What else must be there. */
  readonly and?: { readonly at: number; readonly text: string };
}

const SIGNATURES: readonly Signature[] = [
  { format: 'wav', at: 0, text: 'RIFF', and: { at: 8, text: 'WAVE' } },
  { format: 'flac', at: 0, text: 'fLaC' },
  { format: 'opus', at: 0, text: 'OggS', and: { at: 28, text: 'OpusHead' } },
  { format: 'ogg', at: 0, text: 'OggS' },
  { format: 'mp3', at: 0, text: 'ID3' },
  { format: 'aiff', at: 0, text: 'FORM', and: { at: 8, text: 'AIF' } },
  { format: 'au', at: 0, text: '.snd' },
  { format: 'amr-wb', at: 0, text: '#!AMR-WB\n' },
  { format: 'amr-nb', at: 0, text: '#!AMR\n' },
  { format: 'caf', at: 0, text: 'caff' },
  { format: 'aac', at: 4, text: 'ftyp' },
];

/** What a file is, by its first {@link HEAD_BYTES}; undefined for anything but the formats above. */
export function soundFormat(head: Uint8Array): SoundFormat | undefined {
  const has = (at: number, text: string): boolean =>
    String.fromCharCode(...head.subarray(at, at + text.length)) === text;
  const known = SIGNATURES.find(
    ({ at, text, and }) => has(at, text) && (and === undefined || has(and.at, and.text)),
  );
  if (known !== undefined) return known.format;
  if (isAdtsFrame(head)) return 'aac';
  if (isMpegFrame(head)) return 'mp3';
  return isGsm(head) ? 'gsm' : undefined;
}

/** AAC as a stream: twelve ones, then layer 0. */
const isAdtsFrame = ([first = 0, second = 0]: Uint8Array): boolean =>
  first === 0xff && (second & 0xf6) === 0xf0;

/** An MPEG audio frame begins with eleven ones, then a version, layer, bit rate and sample rate that are not reserved. */
function isMpegFrame([first = 0, second = 0, third = 0]: Uint8Array): boolean {
  return (
    first === 0xff &&
    (second & 0xe0) === 0xe0 &&
    (second & 0x18) !== 0x08 &&
    (second & 0x06) === 0x02 &&
    (third & 0xf0) !== 0xf0 &&
    (third & 0x0c) !== 0x0c
  );
}

/** GSM 06.10 has no header: each frame of 33 bytes begins with 1101. */
function isGsm(head: Uint8Array): boolean {
  if (head.length < GSM_FRAMES * GSM_FRAME_BYTES) return false;
  return Array.from({ length: GSM_FRAMES }, (_, frame) => head[frame * GSM_FRAME_BYTES] ?? 0).every(
    (byte) => (byte & 0xf0) === 0xd0,
  );
}
