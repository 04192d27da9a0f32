import type { Knex } from 'knex';
import type { AppError } from '../../kernel/errors.js';

/** Keeps a row from being archived until the end of the transaction; refuses where it is already, or never was. */
export async function requireRow(
  tx: Knex,
  table: 'calendars' | 'music' | 'surveys' | 'scripts' | 'prompts',
  id: number | undefined,
  refusal: AppError,
): Promise<void> {
  if (id === undefined) return;
  const row = await tx(table)
    .where({ id })
    .whereNull('archived_at')
    .forShare()
    .first<{ id: number } | undefined>('id');
  if (row === undefined) throw refusal;
}
