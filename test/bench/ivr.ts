import { measureMenuCalls } from './ivr-calls.js';
import { runSessions } from './ivr-sessions.js';

const SESSIONS = 1_000;
const WARM_UP_MS = 500;

/**
 * `npm run bench:ivr [-- --seconds n] [--calls]`: many callers in one flow at once, in the interpreter on a virtual clock; with
 * `--calls` also keys of callers in menus on the real Asterisk.
 */
async function main(): Promise<void> {
  const at = process.argv.indexOf('--seconds');
  const limitMs = (at > 0 ? Number(process.argv[at + 1]) : 4) * 1_000;
  runSessions(SESSIONS, WARM_UP_MS);
  const found = runSessions(SESSIONS, limitMs);
  process.stdout.write(
    `${String(found.sessions)} sessions: ${String(found.stepsPerSecond)} steps/s, ` +
      `${String(found.decisionsPerSecond)} decisions/s, p99 ${String(found.p99us)} us\n`,
  );
  const calls = process.argv.includes('--calls') ? { calls: await measureMenuCalls() } : {};
  process.stdout.write(`${JSON.stringify({ bench: 'ivr', ...found, ...calls })}\n`);
}

await main();
