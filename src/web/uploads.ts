import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request } from 'express';
import { AppError } from '../kernel/errors.js';
import type { FormBody } from './kit/page-context.js';
import type { Upload } from './kit/uploads.js';

const MAX_FILES = 10;
const MAX_FIELDS = 100;
const MAX_FIELD_BYTES = 64 * 1024;

export interface MultipartForm {
  readonly body: FormBody;
  readonly uploads: readonly Upload[];
  /** Deletes the temporary files. */
  remove(): Promise<void>;
}

/** The refusal of a file that is too large, shown beside its field. */
function tooLarge(field: string, limit: number): AppError {
  const max = Math.floor(limit / 1_048_576);
  const message = 'form.problem.file-too-large';
  return new AppError('invalid-fields', message, [{ field, message, params: { max } }]);
}

/**
 * Reads a form with files. Fields must come before files: `onFields` gets them when the first file begins, and may throw
 * (CSRF) so that nothing is stored. Files that exceed `limit` bytes together are refused and removed.
 */
export async function readMultipart(
  req: Request,
  limit: number,
  onFields: (body: FormBody) => void,
): Promise<MultipartForm> {
  const folder = await mkdtemp(join(tmpdir(), 'cordboard-upload-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const form = await receive(req, limit, folder, onFields);
    return { ...form, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function receive(
  req: Request,
  limit: number,
  folder: string,
  onFields: (body: FormBody) => void,
): Promise<{ body: FormBody; uploads: readonly Upload[] }> {
  return new Promise((resolve, reject) => {
    const parser = parserOf(req, limit);
    // A field may be called `constructor`: what every object has is none of the form's.
    const body = Object.create(null) as Record<string, string | readonly string[]>;
    const files: Promise<Upload | undefined>[] = [];
    let isChecked = false;
    const fail = (error: unknown): void => {
      req.unpipe(parser);
      req.resume();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const check = (): void => {
      if (!isChecked) onFields(body);
      isChecked = true;
    };
    parser.on('field', (name, value) => {
      addField(body, name, value);
    });
    parser.on('file', (field, stream, info) => {
      try {
        check();
      } catch (error) {
        stream.resume();
        fail(error);
        return;
      }
      const path = join(folder, String(files.length));
      const stored = store({ field, stream, info, path, limit });
      stored.catch(fail);
      files.push(stored);
    });
    parser.on('error', (error) => {
      fail(malformed(error));
    });
    parser.on('close', () => {
      Promise.all(files)
        .then((found) => {
          check();
          resolve({ body, uploads: found.filter((file) => file !== undefined) });
        })
        .catch(fail);
    });
    req.pipe(parser);
  });
}

const BROKEN = 'form.problem.broken-form';
/** What was sent is no form, or broke off in the middle: whoever sent it is told, and nothing of ours has failed. */
const malformed = (cause: unknown): AppError =>
  new AppError('invalid-fields', BROKEN, [{ field: '', message: BROKEN }], { cause });

function parserOf({ headers }: Request, limit: number): busboy.Busboy {
  try {
    return busboy({
      headers,
      defParamCharset: 'utf8',
      limits: { files: MAX_FILES, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES, fileSize: limit },
    });
  } catch (error) {
    // It says so by throwing where the type names no boundary.
    throw malformed(error);
  }
}

function addField(
  body: Record<string, string | readonly string[]>,
  name: string,
  value: string,
): void {
  const before = body[name];
  if (before === undefined) body[name] = value;
  else body[name] = [...(typeof before === 'string' ? [before] : before), value];
}

interface IncomingFile {
  readonly field: string;
  readonly stream: Readable & { readonly truncated?: boolean };
  readonly info: { readonly filename: string | undefined; readonly mimeType: string };
  readonly path: string;
  readonly limit: number;
}

/** Undefined for a file field that was left empty: browsers send it without a name. A chosen file may have 0 bytes. */
async function store(file: IncomingFile): Promise<Upload | undefined> {
  const target = createWriteStream(file.path, { mode: 0o600 });
  try {
    await pipeline(file.stream, target);
  } catch (error) {
    throw file.stream.errored === null ? error : malformed(error);
  }
  if (file.stream.truncated) throw tooLarge(file.field, file.limit);
  if (target.bytesWritten === 0 && (file.info.filename ?? '') === '') return undefined;
  return {
    field: file.field,
    fileName: file.info.filename ?? '',
    mimeType: file.info.mimeType,
    path: file.path,
    bytes: target.bytesWritten,
  };
}
