import { runSessions } from './ivr-sessions.js';

const SESSIONS = 1_000;
const WARM_UP_MS = 500;

/** `npm run bench:ivr [-- --seconds n]`: many callers in one flow at once, in the interpreter on a virtual clock. */
function main(): void {
  const at = process.argv.indexOf('--seconds');
  const limitMs = (at > 0 ? Number(process.argv[at + 1]) : 4) * 1_000;
  runSessions(SESSIONS, WARM_UP_MS);
  const found = runSessions(SESSIONS, limitMs);
  process.stdout.write(
    `${String(found.sessions)} sessions: ${String(found.stepsPerSecond)} steps/s, ` +
      `${String(found.decisionsPerSecond)} decisions/s, p99 ${String(found.p99us)} us\n`,
  );
  process.stdout.write(`${JSON.stringify({ bench: 'ivr', ...found })}\n`);
}

main();
