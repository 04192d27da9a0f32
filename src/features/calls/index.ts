import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Desk, LiveView } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { makeRecordingsFeature } from '../recordings/index.js';
import { makeVoicemailFeature } from '../voicemail/index.js';
import { addCallListPages } from './call-list-pages.js';
import { addCallPage } from './call-page.js';
import { callsTopic } from './calls-topic.js';
import { CallsService } from './calls-service.js';
import { KnexCallReports } from './knex-call-reports.js';

export { decisionText } from './decision-text.js';

export interface CallsParts {
  readonly database: Database;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly clock: Clock;
  readonly varDir: string;
  /** ISO 3166 country of the site: how national numbers are read in searches. */
  readonly country: string;
}

/** Wires everything about calls that were: the list and the page of a call, recordings, messages. */
export function makeCallsFeatures(parts: CallsParts): readonly FeatureModule[] {
  const { database, clock, live } = parts;
  const voicemail = makeVoicemailFeature(database, clock);
  const recordings = makeRecordingsFeature(database, parts.varDir, clock, (actor, id) =>
    voicemail.service.markHeard(actor, id, true),
  );
  const service = new CallsService(
    new KnexCallReports(database, parts.country),
    parts.desk,
    knexAuditLog(database),
  );
  const pages = new PageRoutes();
  addCallListPages(pages, { service, live, clock });
  addCallPage(pages, { service, recordings: recordings.service, live, clock });
  const calls: FeatureModule = {
    name: 'calls',
    pages,
    menu: [
      {
        group: 'calls',
        label: 'calls.title',
        icon: 'phone',
        href: '/calls',
        access: ['calls.read', 'calls.read-own'],
        order: 10,
      },
    ],
    liveTopics: [callsTopic],
  };
  return [calls, recordings, voicemail];
}
