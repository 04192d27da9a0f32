import type { Knex } from 'knex';
import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import type { LimitSettings } from '../../telephony/limits.js';
import { PageRoutes, type FeatureModule, type PageContext } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { endReasonText } from '../calls/index.js';
import {
  addSettingPages,
  KnexSettingStore,
  KnexTargetStore,
  LIMIT_SETTING,
  requireTarget,
  SettingService,
  targetGroups,
  type ConfigurationParts,
  type TargetStore,
} from '../configuration/index.js';
import { turnedAwaySince } from './knex-turned-away.js';
import { limitForm, limitValues } from './limits.js';

type Parts = Pick<ConfigurationParts, 'database' | 'announcer'> & {
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
};

const DAY_MS = 86_400_000;

/** Wires the page on MariaDB. */
export function makeLimitsFeature({ database, announcer, directory, clock }: Parts): FeatureModule {
  const store = new KnexSettingStore(database, knexAuditLog, {
    ...LIMIT_SETTING,
    check: requireBusyTarget,
  });
  const targets = new KnexTargetStore(database);
  const pages = new PageRoutes();
  addSettingPages(pages, {
    path: '/setup/limits',
    permission: 'trunks.edit',
    view: 'limits/edit',
    prefix: 'limits.form',
    saved: 'limits.saved',
    schema: limitForm,
    service: new SettingService(store, announcer, {
      permission: 'trunks.edit',
      announces: 'settings',
    }),
    values: limitValues,
    data: (page) => pageData(page, { targets, database, directory, now: clock.now() }),
  });
  return {
    name: 'limits',
    pages,
    menu: [
      {
        ...{ group: 'lines', label: 'limits.title', icon: 'gauge' },
        ...{ href: '/setup/limits', access: 'trunks.edit', order: 80 },
      },
    ],
  };
}

interface PageParts {
  readonly targets: TargetStore;
  readonly database: Database;
  readonly directory: Pick<Directory, 'current'>;
  readonly now: number;
}

async function pageData(page: PageContext, { targets, database, directory, now }: PageParts) {
  const counts = await turnedAwaySince(database, new Date(now - DAY_MS));
  return {
    title: page.t('limits.title'),
    styles: ['setup'],
    targetGroups: targetGroups(page, await targets.options()),
    hasRates: directory.current.rates.length > 0,
    turnedAway: counts.map(({ reason, calls }) => ({
      reason: endReasonText(page.t, reason),
      calls,
    })),
  };
}

const requireBusyTarget = async (tx: Knex, { busyTarget }: LimitSettings): Promise<void> => {
  if (busyTarget !== undefined) await requireTarget(tx, busyTarget, 'busyTarget');
};
