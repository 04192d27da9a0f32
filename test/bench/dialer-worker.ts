import { playDays, type Cell } from './dialer-worlds.js';

// A process of its own for each core: plays the days of the cells that it is sent.
process.on('message', ({ cell, days }: { readonly cell: Cell; readonly days: number }) => {
  process.send?.(playDays(cell, days));
});
