import type { Knex } from 'knex';
import { SYSTEM_ACTOR } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import type { CampaignId, ContactId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AuditLog } from '../audit/audit.js';
import { fillSlice } from './knex-filling.js';
import { changeState } from './knex-campaign-state.js';
import { scheduleAt } from './schedule.js';
import { readSettings } from './settings.js';
import type { SegmentMembers } from './knex-source-members.js';
import type { CampaignRow } from './knex-stored-campaign.js';

/** Lists and segments are looked at so often while a campaign is started. */
const EVERY_MS = 5_000;
/** While the database is away it is tried again after so long. */
const RETRY_MS = 30_000;
/** So long one campaign may be filled before it is the next one's turn. */
const TURN_MS = 2_000;

export interface KeeperParts {
  readonly database: Knex;
  readonly clock: Clock;
  readonly segments: SegmentMembers;
  readonly auditLog: (db: Knex) => AuditLog;
  readonly log: { warn(fields: object, message: string): void };
}

/** Where the pass over the contacts of each campaign stands. */
export class CampaignKeeper {
  readonly #after = new Map<CampaignId, ContactId>();
  /** Campaigns whose contacts were all looked at since they were started. */
  readonly #whole = new Set<CampaignId>();

  constructor(private readonly parts: KeeperParts) {}

  /**
   * Looks after every started campaign once: new people come in, people who left their lists go out, what is over by its
   * schedule stops, and where nobody is left it is done.
   */
  async lookAfter(): Promise<void> {
    const rows = await this.parts
      .database('campaigns')
      .where({ state: 'running' })
      .whereNull('archived_at')
      .orderBy('id')
      .select<CampaignRow[]>('*');
    for (const id of [...this.#after.keys(), ...this.#whole])
      if (!rows.some((row) => row.id === id)) this.#forget(id);
    for (const row of rows) await this.#one(row);
  }

  async #one(row: CampaignRow): Promise<void> {
    const { clock } = this.parts;
    const settings = readSettings(row.settings);
    if (scheduleAt(settings, clock.now()).kind === 'over')
      return this.#end(row.id, 'stopped', 'schedule');
    await this.#fill(row.id, settings.ownersOnly);
    if (!settings.endsWhenEmpty || row.mode === 'appointment' || !this.#whole.has(row.id)) return;
    if (!(await this.#hasWork(row.id))) await this.#end(row.id, 'done', 'nobody-left');
  }

  /** Somebody is still to be called, or was promised a call. */
  async #hasWork(id: CampaignId): Promise<boolean> {
    const open = (table: string): Promise<{ id: number } | undefined> =>
      this.parts
        .database(table)
        .where({ campaign_id: id })
        .whereIn('state', ['open', 'calling'])
        .first<{ id: number } | undefined>('id');
    return (await open('leads')) !== undefined || (await open('follow_ups')) !== undefined;
  }

  /** A big list is gone through in turns; the next one begins where this one ends. */
  async #fill(id: CampaignId, ownersOnly: boolean): Promise<void> {
    const { database, segments, clock } = this.parts;
    const startedAt = clock.now();
    do {
      const after = this.#after.get(id) ?? (0 as ContactId);
      const { next } = await fillSlice(database, segments, { id, ownersOnly }, after, clock.now());
      if (next === undefined) {
        this.#after.delete(id);
        this.#whole.add(id);
        return;
      }
      this.#after.set(id, next);
    } while (clock.now() - startedAt < TURN_MS);
  }

  async #end(id: CampaignId, state: 'stopped' | 'done', reason: string): Promise<void> {
    const { database, auditLog } = this.parts;
    await changeState(database, auditLog, SYSTEM_ACTOR, id, {
      from: ['running'],
      to: state,
      reason,
    });
    this.#forget(id);
  }

  #forget(id: CampaignId): void {
    this.#after.delete(id);
    this.#whole.delete(id);
  }
}

/** Looks after campaigns until the scope ends. */
export function keepCampaigns(server: Scope, parts: KeeperParts): void {
  const keeper = new CampaignKeeper(parts);
  server.fork('campaigns', async (scope) => {
    for (;;) {
      let waitMs = EVERY_MS;
      try {
        await keeper.lookAfter();
      } catch (error) {
        parts.log.warn({ err: error }, 'campaigns could not be looked after; trying again');
        waitMs = RETRY_MS;
      }
      await parts.clock.sleep(waitMs, scope.signal);
    }
  });
}
