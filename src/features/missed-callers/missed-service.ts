import { can, requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, MissedCallerId } from '../../kernel/ids.js';
import type { ListResult } from '../../kernel/list.js';
import type { Desk, DeskAnswer } from '../../telephony/live.js';
import type { AuditEntry } from '../audit/audit.js';
import type { MissedLine, MissedQuery } from './missed-caller.js';
import type {
  LostPerson,
  MissedChange,
  MissedCounts,
  MissedReports,
  MissedScope,
} from './missed-reports.js';

export const MISSED_ACCESS = 'callbacks.read';
/** Who may give a caller to somebody else, and reads the report. */
export const MISSED_SUPERVISION = 'calls.read';

interface Store {
  change(actor: Actor, id: MissedCallerId, change: MissedChange, entry: AuditEntry): Promise<void>;
}

/** People who did not reach us, and what is done for them: agents see those of their queues, of none, and their own. */
export class MissedService {
  constructor(
    private readonly parts: {
      readonly reports: MissedReports;
      readonly store: Store;
      readonly desk: Desk;
      readonly clock: Clock;
    },
  ) {}

  list(actor: Actor, query: MissedQuery): Promise<ListResult<MissedLine>> {
    return this.parts.reports.list(scopeOf(actor), query, actor.agentId, this.#now());
  }

  counts(actor: Actor): Promise<MissedCounts> {
    return can(actor, MISSED_ACCESS)
      ? this.parts.reports.counts(scopeOf(actor), actor.agentId, this.#now())
      : Promise.resolve({ open: 0, overdue: 0, mine: 0 });
  }

  queues(actor: Actor) {
    return this.parts.reports.queues(scopeOf(actor));
  }

  /** To whom the actor may give somebody; nobody for agents. */
  owners(actor: Actor) {
    return can(actor, MISSED_SUPERVISION) ? this.parts.reports.agents() : Promise.resolve([]);
  }

  /** The actor's own phone rings, and the person is dialled when it was answered; a caller without an owner becomes the actor's. */
  async call(actor: Actor, id: MissedCallerId): Promise<DeskAnswer> {
    const line = await this.#find(actor, id);
    const { agentId } = actor;
    if (agentId === undefined) return { ok: false, code: 'not-signed-in', detail: '' };
    const { desk } = this.parts;
    const answer = await desk.ask({ kind: 'agent-dial', agentId, number: line.number });
    if (answer.ok && line.state === 'open' && line.ownerId === undefined)
      await this.#change(actor, line, 'take', { owner: agentId });
    return answer;
  }

  /** The caller is the actor's from now on. */
  async take(actor: Actor, id: MissedCallerId): Promise<void> {
    const { agentId } = actor;
    if (agentId === undefined) throw new AppError('not-allowed', 'only agents take callers');
    await this.#change(actor, await this.#find(actor, id), 'take', { owner: agentId });
  }

  /** `owner` undefined: it is nobody's again. Agents may only let go of their own. */
  async give(actor: Actor, id: MissedCallerId, owner: AgentId | undefined): Promise<void> {
    const line = await this.#find(actor, id);
    const isOwn = owner === undefined && line.ownerId === actor.agentId;
    if (!isOwn) requirePermission(actor, MISSED_SUPERVISION);
    const known =
      owner === undefined || (await this.parts.reports.agents()).some((one) => one.id === owner);
    if (!known) throw new AppError('not-found', 'no such agent');
    await this.#change(actor, line, 'give', { owner: owner ?? null });
  }

  async close(actor: Actor, id: MissedCallerId): Promise<void> {
    const closed = { by: actor.name, at: this.#now() };
    await this.#change(actor, await this.#find(actor, id), 'close', { closed });
  }

  async reopen(actor: Actor, id: MissedCallerId): Promise<void> {
    await this.#change(actor, await this.#find(actor, id), 'reopen', { reopened: true });
  }

  async note(actor: Actor, id: MissedCallerId, note: string): Promise<void> {
    const line = await this.#find(actor, id);
    if (line.note === note) return;
    await this.#change(actor, line, 'note', { note }, { note: [line.note, note] });
  }

  /** Everybody who was lost in a time, for the report. */
  lost(actor: Actor, fromAt: number, toAt: number): Promise<readonly LostPerson[]> {
    requirePermission(actor, MISSED_SUPERVISION);
    return this.parts.reports.lost(fromAt, toAt);
  }

  #now(): Date {
    return new Date(this.parts.clock.now());
  }

  async #find(actor: Actor, id: MissedCallerId): Promise<MissedLine> {
    const line = await this.parts.reports.find(scopeOf(actor), id);
    if (line === undefined) throw new AppError('not-found', 'no such caller');
    return line;
  }

  #change(
    actor: Actor,
    line: MissedLine,
    action: string,
    change: MissedChange,
    changes?: AuditEntry['changes'],
  ): Promise<void> {
    return this.parts.store.change(actor, line.id, change, {
      ...{ action: `missed-caller.${action}`, objectKind: 'missed-caller' },
      ...{ objectId: String(line.id), objectName: line.number },
      ...(changes === undefined ? {} : { changes }),
    });
  }
}

/** No row has agent 0. */
const NOBODY = 0 as AgentId;

function scopeOf(actor: Actor): MissedScope {
  requirePermission(actor, MISSED_ACCESS);
  return can(actor, MISSED_SUPERVISION) ? 'everything' : { agentId: actor.agentId ?? NOBODY };
}
