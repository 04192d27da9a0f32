import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexVoicemailStore } from './knex-voicemail-store.js';
import { voicemailPages } from './voicemail-pages.js';
import { VoicemailService } from './voicemail-service.js';

export { VoicemailService } from './voicemail-service.js';

/** Messages that callers left. */
export interface VoicemailFeature extends FeatureModule {
  readonly service: VoicemailService;
}

/** Wires the list of messages. */
export function makeVoicemailFeature(database: Database, clock: Clock): VoicemailFeature {
  const service = new VoicemailService(
    new KnexVoicemailStore(database),
    knexAuditLog(database),
    clock,
  );
  return {
    name: 'voicemail',
    service,
    pages: voicemailPages(service),
    menu: [
      {
        group: 'calls',
        label: 'voicemail.title',
        icon: 'microphone',
        href: '/voicemail',
        access: 'voicemail.read',
        order: 20,
        count: (actor) => service.countNew(actor),
      },
    ],
  };
}
