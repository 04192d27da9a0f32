import { argonHasher } from '../../adapters/crypto/password.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexUsageReports, type ConfigurationParts } from '../configuration/index.js';
import type { SessionStore } from '../users/index.js';
import { agentTopic } from './agent-live.js';
import { agentPages } from './agent-pages.js';
import { AgentService } from './agent-service.js';
import { KnexAgentStore } from './knex-agent-store.js';

export { agentSchema, NO_OUTSIDE, type AgentValues, type StoredAgent } from './agent.js';
export { AgentService } from './agent-service.js';

/** What agents are wired with beside what all set-up features need. */
export interface AgentsParts extends ConfigurationParts {
  readonly sessions: Pick<SessionStore, 'endAll'>;
}

/** People who answer calls. */
export interface AgentsFeature extends FeatureModule {
  readonly service: AgentService;
}

/** Wires agents on MariaDB. */
export function makeAgentsFeature(parts: AgentsParts): AgentsFeature {
  const store = new KnexAgentStore(parts.database, knexAuditLog);
  const service = new AgentService(store, parts.announcer, parts.secrets, {
    hashPassword: (password) => argonHasher.hash(password),
    endSessions: async (id) => {
      await parts.sessions.endAll(id);
    },
  });
  return {
    name: 'agents',
    service,
    pages: agentPages({
      service,
      store,
      live: parts.live,
      usage: new KnexUsageReports(parts.database),
      country: parts.country,
    }),
    liveTopics: [agentTopic],
    menu: [
      {
        group: 'people',
        label: 'agents.title',
        icon: 'headset',
        href: '/setup/agents',
        access: 'agents.edit',
        order: 10,
      },
    ],
  };
}
