import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ReplicationResult } from '../../src/simulation/acd/acd-simulation.js';
import type { TheoryAnswer, TheoryJob } from './theory-sites.js';

const WORKER = fileURLToPath(new URL('./theory-worker.ts', import.meta.url));

/** A replication to run, without the number that the crew gives it. */
export type Wanted = Omit<TheoryJob, 'id'>;

/**
 * Runs replications on all cores at once and gives the results in the order of `wanted`. `onDone` hears how many are done
 * whenever one is. Rejects where a worker dies.
 */
export async function runAll(
  wanted: readonly Wanted[],
  onDone: (done: number) => void,
): Promise<readonly ReplicationResult[]> {
  const results = new Map<number, ReplicationResult>();
  const left = wanted.map((job, id): TheoryJob => ({ ...job, id }));
  const workers: ChildProcess[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      // NaN, which says that nothing was measured, does not survive JSON.
      const worker = fork(WORKER, { serialization: 'advanced' });
      workers.push(worker);
      const next = (): void => {
        const job = left.shift();
        if (job === undefined) resolve();
        else worker.send(job);
      };
      worker.on('message', ({ id, result }: TheoryAnswer) => {
        results.set(id, result);
        onDone(results.size);
        next();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`a worker ended with ${String(code)}`));
      });
      next();
    });
  try {
    const count = Math.min(availableParallelism(), wanted.length);
    await Promise.all(Array.from({ length: count }, work));
  } finally {
    for (const worker of workers) worker.kill();
  }
  return wanted.flatMap((_, id) => results.get(id) ?? []);
}
