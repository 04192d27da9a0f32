import type { Database } from '../../adapters/mysql/database.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { auditPages } from './audit-pages.js';
import { KnexAuditReports } from './knex-audit-reports.js';

export { auditField, auditKind, auditVerb } from './audit-words.js';
export { changesOf, type AuditRow } from './knex-audit-rows.js';
export { knexAuditLog } from './knex-audit-log.js';

/** The page that reads the audit log; features write to it with {@link knexAuditLog}. */
export const makeAuditFeature = (database: Database): FeatureModule => ({
  name: 'audit',
  pages: auditPages(new KnexAuditReports(database)),
  menu: [
    {
      group: 'system',
      label: 'audit.title',
      icon: 'clipboard-list',
      href: '/setup/audit',
      access: 'audit.read',
      order: 20,
    },
  ],
});
