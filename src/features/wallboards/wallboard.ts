import type { TileKind, Tile } from '../../engines/wallboard/tile.js';
import type { Language } from '../../kernel/call-event.js';
import type { WallboardId, WallboardLinkId } from '../../kernel/ids.js';
import type { Versioned } from '../configuration/index.js';

export const THEMES = ['dark', 'light'] as const;
export const AGENT_NAMES = ['short', 'full', 'extension'] as const;

/** A board as it is stored. */
export interface WallboardDraft {
  readonly name: string;
  readonly language: Language;
  readonly theme: (typeof THEMES)[number];
  /** How agents are called: `Mara Q.`, `Mara Quill`, or by the extension at which they sit. */
  readonly agentNames: (typeof AGENT_NAMES)[number];
  /** Numbers and names of the people whom agents talk with are shown. */
  readonly showsNumbers: boolean;
  readonly tiles: readonly Tile[];
}

export interface StoredWallboard extends Versioned<WallboardId>, WallboardDraft {}

export const WALLBOARD_SORTS = ['name', 'updated'] as const;
export type WallboardSort = (typeof WALLBOARD_SORTS)[number];

/** A link by which a screen shows a board without signing in. */
export interface WallboardLink {
  readonly id: WallboardLinkId;
  readonly boardId: WallboardId;
  readonly nonce: string;
  readonly label: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
  readonly revokedBy: string;
  /** When a screen last loaded it. */
  readonly openedAt: Date | undefined;
}

export const isOpen = ({ expiresAt, revokedAt }: WallboardLink, now: number): boolean =>
  revokedAt === undefined && (expiresAt === undefined || expiresAt.getTime() > now);

const blank = (kind: TileKind, more: Partial<Tile> = {}): Tile => ({
  ...{ kind, size: 's', title: '', queues: [], text: '' },
  ...more,
});

/** What a tile of a kind begins with. */
export const newTile = (kind: TileKind): Tile =>
  blank(kind, kind === 'queue-table' || kind === 'agent-cells' ? { size: 'm' } : {});

/** What the form of a new board shows: what most rooms want to see. */
export const FIRST_TILES: readonly Tile[] = [
  blank('waiting', { warn: 5, critical: 10 }),
  blank('longest-wait', { warn: 60, critical: 180 }),
  blank('service-level', { warn: 80, critical: 60 }),
  blank('answered'),
  blank('abandoned', { warn: 5, critical: 10 }),
  blank('available', { critical: 1 }),
  blank('queue-table', { size: 'm' }),
  blank('agent-cells', { size: 'm' }),
];
