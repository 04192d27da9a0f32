import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, QueueId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { Desk, DeskAnswer } from '../../telephony/live.js';
import type { AuditLog } from '../audit/audit.js';
import { isCallbackId, type CallbackLine, type CallbackQuery } from './callback.js';
import type { CallbackReports, CallbackScope } from './callback-reports.js';

/** What people do with an open callback. */
export const CALLBACK_ACTIONS = ['cancel', 'hurry', 'reopen'] as const;
export type CallbackAction = (typeof CALLBACK_ACTIONS)[number];

/** Callbacks as people see them: agents those of their queues, people with `calls.read` all. */
export class CallbacksService {
  constructor(
    private readonly reports: CallbackReports,
    private readonly desk: Desk,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  list(actor: Actor, query: CallbackQuery): Promise<ListResult<CallbackLine>> {
    return this.reports.list(this.#scope(actor), query, this.#now());
  }

  /** Queues that the list can be narrowed to. */
  queues(actor: Actor): Promise<readonly { readonly id: QueueId; readonly name: string }[]> {
    return this.reports.queues(this.#scope(actor));
  }

  /** Every callback that matches, in batches, with a line in the audit log first. */
  async export(
    actor: Actor,
    query: CallbackQuery,
    visit: (lines: readonly CallbackLine[]) => Promise<void>,
  ): Promise<void> {
    const scope = this.#scope(actor);
    await this.audit.record(actor, {
      action: 'callbacks.export',
      objectKind: 'callback',
      objectId: '',
      objectName: query.search,
    });
    await this.reports.each(scope, query, this.#now(), visit);
  }

  /** Open ones that nobody has tried for long, of those that the actor may see. */
  countOverdue(actor: Actor): Promise<number> {
    return can(actor, 'callbacks.read')
      ? this.reports.countOverdue(this.#scope(actor), this.#now())
      : Promise.resolve(0);
  }

  /** Asks the process of the calls; what it refuses is an answer. Throws `not-found` for what the actor may not see. */
  async act(actor: Actor, id: string, action: CallbackAction): Promise<DeskAnswer> {
    const callback = await this.#find(actor, id);
    const answer = await this.desk.ask({ kind: `callback-${action}`, callbackId: callback.id });
    if (answer.ok) await this.#note(actor, callback, action);
    return answer;
  }

  /** The note that people leave for whoever calls. */
  async note(actor: Actor, id: string, note: string): Promise<void> {
    const callback = await this.#find(actor, id);
    if (callback.note === note) return;
    await this.#note(actor, callback, 'note', { note: [callback.note, note] });
    await this.reports.note(callback.id, note);
  }

  #now(): Date {
    return new Date(this.clock.now());
  }

  #scope(actor: Actor): CallbackScope {
    requirePermission(actor, 'callbacks.read');
    if (can(actor, 'calls.read')) return 'everything';
    return { agentId: actor.agentId ?? NOBODY };
  }

  async #find(actor: Actor, id: string): Promise<CallbackLine> {
    const scope = this.#scope(actor);
    const callback = isCallbackId(id) ? await this.reports.find(scope, id) : undefined;
    if (callback === undefined) throw new AppError('not-found', 'no such callback');
    return callback;
  }

  #note(
    actor: Actor,
    callback: CallbackLine,
    action: CallbackAction | 'note',
    changes?: Readonly<Record<string, readonly [unknown, unknown]>>,
  ): Promise<void> {
    return this.audit.record(actor, {
      action: `callback.${action}`,
      objectKind: 'callback',
      objectId: callback.id,
      objectName: callback.number,
      ...(changes === undefined ? {} : { changes }),
    });
  }
}

/** No row has agent 0. */
const NOBODY = 0 as AgentId;
