import { join } from 'node:path';
import type { Database } from '../../adapters/mysql/database.js';
import type { Clock } from '../../kernel/clock.js';
import type { Scope } from '../../kernel/scope.js';
import type { FeatureModule } from '../../web/kit/index.js';
import { knexAuditLog } from '../audit/index.js';
import { KnexOldCallLedger } from './knex-old-call-ledger.js';
import { KnexQueueLogStore } from './knex-queue-log-store.js';
import { LogFolder } from './log-files.js';
import { queueLogPages } from './queue-log-pages.js';
import { QueueLogService } from './queue-log-service.js';
import type { OldCallLedger } from './queue-log-store.js';
import { runImports, runNext, type RunnerParts } from './runner.js';

export { runNext, type RunnerParts };

export interface QueueLogParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly varDir: string;
}

const folderOf = (varDir: string): LogFolder => new LogFolder(join(varDir, 'imports', 'queue-log'));
const storeOf = ({ database, clock }: QueueLogParts): KnexQueueLogStore =>
  new KnexQueueLogStore(database, knexAuditLog, () => clock.now());

/** Wires the page Migration: the log of an old Asterisk becomes part of the history. */
export function makeQueueLogFeature(parts: QueueLogParts): FeatureModule {
  const service = new QueueLogService(storeOf(parts), folderOf(parts.varDir), parts.clock);
  return {
    name: 'queue-log',
    pages: queueLogPages(service),
    menu: [
      {
        group: 'data',
        label: 'queue-log.menu',
        icon: 'history',
        href: '/setup/migrate',
        access: 'history.import',
        order: 90,
      },
    ],
  };
}

export interface QueueLogJobParts
  extends QueueLogParts, Pick<RunnerParts, 'log' | 'zone' | 'country'> {
  /** Stores events in the ledger and folds their calls. */
  readonly write: OldCallLedger['write'];
}

/** What works on imports is made of. */
export const queueLogJobs = (parts: QueueLogJobParts): RunnerParts => ({
  ...parts,
  work: storeOf(parts),
  ledger: new KnexOldCallLedger(parts.database, parts.write),
  folder: folderOf(parts.varDir),
});

/** Checks and runs imports, for the role `jobs`. */
export function startQueueLogJobs(server: Scope, parts: QueueLogJobParts): void {
  runImports(server, queueLogJobs(parts));
}
