import { readdirSync, readFileSync } from 'node:fs';

/** Ticks a second of /proc/<pid>/stat: 100 on every Linux that runs Node. */
const TICK_MS = 10;

/** Processor time, in ms, that a process and its threads have used since its start. */
export const cpuMs = (pid: number): number => times(pid, 14);

/** The same of everything that it has started: what runs, and what has ended. */
export const childrenCpuMs = (pid: number): number =>
  childrenOf(pid).reduce((sum, child) => sum + cpuMs(child) + childrenCpuMs(child), times(pid, 16));

/** Processes that it has started and that run. */
export const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${String(pid)}/task`).flatMap((thread) =>
    readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((text) => text !== '')
      .map(Number),
  );

/** User and system time are two fields of proc(5), numbered from 1; the second field of all is a command and may hold anything. */
function times(pid: number, field: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[field - 3]) + Number(fields[field - 2])) * TICK_MS;
}

/** Percentiles of a list, null where nothing was measured. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** Nearest rank, to a tenth. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : Math.round(value * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
