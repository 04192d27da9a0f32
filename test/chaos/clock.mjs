/**
 * Loaded into the program by the chaos run alone: its wall clock jumps as it does where somebody, or NTP, sets it. On SIGUSR2
 * the file named by CHAOS_CLOCK is read: by how many ms Date is wrong from then on. Timers and performance.now() go on, as
 * they do on a real machine.
 */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const RealDate = globalThis.Date;
let offset = 0;

class JumpingDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + offset);
    else super(...args);
  }

  static now() {
    return RealDate.now() + offset;
  }
}

const file = process.env.CHAOS_CLOCK;
// Tools that are started from the program inherit the setting, and have no clock that matters.
if (isMainThread && file !== undefined && process.argv[1]?.endsWith('main.js')) {
  globalThis.Date = JumpingDate;
  process.on('SIGUSR2', () => {
    offset = Number(readFileSync(file, 'utf8'));
  });
}
