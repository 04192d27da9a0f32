import { FIGURE_KINDS, type Tile } from '../../engines/wallboard/tile.js';
import { AppError } from '../../kernel/errors.js';
import type { WallboardId } from '../../kernel/ids.js';
import { AGENT_LOOKS, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { WALL_STATES } from './panels.js';
import { tileKey } from './wall-values.js';
import { wallTopic, type WallboardService } from './wallboard-service.js';
import { WALLBOARDS_PATH } from './wallboard-pages.js';
import type { StoredWallboard } from './wallboard.js';

/** The board itself: by a link, and for those who may edit it. All its values come over the live connection. */
export function addWallPages(pages: PageRoutes, service: WallboardService): void {
  pages.get('/wall/:token', 'public', async (page) => {
    const token = page.param('token');
    const board = await service.opened(token);
    if (board === undefined) throw new AppError('not-found', 'the link does not count');
    show(page, board, token);
  });
  pages.get(`${WALLBOARDS_PATH}/:id/show`, 'wallboards.edit', async (page) => {
    show(page, await service.get(page.actor, page.id<WallboardId>()), undefined);
  });
}

function show(page: PageContext, board: StoredWallboard, guest: string | undefined): void {
  page.renderForScreen(
    'wallboards/wall',
    {
      title: board.name,
      styles: ['wall'],
      guest,
      topic: wallTopic(board.id),
      tiles: board.tiles.map(tileView),
      states: WALL_STATES.map((state) => ({ state, ...AGENT_LOOKS[state] })),
    },
    // Who is signed in gets the values in the own language.
    { language: guest === undefined ? page.language : board.language, theme: board.theme },
  );
}

/** Figures of the day have what they mean below them. */
const DEFINED: ReadonlySet<string> = new Set(['service-level', 'offered', 'answered', 'abandoned']);

const tileView = (tile: Tile, at: number) => ({
  ...{ key: tileKey(at), kind: tile.kind, size: tile.size, text: tile.text, name: tile.title },
  isFigure: FIGURE_KINDS.some((kind) => kind === tile.kind) && tile.kind !== 'clock',
  definition: DEFINED.has(tile.kind) ? `wallboards.definition.${tile.kind}` : undefined,
});
