import { readFileSync } from 'node:fs';

/**
 * When a process started, in the kernel's ticks since boot; undefined where there is no such process. Together with the
 * process id it tells a process apart from a later one that got the same number (proc(5), field 22 of `stat`).
 */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name in parentheses may hold anything, also spaces and parentheses.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Who this process is, as part of a file's name. */
export const ownerName = (): string =>
  `${String(process.pid)}-${processStart(process.pid) ?? 'unknown'}`;

/** True where the process that wrote the name is still there. */
export function ownerLives(owner: string): boolean {
  const [pid, start] = owner.split('-');
  return start !== undefined && processStart(Number(pid)) === start;
}

/** Stands in the name of a file that its process has finished with in order. */
export const NOBODY = '0-closed';
