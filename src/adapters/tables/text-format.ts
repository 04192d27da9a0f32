import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  DELIMITERS,
  type Delimiter,
  type TableFormat,
  type TableProblem,
  type TextEncoding,
} from '../../features/contacts/importing/table-file.js';

/** The header and some rows stand in it; whether the rest reads as the same encoding is looked at piece by piece. */
const SAMPLE_BYTES = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
/** Share of zero bytes in every second place from which text without a mark is taken for UTF-16. */
const UTF16_ZEROS = 0.3;
/** Other control characters stand in programs and pictures, not in tables. */
const BINARY = /[^\P{Cc}\t\r\n]/u;

/** Encoding and delimiter of a text file. The whole file is read once, in pieces. */
export async function detectText(path: string): Promise<TableFormat | TableProblem> {
  const sample = await head(path);
  const utf16 = utf16Of(sample);
  const candidates: readonly TextEncoding[] = utf16 === undefined ? ['utf-8', 'gb18030'] : [utf16];
  for (const encoding of candidates) {
    if (!(await decodes(path, encoding))) continue;
    const text = new TextDecoder(encoding).decode(sample, { stream: true });
    if (BINARY.test(text)) return { message: 'contact-import.problem.binary' };
    return { kind: 'text', encoding, delimiter: delimiterOf(text) };
  }
  return { message: 'contact-import.problem.encoding' };
}

async function head(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** By the mark, else because every second byte of Latin text in it is zero. */
function utf16Of(bytes: Buffer): TextEncoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const sample = bytes.subarray(0, 4_096);
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  const half = sample.length / 2;
  if (odd > half * UTF16_ZEROS && even < odd / 10) return 'utf-16le';
  if (even > half * UTF16_ZEROS && odd < even / 10) return 'utf-16be';
  return undefined;
}

async function decodes(path: string, encoding: TextEncoding): Promise<boolean> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES }))
      decoder.decode(piece as Buffer, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** The one that stands most often in the first line, outside quotes. */
function delimiterOf(text: string): Delimiter {
  const [line = ''] = text.replace(/^\ufeff/, '').split(/\r\n?|\n/, 1);
  const plain = line.replaceAll(/"(?:[^"]|"")*"/g, '');
  const count = (character: string): number => plain.split(character).length - 1;
  const [best = ','] = DELIMITERS.toSorted((a, b) => count(b) - count(a));
  return best;
}
