import { levelOf, settle, type Level, type LevelState } from '../../engines/wallboard/level.js';
import { LOW_IS_BAD, type Tile } from '../../engines/wallboard/tile.js';
import type { LiveSnapshot } from '../../telephony/live.js';
import {
  formatDuration,
  type LiveValue,
  type LiveValues,
  type LiveViewer,
} from '../../web/kit/index.js';
import type { BoardSources } from '../live-queues/index.js';
import { figureOf, limitText, type Figure, type TileParts } from './figures.js';
import { agentCellValues, queueTableValues, stateValues } from './panels.js';
import type { StoredWallboard } from './wallboard.js';

/** Keeps how each tile stands to its thresholds, so that a colour changes only when the change holds. */
export class WallLevels {
  readonly #states = new Map<string, LevelState>();

  /** `key` names the tile; asking twice of one moment changes nothing. */
  next(key: string, now: Level, at: number): Level {
    const state = settle(this.#states.get(key), now, at);
    this.#states.set(key, state);
    return state.level;
  }
}

/** Name of a tile in keys and marks. */
export const tileKey = (at: number): string => `t${String(at)}`;

/** Everything that one board shows. `release` changes with the program: screens load themselves again. */
export function wallValues(
  board: StoredWallboard,
  snapshot: LiveSnapshot | undefined,
  parts: {
    readonly sources: BoardSources;
    readonly viewer: LiveViewer;
    readonly levels: WallLevels;
    readonly release: string;
  },
): LiveValues {
  const { sources, viewer, levels, release } = parts;
  const values: Record<string, LiveValue> = {
    'board.version': `${String(board.version)} ${release}`,
  };
  for (const [at, tile] of board.tiles.entries()) {
    const key = tileKey(at);
    const tileParts: TileParts = { tile, snapshot, sources, viewer };
    const figure = figureOf(tileParts);
    if (figure !== undefined) {
      const name = `${String(board.id)}.${String(board.version)}.${key}`;
      const level = levels.next(name, levelNow(tileParts, figure), snapshot?.at ?? 0);
      Object.assign(values, figureValues(key, tileParts, figure, level));
    }
    if (tile.kind === 'agent-states') Object.assign(values, stateValues(key, tileParts));
    if (tile.kind === 'queue-table') Object.assign(values, queueTableValues(key, tileParts));
    if (tile.kind === 'agent-cells') Object.assign(values, agentCellValues(key, tileParts, board));
  }
  return values;
}

/** A campaign has a limit of its own. */
function levelNow({ tile, snapshot }: TileParts, { value }: Figure): Level {
  const { warn, critical } = tile;
  if (tile.kind === 'campaign') {
    const limit = snapshot?.campaigns?.find(({ id }) => id === tile.campaign)?.abandonment.limit;
    return limit === undefined
      ? 'ok'
      : levelOf(value, { warn: limit * 80, critical: limit * 100, isLowBad: false });
  }
  return levelOf(value, {
    ...(warn === undefined ? {} : { warn }),
    ...(critical === undefined ? {} : { critical }),
    isLowBad: LOW_IS_BAD.has(tile.kind),
  });
}

const ICONS: Readonly<Record<Level, string>> = {
  ok: 'circle-check',
  warn: 'alert-triangle',
  critical: 'alert-octagon',
};

function figureValues(
  key: string,
  { tile, snapshot, viewer }: TileParts,
  figure: Figure,
  level: Level,
): Record<string, LiveValue> {
  const says = levelText(tile, level, viewer);
  return {
    [`${key}.text`]: figure.since === undefined ? figure.text : null,
    [`${key}.since`]: figure.since ?? null,
    [`${key}.fit`]: fitOf(figure, snapshot?.at ?? 0),
    [`${key}.isText`]: figure.since === undefined,
    [`${key}.isTicking`]: figure.since !== undefined,
    [`${key}.note`]: figure.note,
    [`${key}.level`]: level,
    [`${key}.says`]: says,
    [`${key}.icon`]: says === '' ? '' : ICONS[level],
  };
}

/** How many characters the figure has room for: `4`, `5` or `7`; more make it smaller. */
function fitOf({ text, since }: Figure, at: number): string {
  const { length } = since === undefined ? text : formatDuration(at - since);
  return length <= 4 ? '4' : length === 5 ? '5' : '7';
}

/** In words what the colour says: never the colour alone. */
function levelText(tile: Tile, level: Level, viewer: LiveViewer): string {
  const { kind, warn, critical } = tile;
  const { t } = viewer;
  if (kind === 'campaign') return level === 'ok' ? '' : t(`wallboards.wall.campaign-${level}`);
  const isLow = LOW_IS_BAD.has(kind);
  const crossed = level === 'critical' ? critical : warn;
  if (level !== 'ok')
    return crossed === undefined
      ? ''
      : t(`wallboards.wall.${isLow ? 'under' : 'over'}`, {
          limit: limitText(tile, crossed, viewer),
        });
  const first = warn ?? critical;
  return first === undefined
    ? ''
    : t(`wallboards.wall.${isLow ? 'at-least' : 'below'}`, {
        limit: limitText(tile, first, viewer),
      });
}
