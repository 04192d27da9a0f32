import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { webhookKeyOf } from '../adapters/http/webhook-sender.js';
import { makeDecisionLog } from '../adapters/redis/decision-log.js';
import { openDesk } from '../adapters/redis/desk.js';
import { openLiveView } from '../adapters/redis/live.js';
import { makeAgentsFeature } from '../features/agents/index.js';
import { makeAuditFeature } from '../features/audit/index.js';
import { makeCalendarsFeature } from '../features/calendars/index.js';
import { makeCallbacksFeature } from '../features/callbacks/index.js';
import { makeCallsFeatures } from '../features/calls/index.js';
import { makeConferencesFeature } from '../features/conferences/index.js';
import type { ConfigurationParts } from '../features/configuration/index.js';
import { makeDidsFeature } from '../features/dids/index.js';
import { makeDispositionsFeature } from '../features/dispositions/index.js';
import { makeExtensionsFeature } from '../features/extensions/index.js';
import { makeHomeFeature } from '../features/home/index.js';
import { makeHooksFeature } from '../features/hooks/index.js';
import { makeIvrFlowsFeature } from '../features/ivr-flows/index.js';
import { makeLookupsFeature } from '../features/lookups/index.js';
import { makeLiveQueuesFeature } from '../features/live-queues/index.js';
import {
  makeNotReadyReasonsFeature,
  makeNotReadyToday,
} from '../features/not-ready-reasons/index.js';
import { makeTakeMemory } from '../adapters/redis/take-memory.js';
import { makeMusicFeature } from '../features/music/index.js';
import { makePromptsFeature } from '../features/prompts/index.js';
import { makeSpeechFeature, makeVoice } from '../features/speech/index.js';
import { makeQueuesFeature } from '../features/queues/index.js';
import { makeRegionsFeature } from '../features/regions/index.js';
import { makeRoutingFeature } from '../features/routing/index.js';
import { makeSetupFeature } from '../features/setup/index.js';
import { makeSkillsFeature } from '../features/skills/index.js';
import { makeTrunksFeature } from '../features/trunks/index.js';
import { makeUsersFeature, type UsersFeature } from '../features/users/index.js';
import { makeWorkspaceFeature } from '../features/workspace/index.js';
import { routeSources } from '../telephony/calls/route-sources.js';
import type { Directory } from '../telephony/directory.js';
import type { Desk, LiveView } from '../telephony/live.js';
import { createWebApp } from '../web/app.js';
import { projectRoot } from '../web/assets.js';
import type { FeatureModule } from '../web/kit/index.js';
import type { Foundation } from './foundation.js';

/** The role `web`: pages, live values, and the prompt files that nodes fetch. */
export async function startWeb(base: Foundation): Promise<{ close(): Promise<void> }> {
  const { config, redis, log } = base;
  const live = await openLiveView(redis, log);
  const desk = openDesk(redis, log);
  const users = makeUsersFeature(base.database, redis, base.clock);
  const { version } = JSON.parse(readFileSync(`${projectRoot()}/package.json`, 'utf8')) as {
    version: string;
  };
  const app = createWebApp({
    config,
    logger: log,
    version,
    users,
    features: [users, ...makeFeatures(base, users, live, desk)],
    live,
  });
  const server = createServer(app.express);
  const liveSocket = app.attachLive(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.http.port, config.http.host, resolve);
  });
  return {
    close: async () => {
      liveSocket.close();
      live.close();
      desk.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Every feature with pages, but for users. */
export function makeFeatures(
  base: Foundation,
  users: UsersFeature,
  live: LiveView,
  desk: Desk,
): readonly FeatureModule[] {
  const { config, database, announcer, clock, directory, log } = base;
  const parts: ConfigurationParts = {
    database,
    announcer,
    secrets: base.sealer,
    live,
    country: config.country,
  };
  const importFolder = join(config.varDir, 'imports');
  const site = { timezone: config.timezone, country: config.country };
  const calendars = makeCalendarsFeature({ ...parts, clock });
  const routing = makeRoutingFeature({
    ...parts,
    clock,
    log,
    options: {
      skills: () => Promise.resolve(skillOptions(directory)),
      regions: () => Promise.resolve([...directory.current.regions.byId.values()]),
      calendars: () => calendars.service.options(),
    },
    sources: routeSources(directory),
  });
  const speech = { database, secrets: parts.secrets, log, now: () => clock.now() };
  const voice = makeVoice(speech);
  const prompts = makePromptsFeature(database, announcer, config.varDir, {
    voice,
    phone: { desk, memory: makeTakeMemory(base.redis, log) },
  });
  const notReadyToday = makeNotReadyToday({ database, clock, zone: site.timezone, logger: log });
  const home = makeHomeFeature({
    database,
    live,
    clock,
    logger: log,
    timezone: site.timezone,
    directory,
    notReadyToday,
  });
  return [
    home,
    makeLiveQueuesFeature({
      database,
      live,
      desk,
      decisions: makeDecisionLog(base.redis),
      directory,
      clock,
      logger: log,
      zone: site.timezone,
      figures: home.figures,
      notReadyToday,
    }),
    makeWorkspaceFeature({
      database,
      liveView: live,
      desk,
      directory,
      notReadyToday,
      clock,
      zone: site.timezone,
      country: site.country,
    }),
    makeCallbacksFeature({ ...parts, desk, clock }),
    ...makeCallsFeatures({ ...parts, desk, clock, varDir: config.varDir }),
    makeTrunksFeature(parts),
    makeDidsFeature(parts),
    makeExtensionsFeature({
      ...parts,
      site: config.sip,
      importFolder,
    }),
    makeIvrFlowsFeature({ ...parts, clock, zone: site.timezone }),
    makeQueuesFeature({ ...parts, desk, clock }),
    calendars,
    routing,
    makeLookupsFeature({ ...parts, webhookKey: webhookKeyOf(config.secretKey) }),
    makeConferencesFeature(parts),
    makeHooksFeature({ ...parts, redis: base.redis, clock, log, options: routing.options }),
    prompts,
    makeSpeechFeature({ ...parts, ...speech, voice, sounds: prompts }),
    makeMusicFeature(parts),
    makeAgentsFeature({ ...parts, sessions: users.sessions }),
    makeSkillsFeature({ ...parts, directory, importFolder }),
    makeRegionsFeature({ ...parts, importFolder }),
    makeNotReadyReasonsFeature(parts),
    makeDispositionsFeature(parts),
    makeAuditFeature(database),
    makeSetupFeature({ database, redis: base.redis, live, varDir: config.varDir }),
  ];
}

/** Skills with the highest level that anybody has. */
function skillOptions({ current }: Directory) {
  return [...current.skills.values()].map(({ id, name }) => ({
    id,
    name,
    highestLevel: Math.max(
      0,
      ...[...current.agents.values()].map((agent) => agent.skills.get(id) ?? 0),
    ),
  }));
}
