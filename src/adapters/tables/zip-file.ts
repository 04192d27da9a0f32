import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { TableError } from '../../features/contacts/importing/table-file.js';

/** A part that unpacks to more is refused: no honest sheet is so large, and a made one would fill the disk. */
const MAX_PART_BYTES = 4 * 1024 * 1024 * 1024;

/** The parts of a workbook, read where they lie. */
export interface ZipFile {
  has(name: string): boolean;
  /** Unpacked bytes. */
  sizeOf(name: string): number;
  open(name: string): Promise<Readable>;
  close(): void;
}

/** Opens a zip archive; throws {@link TableError} where it is none, or broken. */
export async function openZip(path: string): Promise<ZipFile> {
  const archive = await opened(path);
  const entries = new Map<string, yauzl.Entry>();
  await new Promise<void>((resolve, reject) => {
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.set(entry.fileName.replace(/^\//, ''), entry);
      archive.readEntry();
    });
    archive.once('end', resolve);
    archive.once('error', reject);
    archive.readEntry();
  }).catch(() => {
    archive.close();
    throw broken();
  });
  return {
    has: (name) => entries.has(name),
    sizeOf: (name) => entries.get(name)?.uncompressedSize ?? 0,
    open: (name) => openPart(archive, entries.get(name)),
    close: () => {
      archive.close();
    },
  };
}

const broken = (): TableError => new TableError({ message: 'contact-import.problem.workbook' });

const opened = (path: string): Promise<yauzl.ZipFile> =>
  new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, archive) => {
      // Whatever the library finds wrong, to a person it is a broken file.
      if (error !== null) reject(broken());
      else resolve(archive);
    });
  });

function openPart(archive: yauzl.ZipFile, entry: yauzl.Entry | undefined): Promise<Readable> {
  if (entry === undefined || entry.uncompressedSize > MAX_PART_BYTES)
    return Promise.reject(broken());
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error !== null) reject(broken());
      else resolve(stream);
    });
  });
}
