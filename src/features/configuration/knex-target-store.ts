import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { Target } from '../../telephony/directory.js';
import type { TargetOption, TargetOptions, TargetStore } from './target.js';

interface NamedRow {
  readonly id: number;
  readonly name: string;
  readonly number?: string;
  readonly voicemail?: number;
}

/** Where a target's row is. */
interface Place {
  readonly table: 'ivr_flows' | 'queues' | 'extensions';
  readonly id: number;
  readonly needs?: Need;
}

/** What a row must have beside being there: a mailbox, or a version that callers can hear. */
type Need = 'mailbox' | 'published';

function placeOf(target: Target): Place | undefined {
  switch (target.kind) {
    case 'flow':
      return { table: 'ivr_flows', id: target.id, needs: 'published' };
    case 'queue':
      return { table: 'queues', id: target.id };
    case 'extension':
      return { table: 'extensions', id: target.id };
    case 'voicemail':
      return target.extensionId === undefined
        ? { table: 'queues', id: target.queueId ?? 0 }
        : { table: 'extensions', id: target.extensionId, needs: 'mailbox' };
    case 'hangup':
      return undefined;
  }
}

const nameOf = (row: NamedRow): string =>
  row.number === undefined ? row.name : `${row.number} ${row.name}`;

/** Reads what can be a target from the tables of flows, queues and extensions. */
export class KnexTargetStore implements TargetStore {
  constructor(private readonly db: Knex) {}

  async options(): Promise<TargetOptions> {
    const [flows, queues, extensions] = await Promise.all([
      this.#inUse('ivr_flows', ['id', 'name'], 'name', 'published'),
      this.#inUse('queues', ['id', 'name'], 'name'),
      this.#inUse('extensions', ['id', 'name', 'number', 'voicemail'], 'number'),
    ]);
    const options = (kind: string, rows: readonly NamedRow[]): TargetOption[] =>
      rows.map((row) => ({ value: `${kind}:${String(row.id)}`, name: nameOf(row) }));
    return {
      flows: options('flow', flows),
      queues: options('queue', queues),
      extensions: options('extension', extensions),
      extensionVoicemails: options(
        'extension-voicemail',
        extensions.filter((row) => row.voicemail === 1),
      ),
      queueVoicemails: options('queue-voicemail', queues),
    };
  }

  async names(targets: readonly Target[]): Promise<readonly string[]> {
    const places = targets.map(placeOf);
    const names = new Map<string, string>();
    for (const table of ['ivr_flows', 'queues', 'extensions'] as const) {
      const ids = places.flatMap((place) => (place?.table === table ? [place.id] : []));
      if (ids.length === 0) continue;
      const columns = table === 'extensions' ? ['id', 'name', 'number'] : ['id', 'name'];
      const rows = await this.db(table).whereIn('id', ids).select<NamedRow[]>(columns);
      for (const row of rows) names.set(`${table} ${String(row.id)}`, nameOf(row));
    }
    return places.map((place) => (place && names.get(`${place.table} ${String(place.id)}`)) ?? '');
  }

  #inUse(
    table: string,
    columns: readonly string[],
    order: string,
    need?: Need,
  ): Promise<readonly NamedRow[]> {
    return narrowedTo(need, this.db(table).whereNull('archived_at'))
      .orderBy(order)
      .select<NamedRow[]>(columns);
  }
}

/** Leaves those rows that have what is needed. */
function narrowedTo<Query extends Knex.QueryBuilder>(need: Need | undefined, query: Query): Query {
  if (need === 'mailbox') void query.where('voicemail', true);
  if (need === 'published') void query.where('published_version', '>', 0);
  return query;
}

/**
 * Refuses a target that does not exist, is archived, is a flow that was never published, or is an extension without
 * voicemail where a mailbox is needed, and keeps it from being archived until the end of the transaction. The problem is
 * said at `field`.
 */
export async function requireTarget(tx: Knex, target: Target, field: string): Promise<void> {
  const place = placeOf(target);
  if (place === undefined) return;
  const row = await narrowedTo(place.needs, tx(place.table).where({ id: place.id }))
    .whereNull('archived_at')
    .forShare()
    .first<{ id: number } | undefined>('id');
  if (row !== undefined) return;
  const message = 'configuration.problem.target-gone';
  throw new AppError('invalid-fields', 'the target is not there', [{ field, message }]);
}
