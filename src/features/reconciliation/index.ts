import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexReconcilerStore } from './knex-reconciler-store.js';
import { KnexReconciliationNames } from './knex-reconciliation-names.js';
import { KnexReconciliationStore } from './knex-reconciliation-store.js';
import { keepReconciled, type ReconcilerParts } from './reconciler.js';
import { reconciliationPages } from './reconciliation-pages.js';
import { RECONCILIATION_ACCESS, ReconciliationService } from './reconciliation-service.js';

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  /** IANA zone of the site. */
  readonly zone: string;
}

/** The pages on which the figures of each day are counted anew; the number in the menu is of days that do not add up. */
export function makeReconciliationFeature({ database, clock, zone }: Parts): FeatureModule {
  const service = new ReconciliationService({
    store: new KnexReconciliationStore(database),
    audit: knexAuditLog(database),
    ...{ clock, zone },
  });
  return {
    name: 'reconciliation',
    pages: reconciliationPages({ service, names: new KnexReconciliationNames(database) }),
    menu: [
      {
        group: 'reports',
        label: 'reconciliation.menu',
        icon: 'scale',
        href: '/reports/reconciliation',
        access: RECONCILIATION_ACCESS,
        order: 90,
        count: (actor) => service.countDiffering(actor),
      },
    ],
  };
}

/** Counts days anew until the scope ends: each night, and when somebody asks. For the role `jobs`. */
export function startReconciliation(
  server: Scope,
  { database, clock, zone, ...parts }: Parts & Pick<ReconcilerParts, 'log' | 'raiseAlarm'>,
): void {
  keepReconciled(server, {
    ...{ ...parts, clock, zone },
    store: new KnexReconcilerStore(database, zone, knexAuditLog),
  });
}
