import type { Knex } from 'knex';
import type { PartHealth, Probe } from './health.js';

/** So long a call for help stays on the page of health. */
const SHOWN_MS = 24 * 3_600_000;

/** Calls for help of the last day, as the audit log has them. */
export const helpCallsProbe = (db: Knex, now: () => number): Probe => ({
  name: 'help-calls',
  look: async (): Promise<PartHealth> => {
    const [row] = await db('audit_entries')
      .where({ action: 'emergency.call' })
      .where('at', '>=', new Date(now() - SHOWN_MS))
      .select<{ count: number | string; who: string | null }[]>(
        db.raw('count(*) as count'),
        db.raw('max(object_name) as who'),
      );
    const count = Number(row?.count ?? 0);
    return count === 0
      ? { name: 'help-calls', state: 'good', text: 'health.help-calls.none' }
      : {
          ...{ name: 'help-calls', state: 'watch', text: 'health.help-calls.text' },
          params: { count, who: row?.who ?? '' },
          advice: 'health.help-calls.advice',
        };
  },
});
