import type { CampaignId, QueueId } from '../../kernel/ids.js';

/** One figure, large. */
export const FIGURE_KINDS = [
  'waiting',
  'longest-wait',
  'service-level',
  'offered',
  'answered',
  'abandoned',
  'available',
  'callbacks',
  'campaign',
  'clock',
] as const;
/** More than one figure. */
export const PANEL_KINDS = ['agent-states', 'queue-table', 'agent-cells', 'text'] as const;
export const TILE_KINDS = [...FIGURE_KINDS, ...PANEL_KINDS] as const;
export type TileKind = (typeof TILE_KINDS)[number];

export const TILE_SIZES = ['s', 'm', 'l'] as const;
export type TileSize = (typeof TILE_SIZES)[number];

/** In what thresholds of a kind are told; absent for kinds without thresholds. */
export const THRESHOLD_UNITS: Readonly<Partial<Record<TileKind, 'count' | 'seconds' | 'percent'>>> =
  {
    waiting: 'count',
    'longest-wait': 'seconds',
    'service-level': 'percent',
    abandoned: 'percent',
    available: 'count',
    callbacks: 'count',
  };

/** Kinds whose small values are the bad ones. */
export const LOW_IS_BAD: ReadonlySet<TileKind> = new Set(['service-level', 'available']);

/** Kinds that are about queues: about all where a tile names none. */
export const QUEUE_KINDS: ReadonlySet<TileKind> = new Set([
  ...(['waiting', 'longest-wait', 'service-level', 'offered', 'answered', 'abandoned'] as const),
  ...(['available', 'callbacks', 'agent-states', 'queue-table', 'agent-cells'] as const),
]);

/** A tile of a board. `warn` and `critical` in the unit of its kind (percent as 0 to 100). */
export interface Tile {
  readonly kind: TileKind;
  readonly size: TileSize;
  /** '' for the name of its kind. */
  readonly title: string;
  readonly queues: readonly QueueId[];
  readonly campaign?: CampaignId;
  readonly warn?: number;
  readonly critical?: number;
  /** What a tile of kind `text` says. */
  readonly text: string;
}

/** Tiles of one board at most: more are not read from afar. */
export const MAX_TILES = 16;
export const MAX_TEXT = 200;
