import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WhatIfAnswer, WhatIfQuestion } from '../../engines/dialer/what-if.js';

const HEAP_MB = 128;

/**
 * Simulates in a thread of its own, so that calls and pages do not wait for it. Rejects where it fails; an aborted signal ends
 * the thread. The simulation is loaded by its name, in that thread only: nothing of it becomes part of the program.
 */
export function askWhatIf(question: WhatIfQuestion, signal: AbortSignal): Promise<WhatIfAnswer> {
  return new Promise((resolve, reject) => {
    const worker = start(question);
    const stop = (): void => {
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (answer: WhatIfAnswer) => {
      resolve(answer);
    });
    worker.once('error', (error) => {
      reject(error instanceof Error ? error : new Error('the simulation failed'));
    });
    // After an answer this says nothing any more.
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop);
      reject(new Error(signal.aborted ? 'the simulation was stopped' : 'the simulation ended'));
    });
    if (signal.aborted) stop();
  });
}

/** Where sources run by tsx (tests, development), the thread must load tsx for itself. */
function start(question: WhatIfQuestion): Worker {
  const options = { workerData: question, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } };
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(
      new URL('../../simulation/dialer/what-if-worker.js', import.meta.url),
      options,
    );
  const file = fileURLToPath(new URL('../../simulation/dialer/what-if-worker.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const code = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(file)});`;
  return new Worker(code, { ...options, eval: true });
}
