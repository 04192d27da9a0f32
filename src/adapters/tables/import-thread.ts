import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Config } from '../../config.js';
import type { ContactImportId } from '../../kernel/ids.js';

/** What the thread of an import is given. */
export interface ImportWork {
  readonly database: Config['database'];
  readonly folder: string;
  readonly id: ContactImportId;
}

/** Its chunks and its caches need a quarter of it; a file that makes it grow beyond ends the thread, not the program. */
const HEAP_MB = 192;

/**
 * Runs an import in a thread of its own, so that calls and pages do not wait for it. Resolves at its end; rejects where it could
 * not go on. An aborted signal ends the thread: the rows that it was at are not written.
 */
export function runImportThread(work: ImportWork, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = start(work);
    const stop = (): void => {
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    let failure: unknown;
    worker.once('error', (error) => {
      failure = error;
    });
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted)
        reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
      else if (failure !== undefined)
        reject(failure instanceof Error ? failure : new Error('the thread of an import failed'));
      else if (code !== 0) reject(new Error(`the thread of an import ended with ${String(code)}`));
      else resolve();
    });
    if (signal.aborted) stop();
  });
}

/** Where sources run by tsx (tests, development), the thread must load tsx for itself. */
function start(work: ImportWork): Worker {
  const options = { workerData: work, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./import-worker.js', import.meta.url), options);
  const file = fileURLToPath(new URL('./import-worker.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const code = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(file)});`;
  return new Worker(code, { ...options, eval: true });
}
