import { levelAfter, type SkillRequirement } from '../../src/engines/acd/requirement.js';
import type { AgentId, CallId, QueueId } from '../../src/kernel/ids.js';
import type { Site } from './acd-site.js';
import type { Distributor } from './acd-traffic.js';

interface Waiting {
  readonly call: CallId;
  readonly queue: QueueId;
  readonly rank: number;
  readonly enteredAt: number;
  readonly asks: readonly SkillRequirement[];
}

/** The obvious way, to compare with: for each agent who gets free look at everybody who waits. */
export class PlainScan implements Distributor {
  readonly #waiting = new Map<CallId, Waiting>();
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  queue(
    call: CallId,
    queue: QueueId,
    priority: number,
    asks: readonly SkillRequirement[],
    at: number,
  ): undefined {
    const config = this.#site.queues[queue - 1];
    const points = priority + (config?.weight ?? 0);
    const all = [...(config?.requirements ?? []), ...asks];
    this.#waiting.set(call, { call, queue, rank: at - points * 30_000, enteredAt: at, asks: all });
  }

  free(id: AgentId, at: number): CallId | undefined {
    const agent = this.#site.agents[id - 1];
    if (agent === undefined) return undefined;
    let best: Waiting | undefined;
    for (const one of this.#waiting.values()) {
      if (best !== undefined && one.rank >= best.rank) continue;
      if (!agent.queues.some(({ queue }) => queue === one.queue)) continue;
      const fits = one.asks.every(
        (ask) => (agent.skills.get(ask.skill) ?? 0) >= levelAfter(ask, at - one.enteredAt).minLevel,
      );
      if (fits) best = one;
    }
    return best?.call;
  }

  answer(call: CallId): void {
    this.#waiting.delete(call);
  }

  pass(): void {
    // Levels are looked at anew for each agent who gets free.
  }
}
