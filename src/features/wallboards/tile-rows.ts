import {
  MAX_TEXT,
  MAX_TILES,
  THRESHOLD_UNITS,
  LOW_IS_BAD,
  QUEUE_KINDS,
  TILE_KINDS,
  TILE_SIZES,
  type Tile,
  type TileKind,
} from '../../engines/wallboard/tile.js';
import { z } from 'zod';
import { parseSeconds, problem } from '../../kernel/fields.js';
import type { CampaignId, QueueId } from '../../kernel/ids.js';
import { newTile } from './wallboard.js';

/** Values by name as forms send and show them. */
export type FlatValues = Readonly<Record<string, unknown>>;
/** One tile as typed. */
export interface TypedTile {
  readonly kind: TileKind;
  readonly fields: Readonly<Record<string, string>>;
  readonly queues: readonly string[];
}

const ROW = /^tiles\.(\d{1,2})\.([a-z]{2,10})$/;
const MAX_TITLE = 40;
const MAX_COUNT = 9_999;
const MAX_SECONDS = 3_600;

/** The tiles of a form in their order. */
export function tileRowsOf(flat: FlatValues): readonly TypedTile[] {
  const rows = new Map<number, { fields: Record<string, string>; queues: string[] }>();
  for (const [name, value] of Object.entries(flat)) {
    const [, at, field] = ROW.exec(name) ?? [];
    if (field === undefined || Number(at) >= MAX_TILES) continue;
    const row = rows.get(Number(at)) ?? { fields: {}, queues: [] };
    rows.set(Number(at), row);
    if (field === 'queues') row.queues = [value ?? []].flat().map(String);
    else row.fields[field] = typeof value === 'string' ? value.trim() : '';
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .flatMap(([, { fields, queues }]) => {
      const kind = TILE_KINDS.find((one) => one === fields['kind']);
      return kind === undefined ? [] : [{ kind, fields, queues }];
    });
}

/** Rows as the fields of a form. */
export const flatTiles = (rows: readonly TypedTile[]): FlatValues =>
  Object.fromEntries(
    rows.flatMap(({ fields, queues }, at) => [
      ...Object.entries(fields).map(([name, value]) => [`tiles.${String(at)}.${name}`, value]),
      [`tiles.${String(at)}.queues`, queues],
    ]),
  ) as FlatValues;

/** A tile as a row. */
export const rowOf = (tile: Tile): TypedTile => ({
  kind: tile.kind,
  queues: tile.queues.map(String),
  fields: {
    ...{ kind: tile.kind, size: tile.size, title: tile.title, text: tile.text },
    campaign: tile.campaign === undefined ? '' : String(tile.campaign),
    warn: tile.warn === undefined ? '' : String(tile.warn),
    critical: tile.critical === undefined ? '' : String(tile.critical),
  },
});

/** What a button of the form does to its rows: `up:2`, `down:2`, `remove:2`, `add`. */
export function changedTiles(flat: FlatValues): readonly TypedTile[] {
  const rows = tileRowsOf(flat);
  const [verb = '', at = ''] = typeof flat['do'] === 'string' ? flat['do'].split(':') : [];
  const place = Number(at);
  if (verb === 'add') {
    const kind = TILE_KINDS.find((one) => one === flat['newTile']);
    return kind === undefined || rows.length >= MAX_TILES ? rows : [...rows, rowOf(newTile(kind))];
  }
  if (verb === 'remove') return rows.filter((_row, index) => index !== place);
  const other = verb === 'up' ? place - 1 : verb === 'down' ? place + 1 : place;
  const [moved, neighbour] = [rows[place], rows[other]];
  if (moved === undefined || neighbour === undefined) return rows;
  return rows.map((row, index) => (index === place ? neighbour : index === other ? moved : row));
}

type Report = (
  field: string,
  message: string,
  params?: Readonly<Record<string, string | number>>,
) => void;

/** Reads rows; what is wrong is a problem of its field. */
export const tilesField = () =>
  z.custom<readonly TypedTile[]>().transform((rows, context): readonly Tile[] => {
    if (rows.length === 0)
      context.addIssue({ ...problem('wallboards.problem.no-tiles'), path: [] });
    return rows.map((row, at) =>
      readTile(row, (field, message, params) =>
        context.addIssue({ ...problem(message, params), path: [at, field] }),
      ),
    );
  });

function readTile({ kind, fields, queues }: TypedTile, report: Report): Tile {
  const { title = '', text = '', campaign = '' } = fields;
  if (title.length > MAX_TITLE) report('title', 'form.problem.too-long', { max: MAX_TITLE });
  if (kind === 'text' && text === '') report('text', 'form.problem.needed');
  if (text.length > MAX_TEXT) report('text', 'form.problem.too-long', { max: MAX_TEXT });
  const isCampaign = /^[1-9]\d{0,9}$/.test(campaign);
  if (kind === 'campaign' && !isCampaign) report('campaign', 'form.problem.choose');
  const [warn, critical] = [
    readThreshold(kind, 'warn', fields, report),
    readThreshold(kind, 'critical', fields, report),
  ];
  if (warn !== undefined && critical !== undefined)
    if (LOW_IS_BAD.has(kind) ? critical > warn : critical < warn)
      report('critical', `wallboards.problem.${LOW_IS_BAD.has(kind) ? 'not-lower' : 'not-higher'}`);
  return {
    ...{ kind, title },
    size: TILE_SIZES.find((one) => one === fields['size']) ?? 's',
    queues: QUEUE_KINDS.has(kind)
      ? (queues.filter((id) => /^[1-9]\d{0,9}$/.test(id)).map(Number) as QueueId[])
      : [],
    text: kind === 'text' ? text : '',
    ...(kind === 'campaign' && isCampaign ? { campaign: Number(campaign) as CampaignId } : {}),
    ...(warn === undefined ? {} : { warn }),
    ...(critical === undefined ? {} : { critical }),
  };
}

/** Undefined where the field is empty, wrong, or not of this kind. */
function readThreshold(
  kind: TileKind,
  field: 'warn' | 'critical',
  fields: Readonly<Record<string, string>>,
  report: Report,
): number | undefined {
  const unit = THRESHOLD_UNITS[kind];
  const text = fields[field] ?? '';
  if (unit === undefined || text === '') return undefined;
  const max = { count: MAX_COUNT, seconds: MAX_SECONDS, percent: 100 }[unit];
  const value =
    unit === 'seconds' ? parseSeconds(text) : /^\d{1,4}$/.test(text) ? Number(text) : undefined;
  if (value !== undefined && value >= 1 && value <= max) return value;
  const message = unit === 'seconds' ? 'form.problem.between-seconds' : 'form.problem.between';
  report(field, message, { min: 1, max });
  return undefined;
}
