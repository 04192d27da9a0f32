import { requirePermission, type Actor } from '../../../kernel/actor.js';
import type { Clock } from '../../../kernel/clock.js';
import { AppError } from '../../../kernel/errors.js';
import type { AgentId, PromptId, QueueId } from '../../../kernel/ids.js';
import type { Directory, PromptConfig, QueueConfig } from '../../../telephony/directory.js';
import { changesNow } from '../../../telephony/calls/route-sources.js';
import type { Desk, DeskAnswer, DeskCommand, LiveView } from '../../../telephony/live.js';
import { changeKey, type HandChange, type QueueChange } from '../../../telephony/queue-changes.js';
import type { AuditEntry, AuditLog } from '../../audit/audit.js';
import { MAX_WHY, OUTCOME_DONE, type SteeringAnswer } from '../steering.js';
import { helpMinutes, readMaxWait } from './queue-action.js';
import { nextClockTime } from './until.js';

export interface QueueActionParts {
  readonly live: LiveView;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The site's: in which times of day are meant. */
  readonly zone: string;
}

/** What became of an action; `callers` is how many it reached, where it is about those in line. */
export type QueueActionAnswer = SteeringAnswer & { readonly callers?: number };

const problem = (field: string, text: string): SteeringAnswer => ({
  ok: false,
  field,
  problem: text,
});
const MINUTE_MS = 60_000;

/**
 * What supervisors do with whole queues. Each command is written to the audit log with what came of it; refusals of the
 * process that runs the calls are answers.
 */
export class QueueActionService {
  constructor(private readonly parts: QueueActionParts) {}

