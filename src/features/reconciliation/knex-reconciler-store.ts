import type { Knex } from 'knex';
import type { Reconciliation } from '../../engines/reconciliation/finding.js';
import type { TimeSpan } from '../../engines/reporting/time-spans.js';
import type { AuditLog } from '../audit/audit.js';
import { KnexSums } from '../report-sums/index.js';
import { recountDay } from './knex-recount.js';
import { KnexReconciliationStore } from './knex-reconciliation-store.js';
import type { CheckedDay, CountedDay } from './reconciliation-store.js';
import type { ReconcilerStore } from './reconciler.js';

/** What the job works with in MariaDB. */
export class KnexReconcilerStore implements ReconcilerStore {
  readonly #days: KnexReconciliationStore;

  constructor(
    private readonly db: Knex,
    private readonly zone: string,
    private readonly audit: (db: Knex) => AuditLog,
  ) {
    this.#days = new KnexReconciliationStore(db);
  }

  days(from: string): Promise<readonly CheckedDay[]> {
    return this.#days.days(from);
  }

  /** A lock of the server, held by one connection: whoever dies gives it back. */
  async alone(work: () => Promise<void>): Promise<boolean> {
    return this.db.transaction(async (holder) => {
      const [rows] = (await holder.raw(
        "SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 40), '.reconciliation'), 0) AS got",
      )) as [readonly { got: number }[]];
      if (rows[0]?.got !== 1) return false;
      try {
        await work();
        return true;
      } finally {
        await holder.raw("SELECT RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 40), '.reconciliation'))");
      }
    });
  }

  /** Reports read sums: what is compared is what they say once everything that was written is in them. */
  async recount(day: TimeSpan, now: number): Promise<Reconciliation> {
    await new KnexSums(this.db, this.zone).refresh(now);
    return this.db.transaction((tx) => recountDay(tx, day, this.zone, now), {
      isolationLevel: 'repeatable read',
    });
  }

  keep(counted: CountedDay): Promise<void> {
    return this.#days.keep(counted, this.audit);
  }
}
