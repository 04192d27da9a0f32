import { TableError } from '../../features/contacts/importing/table-file.js';
import { drained, xmlPieces } from './xml-events.js';
import type { ZipFile } from './zip-file.js';

const PART = 'xl/sharedStrings.xml';
/** Kept as bytes outside the heap. A workbook of a million rows (Excel's most) with ten different texts each stays below. */
const MAX_BYTES = 128 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** The texts that cells of a workbook name by number. */
export class SharedStrings {
  readonly #chunks: Buffer[] = [];
  #ends = new Uint32Array(1_024);
  #count = 0;
  #bytes = 0;

  static async read(zip: ZipFile): Promise<SharedStrings> {
    const strings = new SharedStrings();
    if (!zip.has(PART)) return strings;
    let text = '';
    let isText = false;
    // Readings of Chinese and Japanese texts are no part of them.
    let phonetic = 0;
    const pieces = xmlPieces(await zip.open(PART), {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic += 1;
        isText = name === 't' && phonetic === 0;
      },
      text: (part) => {
        if (isText) text += part;
      },
      close: (name) => {
        if (name === 't') isText = false;
        if (name === 'rPh') phonetic -= 1;
        if (name === 'si') strings.#add(text);
      },
    });
    await drained(pieces);
    return strings;
  }

  /** '' for a number that the workbook does not have. */
  at(index: number): string {
    if (!(index >= 0 && index < this.#count)) return '';
    const start = index === 0 ? 0 : (this.#ends[index - 1] ?? 0);
    return this.#slice(start, this.#ends[index] ?? start);
  }

  #slice(start: number, end: number): string {
    const chunk = Math.floor(start / CHUNK_BYTES);
    if (Math.floor((end - 1) / CHUNK_BYTES) <= chunk)
      return (
        this.#chunks[chunk]?.toString('utf8', start % CHUNK_BYTES, end - chunk * CHUNK_BYTES) ?? ''
      );
    const parts: Buffer[] = [];
    for (let at = start; at < end;) {
      const from = at % CHUNK_BYTES;
      const length = Math.min(CHUNK_BYTES - from, end - at);
      const part = this.#chunks[Math.floor(at / CHUNK_BYTES)]?.subarray(from, from + length);
      if (part !== undefined) parts.push(part);
      at += length;
    }
    return Buffer.concat(parts).toString('utf8');
  }

  #add(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    if (this.#bytes + bytes.length > MAX_BYTES)
      throw new TableError({ message: 'contact-import.problem.workbook-too-large' });
    for (let at = 0; at < bytes.length;) {
      const from = this.#bytes % CHUNK_BYTES;
      if (from === 0) this.#chunks.push(Buffer.alloc(CHUNK_BYTES));
      const copied = bytes.copy(this.#chunks.at(-1) ?? Buffer.alloc(0), from, at);
      at += copied;
      this.#bytes += copied;
    }
    if (this.#count === this.#ends.length) {
      const larger = new Uint32Array(this.#ends.length * 2);
      larger.set(this.#ends);
      this.#ends = larger;
    }
    this.#ends[this.#count] = this.#bytes;
    this.#count += 1;
  }
}
