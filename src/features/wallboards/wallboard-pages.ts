import { z } from 'zod';
import {
  LOW_IS_BAD,
  MAX_TILES,
  QUEUE_KINDS,
  THRESHOLD_UNITS,
  TILE_KINDS,
  TILE_SIZES,
} from '../../engines/wallboard/tile.js';
import { LANGUAGES } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import { choiceField, textField } from '../../kernel/fields.js';
import type { WallboardId, WallboardLinkId } from '../../kernel/ids.js';
import {
  formatWhen,
  formView,
  numberIn,
  parseForm,
  type PageContext,
  type PageRoutes,
  versionOf,
} from '../../web/kit/index.js';
import { rowPages } from '../configuration/index.js';
import {
  changedTiles,
  flatTiles,
  tileRowsOf,
  type FlatValues,
  type TypedTile,
} from './tile-rows.js';
import { newWallboard, wallboardSchema, wallboardValues } from './wallboard-form.js';
import type { WallboardService } from './wallboard-service.js';
import type { WallboardStore } from './wallboard-store.js';
import {
  AGENT_NAMES,
  isOpen,
  THEMES,
  WALLBOARD_SORTS,
  type StoredWallboard,
  type WallboardLink,
} from './wallboard.js';

/** What the pages are made of. */
export interface WallboardPagesParts {
  readonly service: WallboardService;
  readonly store: WallboardStore;
  /** Where screens reach the pages; without it, as the request did. */
  readonly publicUrl: string | undefined;
  readonly now: () => number;
}

export const WALLBOARDS_PATH = '/wallboards';
const ACCESS = 'wallboards.edit';
/** For how many days a link counts; 0 until it is revoked. */
const LINK_DAYS = ['0', '1', '7', '30', '365'] as const;

const linkSchema = z.object({ label: textField({ max: 80 }), days: choiceField(LINK_DAYS) });

/** Boards and their links, added to `pages`. */
export const wallboardPages = (parts: WallboardPagesParts, pages: PageRoutes): PageRoutes =>
  rowPages(
    {
      name: 'wallboards',
      path: WALLBOARDS_PATH,
      permission: ACCESS,
      service: parts.service,
      schema: wallboardSchema,
      list: {
        sorts: WALLBOARD_SORTS,
        defaultSort: 'name',
        columns: [
          { label: 'wallboards.form.name', sort: 'name' },
          { label: 'wallboards.form.tiles' },
          { label: 'wallboards.links', numeric: true },
          { label: 'configuration.column.updated', sort: 'updated' },
          { label: '' },
        ],
        rows: (page, all) =>
          Promise.all(
            all.map(async ({ id, tiles, updatedAt }) => ({
              tiles: tiles.map(({ kind, title }) => title || page.t(`wallboards.kind.${kind}`)),
              links: (await parts.service.linksOf(page.actor, id)).filter((link) =>
                isOpen(link, parts.now()),
              ).length,
              updatedAt,
            })),
          ),
      },
      title: (_page, board) => board.name,
      newValues: (page) => newWallboard(page.language),
      values: (_page, board) => wallboardValues(board),
      data: (page, board) => editData(page, parts, board, typedOr(page, board)),
      create: (page, values) => parts.service.create(page.actor, values),
      created: (page, id) =>
        page.redirect(`${WALLBOARDS_PATH}/${String(id)}`, { message: 'wallboards.created' }),
      save: (page, id, version, values) => parts.service.save(page.actor, id, version, values),
    },
    pages
      .post(`${WALLBOARDS_PATH}/rows`, ACCESS, (page) => changeRows(page, parts))
      .post(`${WALLBOARDS_PATH}/:id/links`, ACCESS, (page) => addLink(page, parts))
      .post(`${WALLBOARDS_PATH}/:id/links/:link/revoke`, ACCESS, (page) => revoke(page, parts)),
  );

/** A form that is shown again keeps the tiles that were typed. */
const typedOr = (page: PageContext, board: StoredWallboard | undefined): FlatValues => {
  if ('theme' in page.body) return page.body;
  return board === undefined ? newWallboard(page.language) : wallboardValues(board);
};

async function editData(
  page: PageContext,
  { service, store, publicUrl, now }: WallboardPagesParts,
  board: StoredWallboard | undefined,
  flat: FlatValues,
) {
  const [queues, campaigns, links] = await Promise.all([
    store.queueOptions(),
    store.campaignOptions(),
    board === undefined ? [] : service.linksOf(page.actor, board.id),
  ]);
  const rows = tileRowsOf(flat);
  const options = (values: readonly string[], prefix: string) =>
    values.map((value) => ({ value, label: page.t(`${prefix}.${value}`) }));
  const base = publicUrl ?? `${page.req.protocol}://${page.req.get('host') ?? ''}`;
  return {
    styles: ['setup', 'wallboards'],
    scripts: ['copy'],
    languages: options(LANGUAGES, 'language'),
    themes: options(THEMES, 'wallboards.theme'),
    agentNames: options(AGENT_NAMES, 'wallboards.names'),
    kinds: options(TILE_KINDS, 'wallboards.kind'),
    days: options(LINK_DAYS, 'wallboards.days'),
    isFull: rows.length >= MAX_TILES,
    max: MAX_TILES,
    tiles: rows.map((row, at) => tileView(page, row, at, rows.length, queues)),
    sizes: options(TILE_SIZES, 'wallboards.size'),
    campaigns: campaigns.map(({ id, name }) => ({ value: String(id), label: name })),
    links: links.map((link) => ({
      ...linkView(page, link, now()),
      id: link.id,
      url: `${base}/wall/${service.tokenOf(link)}`,
    })),
    fieldLabels: labelsOf(page, rows),
  };
}

