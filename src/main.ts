import { loadConfig } from './config.js';
import { Scope } from './kernel/scope.js';
import { startCalls } from './wiring/calls-role.js';
import { layFoundation, type Foundation } from './wiring/foundation.js';
import { startJobs } from './wiring/jobs-role.js';
import { startWeb } from './wiring/web-role.js';

/** A part that runs, and how to end it without touching living calls. */
interface RunningPart {
  close(): Promise<void>;
}

/** How long a clean end may take before the process leaves anyway; the next one takes the calls up. */
const CLOSE_LIMIT_MS = 8_000;

/** Boot, in numbered steps. Roles are switched by configuration; one process may have all of them. */
async function boot(server: Scope, base: Foundation): Promise<readonly RunningPart[]> {
  const { config, log } = base;
  const parts: RunningPart[] = [];
  // 1. What must last: events on their way to the database, recordings on their way from the nodes.
  if (config.roles.has('jobs')) parts.push(startJobs(server, base));
  // 2. Pages before calls: nodes fetch their prompts from here.
  if (config.roles.has('web')) parts.push(await startWeb(base));
  // 3. Calls, last: from here on the telephone rings.
  if (config.roles.has('calls')) parts.push(await startCalls(server, base));
  log.info({ roles: [...config.roles], http: config.http.port }, 'Cordboard runs');
  return parts;
}

async function close(base: Foundation, parts: readonly RunningPart[]): Promise<void> {
  for (const part of [...parts].reverse()) await part.close();
  await base.close();
}

async function main(): Promise<void> {
  const base = await layFoundation(loadConfig());
  const { log } = base;
  await Scope.run(
    'server',
    async (server) => {
      const parts = await boot(server, base);
      const signal = await new Promise<string>((resolve) => {
        for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, resolve);
      });
      log.info({ signal }, 'Cordboard stops; calls live on and are taken up at the next start');
      setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
      await close(base, parts);
      // Not by ending the scope: that would hang up every call.
      process.exit(0);
    },
    (error) => {
      log.error({ err: error }, 'clearing away failed');
    },
  );
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
