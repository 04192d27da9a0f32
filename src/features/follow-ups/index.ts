import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { CallLog } from '../../telephony/calls/services.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveView } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  KnexSettingStore,
  readSetting,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import type { CallingWindows } from './calling-window.js';
import { DispositionResults } from './knex-disposition-results.js';
import { watchDue } from './escalation.js';
import { FOLLOW_UP_SETTING } from './escalation-setting.js';
import { followUpApi } from './follow-up-api.js';
import { followUpPages } from './follow-up-pages.js';
import { FollowUpService } from './follow-up-service.js';
import { KnexDueStore } from './knex-due-store.js';
import { KnexFollowUpStore } from './knex-follow-up-store.js';
import { addTimesPage } from './times-page.js';

export { bookingSchema, zonesOf } from './booking.js';
export { bookingOptions } from './booking-pages.js';
export { DispositionResults, type ChosenDisposition } from './knex-disposition-results.js';
export { FollowUpService } from './follow-up-service.js';
export { makeCallingWindows } from './knex-calling-windows.js';
export { KnexAppointments } from './knex-appointments.js';
export { lineView } from './follow-up-view.js';
export type { FollowUpQuery } from './follow-up.js';
export { onlyContactWith } from './knex-followed-call.js';

export interface FollowUpsFeature extends FeatureModule {
  readonly service: FollowUpService;
  /** To be told what agents say that their calls came to. */
  readonly results: DispositionResults;
}

export interface FollowUpsParts extends Pick<
  ConfigurationParts,
  'database' | 'announcer' | 'country'
> {
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
  readonly directory: Pick<Directory, 'current'>;
  readonly windows: CallingWindows;
}

/** What follows from dispositions, on MariaDB. */
export const openDispositionResults = ({
  database,
  country,
  directory,
  clock,
}: Pick<FollowUpsParts, 'database' | 'country' | 'directory' | 'clock'>): DispositionResults =>
  new DispositionResults({
    ...{ database, directory, clock },
    store: new KnexFollowUpStore(database, country),
  });

/** Wires what people and calls promise on MariaDB; the number in the menu is of those overdue. */
export function makeFollowUpsFeature(parts: FollowUpsParts): FollowUpsFeature {
  const { database, announcer, clock, zone, country, windows } = parts;
  const store = new KnexFollowUpStore(database, country);
  const service = new FollowUpService({
    store,
    windows,
    audit: knexAuditLog(database),
    clock,
    zone,
  });
  const pages = followUpPages({ service, clock });
  addTimesPage(
    pages,
    new SettingService(new KnexSettingStore(database, knexAuditLog, FOLLOW_UP_SETTING), announcer, {
      permission: 'reasons.edit',
      announces: 'settings',
    }),
  );
  return {
    name: 'follow-ups',
    service,
    results: openDispositionResults(parts),
    pages,
    api: followUpApi(service, country),
    menu: [
      {
        group: 'outbound',
        label: 'follow-ups.menu',
        icon: 'calendar',
        href: '/appointments',
        access: 'follow-ups.use',
        order: 40,
        count: (actor) => service.countOverdue(actor),
      },
      {
        group: 'people',
        label: 'follow-ups.times.title',
        icon: 'calendar',
        href: '/setup/follow-ups',
        access: 'reasons.edit',
        order: 47,
      },
    ],
  };
}

/** Older pictures of what happens say nothing of who is there. */
const FRESH_MS = 60_000;

/** Looks after what is due and nobody does, until the scope ends. */
export function startFollowUpJobs(
  server: Scope,
  parts: {
    readonly database: Database;
    readonly live: Pick<LiveView, 'current' | 'receivedAt'>;
    readonly clock: Clock;
    readonly log: Pick<CallLog, 'info' | 'warn'>;
  },
): void {
  const { database, live, clock, log } = parts;
  watchDue(server, {
    ...{ clock, log, store: new KnexDueStore(database) },
    times: async () => (await readSetting(database, FOLLOW_UP_SETTING)).value,
    snapshot: () => (clock.now() - live.receivedAt <= FRESH_MS ? live.current : undefined),
  });
}
