import { createReadStream } from 'node:fs';
import { LoudnessMeter } from '../../engines/sound/loudness.js';

/** Read at once: a piece is done in about a millisecond, so calls in the same process are not held up. */
const READ_BYTES = 64 * 1024;

/** Measures headerless samples. */
export async function measureLoudness(
  path: string,
  rate: number,
  encoding: 'float' | 'int16',
  skipBytes = 0,
): Promise<LoudnessMeter> {
  const meter = new LoudnessMeter(rate);
  const size = encoding === 'float' ? 4 : 2;
  let rest = Buffer.alloc(0);
  const stream = createReadStream(path, { start: skipBytes, highWaterMark: READ_BYTES });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % size);
    // A copy, because a view must begin at a multiple of the size.
    const { buffer } = Uint8Array.from(bytes.subarray(0, whole));
    meter.push(
      encoding === 'float'
        ? new Float32Array(buffer)
        : Float32Array.from(new Int16Array(buffer), (sample) => sample / 32_768),
    );
    rest = Buffer.from(bytes.subarray(whole));
  }
  return meter;
}
