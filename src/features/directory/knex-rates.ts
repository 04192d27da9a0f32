import type { Knex } from 'knex';
import type { CallRate } from '../../engines/limits/call-cost.js';
import type { TrunkId } from '../../kernel/ids.js';

interface RateRow {
  readonly id: number;
  readonly trunk_id: TrunkId | null;
  readonly prefix: string;
  readonly per_minute: number;
  readonly per_call: number;
  readonly minimum_s: number;
  readonly increment_s: number;
  readonly valid_at: Date;
}

/** What calls that go out cost. */
export async function readRates(trx: Knex): Promise<readonly CallRate[]> {
  const rows = await trx<RateRow>('call_rates')
    .whereNull('archived_at')
    .where('direction', 'out')
    .select('*');
  return rows.map((row) => ({
    ...{ id: row.id, trunkId: row.trunk_id ?? undefined, direction: 'out', prefix: row.prefix },
    ...{ perMinute: row.per_minute, perCall: row.per_call },
    ...{ minimumS: row.minimum_s, incrementS: row.increment_s, validAt: row.valid_at.getTime() },
  }));
}
