import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Announcer } from '../../kernel/announcer.js';
import type { Clock } from '../../kernel/clock.js';
import type { Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { WallboardId, WallboardLinkId } from '../../kernel/ids.js';
import { RowService } from '../configuration/index.js';
import { newNonce, nonceOf, wallToken } from './wall-address.js';
import type { WallboardLinks, WallboardStore } from './wallboard-store.js';
import {
  isOpen,
  type StoredWallboard,
  type WallboardDraft,
  type WallboardLink,
  type WallboardSort,
} from './wallboard.js';

const PERMISSION = 'wallboards.edit';
/** Links of one board at most that count. */
const MAX_LINKS = 50;

export const wallTopic = (id: WallboardId): string => `wall:${String(id)}`;

/** Boards, and the links by which screens show them. */
export class WallboardService extends RowService<
  WallboardId,
  WallboardDraft,
  StoredWallboard,
  WallboardSort
> {
  constructor(
    private readonly boards: WallboardStore,
    private readonly links: WallboardLinks,
    announcer: Announcer,
    private readonly clock: Clock,
    private readonly key: string,
  ) {
    super(boards, announcer, {
      permission: PERMISSION,
      objectKind: 'wallboard',
      announces: 'wallboards',
      nameOf: (draft) => draft.name,
      describe: async ({ tiles, ...board }) => {
        const names = new Map((await boards.queueOptions()).map(({ id, name }) => [id, name]));
        return {
          ...board,
          tiles: tiles
            .map(({ kind, size, title, queues, warn, critical, text }) =>
              [
                ...[kind, size, title, text],
                queues.map((id) => names.get(id) ?? String(id)).join('/'),
                ...[warn, critical].map((limit) => (limit === undefined ? '' : String(limit))),
              ]
                .filter((part) => part !== '')
                .join(' '),
            )
            .join(' · '),
        };
      },
    });
  }

  async linksOf(actor: Actor, board: WallboardId): Promise<readonly WallboardLink[]> {
    requirePermission(actor, PERMISSION);
    return this.links.of(board);
  }

  tokenOf({ nonce }: WallboardLink): string {
    return wallToken(this.key, nonce);
  }

  /** `days`: how long it counts; undefined for until it is revoked. */
  async addLink(
    actor: Actor,
    board: WallboardId,
    { label, days }: { readonly label: string; readonly days: number | undefined },
  ): Promise<WallboardLinkId> {
    const { name } = await this.get(actor, board);
    const now = this.clock.now();
    const open = (await this.links.of(board)).filter((link) => isOpen(link, now));
    if (open.length >= MAX_LINKS)
      throw new AppError('invalid-fields', 'the board has too many links', [
        { field: 'label', message: 'wallboards.problem.links', params: { max: MAX_LINKS } },
      ]);
    return this.links.change(async (writer) => {
      const id = await writer.add({
        ...{ boardId: board, nonce: newNonce(), label, createdBy: actor.name },
        createdAt: new Date(now),
        expiresAt: days === undefined ? undefined : new Date(now + days * 86_400_000),
      });
      await writer.audit.record(actor, {
        ...{ action: 'wallboard.link', objectKind: 'wallboard', objectName: name },
        objectId: String(board),
        changes: { link: ['', label], days: ['', days ?? ''] },
      });
      return id;
    });
  }

  /** What is revoked already stays so. Screens that show it stop within seconds. */
  async revokeLink(actor: Actor, board: WallboardId, id: WallboardLinkId): Promise<void> {
    const { name } = await this.get(actor, board);
    const link = await this.links.find(id);
    if (link?.boardId !== board) throw new AppError('not-found', `no link ${String(id)}`);
    await this.links.change(async (writer) => {
      if (!(await writer.revoke(id, new Date(this.clock.now()), actor.name))) return;
      await writer.audit.record(actor, {
        ...{ action: 'wallboard.revoke-link', objectKind: 'wallboard', objectName: name },
        objectId: String(board),
        changes: { link: [link.label, ''] },
      });
    });
  }

  /** The board that a link shows now; undefined for links that do not count. Needs no permission: the link is one. */
  async opened(token: string): Promise<StoredWallboard | undefined> {
    const link = await this.#openLink(token);
    if (link === undefined) return undefined;
    await this.links.noteOpened(link.id, new Date(this.clock.now()));
    return this.boards.find(link.boardId);
  }

  /** What a screen with a link may follow; undefined for links that do not count. */
  async admit(
    token: string,
  ): Promise<{ readonly topic: string; readonly language: Language } | undefined> {
    const link = await this.#openLink(token);
    const board = link && (await this.boards.find(link.boardId));
    return board && { topic: wallTopic(board.id), language: board.language };
  }

  async #openLink(token: string): Promise<WallboardLink | undefined> {
    const nonce = nonceOf(this.key, token);
    const link = nonce === undefined ? undefined : await this.links.byNonce(nonce);
    return link && isOpen(link, this.clock.now()) ? link : undefined;
  }
}
