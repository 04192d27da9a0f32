import type { Knex } from 'knex';
import { isDuplicate } from '../../kernel/sql-error.js';
import type { SkillRequirement } from '../../engines/acd/requirement.js';
import type { Attributes } from '../../engines/routing/rule.js';
import type { Language } from '../../kernel/call-event.js';
import type { AgentId, CallbackId, CallId, QueueId } from '../../kernel/ids.js';
import type { CallContext } from '../../telephony/calls/call-context.js';
import type {
  Callback,
  CallbackState,
  CallbackStore,
  StickyWish,
} from '../../telephony/callbacks.js';

interface CallbackRow {
  readonly id: CallbackId;
  readonly queue_id: QueueId;
  readonly call_id: CallId;
  readonly last_call_id: CallId | null;
  readonly number: string;
  readonly name: string;
  readonly priority: number;
  readonly entered_at: Date;
  readonly asked_at: Date;
  readonly requirements: unknown;
  readonly known: unknown;
  readonly sticky_agent_id: AgentId | null;
  readonly sticky_for_ms: number | null;
  readonly language: Language;
  readonly state: CallbackState;
  readonly attempts: number;
  readonly not_before: Date | null;
  readonly held_until: Date | null;
  readonly agent_id: AgentId | null;
}

const OPEN: readonly CallbackState[] = ['waiting', 'calling'];
const isOpen = (state: CallbackState): boolean => OPEN.includes(state);

/** MariaDB gives JSON as text, MySQL as an object. */
const parsed = (column: unknown): unknown =>
  typeof column === 'string' ? JSON.parse(column) : column;

function knownOf(row: CallbackRow): Pick<Callback, 'attributes' | 'context' | 'sticky'> {
  // Rows of earlier releases have nothing there.
  const known = (parsed(row.known) ?? {}) as {
    readonly attributes?: Attributes;
    readonly context?: CallContext;
  };
  const { sticky_agent_id: agent, sticky_for_ms: forMs } = row;
  return {
    attributes: known.attributes ?? {},
    context: known.context ?? [],
    ...(agent === null ? {} : { sticky: { agent, forMs: forMs ?? 0 } }),
  };
}

const stickyColumns = (sticky: StickyWish | undefined) =>
  sticky === undefined ? {} : { sticky_agent_id: sticky.agent, sticky_for_ms: sticky.forMs };

const instant = (at: number): Date | null => (at === 0 ? null : new Date(at));

/** Locks the queue for sharing, so that it is not archived before the callback is there. */
const isQueueInUse = async (tx: Knex, id: QueueId): Promise<boolean> =>
  (await tx('queues')
    .where({ id })
    .whereNull('archived_at')
    .forShare()
    .first<object | undefined>('id')) !== undefined;

const callbackOf = (row: CallbackRow): Callback => ({
  id: row.id,
  queueId: row.queue_id,
  callId: row.call_id,
  number: row.number,
  name: row.name,
  priority: row.priority,
  enteredAt: row.entered_at.getTime(),
  askedAt: row.asked_at.getTime(),
  requirements: parsed(row.requirements) as readonly SkillRequirement[],
  ...knownOf(row),
  language: row.language,
  state: row.state,
  attempts: row.attempts,
  notBefore: row.not_before?.getTime() ?? 0,
  heldUntil: row.held_until?.getTime() ?? 0,
  ...(row.agent_id === null ? {} : { agentId: row.agent_id }),
  ...(row.last_call_id === null ? {} : { lastCallId: row.last_call_id }),
});

/** Callbacks in MariaDB. That a number has one open callback at most is a unique key of the table. */
export class KnexCallbackStore implements CallbackStore {
  constructor(private readonly db: Knex) {}

  async add(callback: Callback): Promise<boolean> {
    try {
      return await this.db.transaction((tx) => this.#insert(tx, callback));
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async #insert(tx: Knex, callback: Callback): Promise<boolean> {
    if (!(await isQueueInUse(tx, callback.queueId))) return false;
    await tx('callbacks').insert({
      id: callback.id,
      queue_id: callback.queueId,
      call_id: callback.callId,
      number: callback.number,
      open_number: callback.number,
      name: callback.name,
      priority: callback.priority,
      entered_at: new Date(callback.enteredAt),
      asked_at: new Date(callback.askedAt),
      requirements: JSON.stringify(callback.requirements),
      known: JSON.stringify({ attributes: callback.attributes, context: callback.context }),
      ...stickyColumns(callback.sticky),
      language: callback.language,
      state: callback.state,
      attempts: callback.attempts,
    });
    return true;
  }

  async open(): Promise<readonly Callback[]> {
    const rows = await this.db('callbacks')
      .whereIn('state', OPEN)
      .orderBy('entered_at')
      .orderBy('id')
      .select<CallbackRow[]>('*');
    return rows.map(callbackOf);
  }

  async update(id: CallbackId, change: Parameters<CallbackStore['update']>[1]): Promise<void> {
    const { state, queueId, priority, sticky, attempts, notBefore, heldUntil } = change;
    const { agentId, lastCallId, lastOutcome } = change;
    const now = new Date();
    await this.db('callbacks')
      .where({ id })
      .update({
        updated_at: now,
        ...(state === undefined ? {} : { state }),
        ...(state === undefined || isOpen(state) ? {} : { open_number: null, closed_at: now }),
        ...(queueId === undefined ? {} : { queue_id: queueId }),
        ...(priority === undefined ? {} : { priority }),
        ...stickyColumns(sticky),
        ...(attempts === undefined ? {} : { attempts }),
        ...(notBefore === undefined ? {} : { not_before: instant(notBefore) }),
        ...(heldUntil === undefined ? {} : { held_until: instant(heldUntil) }),
        ...(agentId === undefined ? {} : { agent_id: agentId }),
        ...(lastCallId === undefined ? {} : { last_call_id: lastCallId }),
        ...(lastOutcome === undefined ? {} : { last_outcome: lastOutcome }),
      });
  }

  async reopen(id: CallbackId): Promise<Callback | undefined> {
    try {
      const changed = await this.db('callbacks')
        .where({ id, state: 'cancelled' })
        .whereIn('queue_id', this.db('queues').whereNull('archived_at').select('id'))
        .update({
          state: 'waiting',
          open_number: this.db.ref('number'),
          closed_at: null,
          updated_at: new Date(),
        });
      if (changed === 0) return undefined;
    } catch (error) {
      if (isDuplicate(error)) return undefined;
      throw error;
    }
    const row = await this.db('callbacks').where({ id }).first<CallbackRow | undefined>('*');
    return row && callbackOf(row);
  }
}
