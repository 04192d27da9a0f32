import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, RecordingId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { AuditLog } from '../audit/audit.js';
import type { ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, DeskAnswer, DeskCommand, LiveView } from '../../telephony/live.js';
import type { Voicemail, VoicemailQuery } from './voicemail.js';
import type { VoicemailNews } from './voicemail-news.js';
import type { BoxWithMessages, VoicemailScope, VoicemailStore } from './voicemail-store.js';

export interface VoicemailServiceParts {
  readonly store: VoicemailStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly news: VoicemailNews;
  readonly desk: Desk;
  readonly live: Pick<LiveView, 'current'>;
  /** The phone that somebody sits at; undefined for users who have none. */
  readonly phoneOf: (actor: Actor) => ExtensionConfig | undefined;
}

/** Rows of an export read at once. */
const EXPORT_STEP = 500;

/** Messages and what people do with them. */
export class VoicemailService {
  constructor(private readonly parts: VoicemailServiceParts) {}

  list(actor: Actor, query: VoicemailQuery): Promise<ListResult<Voicemail>> {
    return this.parts.store.list(this.#scope(actor), query);
  }

  /** Messages that nobody heard yet, of those that the actor may see. */
  countNew(actor: Actor): Promise<number> {
    return can(actor, 'voicemail.read')
      ? this.parts.store.countNew(this.#scope(actor))
      : Promise.resolve(0);
  }

  /** Marks a message heard, or new again. A message that was heard keeps who heard it first. */
  async markHeard(actor: Actor, id: string, isHeard: boolean): Promise<void> {
    const message = await this.#find(actor, id);
    if (isHeard === (message.heardAt !== undefined)) return;
    const heard = isHeard ? { at: this.#now(), by: actor.userId } : null;
    await this.parts.store.mark(message.id, { heard });
    this.parts.news.changed();
  }

  async remark(actor: Actor, id: string, remark: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.remark === remark) return;
    await this.#note(actor, message, 'remark', { remark: [message.remark, remark] });
    await this.parts.store.mark(message.id, { remark });
  }

  async archive(actor: Actor, id: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.archivedAt !== undefined) return;
    await this.#note(actor, message, 'archive');
    await this.parts.store.mark(message.id, { archivedAt: this.#now() });
    this.parts.news.changed();
  }

  async restore(actor: Actor, id: string): Promise<void> {
    const message = await this.#find(actor, id);
    if (message.archivedAt === undefined) return;
    await this.#note(actor, message, 'restore');
    await this.parts.store.mark(message.id, { archivedAt: null });
    this.parts.news.changed();
  }

  /** Says that the actor dealt with a message, or that nobody has. Who dealt with it first stays. */
  async handle(actor: Actor, id: string, isHandled: boolean): Promise<void> {
    const message = await this.#find(actor, id);
    if (isHandled === (message.handledAt !== undefined)) return;
    await this.#note(actor, message, isHandled ? 'handle' : 'reopen');
    const handled = isHandled ? { at: this.#now(), by: actor.userId } : null;
    await this.parts.store.mark(message.id, { handled });
  }

  /** Keeps a message from retention, or lets it go again. */
  async keep(actor: Actor, id: string, isKept: boolean): Promise<void> {
    const message = await this.#find(actor, id);
    if (isKept === (message.keptAt !== undefined)) return;
    await this.#note(actor, message, isKept ? 'keep' : 'release');
    await this.parts.store.mark(message.id, { keptAt: isKept ? this.#now() : null });
  }

  /** Whether the actor has a phone from which messages are called back. */
  canCallBack(actor: Actor): boolean {
    return this.#dialOf(actor, '') !== undefined;
  }

  /** Rings the actor's own phone, then the caller. Where that begins, the actor has dealt with the message. */
  async callBack(actor: Actor, id: string): Promise<DeskAnswer> {
    const message = await this.#find(actor, id);
    const dial = this.#dialOf(actor, message.fromNumber);
    if (dial === undefined || message.fromNumber === '')
      throw new AppError('not-allowed', 'only those with a phone call back, and only numbers');
    const answer = await this.parts.desk.ask(dial);
    if (answer.ok) await this.handle(actor, id, true);
    return answer;
  }

  /** Boxes that the actor may see messages of. */
  boxes(actor: Actor): Promise<readonly BoxWithMessages[]> {
    return this.parts.store.boxes(this.#scope(actor));
  }

  /** Calls `visit` with all that fit, some at a time. */
  async each(
    actor: Actor,
    query: VoicemailQuery,
    visit: (messages: readonly Voicemail[]) => Promise<void>,
  ): Promise<void> {
    for (let offset = 0; ; offset += EXPORT_STEP) {
      const { rows } = await this.list(actor, { ...query, limit: EXPORT_STEP, offset });
      if (rows.length > 0) await visit(rows);
      if (rows.length < EXPORT_STEP) return;
    }
  }

  /** From the phone at which the actor is signed in as an agent, else from the own one. */
  #dialOf(actor: Actor, number: string): DeskCommand | undefined {
    const { live, phoneOf } = this.parts;
    const { agentId } = actor;
    const seat = live.current?.agents.find((agent) => agent.id === agentId)?.extension ?? '';
    if (agentId !== undefined && seat !== '') return { kind: 'agent-dial', agentId, number };
    const phone = phoneOf(actor);
    return phone && { kind: 'phone-dial', extensionId: phone.id, number };
  }

  #now(): Date {
    return new Date(this.parts.clock.now());
  }

  #scope(actor: Actor): VoicemailScope {
    requirePermission(actor, 'voicemail.read');
    if (can(actor, 'calls.read')) return 'everything';
    return { agentId: actor.agentId ?? NOBODY };
  }

  async #find(actor: Actor, id: string): Promise<Voicemail> {
    const message = isId(id) ? await this.parts.store.find(this.#scope(actor), id) : undefined;
    if (message === undefined) throw new AppError('not-found', 'no such message');
    return message;
  }

  #note(
    actor: Actor,
    message: Voicemail,
    action: string,
    changes?: Readonly<Record<string, readonly [unknown, unknown]>>,
  ): Promise<void> {
    return this.parts.audit.record(actor, {
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
