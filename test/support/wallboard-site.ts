import { makeDecisionLog } from '../../src/adapters/redis/decision-log.js';
import { makeHomeFeature } from '../../src/features/home/index.js';
import { makeLiveQueuesFeature } from '../../src/features/live-queues/index.js';
import { makeNotReadyToday } from '../../src/features/not-ready-reasons/index.js';
import { makeWallboardsFeature } from '../../src/features/wallboards/index.js';
import { makeAuditFeature } from '../../src/features/audit/index.js';
import type { FeatureModule } from '../../src/web/kit/index.js';
import type { SiteParts } from './web.js';

/** The features that a wallboard needs. */
export function wallboardFeatures(parts: SiteParts): readonly FeatureModule[] {
  const { database, live, clock, directory, log, redis, announcer, config } = parts;
  const zone = 'Europe/London';
  const notReadyToday = makeNotReadyToday({ database, clock, zone, logger: log });
  const common = { database, live, clock, directory, logger: log, notReadyToday };
  const home = makeHomeFeature({ ...common, timezone: zone });
  const day = makeLiveQueuesFeature({
    ...{ ...common, zone, figures: home.figures },
    decisions: makeDecisionLog(redis),
    desk: { ask: () => Promise.resolve({ ok: true as const }) },
  });
  return [
    home,
    day,
    makeAuditFeature(database),
    makeWallboardsFeature({
      ...{ database, announcer, clock, logger: log, day, publicUrl: undefined },
      ...{ secretKey: config.secretKey, release: '0.0.0-test' },
    }),
  ];
}
