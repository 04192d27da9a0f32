/** Of a RIFF header of 16-bit PCM in one channel, as sox, espeak-ng and this write it. */
export const WAV_HEADER_BYTES = 44;

/** The samples of such a file and their rate. */
export interface Wav {
  readonly rate: number;
  readonly data: Buffer;
}

export const readWav = (file: Buffer): Wav => ({
  rate: file.readUInt32LE(24),
  data: file.subarray(WAV_HEADER_BYTES),
});

/** A RIFF file around samples of 16 bit in one channel. */
export function wavFile({ rate, data }: Wav): Buffer {
  const head = Buffer.alloc(WAV_HEADER_BYTES);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

/** One file after the other, as a call plays them; all have one rate. */
export function joinWavs(files: readonly Buffer[]): Buffer {
  const parts = files.map(readWav);
  return wavFile({
    rate: parts[0]?.rate ?? 8_000,
    data: Buffer.concat(parts.map(({ data }) => data)),
  });
}
