import type { Knex } from 'knex';
import type { WallboardId, WallboardLinkId } from '../../kernel/ids.js';
import type { AuditLog } from '../audit/audit.js';
import { inTransaction } from '../configuration/index.js';
import type { WallboardLinks, WallboardLinkWriter } from './wallboard-store.js';
import type { WallboardLink } from './wallboard.js';

interface LinkRow {
  readonly id: WallboardLinkId;
  readonly wallboard_id: WallboardId;
  readonly nonce: string;
  readonly label: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly revoked_by: string;
  readonly opened_at: Date | null;
}

const toLink = (row: LinkRow): WallboardLink => ({
  id: row.id,
  boardId: row.wallboard_id,
  nonce: row.nonce,
  label: row.label,
  createdBy: row.created_by,
  createdAt: row.created_at,
  expiresAt: row.expires_at ?? undefined,
  revokedAt: row.revoked_at ?? undefined,
  revokedBy: row.revoked_by,
  openedAt: row.opened_at ?? undefined,
});

/** Links of boards in MariaDB. */
export class KnexWallboardLinks implements WallboardLinks {
  constructor(
    private readonly db: Knex,
    private readonly auditLog: (db: Knex) => AuditLog,
  ) {}

  async of(board: WallboardId): Promise<readonly WallboardLink[]> {
    const rows = (await this.db('wallboard_links')
      .where('wallboard_id', board)
      .orderBy('id', 'desc')) as LinkRow[];
    return rows.map(toLink);
  }

  /** Only of a board that is in use. */
  async byNonce(nonce: string): Promise<WallboardLink | undefined> {
    const row = await this.db('wallboard_links as l')
      .join('wallboards as w', 'w.id', 'l.wallboard_id')
      .whereNull('w.archived_at')
      .where('l.nonce', nonce)
      .first<LinkRow | undefined>('l.*');
    return row && toLink(row);
  }

  async find(id: WallboardLinkId): Promise<WallboardLink | undefined> {
    const row = await this.db('wallboard_links').where({ id }).first<LinkRow | undefined>();
    return row && toLink(row);
  }

  change<T>(work: (writer: WallboardLinkWriter) => Promise<T>): Promise<T> {
    return inTransaction(this.db, (tx) =>
      work({
        audit: this.auditLog(tx),
        add: async ({ boardId, nonce, label, createdBy, createdAt, expiresAt }) => {
          const [id] = await tx('wallboard_links').insert({
            ...{ wallboard_id: boardId, nonce, label },
            ...{ created_by: createdBy, created_at: createdAt, expires_at: expiresAt ?? null },
          });
          return id as WallboardLinkId;
        },
        revoke: async (id, at, by) => {
          const changed = await tx('wallboard_links')
            .where({ id })
            .whereNull('revoked_at')
            .update({ revoked_at: at, revoked_by: by });
          return changed > 0;
        },
      }),
    );
  }

  async noteOpened(id: WallboardLinkId, at: Date): Promise<void> {
    await this.db('wallboard_links').where({ id }).update({ opened_at: at });
  }
}
