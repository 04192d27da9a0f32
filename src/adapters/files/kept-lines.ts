import type { KeptLines } from '../../telephony/calls/campaign-writes.js';
import { leftLines, UnsentLines } from './unsent-lines.js';

/** Lines in a file of a folder, with those that dead processes left there. `onFailure`: the disk takes nothing. */
export function openKeptLines(
  directory: string,
  onFailure: (error: unknown) => void,
): KeptLines & { close(): void } {
  const left = leftLines(directory);
  const lines = UnsentLines.create(directory, onFailure);
  return {
    takeLeft: (keep) => {
      for (const one of left) {
        keep(one.lines);
        one.remove();
      }
    },
    get size() {
      return lines.size;
    },
    add: (line) => {
      lines.add(line);
    },
    clear: () => {
      lines.clear();
    },
    close: () => {
      lines.close();
    },
  };
}