  /** Opens or closes a queue, until a time of day (`17:30`) or, where it is '', until somebody undoes it. */
  async setOpening(
    actor: Actor,
    queueId: QueueId,
    typed: { readonly isOpen: boolean; readonly until: string; readonly why: string },
  ): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const until = this.#until(typed.until);
    if (until === 'wrong') return problem('until', 'live-queues.problem.until');
    const why = typed.why.trim();
    if (why === '') return problem('why', 'live-queues.problem.why');
    if (why.length > MAX_WHY) return problem('why', 'live-queues.problem.why-long');
    const { isOpen } = typed;
    return this.#change(actor, queue, {
      ...{ change: { kind: 'opening', isOpen }, until, why },
      action: isOpen ? 'queue.open-by-hand' : 'queue.close-by-hand',
      changes: { reason: ['', why] },
    });
  }

  /** Lets callers wait for another time than the queue's own. */
  async setMaxWait(
    actor: Actor,
    queueId: QueueId,
    typed: { readonly maxWait: string; readonly until: string },
  ): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const maxWaitMs = readMaxWait(typed.maxWait);
    if (maxWaitMs === undefined) return problem('maxWait', 'live-queues.problem.max-wait');
    const until = this.#until(typed.until);
    if (until === 'wrong') return problem('until', 'live-queues.problem.until');
    return this.#change(actor, queue, {
      ...{ change: { kind: 'max-wait', maxWaitMs }, until, why: '' },
      action: 'queue.change-max-wait',
      changes: { maxWaitS: [queue.maxWaitMs / 1_000, maxWaitMs / 1_000] },
    });
  }

  /** Has an agent who is no member take the queue's calls for a while. */
  async addHelper(
    actor: Actor,
    queueId: QueueId,
    typed: { readonly agent: string; readonly minutes: string },
  ): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const agentId = Number(typed.agent) as AgentId;
    const agent = this.parts.directory.current.agents.get(agentId);
    if (agent === undefined) return problem('agent', 'form.problem.choose');
    const minutes = helpMinutes.safeParse(typed.minutes);
    if (!minutes.success) return problem('minutes', 'form.problem.choose');
    return this.#change(actor, queue, {
      change: { kind: 'helper', agentId },
      until: this.parts.clock.now() + minutes.data * MINUTE_MS,
      why: '',
      action: 'queue.add-agent',
      changes: { agent: ['', agent.name] },
    });
  }

  /** Everybody on the line hears a prompt once. */
  async announce(actor: Actor, queueId: QueueId, typed: string): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const promptId = Number(typed) as PromptId;
    const prompt = this.prompts().find(({ id }) => id === promptId);
    if (prompt === undefined) return problem('prompt', 'form.problem.choose');
    return this.#give(actor, queue, {
      command: { kind: 'queue-announce', queueId, promptId },
      action: 'queue.announce',
      changes: { prompt: ['', prompt.name] },
    });
  }

  /** Everybody on the line goes where the overflow leads. */
  async sendOn(actor: Actor, queueId: QueueId, typed: string): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const why = typed.trim();
    if (why === '') return problem('why', 'live-queues.problem.why');
    if (why.length > MAX_WHY) return problem('why', 'live-queues.problem.why-long');
    return this.#give(actor, queue, {
      command: { kind: 'queue-send-on', queueId },
      action: 'queue.send-on',
      changes: { reason: ['', why] },
    });
  }

  /** Ends what was changed by hand; `key` as the picture of now has it. */
  async undo(actor: Actor, queueId: QueueId, key: string): Promise<QueueActionAnswer> {
    const queue = this.#queue(actor, queueId);
    const made = this.changes(queueId).find((change) => changeKey(change) === key);
    // Ended by itself, or undone by somebody else, in this moment.
    if (made === undefined) return { ok: true, who: queue.name };
    return this.#give(actor, queue, {
      command: { kind: 'queue-undo', queueId, key },
      action: 'queue.undo-by-hand',
      changes: { change: [this.#inWords(made), ''] },
    });
  }

  /** What is changed by hand now, as the picture of now says. */
  changes(queueId: QueueId): readonly QueueChange[] {
    return changesNow(this.parts.live, queueId);
  }

  /** Prompts that can be heard, by name. */
  prompts(): readonly PromptConfig[] {
    return [...this.parts.directory.current.prompts.values()]
      .filter(({ files }) => Object.keys(files).length > 0)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  #queue(actor: Actor, id: QueueId): QueueConfig {
    requirePermission(actor, 'live.read');
    requirePermission(actor, 'queues.steer');
    const queue = this.parts.directory.current.queues.get(id);
    if (queue === undefined) throw new AppError('not-found', 'no such queue');
    return queue;
  }

  /** Undefined is until somebody undoes it. */
  #until(typed: string): number | undefined | 'wrong' {
    if (typed.trim() === '') return undefined;
    return nextClockTime(typed.trim(), this.parts.clock.now(), this.parts.zone) ?? 'wrong';
  }

  #change(
    actor: Actor,
    queue: QueueConfig,
    given: Omit<Given, 'command'> & {
      readonly change: HandChange;
      readonly until: number | undefined;
      readonly why: string;
    },
  ): Promise<QueueActionAnswer> {
    const { change, until, why, action, changes } = given;
    return this.#give(actor, queue, {
      command: {
        ...{ kind: 'queue-change', queueId: queue.id, change, by: actor.name, why },
        ...(until === undefined ? {} : { until }),
      },
      action,
      changes: {
        ...changes,
        until: ['', until === undefined ? '' : new Date(until).toISOString()],
      },
    });
  }

  /** Where the calls did not answer in time nobody knows what came of it: the line says that, too. */
  async #give(actor: Actor, queue: QueueConfig, given: Given): Promise<QueueActionAnswer> {
    const answer = await this.parts.desk.ask(given.command);
    await this.parts.audit.record(actor, {
      action: given.action,
      objectKind: 'queue',
      objectId: String(queue.id),
      objectName: queue.name,
      changes: { ...given.changes, ...outcomeOf(answer) },
    });
    if (!answer.ok) return answer;
    const { callers } = answer;
    return { ok: true, who: queue.name, ...(callers === undefined ? {} : { callers }) };
  }

  /** For the audit log, whose values are no sentences of the catalog. */
  #inWords(change: QueueChange): string {
    switch (change.kind) {
      case 'opening':
        return change.isOpen ? 'open' : 'closed';
      case 'max-wait':
        return `${String(change.maxWaitMs / 1_000)} s`;
      case 'helper':
        return this.parts.directory.current.agents.get(change.agentId)?.name ?? '';
    }
  }
}

/** A command that may be given, with its line for the audit log. */
interface Given {
  readonly command: DeskCommand;
  readonly action: string;
  readonly changes: NonNullable<AuditEntry['changes']>;
}

const outcomeOf = (answer: DeskAnswer): NonNullable<AuditEntry['changes']> =>
  answer.ok
    ? {
        ...(answer.callers === undefined ? {} : { callers: ['', answer.callers] }),
        outcome: ['', OUTCOME_DONE],
      }
    : { outcome: ['', answer.code] };
