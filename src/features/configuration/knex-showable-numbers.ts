import type { Knex } from 'knex';
import { isAllowedCallerId } from '../../engines/caller-id/choose.js';
import { AppError } from '../../kernel/errors.js';
import { readPhones } from './phones-field.js';

interface TrunkRow {
  readonly caller_id: string;
  readonly allowed_caller_ids: unknown;
}

/**
 * Refuses numbers that no trunk may show, with the problem at `field`. '' is no number. Without any trunk everything goes: what
 * it may show is not known yet.
 */
export async function requireShowable(
  tx: Knex,
  field: string,
  numbers: readonly string[],
): Promise<void> {
  const wanted = numbers.filter((number) => number !== '');
  if (wanted.length === 0) return;
  const trunks = await tx('trunks')
    .whereNull('archived_at')
    .where({ enabled: true })
    .select<TrunkRow[]>('caller_id', 'allowed_caller_ids');
  const limits = trunks.map((row) => ({
    callerId: row.caller_id,
    allowed: readPhones(row.allowed_caller_ids),
  }));
  if (limits.length === 0) return;
  const hidden = wanted.find((number) => !limits.some((one) => isAllowedCallerId(one, number)));
  if (hidden === undefined) return;
  throw new AppError('invalid-fields', 'no trunk may show the number', [
    { field, message: 'configuration.problem.not-showable', params: { number: hidden } },
  ]);
}
