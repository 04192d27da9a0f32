import type { Clock } from '../../../kernel/clock.js';
import type { AgentId, CampaignId, QueueId } from '../../../kernel/ids.js';
import type { CampaignStore, RunningCampaign } from '../../campaigns.js';
import type { AgentRoster } from '../agent-roster.js';
import type { CallLog } from '../services.js';

/** How long what is known of campaigns is held for true. */
const KNOWN_MS = 2_000;

/** A campaign that agents call for. */
export type AgentCampaign = RunningCampaign & { readonly queueId: QueueId };

interface RunningParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: Pick<CampaignStore, 'running'>;
  readonly roster: Pick<AgentRoster, 'acd'>;
}

/** The campaigns that run and have a queue, as they were a moment ago; the last known while the database is away. */
export class RunningCampaigns {
  #known: readonly AgentCampaign[] = [];
  #readAt = -Infinity;

  constructor(private readonly parts: RunningParts) {}

  /** Those whose agents see records first, the most urgent first. */
  get previewed(): readonly AgentCampaign[] {
    return this.#known.filter(({ mode }) => mode === 'preview');
  }

  of(id: CampaignId): AgentCampaign | undefined {
    return this.#known.find((one) => one.id === id);
  }

  /** Reads them again where what is known is old. Never rejects. */
  async refresh(): Promise<void> {
    const { clock, store, log } = this.parts;
    if (clock.now() - this.#readAt < KNOWN_MS) return;
    this.#readAt = clock.now();
    try {
      const running = await store.running();
      this.#known = running
        .flatMap((one) => (one.queueId === undefined ? [] : [{ ...one, queueId: one.queueId }]))
        .toSorted((a, b) => b.priority - a.priority || a.id - b.id);
    } catch (error) {
      log.warn({ err: error }, 'campaigns could not be read');
    }
  }

  /** Agents of the campaign's queue who have nothing to do; nobody while too many callers wait for them or their colleagues. */
  freeAgents(campaign: AgentCampaign): readonly AgentId[] {
    const { engine } = this.parts.roster.acd;
    const members = [...(engine.line(campaign.queueId)?.members ?? [])];
    const free = members.filter(({ state }) => state === 'available');
    const { inboundThreshold: limit } = campaign;
    if (free.length === 0 || (limit !== undefined && this.#callers(members) > limit)) return [];
    // Whoever has been idle longest, as in a queue.
    return free.toSorted((a, b) => a.idleSince - b.idleSince).map(({ id }) => id);
  }

  /** Living callers in all queues that share an agent with these. */
  #callers(
    members: readonly { readonly queues: readonly { readonly queue: QueueId }[] }[],
  ): number {
    const { engine } = this.parts.roster.acd;
    const queues = new Set(members.flatMap((one) => one.queues.map(({ queue }) => queue)));
    let callers = 0;
    for (const queue of queues)
      for (const waiter of engine.line(queue)?.everybody ?? []) if (!waiter.isCallback) callers++;
    return callers;
  }
}
