import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { FollowUpService } from '../follow-ups/index.js';
import { callWorkPages } from './call-work-pages.js';
import { CallWorkService, type CallsAtHand } from './call-work-service.js';
import { KnexCallWorkStore } from './knex-call-work-store.js';

export interface CampaignWorkParts {
  readonly database: Database;
  readonly directory: Pick<Directory, 'current'>;
  readonly calls: CallsAtHand;
  readonly followUps: FollowUpService;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** Wires what agents do in calls of campaigns, as a part of the agent's page. */
export function makeCampaignWorkFeature(parts: CampaignWorkParts): FeatureModule {
  const { database, directory, calls, followUps, clock, zone } = parts;
  const store = new KnexCallWorkStore(database);
  const service = new CallWorkService({
    ...{ store, calls, followUps, clock, zone },
    audit: knexAuditLog(database),
  });
  return {
    name: 'campaign-work',
    pages: callWorkPages({ service, followUps, directory, clock }),
    menu: [],
  };
}
