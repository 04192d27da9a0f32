import type { Clock } from '../../kernel/clock.js';
import type { RouteSources } from '../../telephony/calls/route.js';
import type { CallLog } from '../../telephony/calls/services.js';
import { PageRoutes, type FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexTargetStore, type ConfigurationParts } from '../configuration/index.js';
import { KnexCallerContacts } from './knex-caller-contacts.js';
import { KnexCallerHistory } from './knex-caller-history.js';
import { KnexRoutingOptions } from './knex-routing-options.js';
import { KnexRoutingRuleStore } from './knex-routing-rule-store.js';
import type { OptionSources, RoutingOptionsStore } from './routing-options.js';
import { routingPages } from './routing-pages.js';
import { RoutingRuleService } from './routing-rule-service.js';
import { ruleNote } from './rule-words.js';
import { addTryPage, type TryPageParts } from './try-page.js';

export { KnexCallerContacts } from './knex-caller-contacts.js';
export { KnexCallerHistory } from './knex-caller-history.js';
export { routeReasonText } from './route-reason-text.js';
export type { OptionSources, RoutingOptions, RoutingOptionsStore } from './routing-options.js';
export type { RoutingRuleDraft, StoredRoutingRule } from './routing-rule.js';
export { RoutingRuleService } from './routing-rule-service.js';

export interface RoutingParts extends ConfigurationParts {
  readonly clock: Clock;
  readonly log: CallLog;
  /** What other features give to the form: skills, regions, calendars. */
  readonly options: OptionSources;
  /** What other features know of a call, as calls use it. */
  readonly sources: RouteSources;
  readonly openingOf: TryPageParts['openingOf'];
}

/** Rules that decide where calls go before they queue. */
export interface RoutingFeature extends FeatureModule {
  readonly service: RoutingRuleService;
  readonly options: RoutingOptionsStore;
}

/** Wires routing rules on MariaDB. */
export function makeRoutingFeature(parts: RoutingParts): RoutingFeature {
  const { clock, log, sources, country, openingOf } = parts;
  const store = new KnexRoutingRuleStore(parts.database, knexAuditLog);
  const options = new KnexRoutingOptions(parts.database, parts.options);
  const service = new RoutingRuleService(store, parts.announcer, options, ruleNote);
  const history = new KnexCallerHistory(parts.database, () => clock.now());
  const contacts = new KnexCallerContacts(parts.database);
  const targets = new KnexTargetStore(parts.database);
  const pages = addTryPage(new PageRoutes(), {
    ...{ service, options, history, contacts, sources, clock, log, targets, openingOf },
  });
  return {
    name: 'routing',
    service,
    options,
    pages: routingPages({ service, options, country }, pages),
    menu: [
      {
        group: 'routing',
        label: 'routing.title',
        icon: 'route',
        href: '/setup/routing',
        access: 'routing.edit',
        order: 30,
      },
    ],
  };
}
