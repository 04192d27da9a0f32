import type { Directory } from '../../telephony/directory.js';
import type { Desk } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import type { ConfigurationParts } from '../configuration/index.js';
import { ownPhoneTopic } from './call-handling-live.js';
import { callHandlingPages } from './call-handling-pages.js';
import { CallHandlingService } from './call-handling-service.js';
import { KnexCallHandlingStore } from './knex-call-handling-store.js';

export { handlingOf, type HandlingRow } from './knex-call-handling-store.js';
export { ownExtension } from './own-extension.js';
export { lastDialledValues } from './last-dialled.js';
export { makePhoneSettings } from './knex-phone-changes.js';

/** What call handling is wired with beside what all set-up features need. */
export interface CallHandlingDependencies extends ConfigurationParts {
  readonly directory: Pick<Directory, 'current'>;
  readonly desk: Desk;
}

/** Do not disturb, forwards and the like, by extension. */
export interface CallHandlingFeature extends FeatureModule {
  readonly service: CallHandlingService;
}

/** Wires the pages of call handling on MariaDB. */
export function makeCallHandlingFeature(parts: CallHandlingDependencies): CallHandlingFeature {
  const { database, announcer, directory, live, country } = parts;
  const store = new KnexCallHandlingStore(database, knexAuditLog);
  const service = new CallHandlingService({ store, announcer, directory, live, country });
  return {
    name: 'call-handling',
    service,
    pages: callHandlingPages({ service, directory, live, desk: parts.desk }),
    liveTopics: [ownPhoneTopic(service, directory)],
    menu: [
      {
        group: 'work',
        label: 'my-phone.title',
        icon: 'device-landline-phone',
        href: '/my-phone',
        access: 'workspace.use',
        order: 40,
        isFor: (actor) => actor.agentId !== undefined,
      },
    ],
  };
}
