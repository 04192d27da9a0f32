import type { Readable } from 'node:stream';
import sax from 'sax';
import { TableError } from '../../features/contacts/importing/table-file.js';

/** What a part of a workbook is read for. Names come without their namespace. */
export interface XmlListener {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Tells the elements of a part as they come; after each piece the caller may take what it has gathered. */
export async function* xmlPieces(stream: Readable, listener: XmlListener): AsyncGenerator<number> {
  const parser = sax.parser(true, { position: false });
  const decoder = new TextDecoder('utf-8');
  let failed: Error | undefined;
  parser.onopentag = ({ name, attributes }) => {
    listener.open?.(local(name), attributes as Record<string, string>);
  };
  parser.onclosetag = (name) => listener.close?.(local(name));
  parser.ontext = (text) => listener.text?.(text);
  parser.oncdata = (text) => listener.text?.(text);
  parser.onerror = (error) => {
    failed ??= error;
  };
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      parser.write(decoder.decode(piece, { stream: true }));
      if (failed !== undefined) break;
      yield piece.length;
    }
  } catch (error) {
    // A stream that cannot be unpacked; what a caller does between pieces does not come here.
    failed = error instanceof Error ? error : new Error(String(error));
  } finally {
    stream.destroy();
  }
  if (failed !== undefined) throw new TableError({ message: 'contact-import.problem.workbook' });
}

/** Reads a part to its end. */
export async function drained(pieces: AsyncGenerator<number>): Promise<void> {
  for (;;) if ((await pieces.next()).done === true) return;
}

/** Reads a whole small part. */
export const readXml = (stream: Readable, listener: XmlListener): Promise<void> =>
  drained(xmlPieces(stream, listener));
