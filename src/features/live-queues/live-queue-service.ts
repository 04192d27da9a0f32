import { can, requirePermission, type Actor, type Permission } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import type { MonitorMode } from '../../kernel/call-event.js';
import type { AgentId, CallId, ExtensionId, QueueId } from '../../kernel/ids.js';
import type { Directory, QueueConfig } from '../../telephony/directory.js';
import type {
  Desk,
  DeskAnswer,
  DeskCommand,
  DeskRefusal,
  LiveAgent,
  LiveView,
  LiveWaiting,
} from '../../telephony/live.js';
import type { AuditEntry, AuditLog } from '../audit/audit.js';
import {
  AUDIT_PRIORITY,
  FORCED_REASON,
  isCallId,
  MAX_WHY,
  OUTCOME_DONE,
  OFFER_FOR_MS,
  priorityField,
  type Place,
  type SteeringAnswer,
} from './steering.js';

export interface LiveQueueServiceParts {
  readonly live: LiveView;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly audit: AuditLog;
}

const refuse = (code: DeskRefusal, detail = ''): SteeringAnswer => ({ ok: false, code, detail });
const problem = (field: string, text: string): SteeringAnswer => ({
  ok: false,
  field,
  problem: text,
});

/**
 * What supervisors do with callers in line and with agents. Each command is written to the audit log with what came of it:
 * who, whom and what. Refusals of the process that runs the calls are answers.
 */
export class LiveQueueService {
  constructor(private readonly parts: LiveQueueServiceParts) {}

  /** Throws `not-found` for a queue that is not there. */
  queue(actor: Actor, id: QueueId): QueueConfig {
    requirePermission(actor, 'live.read');
    const queue = this.parts.directory.current.queues.get(id);
    if (queue === undefined) throw new AppError('not-found', 'no such queue');
    return queue;
  }

  /** An agent by configuration, and as it is now where known. Throws `not-found`. */
  agent(actor: Actor, id: AgentId): { readonly name: string; readonly now: LiveAgent | undefined } {
    requirePermission(actor, 'live.read');
    const now = this.parts.live.current?.agents.find((agent) => agent.id === id);
    const name = this.parts.directory.current.agents.get(id)?.name ?? now?.name;
    if (name === undefined) throw new AppError('not-found', 'no such agent');
    return { name, now };
  }

  /** Undefined for somebody who is not in this line any more. Far back in a long line only the calls know. */
  async waiting({ queueId, callId }: Place): Promise<LiveWaiting | undefined> {
    const queue = this.parts.live.current?.queues.find(({ id }) => id === queueId);
    const drawn = queue?.waiting.find((waiting) => waiting.callId === callId);
    const isWhole = queue === undefined || queue.waiting.length === queue.waitingCount;
    if (drawn !== undefined || isWhole || !isCallId(callId)) return drawn;
    const ask = { kind: 'read-line', queueId, fromPlace: 1, limit: 1, callId } as const;
    const answer = await this.parts.desk.ask(ask);
    return answer.ok ? answer.line?.waiting[0] : undefined;
  }

  /** A part of a line, as it is at this moment. */
  readLine(actor: Actor, queueId: QueueId, fromPlace: number, limit: number): Promise<DeskAnswer> {
    requirePermission(actor, 'live.read');
    return this.parts.desk.ask({ kind: 'read-line', queueId, fromPlace, limit });
  }

