import { requirePermission, type Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, AgentMessageId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { KnexMessageStore } from './knex-message-store.js';
import type { MessageForm, SentMessage } from './message.js';

const SHOWN = 100;

/** Messages of supervisors to agents and to those who serve a queue. */
export class MessageService {
  constructor(
    private readonly store: KnexMessageStore,
    private readonly directory: Pick<Directory, 'current'>,
    private readonly clock: Clock,
  ) {}

  /** Who serves a queue at this moment gets what is sent to it. How many get it. Throws `invalid-fields` where nobody would. */
  async send(actor: Actor, { text, agents, queues }: MessageForm): Promise<number> {
    requirePermission(actor, 'messages.send');
    const { current } = this.directory;
    const teams = queues.flatMap((id) => current.queues.get(id) ?? []);
    const known = [...current.agents.values()];
    const chosen = known.filter(({ id }) => agents.includes(id));
    const members = new Set<AgentId>([
      ...chosen.map(({ id }) => id),
      ...teams.flatMap((queue) => queue.members),
    ]);
    const recipients = known.filter(({ id }) => members.has(id)).map(({ id }) => id);
    if (recipients.length === 0)
      throw new AppError('invalid-fields', 'nobody would get the message', [
        {
          field: 'agents',
          message: `agent-messages.problem.${teams.length === 0 ? 'nobody' : 'no-members'}`,
        },
      ]);
    const to = [...teams, ...chosen].map(({ name }) => name).join(', ');
    await this.store.send(actor, {
      ...{ to, text, agents: recipients, at: new Date(this.clock.now()) },
    });
    return recipients.length;
  }

  async latest(actor: Actor): Promise<readonly SentMessage[]> {
    requirePermission(actor, 'messages.send');
    return this.store.latest(SHOWN);
  }

  /** What was seen already stays so. */
  async seen(actor: Actor, id: AgentMessageId): Promise<void> {
    requirePermission(actor, 'workspace.use');
    if (actor.agentId === undefined) throw new AppError('not-allowed', 'only agents have messages');
    await this.store.noteSeen(actor.agentId, id, new Date(this.clock.now()));
  }
}
