/**
 * `node dist/tasks/demo.js`: keeps simulated callers and agents busy, so that every page is alive, until SIGTERM or SIGINT.
 * A few calls at a time. When another program takes the carrier over (a test, the first call), it waits and comes back.
 */
import { systemClock as clock } from '../adapters/clock/system-clock.js';
import { makeSealer } from '../adapters/crypto/seal.js';
import { makeLogger } from '../adapters/log/logger.js';
import { openDatabase } from '../adapters/mysql/database.js';
import { openRedis } from '../adapters/redis/connection.js';
import { openDesk } from '../adapters/redis/desk.js';
import { loadConfig, type Config } from '../config.js';
import { loadCarrierSettings } from '../demo/carrier-settings.js';
import { Carrier } from '../demo/carrier.js';
import { Chance } from '../demo/chance.js';
import { AGENTS } from '../demo/company.js';
import { simulateAgents, type SimulatedAgent } from '../demo/simulated-agents.js';
import { simulateCallers } from '../demo/simulated-callers.js';
import { openDirectory } from '../features/directory/index.js';
import { Cancelled, Scope } from '../kernel/scope.js';

const CARRIER_BACK_MS = 60_000;

const config = loadConfig();
const log = makeLogger(config.logLevel);
const chance = new Chance();

await Scope.run('demo', async (scope) => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      scope.cancel(signal);
    });
  const redis = openRedis(config.redisUrl, log);
  scope.defer(() => {
    redis.disconnect();
  });
  const desk = openDesk(redis, log);
  scope.defer(() => {
    desk.close();
  });
  const agents = await findAgents(config);
  for (;;) {
    await scope
      .run('carrier', async (own) => {
        const carrier = await Carrier.connect(loadCarrierSettings().ari, (reason) => {
          log.warn({ reason }, 'the carrier is lost');
          own.cancel('carrier lost');
        });
        own.defer(() => carrier.close());
        log.info({ agents: agents.length }, 'the demonstration runs');
        simulateAgents(own, { carrier, desk, clock, chance, log }, agents);
        simulateCallers(own, { carrier, clock, chance, log });
        await own.wait(new Promise(() => undefined));
      })
      .catch((error: unknown) => {
        if (!(error instanceof Cancelled) || scope.cancelled) throw error;
      });
    await clock.sleep(CARRIER_BACK_MS, scope.signal);
  }
}).catch((error: unknown) => {
  if (!(error instanceof Cancelled)) throw error;
  log.info({ reason: error.reason }, 'the demonstration stops');
});

/** The seeded agents that still exist, with the desk phones that the carrier plays. */
async function findAgents(config: Config): Promise<SimulatedAgent[]> {
  const database = openDatabase(config.database, 1);
  try {
    const directory = await openDirectory(database, makeSealer(config.secretKey), log);
    const { agents, extensionsByNumber } = directory.current;
    directory.close();
    return AGENTS.flatMap((demo) => {
      const agent = [...agents.values()].find((a) => a.number === demo.number);
      const extension = extensionsByNumber.get(demo.extension);
      return agent === undefined || extension === undefined
        ? []
        : [{ id: agent.id, extensionId: extension.id, extension: extension.number }];
    });
  } finally {
    await database.destroy();
  }
}
