import type { Knex } from 'knex';
import { AppError } from '../../kernel/errors.js';
import type { CalendarId, CampaignId, PromptId, QueueId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import {
  KnexUsageReports,
  KnexVersionedStore,
  type TableMapping,
  type VersionedStore,
} from '../configuration/index.js';
import type { CampaignDraft, CampaignSort, CampaignSource, StoredCampaign } from './campaign.js';
import { readSettings } from './settings.js';
import type { CampaignRow } from './knex-stored-campaign.js';

/** Something that a form names, in use. */
export interface CampaignOption {
  readonly id: number;
  readonly name: string;
}

/** What the form of a campaign chooses from. */
export interface CampaignOptions {
  readonly queues: readonly (CampaignOption & { readonly id: QueueId })[];
  readonly lists: readonly CampaignOption[];
  readonly segments: readonly CampaignOption[];
  readonly calendars: readonly (CampaignOption & { readonly id: CalendarId })[];
  readonly prompts: readonly (CampaignOption & { readonly id: PromptId })[];
  readonly flows: readonly CampaignOption[];
  readonly scripts: readonly CampaignOption[];
  /** Fields of contacts that hold a number, by key. */
  readonly numberFields: readonly { readonly key: string; readonly name: string }[];
}

/** Campaigns by name. */
export interface CampaignRows extends VersionedStore<
  CampaignId,
  CampaignDraft,
  StoredCampaign,
  CampaignSort
> {
  options(): Promise<CampaignOptions>;
}

interface SourceColumns {
  readonly campaign_id: CampaignId;
  readonly list_id: number | null;
  readonly segment_id: number | null;
}

async function read(db: Knex, rows: readonly unknown[]): Promise<readonly StoredCampaign[]> {
  const all = rows as readonly CampaignRow[];
  const sources = await db('campaign_sources')
    .whereIn(
      'campaign_id',
      all.map(({ id }) => id),
    )
    .orderBy(['campaign_id', 'position'])
    .select<SourceColumns[]>('campaign_id', 'list_id', 'segment_id');
  return all.map((row) => ({
    id: row.id,
    version: row.version,
    archivedAt: row.archived_at ?? undefined,
    updatedAt: row.updated_at,
    name: row.name,
    mode: row.mode,
    state: row.state,
    stateReason: row.state_reason,
    queue: row.queue_id ?? undefined,
    priority: row.priority,
    sources: sources.filter((one) => one.campaign_id === row.id).map(sourceOf),
    settings: readSettings(row.settings),
  }));
}

const sourceOf = ({ list_id, segment_id }: SourceColumns): CampaignSource =>
  segment_id === null ? { kind: 'list', id: list_id ?? 0 } : { kind: 'segment', id: segment_id };

/** Refuses what is not there any more, beside its field, and keeps it until the campaign is saved. */
async function check(tx: Knex, draft: CampaignDraft): Promise<void> {
  const { settings } = draft;
  const asked: readonly (readonly [table: string, id: number | undefined, field: string])[] = [
    ['queues', draft.queue, 'queue'],
    ['calendars', settings.holidays, 'holidays'],
    ['prompts', settings.abandonedPrompt, 'abandonedPrompt'],
    ['prompts', settings.machinePrompt, 'machinePrompt'],
    ['ivr_flows', settings.flow, 'flow'],
    ['scripts', settings.scriptId, 'scriptId'],
    ...draft.sources.map(
      ({ kind, id }) => [kind === 'list' ? 'contact_lists' : 'segments', id, 'sources'] as const,
    ),
  ];
  for (const [table, id, field] of asked) {
    if (id === undefined) continue;
    const found = await tx(table)
      .where({ id })
      .whereNull('archived_at')
      .forShare()
      .first<{ id: number } | undefined>('id');
    if (found === undefined)
      throw new AppError('invalid-fields', `${field} is gone`, [
        { field, message: 'campaigns.problem.gone' },
      ]);
  }
  await checkScoreField(tx, settings.scoreField);
}

async function checkScoreField(tx: Knex, key: string): Promise<void> {
  if (key === '') return;
  const found = await tx('contact_fields')
    .where({ key, kind: 'number' })
    .whereNull('archived_at')
    .forShare()
    .first<{ id: number } | undefined>('id');
  if (found === undefined)
    throw new AppError('invalid-fields', 'the field is gone', [
      { field: 'scoreField', message: 'campaigns.problem.gone' },
    ]);
}

/**
 * Rows of sources that stay keep their ids: leads say from which one they came. Those that go are taken off their leads first.
 */
async function writeSources(tx: Knex, id: CampaignId, { sources }: CampaignDraft): Promise<void> {
  const known = await tx('campaign_sources')
    .where({ campaign_id: id })
    .select<{ id: number; list_id: number | null; segment_id: number | null }[]>(
      'id',
      'list_id',
      'segment_id',
    );
  const keyOf = ({ kind, id: of }: CampaignSource): string => `${kind}:${String(of)}`;
  const rowOf = new Map(known.map((row) => [keyOf(sourceOf({ campaign_id: id, ...row })), row.id]));
  const wanted = new Set(sources.map(keyOf));
  const gone = [...rowOf].filter(([key]) => !wanted.has(key)).map(([, row]) => row);
  if (gone.length > 0) {
    await tx('leads')
      .where({ campaign_id: id })
      .whereIn('source_id', gone)
      .update({ source_id: null });
    await tx('campaign_sources').whereIn('id', gone).del();
  }
  // Places are unique: they are first moved out of each other's way.
  await tx('campaign_sources')
    .where({ campaign_id: id })
    .update({ position: tx.raw('position + 1000') });
  for (const [at, source] of sources.entries()) {
    const row = rowOf.get(keyOf(source));
    if (row !== undefined)
      await tx('campaign_sources')
        .where({ id: row })
        .update({ position: at + 1 });
    else
      await tx('campaign_sources').insert({
        campaign_id: id,
        position: at + 1,
        list_id: source.kind === 'list' ? source.id : null,
        segment_id: source.kind === 'segment' ? source.id : null,
      });
  }
}

/** What was held back may be looked at again: other rules hold now. */
async function lookAgain(tx: Knex, id: CampaignId): Promise<void> {
  await tx('leads')
    .where({ campaign_id: id, state: 'open' })
    .whereNotIn('held_by', ['', 'retry'])
    .update({ held_by: '', next_at: new Date() });
}

const MAPPING: TableMapping<CampaignId, CampaignDraft, StoredCampaign, CampaignSort> = {
  table: 'campaigns',
  searched: ['name'],
  sorts: { name: 'name', updated: 'updated_at' },
  filters: {
    state: (query, value) => void query.where({ state: value }),
    mode: (query, value) => void query.where({ mode: value }),
  },
  uniques: { name: 'name' },
  columns: (draft) => ({
    name: draft.name,
    mode: draft.mode,
    queue_id: draft.queue ?? null,
    priority: draft.priority,
    settings: JSON.stringify(draft.settings),
  }),
  read,
  uses: (db, id) => new KnexUsageReports(db).ofCampaign(id),
  check,
  writeParts: async (tx, id, draft) => {
    await writeSources(tx, id, draft);
    await lookAgain(tx, id);
  },
  archiveParts: async (tx, id, archived) => {
    if (archived) await tx('campaigns').where({ id, state: 'paused' }).update({ state: 'stopped' });
  },
};

/** Campaigns in MariaDB, as forms see them. */
export class KnexCampaignRows
  extends KnexVersionedStore<CampaignId, CampaignDraft, StoredCampaign, CampaignSort>
  implements CampaignRows
{
  constructor(db: Knex, auditLog: (db: Knex) => AuditLog) {
    super(db, MAPPING, auditLog);
  }

  async options(): Promise<CampaignOptions> {
    const named = <Id extends number>(
      table: string,
    ): Promise<readonly { readonly id: Id; readonly name: string }[]> =>
      this.db(table)
        .whereNull('archived_at')
        .orderBy('name')
        .select<{ id: Id; name: string }[]>('id', 'name');
    return {
      queues: await named<QueueId>('queues'),
      lists: await named('contact_lists'),
      segments: await named('segments'),
      calendars: await named<CalendarId>('calendars'),
      prompts: await named<PromptId>('prompts'),
      flows: await named('ivr_flows'),
      scripts: await named('scripts'),
      numberFields: await this.db('contact_fields')
        .where({ kind: 'number' })
        .whereNull('archived_at')
        .orderBy('name')
        .select<{ key: string; name: string }[]>('key', 'name'),
    };
  }
}
