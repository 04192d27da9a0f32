import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, RecordingId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import type { Voicemail, VoicemailQuery } from './voicemail.js';
import type { VoicemailScope, VoicemailStore } from './voicemail-store.js';

/** Messages and what people do with them. */
export class VoicemailService {
  constructor(
    private readonly store: VoicemailStore,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  list(actor: Actor, query: VoicemailQuery): Promise<ListResult<Voicemail>> {
    return this.store.list(this.#scope(actor), query);
  }

  /** Messages that nobody heard yet, of those that the actor may see. */
  countNew(actor: Actor): Promise<number> {
    return can(actor, 'voicemail.read')
      ? this.store.countNew(this.#scope(actor))
      : Promise.resolve(0);
  }

  /** Marks a message heard, or new again. A message that was heard keeps who heard it first. */
  async markHeard(actor: Actor, id: string, isHeard: boolean): Promise<void> {
    const message = await this.#find(actor, id);
    if (isHeard === (message.heardAt !== undefined)) return;
    const heard = isHeard ? { at: this.#now(), by: actor.userId } : null;
    await this.store.mark(message.id, { heard });
  }

  async remark(actor: Actor, id: string, remark: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.remark === remark) return;
    await this.#note(actor, message, 'remark', { remark: [message.remark, remark] });
    await this.store.mark(message.id, { remark });
  }

  async archive(actor: Actor, id: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.archivedAt !== undefined) return;
    await this.#note(actor, message, 'archive');
    await this.store.mark(message.id, { archivedAt: this.#now() });
  }

  async restore(actor: Actor, id: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.archivedAt === undefined) return;
    await this.#note(actor, message, 'restore');
    await this.store.mark(message.id, { archivedAt: null });
  }

  #now(): Date {
    return new Date(this.clock.now());
  }

  #scope(actor: Actor): VoicemailScope {
    requirePermission(actor, 'voicemail.read');
    if (can(actor, 'calls.read')) return 'everything';
    return { agentId: actor.agentId ?? NOBODY };
  }

  async #find(actor: Actor, id: string): Promise<Voicemail> {
    const message = isId(id) ? await this.store.find(this.#scope(actor), id) : undefined;
    if (message === undefined) throw new AppError('not-found', 'no such message');
    return message;
  }

  #note(
    actor: Actor,
    message: Voicemail,
    action: string,
    changes?: Readonly<Record<string, readonly [unknown, unknown]>>,
  ): Promise<void> {
    return this.audit.record(actor, {
      action: `voicemail.${action}`,
      objectKind: 'voicemail',
      objectId: message.id,
      objectName: message.fromNumber,
      ...(changes === undefined ? {} : { changes }),
    });
  }
}

/** No row has agent 0. */
const NOBODY = 0 as AgentId;

const isId = (text: string): text is RecordingId => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(text);
