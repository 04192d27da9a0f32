import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Actor } from '../../kernel/actor.js';
import type { AuditLog } from '../audit/audit.js';
import type { NamedHere } from './import.js';

/** As long as names of queues and agents are. */
export const NAME_LENGTH = 80;

/** Says what names are here: one of ours, or an archived row that is made for it, once for each name. */
export class FormerMaker {
  constructor(
    private readonly tx: Knex,
    private readonly actor: Actor,
    private readonly audit: AuditLog,
  ) {}

  async named<Id extends number>(
    kind: 'queue' | 'agent',
    chosen: Readonly<Record<string, Id | undefined>>,
  ): Promise<Readonly<Record<string, NamedHere<Id>>>> {
    // Names are those of another system: one may be called like a part of every object.
    const named = Object.create(null) as Record<string, NamedHere<Id>>;
    for (const [name, id] of Object.entries(chosen)) {
      const isFormer = id === undefined;
      const target = isFormer
        ? await this.#former<Id>(kind, name)
        : await this.#row<Id>(kind, { id });
      if (target === undefined) throw new Error(`${kind} ${String(id)} is gone`);
      named[name] = target;
      await this.tx('queue_log_names')
        .insert({ kind, name, target_id: target.id, is_former: isFormer })
        .onConflict(['kind', 'name'])
        .merge();
    }
    return named;
  }

  async #row<Id extends number>(
    kind: 'queue' | 'agent',
    where: Readonly<Record<string, unknown>>,
  ): Promise<NamedHere<Id> | undefined> {
    return this.tx(`${kind}s`).where(where).first<NamedHere<Id> | undefined>('id', 'name');
  }

  async #former<Id extends number>(kind: 'queue' | 'agent', name: string): Promise<NamedHere<Id>> {
    const before = await this.tx('queue_log_names')
      .where({ kind, name, is_former: true })
      .first<{ target_id: number } | undefined>('target_id');
    const known = before && (await this.#row<Id>(kind, { id: before.target_id }));
    if (known !== undefined) return known;
    const made = kind === 'queue' ? await this.#queue(name) : await this.#agent(name);
    await this.audit.record(this.actor, {
      action: `${kind}.create`,
      ...{ objectKind: kind, objectId: String(made.id), objectName: made.name },
    });
    return made as NamedHere<Id>;
  }

  /** Names of queues are unique, whatever their case, archived ones too. */
  async #queue(name: string): Promise<NamedHere<number>> {
    const base = name.slice(0, NAME_LENGTH - 8);
    for (let n = 0; ; n++) {
      const own = n === 0 ? base : `${base} (${String(n + 1)})`;
      if ((await this.#row('queue', { name: own })) !== undefined) continue;
      const [id] = (await this.tx('queues').insert({
        ...{ name: own, overflow: JSON.stringify({ kind: 'hangup' }) },
        archived_at: this.tx.fn.now(3),
      })) as [number];
      return { id, name: own };
    }
  }

  /** Agents have a number; that of a former one is none that can be typed, so that nobody's is taken. */
  async #agent(name: string): Promise<NamedHere<number>> {
    for (let n = 0; ; n++) {
      const hash = createHash('sha256')
        .update(`${name}#${String(n)}`)
        .digest('hex');
      const number = `old-${hash.slice(0, 6)}`;
      if ((await this.#row('agent', { number })) !== undefined) continue;
      const own = name.slice(0, NAME_LENGTH);
      const [id] = (await this.tx('agents').insert({
        ...{ name: own, number, archived_at: this.tx.fn.now(3) },
      })) as [number];
      return { id, name: own };
    }
  }
}