function linkView(page: PageContext, link: WallboardLink, now: number) {
  const state = link.revokedAt !== undefined ? 'revoked' : isOpen(link, now) ? 'open' : 'expired';
  return {
    label: link.label,
    isOpen: state === 'open',
    state: page.t(`wallboards.link.${state}`),
    about: [
      page.t('wallboards.link.by', { name: link.createdBy }),
      ...(link.expiresAt === undefined
        ? []
        : [
            page.t('wallboards.link.until', { time: formatWhen(link.expiresAt, 'datetime', page) }),
          ]),
      link.openedAt === undefined
        ? page.t('wallboards.link.never-opened')
        : page.t('wallboards.link.opened', { time: formatWhen(link.openedAt, 'datetime', page) }),
    ].join(' · '),
  };
}

const field = (at: number, name: string): string => `tiles.${String(at)}.${name}`;

/** One tile as the form shows it, by the names of its fields. */
function tileView(
  page: PageContext,
  { kind, queues: chosen }: TypedTile,
  at: number,
  count: number,
  queues: readonly { readonly id: number; readonly name: string }[],
) {
  const unit = THRESHOLD_UNITS[kind];
  return {
    kind,
    at,
    number: at + 1,
    isFirst: at === 0,
    isLast: at === count - 1,
    heading: page.t('wallboards.tile', {
      number: at + 1,
      kind: page.t(`wallboards.kind.${kind}`),
    }),
    names: Object.fromEntries(
      ['kind', 'size', 'title', 'text', 'campaign', 'warn', 'critical', 'queues'].map((name) => [
        name,
        field(at, name),
      ]),
    ),
    hasThresholds: unit !== undefined,
    thresholdHelp: page.t(`wallboards.threshold.${LOW_IS_BAD.has(kind) ? 'low' : 'high'}`),
    limitUnit:
      unit === undefined || unit === 'count'
        ? ''
        : unit === 'percent'
          ? '%'
          : page.t('unit.seconds'),
    isText: kind === 'text',
    isCampaign: kind === 'campaign',
    hasQueues: QUEUE_KINDS.has(kind),
    queuesText:
      chosen.length === 0
        ? page.t('wallboards.all-queues')
        : page.t('wallboards.some-queues', { count: chosen.length }),
    queues: queues.map(({ id, name }) => ({
      value: String(id),
      label: name,
      isOn: chosen.includes(String(id)),
    })),
  };
}

/** What fields of tiles are called in the summary of problems. */
const labelsOf = (page: PageContext, rows: readonly TypedTile[]) =>
  Object.fromEntries(
    rows.flatMap((_row, at) =>
      ['title', 'text', 'campaign', 'warn', 'critical', 'queues'].map((name) => [
        field(at, name),
        page.t('wallboards.field-of', {
          number: at + 1,
          field: page.t(`wallboards.field.${name}`),
        }),
      ]),
    ),
  );

/** Adds, moves and removes tiles in the form; nothing is saved. */
async function changeRows(page: PageContext, parts: WallboardPagesParts): Promise<void> {
  const { body } = page;
  const id = numberIn(body, 'board');
  const board = id > 0 ? await parts.service.get(page.actor, id as WallboardId) : undefined;
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !/^tiles\./.test(name)));
  const flat = { ...kept, ...flatTiles(changedTiles(body)) };
  const version = versionOf(body);
  const action = board ? `${WALLBOARDS_PATH}/${String(board.id)}` : WALLBOARDS_PATH;
  const options = { prefix: 'wallboards.form', action };
  page.render('wallboards/edit', {
    title: board?.name ?? page.t('wallboards.new'),
    crumbs: [{ label: page.t('wallboards.title'), href: WALLBOARDS_PATH }],
    ...(board === undefined ? { isNew: true } : { row: board }),
    ...(await editData(page, parts, board, flat)),
    form: formView(options, flat, version > 0 ? version : undefined),
  });
}

async function addLink(page: PageContext, parts: WallboardPagesParts): Promise<void> {
  const id = page.id<WallboardId>();
  const parsed = parseForm(linkSchema, page.body);
  const problems = parsed.ok ? [] : [...parsed.problems];
  if (parsed.ok)
    try {
      const { label, days } = parsed.values;
      const lasts = Number(days);
      await parts.service.addLink(page.actor, id, {
        ...{ label, days: lasts === 0 ? undefined : lasts },
      });
      return await page.redirect(`${WALLBOARDS_PATH}/${String(id)}#links`, {
        message: 'wallboards.link.added',
      });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
      problems.push(...error.problems);
    }
  const board = await parts.service.get(page.actor, id);
  page.render(
    'wallboards/edit',
    {
      title: board.name,
      crumbs: [{ label: page.t('wallboards.title'), href: WALLBOARDS_PATH }],
      row: board,
      ...(await editData(page, parts, board, wallboardValues(board))),
      form: formView(
        { prefix: 'wallboards.form', action: `${WALLBOARDS_PATH}/${String(id)}` },
        wallboardValues(board),
        board.version,
      ),
      linkLabel: page.body['label'],
      linkProblem: problems.map(({ message, params }) => page.t(message, params))[0],
    },
    422,
  );
}

async function revoke(page: PageContext, { service }: WallboardPagesParts): Promise<void> {
  const id = page.id<WallboardId>();
  await service.revokeLink(page.actor, id, page.id<WallboardLinkId>('link'));
  await page.redirect(`${WALLBOARDS_PATH}/${String(id)}#links`, {
    message: 'wallboards.link.revoked-now',
  });
}
