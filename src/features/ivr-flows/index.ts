import { BlockedHosts } from '../../adapters/http/blocked-hosts.js';
import type { Clock } from '../../kernel/clock.js';
import type { FlowTrials } from '../../telephony/flow-trials.js';
import type { Desk } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { KnexPhoneReports } from '../prompts/index.js';
import { CompareService } from './comparing/compare-service.js';
import { flowPages } from './flow-pages.js';
import { KnexFlowReports } from './flow-reports.js';
import { FlowService } from './flow-service.js';
import { FlowTestService } from './flow-tests/flow-test-service.js';
import { KnexFlowFigures } from './knex-flow-figures.js';
import { KnexFlowTestStore } from './knex-flow-test-store.js';
import { KnexFlowStore } from './knex-flow-store.js';
import { KnexFlowTrials } from './trials/knex-flow-trials.js';
import type { TrialView } from './trials/trial-progress.js';
import { TrialService } from './trials/trial-service.js';
import { trialTopics } from './trials/trial-topic.js';

export { FlowService } from './flow-service.js';
export type { StoredFlow } from './flow.js';
export { KnexFlowTrials } from './trials/knex-flow-trials.js';
export type { TrialView } from './trials/trial-progress.js';

/** What callers hear and choose before they reach a person. */
export interface IvrFlowsFeature extends FeatureModule {
  readonly service: FlowService;
}

/** Wires IVR flows on MariaDB. */
export function makeIvrFlowsFeature(
  parts: Pick<ConfigurationParts, 'database' | 'announcer' | 'country'> & {
    readonly clock: Clock;
    /** The site's IANA zone. */
    readonly zone: string;
    /** Addresses within the network that flows may ask. */
    readonly flowAddresses?: readonly string[];
    /** What test calls need; without it the editor does not offer them. */
    readonly trials?: {
      readonly desk: Desk;
      readonly view: TrialView;
      readonly note: FlowTrials['note'];
    };
  },
): IvrFlowsFeature {
  const { database, announcer, clock, zone, country } = parts;
  const reports = new KnexFlowReports(database);
  const store = new KnexFlowStore(database, knexAuditLog);
  const blocked = new BlockedHosts(parts.flowAddresses ?? [], () => clock.now());
  const service = new FlowService(store, reports, announcer, zone, (hosts) => blocked.among(hosts));
  const tests = new FlowTestService(new KnexFlowTestStore(database), reports, zone);
  const trials =
    parts.trials &&
    new TrialService({
      ...{ flows: service, desk: parts.trials.desk, note: parts.trials.note },
      store: new KnexFlowTrials(database),
      phones: new KnexPhoneReports(database),
      audit: knexAuditLog(database),
    });
  return {
    name: 'ivr-flows',
    service,
    pages: flowPages({
      ...{ service, tests, figures: new KnexFlowFigures(database), clock },
      comparing: new CompareService(store, reports),
      ...(trials && { trials }),
      site: { zone, country },
    }),
    ...(parts.trials && { liveFamilies: [trialTopics(parts.trials.view)] }),
    menu: [
      {
        group: 'routing',
        label: 'flow.title',
        icon: 'sitemap',
        href: '/setup/ivr',
        access: 'flows.edit',
        order: 10,
      },
    ],
  };
}
