import { AppError } from '../../kernel/errors.js';
import type { DispositionId } from '../../kernel/ids.js';
import { DEEPEST_LEVEL } from './disposition.js';

/** What the place of a disposition is judged by. */
export interface PlacedRow {
  readonly id: DispositionId;
  readonly parentId: DispositionId | undefined;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly isArchived: boolean;
}

/**
 * Refuses a place that cannot be: below something that is gone, below itself, too deep with what it carries, or beside
 * one of the same name. `rows` are all rows with the new place in them.
 */
export function requirePlace(rows: readonly PlacedRow[], id: DispositionId): void {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const own = byId.get(id);
  if (!own) return;
  const above = new Set<DispositionId>();
  for (let parentId = own.parentId; parentId !== undefined;) {
    const parent = byId.get(parentId);
    if (!parent || parent.isArchived) throw refusal('parentId', 'dispositions.problem.parent-gone');
    if (parentId === id || above.has(parentId))
      throw refusal('parentId', 'dispositions.problem.below-itself');
    above.add(parentId);
    parentId = parent.parentId;
  }
  if (above.size + height(rows, id) > DEEPEST_LEVEL)
    throw refusal('parentId', 'dispositions.problem.too-deep', { max: DEEPEST_LEVEL });
  const beside = rows.filter(
    (row) => row.id !== id && row.parentId === own.parentId && !row.isArchived,
  );
  for (const field of ['nameEn', 'nameZh'] as const)
    if (beside.some((row) => row[field].toLowerCase() === own[field].toLowerCase()))
      throw refusal(field, 'dispositions.problem.name-taken');
}

/** Levels from a row down, itself counted. */
function height(rows: readonly PlacedRow[], id: DispositionId): number {
  const below = rows.filter((row) => row.parentId === id && !row.isArchived);
  return 1 + Math.max(0, ...below.map((row) => height(rows, row.id)));
}

const refusal = (field: string, message: string, params?: Readonly<Record<string, number>>) =>
  new AppError('invalid-fields', message, [{ field, message, ...(params ? { params } : {}) }]);