  setPriority(actor: Actor, place: Place, typed: string): Promise<SteeringAnswer> {
    const priority = priorityField.safeParse(typed.trim() === '' ? undefined : typed.trim());
    return this.#steer(actor, 'queues.steer', place, (callId, waiting) => {
      if (!priority.success) return problem('priority', 'live-queues.problem.priority');
      return {
        command: { kind: 'steer-priority', callId, priority: priority.data },
        action: AUDIT_PRIORITY,
        changes: { priority: [waiting.priority, priority.data] },
      };
    });
  }

  offer(actor: Actor, place: Place, agentId: AgentId): Promise<SteeringAnswer> {
    return this.#steer(actor, 'queues.steer', place, (callId) => {
      const agent = this.parts.directory.current.agents.get(agentId);
      if (agent === undefined) return problem('agent', 'form.problem.choose');
      return {
        command: { kind: 'steer-to-agent', callId, agentId, forMs: OFFER_FOR_MS },
        action: 'call.offer-to-agent',
        changes: { agent: ['', agent.name] },
      };
    });
  }

  move(actor: Actor, place: Place, to: QueueId): Promise<SteeringAnswer> {
    return this.#steer(actor, 'queues.steer', place, (callId) => {
      const { queues } = this.parts.directory.current;
      const target = queues.get(to);
      if (target === undefined || to === place.queueId)
        return problem('queue', 'form.problem.choose');
      return {
        command: { kind: 'steer-to-queue', callId, queueId: to },
        action: 'call.move-to-queue',
        changes: { queue: [queues.get(place.queueId)?.name ?? '', target.name] },
      };
    });
  }

  /** Hangs a caller up. A callback in line is no call that could be ended. */
  end(actor: Actor, place: Place): Promise<SteeringAnswer> {
    return this.#steer(actor, 'calls.end', place, (callId, waiting) =>
      waiting.callbackId === undefined && waiting.followUpId === undefined
        ? { command: { kind: 'end-call', callId }, action: 'call.end' }
        : refuse('no-call'),
    );
  }

  /** Sets an agent's state. `state` is `available`, `signed-out` or `not-ready:<code>`; `why` is for the audit log. */
  async force(
    actor: Actor,
    agentId: AgentId,
    { state, why }: { readonly state: string; readonly why: string },
  ): Promise<SteeringAnswer> {
    requirePermission(actor, 'agents.force-state');
    const { name, now } = this.agent(actor, agentId);
    const [to = '', code = ''] = state.split(':');
    const isKnown =
      to === 'available' ||
      to === 'signed-out' ||
      (to === 'not-ready' && this.forcedReasons().includes(code));
    if (!isKnown) return problem('state', 'form.problem.choose');
    const reason = why.trim();
    if (reason === '') return problem('why', 'live-queues.problem.why');
    if (reason.length > MAX_WHY) return problem('why', 'live-queues.problem.why-long');
    const answer = await this.parts.desk.ask({
      kind: 'agent-force',
      agentId,
      to: to,
      reason: to === 'not-ready' ? code : '',
      by: actor.name,
      why: reason,
    });
    await this.#record(actor, answer, {
      action: 'agent.force-state',
      objectKind: 'agent',
      objectId: String(agentId),
      objectName: name,
      changes: { state: [now?.state ?? '', state], reason: ['', reason] },
    });
    return answer.ok ? { ok: true, who: name } : answer;
  }

  /** Rings the actor's phone, which then hears the agent; a phone that does already is heard in another way. */
  async monitor(
    actor: Actor,
    agentId: AgentId,
    { extension, mode }: { readonly extension: string; readonly mode: MonitorMode },
  ): Promise<SteeringAnswer> {
    return this.#monitor(actor, agentId, extension, mode, (extensionId) => ({
      kind: 'monitor',
      ...{ agentId, extensionId, mode, by: actor.name },
    }));
  }

  async stopMonitor(actor: Actor, agentId: AgentId, extension: string): Promise<SteeringAnswer> {
    return this.#monitor(actor, agentId, extension, 'stop', (extensionId) => ({
      kind: 'monitor-stop',
      extensionId,
    }));
  }

  async #monitor(
    actor: Actor,
    agentId: AgentId,
    extension: string,
    what: string,
    command: (phone: ExtensionId) => DeskCommand,
  ): Promise<SteeringAnswer> {
    requirePermission(actor, 'calls.monitor');
    const { name } = this.agent(actor, agentId);
    const phone = this.parts.directory.current.extensionsByNumber.get(extension);
    if (phone === undefined) return refuse('unknown-extension', extension);
    const answer = await this.parts.desk.ask(command(phone.id));
    await this.#record(actor, answer, {
      action: 'agent.monitor',
      objectKind: 'agent',
      objectId: String(agentId),
      objectName: name,
      changes: { mode: ['', what], phone: ['', extension] },
    });
    return answer.ok ? { ok: true, who: name } : answer;
  }

  /** Codes of not-ready reasons that a supervisor can choose, also those that agents cannot. */
  forcedReasons(): readonly string[] {
    const reasons = [...this.parts.directory.current.notReadyReasons.values()];
    return [FORCED_REASON, ...reasons.filter(({ isActive }) => isActive).map(({ code }) => code)];
  }

  explainCall(actor: Actor, { callId }: Place): Promise<DeskAnswer> {
    requirePermission(actor, 'live.read');
    if (!isCallId(callId)) throw new AppError('not-found', 'no such call');
    return this.parts.desk.ask({ kind: 'explain-call', callId });
  }

  explainAgent(actor: Actor, agentId: AgentId): Promise<DeskAnswer> {
    requirePermission(actor, 'live.read');
    return this.parts.desk.ask({ kind: 'explain-agent', agentId });
  }

  /** Why the user, who is an agent, gets no calls. */
  explainOwn(actor: Actor): Promise<DeskAnswer> {
    requirePermission(actor, 'workspace.use');
    if (actor.agentId === undefined)
      throw new AppError('not-allowed', 'the user does not work as an agent');
    return this.parts.desk.ask({ kind: 'explain-agent', agentId: actor.agentId });
  }

  /** Who would be offered a call of this queue now that asks for nothing of its own. */
  previewOffer(actor: Actor, queueId: QueueId): Promise<DeskAnswer> {
    requirePermission(actor, 'live.read');
    return this.parts.desk.ask({ kind: 'preview-offer', queueId, requirements: [], priority: 0 });
  }

  async #steer(
    actor: Actor,
    permission: Permission,
    place: Place,
    decide: (call: CallId, waiting: LiveWaiting) => Steered | SteeringAnswer,
  ): Promise<SteeringAnswer> {
    requirePermission(actor, 'live.read');
    requirePermission(actor, permission);
    this.queue(actor, place.queueId);
    if (!isCallId(place.callId)) throw new AppError('not-found', 'no such call');
    const waiting = await this.waiting(place);
    if (waiting === undefined) return refuse('not-in-line');
    const decided = decide(place.callId, waiting);
    if ('ok' in decided) return decided;
    const who = waiting.name === '' ? waiting.from : waiting.name;
    const answer = await this.parts.desk.ask(decided.command);
    await this.#record(actor, answer, {
      action: decided.action,
      objectKind: 'call',
      objectId: place.callId,
      objectName: who,
      ...(decided.changes === undefined ? {} : { changes: decided.changes }),
    });
    return answer.ok ? { ok: true, who } : answer;
  }

  /** Where the calls did not answer in time nobody knows what came of it: the line says that, too. */
  #record(actor: Actor, answer: DeskAnswer, entry: AuditEntry): Promise<void> {
    const outcome = answer.ok ? OUTCOME_DONE : answer.code;
    return this.parts.audit.record(actor, {
      ...entry,
      changes: { ...entry.changes, outcome: ['', outcome] },
    });
  }
}

/** A command that may be given, with its line for the audit log. */
interface Steered {
  readonly command: DeskCommand;
  readonly action: string;
  readonly changes?: NonNullable<AuditEntry['changes']>;
}

/** What somebody may do on the live pages. */
export const rightsOf = (actor: Actor) => ({
  maySteer: can(actor, 'queues.steer'),
  mayEnd: can(actor, 'calls.end'),
  mayForce: can(actor, 'agents.force-state'),
  mayMonitor: can(actor, 'calls.monitor'),
  mayReadCalls: can(actor, 'calls.read'),
  mayReadCallbacks: can(actor, 'callbacks.read'),
});
