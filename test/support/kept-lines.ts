import type { KeptLines } from '../../src/telephony/calls/campaign-writes.js';

/** The file of unsent lines as the process after this one finds it, in memory. */
export class LinesInMemory implements KeptLines {
  lines: string[] = [];

  constructor(private readonly former?: LinesInMemory) {}

  get size(): number {
    return this.lines.reduce((sum, line) => sum + line.length + 1, 0);
  }

  takeLeft(keep: (lines: readonly string[]) => void): void {
    if (this.former === undefined) return;
    keep(this.former.lines);
    this.former.lines = [];
  }

  add(line: string): void {
    this.lines.push(line);
  }

  clear(): void {
    this.lines = [];
  }
}
