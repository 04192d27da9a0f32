import { watchRedis } from './adapters/redis/connection.js';
import { publishHealth } from './adapters/redis/health.js';
import { awaitLease } from './adapters/redis/lease.js';
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

/** Of several copies of the program one has each of these roles; all have pages. */
const SINGLE_ROLES = ['jobs', 'calls'] as const;
/** sysexits.h: try again later. What keeps the program running starts it again, to wait for its turn. */
const EX_TEMPFAIL = 75;

/** Resolves when this process is the one that has its roles; until then it stands by. */
function takeCharge(server: Scope, base: Foundation): Promise<readonly RunningPart[]> {
  const { config, clock, log } = base;
  const redis = base.redis.duplicate();
  watchRedis(redis, log);
  return server.run('standing by', async (scope) => {
    let isStandby = false;
    const onWaiting = (): void => {
      if (isStandby) return;
      isStandby = true;
      log.info('another process is in charge; this one is ready to take over');
      publishHealth(scope, base, 'standby', () => ({}));
    };
    const onLost = (why: string): void => {
      log.fatal({ why }, 'this process is not in charge any more, and ends');
      process.exit(EX_TEMPFAIL);
    };
    const leases = await Promise.all(
      SINGLE_ROLES.filter((role) => config.roles.has(role)).map((name) =>
        awaitLease(scope, { redis, name, clock, log, onLost, onWaiting }),
      ),
    );
    return leases.map((lease) => ({ close: () => lease.release() }));
  });
}

/** Boot, in numbered steps. Roles are switched by configuration; one process may have all of them. */
async function boot(server: Scope, base: Foundation): Promise<readonly RunningPart[]> {
  const { config, log } = base;
  const parts: RunningPart[] = [];
  // 1. Pages before calls: nodes fetch their prompts from here.
  if (config.roles.has('web')) parts.push(await startWeb(base));
  // 2. One copy is in charge.
  parts.push(...(await takeCharge(server, base)));
  // 3. What must last: events on their way to the database, recordings on their way from the nodes.
  if (config.roles.has('jobs')) parts.push(await startJobs(server, base));
  // 4. Calls, last: from here on the telephone rings.
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
