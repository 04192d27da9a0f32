import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { Target } from '../../telephony/directory.js';
import { isInRanges, sizeOf, type NumberRange } from '../../telephony/other-pbx.js';
import { otherPbxNumbers, type PbxNumbers } from './knex-number-plan.js';
import type { TargetOption, TargetOptions, TargetStore } from './target.js';

interface NamedRow {
  readonly id: number;
  readonly name: string;
  readonly number?: string;
  readonly voicemail?: number;
}

const TARGET_TABLES = ['ivr_flows', 'queues', 'extensions', 'ring_groups', 'conferences'] as const;
type TargetTable = (typeof TARGET_TABLES)[number];

/** Where a target's row is. */
interface Place {
  readonly table: TargetTable;
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
    case 'ring-group':
      return { table: 'ring_groups', id: target.id };
    case 'conference':
      return { table: 'conferences', id: target.id };
    case 'voicemail':
      return target.extensionId === undefined
        ? { table: 'queues', id: target.queueId ?? 0 }
        : { table: 'extensions', id: target.extensionId, needs: 'mailbox' };
    case 'pbx':
    case 'hangup':
      return undefined;
  }
}

const nameOf = (row: NamedRow): string =>
  row.number === undefined ? row.name : `${row.number} ${row.name}`;

/** Numbers of other telephone systems that a list offers; a page with more of them would be slow. */
const OFFERED_AT_MOST = 2_000;

const firstNumbers = (range: NumberRange, name: string): readonly TargetOption[] =>
  Array.from({ length: Math.min(sizeOf(range), OFFERED_AT_MOST) }, (_, at) => {
    const number = String(Number(range.from) + at);
    return { value: `pbx:${number}`, name: `${number} ${name}` };
  });

/** `3005 Old PBX`; the number alone where it lives nowhere any more. */
function pbxNumberName(number: string, systems: readonly PbxNumbers[]): string {
  const system = systems.find(({ ranges }) => isInRanges(ranges, number));
  return system === undefined ? number : `${number} ${system.name}`;
}

/** Reads what can be a target from its tables. */
export class KnexTargetStore implements TargetStore {
  constructor(private readonly db: Knex) {}

  async options(): Promise<TargetOptions> {
    const [flows, queues, extensions, ringGroups, conferences, pbxNumbers] = await Promise.all([
      this.#inUse('ivr_flows', ['id', 'name'], 'name', 'published'),
      this.#inUse('queues', ['id', 'name'], 'name'),
      this.#inUse('extensions', ['id', 'name', 'number', 'voicemail'], 'number'),
      this.#inUse('ring_groups', ['id', 'name'], 'name'),
      this.#inUse('conferences', ['id', 'name', 'number'], 'number'),
      this.#pbxNumbers(),
    ]);
    const options = (kind: string, rows: readonly NamedRow[]): TargetOption[] =>
      rows.map((row) => ({ value: `${kind}:${String(row.id)}`, name: nameOf(row) }));
    return {
      flows: options('flow', flows),
      queues: options('queue', queues),
      extensions: options('extension', extensions),
      ringGroups: options('ring-group', ringGroups),
      conferences: options('conference', conferences),
      extensionVoicemails: options(
        'extension-voicemail',
        extensions.filter((row) => row.voicemail === 1),
      ),
      queueVoicemails: options('queue-voicemail', queues),
      pbxNumbers,
    };
  }

  async names(targets: readonly Target[]): Promise<readonly string[]> {
    const places = targets.map(placeOf);
    const names = new Map<string, string>();
    for (const table of TARGET_TABLES) {
      const ids = places.flatMap((place) => (place?.table === table ? [place.id] : []));
      if (ids.length === 0) continue;
      const isNumbered = table === 'extensions' || table === 'conferences';
      const columns = isNumbered ? ['id', 'name', 'number'] : ['id', 'name'];
      const rows = await this.db(table).whereIn('id', ids).select<NamedRow[]>(columns);
      for (const row of rows) names.set(`${table} ${String(row.id)}`, nameOf(row));
    }
    const systems = targets.some(({ kind }) => kind === 'pbx')
      ? await otherPbxNumbers(this.db)
      : [];
    return targets.map((target, at) => {
      if (target.kind === 'pbx') return pbxNumberName(target.number, systems);
      const place = places[at];
      return (place && names.get(`${place.table} ${String(place.id)}`)) ?? '';
    });
  }

  async #pbxNumbers(): Promise<readonly TargetOption[]> {
    const systems = await otherPbxNumbers(this.db);
    return systems
      .flatMap(({ name, ranges }) => ranges.flatMap((range) => firstNumbers(range, name)))
      .slice(0, OFFERED_AT_MOST);
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
 * Keeps rows that are about to be named from being archived until the end of the transaction. Returns the first that is not
 * there or archived already; undefined where all are there.
 */
export async function lockNamed(
  tx: Knex,
  table: string,
  ids: readonly number[],
): Promise<number | undefined> {
  if (ids.length === 0) return undefined;
  const rows = await tx(table)
    .whereIn('id', ids)
    .whereNull('archived_at')
    .orderBy('id')
    .forShare()
    .select<{ id: number }[]>('id');
  return ids.find((id) => !rows.some((row) => row.id === id));
}

/**
 * Refuses a target that does not exist, is archived, is a flow that was never published, or is an extension without
 * voicemail where a mailbox is needed, and keeps it from being archived until the end of the transaction. The problem is
 * said at `field`.
 */
export async function requireTarget(tx: Knex, target: Target, field: string): Promise<void> {
  if (target.kind === 'pbx') {
    const { number } = target;
    const systems = await otherPbxNumbers(tx);
    if (systems.some(({ ranges }) => isInRanges(ranges, number))) return;
    throw gone(field);
  }
  const place = placeOf(target);
  if (place === undefined) return;
  const row = await narrowedTo(place.needs, tx(place.table).where({ id: place.id }))
    .whereNull('archived_at')
    .forShare()
    .first<{ id: number } | undefined>('id');
  if (row === undefined) throw gone(field);
}

const gone = (field: string): AppError =>
  new AppError('invalid-fields', 'the target is not there', [
    { field, message: 'configuration.problem.target-gone' },
  ]);
