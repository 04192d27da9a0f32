import { requirePermission, type Actor, type Permission } from '../../kernel/actor.js';
import type { Announcer, ConfigurationKind } from '../../kernel/announcer.js';
import { AppError } from '../../kernel/errors.js';
import type { ListResult } from '../../kernel/list.js';
import { changesBetween, SECRET_CHANGED, type Changes } from './changes.js';
import type { Usage } from './usage.js';
import type { RowQuery, Versioned, VersionedStore } from './versioned-store.js';

/** What one kind of named rows is called and how it is described to people who read the audit log. */
export interface RowKind<Draft> {
  readonly permission: Permission;
  /** `queue`: the audit log's object, and the first word of its actions. */
  readonly objectKind: string;
  /** What calls hear of after each save. */
  readonly announces: ConfigurationKind;
  nameOf(draft: Draft): string;
  /** Flat, in names instead of ids, without secrets. */
  describe(
    draft: Draft,
  ): Promise<Readonly<Record<string, unknown>>> | Readonly<Record<string, unknown>>;
  /** Names of secrets that this draft sets anew. */
  secrets?(draft: Draft): readonly string[];
}

/**
 * The use cases that all named rows share: look, create, change, archive, restore. Each asks for the permission, runs as
 * one transaction with its audit line, and is announced after the commit.
 */
export class RowService<
  Id extends number,
  Draft,
  Stored extends Versioned<Id> & Draft,
  Sort extends string,
> {
  constructor(
    protected readonly store: VersionedStore<Id, Draft, Stored, Sort>,
    private readonly announcer: Announcer,
    private readonly kind: RowKind<Draft>,
  ) {}

  async list(actor: Actor, query: RowQuery<Sort>): Promise<ListResult<Stored>> {
    requirePermission(actor, this.kind.permission);
    return this.store.list(query);
  }

  /** Archived rows too; throws `not-found`. */
  async get(actor: Actor, id: Id): Promise<Stored> {
    requirePermission(actor, this.kind.permission);
    const stored = await this.store.find(id);
    if (stored === undefined)
      throw new AppError('not-found', `no ${this.kind.objectKind} ${String(id)}`);
    return stored;
  }

  /** Throws `invalid-fields` where the draft does not fit what is stored. */
  async create(actor: Actor, draft: Draft): Promise<Id> {
    requirePermission(actor, this.kind.permission);
    const after = await this.kind.describe(draft);
    const id = await this.store.change(async (writer) => {
      const created = await writer.insert(draft);
      const changes = { ...changesBetween(undefined, after), ...this.#secretChanges(draft) };
      await writer.audit.record(actor, this.#entry('create', created, draft, changes));
      return created;
    });
    await this.announce();
    return id;
  }

  /** Saves over the version that the form showed; throws `conflict` or `invalid-fields`. Saving no change writes nothing. */
  async save(actor: Actor, id: Id, version: number, draft: Draft): Promise<void> {
    const before = await this.get(actor, id);
    if (before.version !== version)
      throw new AppError('conflict', `${this.kind.objectKind} ${String(id)} was saved meanwhile`);
    const changes = {
      ...changesBetween(await this.kind.describe(before), await this.kind.describe(draft)),
      ...this.#secretChanges(draft),
    };
    if (Object.keys(changes).length === 0) return;
    await this.store.change(async (writer) => {
      await writer.replace(id, version, draft);
      await writer.audit.record(actor, this.#entry('change', id, draft, changes));
    });
    await this.announce();
  }

  /** Takes a row out of use. Where something uses it, nothing happens and the uses are given back. */
  async archive(actor: Actor, id: Id): Promise<readonly Usage[]> {
    requirePermission(actor, this.kind.permission);
    const uses = await this.store.change(async (writer) => {
      const stored = await writer.lock(id);
      if (stored.archivedAt !== undefined) return [];
      const found = await writer.uses(id);
      if (found.length > 0) return found;
      await writer.setArchived(id, true);
      await writer.audit.record(actor, this.#entry('archive', id, stored));
      return found;
    });
    if (uses.length === 0) await this.announce();
    return uses;
  }

  /** Brings an archived row back; throws `invalid-fields` where what it leads to is gone meanwhile. */
  async restore(actor: Actor, id: Id): Promise<void> {
    requirePermission(actor, this.kind.permission);
    await this.store.change(async (writer) => {
      const stored = await writer.lock(id);
      if (stored.archivedAt === undefined) return;
      await writer.setArchived(id, false);
      await writer.audit.record(actor, this.#entry('restore', id, stored));
    });
    await this.announce();
  }

  protected announce(): Promise<void> {
    return this.announcer.configurationChanged(this.kind.announces);
  }

  #secretChanges(draft: Draft): Changes {
    const names = this.kind.secrets?.(draft) ?? [];
    return Object.fromEntries(names.map((name) => [name, SECRET_CHANGED]));
  }

  #entry(action: string, id: Id, draft: Draft, changes?: Changes) {
    return {
      action: `${this.kind.objectKind}.${action}`,
      objectKind: this.kind.objectKind,
      objectId: String(id),
      objectName: this.kind.nameOf(draft),
      ...(changes === undefined ? {} : { changes }),
    };
  }
}
