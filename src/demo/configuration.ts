import { join } from 'node:path';
import { makeSealer } from '../adapters/crypto/seal.js';
import type { Logger } from '../adapters/log/logger.js';
import { openDatabase } from '../adapters/mysql/database.js';
import { makeAnnouncer } from '../adapters/redis/announcer.js';
import { openRedis } from '../adapters/redis/connection.js';
import type { Config } from '../config.js';
import { makeAgentsFeature } from '../features/agents/index.js';
import { makeCalendarsFeature } from '../features/calendars/index.js';
import { makePhoneSettings } from '../features/call-handling/index.js';
import { openConferences } from '../features/conferences/index.js';
import { makeDidsFeature } from '../features/dids/index.js';
import { makeExtensionsFeature } from '../features/extensions/index.js';
import { openFeatureCodes } from '../features/feature-codes/index.js';
import { makeIvrFlowsFeature } from '../features/ivr-flows/index.js';
import { makeLookupsFeature } from '../features/lookups/index.js';
import { makeNotReadyReasonsFeature } from '../features/not-ready-reasons/index.js';
import { makePagingGroupsFeature } from '../features/paging-groups/index.js';
import { makePromptsFeature } from '../features/prompts/index.js';
import { openQueues } from '../features/queues/index.js';
import { openRegions } from '../features/regions/index.js';
import { openSkills } from '../features/skills/index.js';
import { makeSurveysFeature } from '../features/surveys/index.js';
import { makeRingGroupsFeature } from '../features/ring-groups/index.js';
import { makeTrunksFeature } from '../features/trunks/index.js';
import { makeUsersFeature } from '../features/users/index.js';
import { systemClock } from '../adapters/clock/system-clock.js';
import type { LiveView } from '../telephony/live.js';

/** Nobody watches the telephone while it is being set up. */
const NO_LIVE_VALUES: LiveView = {
  current: undefined,
  receivedAt: 0,
  onChange: () => () => undefined,
};

/** The services of the set-up pages, without the pages. */
export type Configuration = ReturnType<typeof openConfiguration>;

/**
 * Opens what an administrator can set up, on MariaDB and Redis, for tasks that set up a company: the same services, checks
 * and audit lines as behind the pages. A running program applies each change at once. Close it at the end.
 */
export function openConfiguration(config: Config, log: Logger) {
  const database = openDatabase(config.database, 4);
  const redis = openRedis(config.redisUrl, log);
  const announcer = makeAnnouncer(redis, log);
  const secrets = makeSealer(config.secretKey);
  const parts = { database, announcer, secrets, live: NO_LIVE_VALUES, country: config.country };
  const skills = openSkills(parts);
  const users = makeUsersFeature(database, redis, systemClock);
  return {
    secrets,
    users: users.service,
    prompts: makePromptsFeature(database, announcer, config.varDir).service,
    extensions: makeExtensionsFeature({
      ...parts,
      site: config.sip,
      importFolder: join(config.varDir, 'imports'),
    }).service,
    queues: openQueues(parts),
    agents: makeAgentsFeature({ ...parts, sessions: users.sessions }).service,
    skills: skills.service,
    levels: skills.levels,
    notReadyReasons: makeNotReadyReasonsFeature(parts).service,
    regions: openRegions(parts),
    trunks: makeTrunksFeature(parts).service,
    dids: makeDidsFeature(parts).service,
    calendars: makeCalendarsFeature({ ...parts, clock: systemClock }).service,
    flows: makeIvrFlowsFeature({ ...parts, clock: systemClock, zone: config.timezone }).service,
    lookups: makeLookupsFeature(parts).service,
    conferences: openConferences(parts),
    surveys: makeSurveysFeature({ ...parts, clock: systemClock }).service,
    ringGroups: makeRingGroupsFeature(parts).service,
    pagingGroups: makePagingGroupsFeature(parts).service,
    featureCodes: openFeatureCodes(parts),
    phoneSettings: makePhoneSettings({ database, announcer, log }),
    /** The site's IANA zone. */
    zone: config.timezone,
    close: async (): Promise<void> => {
      redis.disconnect();
      await database.destroy();
    },
  };
}
