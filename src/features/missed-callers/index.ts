import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { Desk } from '../../telephony/live.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import {
  addSettingPages,
  KnexSettingStore,
  readSetting,
  SettingService,
  type ConfigurationParts,
} from '../configuration/index.js';
import { foldMissed } from './knex-missed-fold.js';
import { KnexMissedReports } from './knex-missed-reports.js';
import { KnexMissedStore } from './knex-missed-store.js';
import { addLostReport } from './lost-report-page.js';
import { MissedJob } from './missed-job.js';
import { MISSED_PATH, missedPages } from './missed-pages.js';
import { MISSED_ACCESS, MISSED_SUPERVISION, MissedService } from './missed-service.js';
import { MISSED_LIMITS, MISSED_SETTING, missedRulesSchema } from './missed-setting.js';

interface Parts extends Pick<ConfigurationParts, 'database' | 'announcer' | 'country'> {
  readonly desk: Desk;
  readonly clock: Clock;
}

/** Wires the list of people who did not reach us, its report and its rules; the number in the menu is of those open. */
export function makeMissedCallersFeature(parts: Parts): FeatureModule {
  const { database, announcer, country, desk, clock } = parts;
  const service = new MissedService({
    reports: new KnexMissedReports(database, country),
    store: new KnexMissedStore(database, knexAuditLog),
    ...{ desk, clock },
  });
  const pages = missedPages({ service, clock });
  addLostReport(pages, { service, clock });
  addSettingPages(pages, {
    ...{ path: '/setup/missed-callers', permission: 'reasons.edit' },
    ...{ view: 'missed-callers/rules', prefix: 'missed-callers.rules' },
    ...{ saved: 'missed-callers.rules.saved', schema: missedRulesSchema },
    service: new SettingService(
      new KnexSettingStore(database, knexAuditLog, MISSED_SETTING),
      announcer,
      { permission: 'reasons.edit', announces: 'settings' },
    ),
    values: ({ dueMs, withShort }) => ({ dueS: dueMs / 1_000, withShort }),
    data: ({ t }) => ({
      title: t('missed-callers.rules.title'),
      styles: ['setup'],
      limits: MISSED_LIMITS,
    }),
  });
  return {
    name: 'missed-callers',
    pages,
    menu: [
      {
        ...{ group: 'calls', label: 'missed-callers.title', icon: 'phone-x' },
        ...{ href: MISSED_PATH, access: MISSED_ACCESS, order: 15 },
        count: async (actor) => (await service.counts(actor)).open,
      },
      {
        ...{ group: 'reports', label: 'missed-callers.report.menu', icon: 'phone-x' },
        ...{ href: '/reports/missed-callers', access: MISSED_SUPERVISION, order: 30 },
      },
      {
        ...{ group: 'people', label: 'missed-callers.rules.title', icon: 'phone-x' },
        ...{ href: '/setup/missed-callers', access: 'reasons.edit', order: 48 },
      },
    ],
  };
}

/** Opens and closes rows as calls end, until the scope ends. Call `wake` when the ledger has written something. */
export function startMissedCallers(
  server: Scope,
  {
    database,
    ...parts
  }: {
    readonly database: Database;
    readonly clock: Clock;
    readonly log: { warn(fields: object, message: string): void };
  },
): Pick<MissedJob, 'wake'> {
  const job = new MissedJob({
    ...parts,
    fold: async () => foldMissed(database, (await readSetting(database, MISSED_SETTING)).value),
  });
  job.start(server);
  return job;
}
