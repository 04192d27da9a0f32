import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { CallEvent } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { CallId, DispositionId } from '../../kernel/ids.js';
import type { DispositionConfig } from '../../telephony/directory.js';
import type { Desk, DeskAnswer } from '../../telephony/live.js';
import type { AuditLog } from '../audit/audit.js';
import {
  isCallId,
  type CallbackFile,
  type CallDetail,
  type CallLine,
  type CallQuery,
  type FilterChoices,
  type LegLine,
  type RecordingMark,
  type WrapUpLine,
} from './call.js';
import type { CallPage, CallReports } from './call-reports.js';

/** A call with everything that its page tells. */
export interface CallStory {
  readonly call: CallDetail;
  readonly legs: readonly LegLine[];
  readonly events: readonly CallEvent[];
  readonly wrapUps: readonly WrapUpLine[];
  /** Asked for in it, or tried by it. */
  readonly callbacks: readonly CallbackFile[];
  /** What the wrap-ups name. */
  readonly dispositions: ReadonlyMap<DispositionId, DispositionConfig>;
}

/** Looking up calls. People with `calls.read` see all, those with `calls.read-own` the ones in which they talked. */
export class CallsService {
  constructor(
    private readonly reports: CallReports,
    private readonly desk: Desk,
    private readonly audit: AuditLog,
  ) {}

  /** One page of the list, with the recordings of its calls. */
  async list(
    actor: Actor,
    query: CallQuery,
  ): Promise<{ readonly page: CallPage; readonly recordings: readonly RecordingMark[] }> {
    const page = await this.reports.list(this.#scoped(actor, query));
    const recordings = await this.reports.recordingsOf(page.rows.map((call) => call.id));
    return { page, recordings };
  }

  /** Every call that matches, in batches, with a line in the audit log first. */
  async export(
    actor: Actor,
    query: CallQuery,
    visit: (lines: readonly CallLine[]) => Promise<void>,
  ): Promise<void> {
    const scoped = this.#scoped(actor, query);
    await this.audit.record(actor, {
      action: 'calls.export',
      objectKind: 'calls',
      objectId: '',
      objectName: query.search,
    });
    await this.reports.each(scoped, visit);
  }

  /** What the list can be narrowed by; nothing for those who see only their own calls. */
  choices(actor: Actor): Promise<FilterChoices> {
    const nothing = { queues: [], agents: [], extensions: [], dids: [], dispositions: [] };
    return can(actor, 'calls.read') ? this.reports.choices() : Promise.resolve(nothing);
  }

  /** Throws `not-found` for what is no call, and `not-allowed` for somebody else's. */
  async story(actor: Actor, id: string): Promise<CallStory> {
    const callId = await this.#visible(actor, id);
    const [call, legs, events, wrapUps] = await Promise.all([
      this.reports.find(callId),
      this.reports.legs(callId),
      this.reports.events(callId),
      this.reports.wrapUps(callId),
    ]);
    if (call === undefined) throw new AppError('not-found', 'no such call');
    const tree = wrapUps.length === 0 ? [] : await this.reports.dispositions();
    const dispositions = new Map(tree.map((one) => [one.id, one]));
    const callbackIds = events.flatMap((event) =>
      event.kind === 'callback-asked' || event.kind === 'callback-tried' ? event.callbackId : [],
    );
    const callbacks = await this.reports.callbacks(callbackIds);
    return { call, legs, events, wrapUps, callbacks, dispositions };
  }

  /** Ends a call in progress: both sides are hung up. */
  async end(actor: Actor, id: string): Promise<DeskAnswer> {
    requirePermission(actor, 'calls.end');
    const callId = await this.#visible(actor, id);
    await this.audit.record(actor, {
      action: 'call.end',
      objectKind: 'call',
      objectId: callId,
      objectName: '',
    });
    return this.desk.ask({ kind: 'end-call', callId });
  }

  #scoped(actor: Actor, query: CallQuery): CallQuery {
    if (can(actor, 'calls.read')) return query;
    requirePermission(actor, 'calls.read-own');
    // Without an agent nobody has calls of their own: no row has agent 0.
    return { ...query, ownAgentId: actor.agentId ?? NOBODY };
  }

  async #visible(actor: Actor, id: string): Promise<CallId> {
    if (!can(actor, 'calls.read')) requirePermission(actor, 'calls.read-own');
    if (!isCallId(id)) throw new AppError('not-found', 'no such call');
    if (can(actor, 'calls.read')) return id;
    const isOwn = actor.agentId !== undefined && (await this.reports.isOwn(id, actor.agentId));
    if (!isOwn) throw new AppError('not-allowed', 'not a call of this agent');
    return id;
  }
}

const NOBODY = 0 as NonNullable<Actor['agentId']>;
