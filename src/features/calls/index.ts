import type { Announcer } from '../../kernel/announcer.js';
import type { LiveView } from '../../telephony/live.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  makeRecordingsFeature,
  type RecordingShelf,
  type RecordingsParts,
} from '../recordings/index.js';
import { makeVoicemailFeature, type VoicemailParts } from '../voicemail/index.js';
import { addCallListPages } from './call-list-pages.js';
import { addCallPage } from './call-page.js';
import { callsTopic } from './calls-topic.js';
import { CallsService } from './calls-service.js';
import { KnexCallReports } from './knex-call-reports.js';

export { causeKey, sipKey } from './causes.js';
export { decisionText } from './decision-text.js';
export { endReasonText } from './reason-text.js';
export { PERIODS, timeRange } from './period.js';
export { tellStory } from './story.js';

export interface CallsParts extends VoicemailParts {
  readonly live: LiveView;
  readonly announcer: Announcer;
  readonly shelf: RecordingShelf;
  readonly log: RecordingsParts['log'];
}

/** Wires everything about calls that were: the list and the page of a call, recordings, messages. */
export function makeCallsFeatures(parts: CallsParts): readonly FeatureModule[] {
  const { database, clock, live } = parts;
  const voicemail = makeVoicemailFeature(parts);
  const recordings = makeRecordingsFeature({
    ...parts,
    onMessageHeard: (actor, id) => voicemail.service.markHeard(actor, id, true),
  });
  const service = new CallsService(
    new KnexCallReports(database, parts.country),
    parts.desk,
    knexAuditLog(database),
  );
  const pages = new PageRoutes();
  addCallListPages(pages, { service, live, clock });
  addCallPage(pages, {
    ...{ service, live, clock },
    ...{ recordings: recordings.service, care: recordings.care },
  });
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
