import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { TrunkId } from '../../kernel/ids.js';
import { PERMISSION_CLASSES } from '../../telephony/directory.js';
import { isInRanges, type NumberRange, type OtherPbx } from '../../telephony/other-pbx.js';
import {
  ownNumbersWithin,
  readTarget,
  requireTarget,
  type OwnNumber,
} from '../configuration/index.js';
import { overlap, rangeText } from './pbx-trunk.js';
import type { TrunkDraft } from './trunk.js';

/** Columns of a trunk that leads to another telephone system; null in all others. */
interface PbxColumns {
  readonly pbx_ranges: unknown;
  readonly pbx_permission: string | null;
  readonly pbx_elsewhere: unknown;
}

const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

/** What they say; undefined for a carrier's trunk. */
export function readPbxColumns(row: PbxColumns): OtherPbx | undefined {
  if (row.pbx_ranges === null) return undefined;
  return {
    ranges: parsed(row.pbx_ranges) as readonly NumberRange[],
    permission: PERMISSION_CLASSES.find((one) => one === row.pbx_permission) ?? 'internal',
    elsewhere:
      row.pbx_elsewhere === null ? { kind: 'hangup' } : readTarget(parsed(row.pbx_elsewhere)),
  };
}

/** How many numbers a message names. */
const NAMED_AT_MOST = 8;

/**
 * Refuses ranges that another trunk has, and numbers of ours that they would newly cover, unless those are said to have moved.
 * Run it in the transaction that saves.
 */
export async function checkPbx(
  tx: Knex,
  { pbx }: Pick<TrunkDraft, 'pbx'>,
  id?: TrunkId,
): Promise<void> {
  if (pbx === undefined) return;
  const { ranges, elsewhere, acceptsMoved } = pbx;
  await requireTarget(tx, elsewhere, 'elsewhere');
  if (elsewhere.kind === 'pbx') throw refuse('elsewhere', 'trunks.problem.elsewhere-pbx');
  const rows = await tx('trunks')
    .whereNotNull('pbx_ranges')
    .forUpdate()
    .select<(PbxColumns & { id: TrunkId; name: string; archived_at: Date | null })[]>(
      'id',
      'name',
      'archived_at',
      'pbx_ranges',
      'pbx_permission',
      'pbx_elsewhere',
    );
  for (const row of rows) {
    if (row.id === id || row.archived_at !== null) continue;
    for (const other of readPbxColumns(row)?.ranges ?? []) {
      const range = ranges.find((one) => overlap(one, other));
      if (range === undefined) continue;
      throw refuse('ranges', 'trunks.problem.range-of-other', {
        range: rangeText(range),
        other: rangeText(other),
        name: row.name,
      });
    }
  }
  if (acceptsMoved === true) return;
  const own = rows.find((row) => row.id === id);
  const before = (own && readPbxColumns(own)?.ranges) ?? [];
  const covered = (await ownNumbersWithin(tx, ranges)).filter(
    ({ number }) => !isInRanges(before, number),
  );
  if (covered.length === 0) return;
  throw refuse('ranges', 'trunks.problem.range-of-ours', {
    count: covered.length,
    numbers: namesOf(covered),
  });
}

/** The first of them, as people know them. */
const namesOf = (numbers: readonly OwnNumber[]): string =>
  numbers
    .slice(0, NAMED_AT_MOST)
    .map(({ number, name }) => `${number} ${name}`.trim())
    .join(', ') + (numbers.length > NAMED_AT_MOST ? ' …' : '');

const refuse = (
  field: string,
  message: string,
  params: Readonly<Record<string, string | number>> = {},
): AppError => new AppError('invalid-fields', message, [{ field, message, params }]);
