import type { AgentId, QueueId } from '../../../kernel/ids.js';
import type { OldCall } from './calls.js';
import { numberIn } from './events.js';

/** `offered = answered + abandoned + overflowed`: visits of calls that can be imported. */
export interface OldQueue {
  readonly name: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly overflowed: number;
}

export interface OldAgent {
  readonly name: string;
  readonly offered: number;
  readonly talks: number;
}

/** What a log has. Instants in ms since the epoch. */
export interface LogSummary {
  readonly firstAt: number | undefined;
  readonly lastAt: number | undefined;
  readonly lines: number;
  /** That can be imported. */
  readonly calls: number;
  /** Of the day that goes on. */
  readonly ofToday: number;
  readonly unfinished: number;
  readonly problems: number;
  readonly queues: readonly OldQueue[];
  readonly agents: readonly OldAgent[];
}

/** A log with more different names is no log of queues. */
export const MAX_NAMES = 2_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Counts what comes out of a log. */
export class LogCounter {
  lines = 0;
  calls = 0;
  ofToday = 0;
  unfinished = 0;
  problems = 0;
  #firstAt: number | undefined;
  #lastAt: number | undefined;
  readonly #queues = new Map<string, Mutable<OldQueue>>();
  readonly #agents = new Map<string, Mutable<OldAgent>>();

  /** A line that was understood. */
  line(at: number): void {
    this.#firstAt = Math.min(this.#firstAt ?? at, at);
    this.#lastAt = Math.max(this.#lastAt ?? at, at);
  }

  call({ visits }: OldCall): void {
    this.calls++;
    for (const visit of visits) {
      const queue = this.#queue(visit.queue);
      queue.offered++;
      queue[visit.outcome]++;
      for (const offer of visit.offers) this.#agent(offer.agent).offered++;
      if (visit.talk === undefined) continue;
      const agent = this.#agent(visit.talk.agent);
      agent.offered++;
      agent.talks++;
    }
  }

  get hasTooManyNames(): boolean {
    return this.#queues.size > MAX_NAMES || this.#agents.size > MAX_NAMES;
  }

  get summary(): LogSummary {
    const { lines, calls, ofToday, unfinished, problems } = this;
    return {
      ...{ firstAt: this.#firstAt, lastAt: this.#lastAt },
      ...{ lines, calls, ofToday, unfinished, problems },
      queues: [...this.#queues.values()].sort((a, b) => b.offered - a.offered),
      agents: [...this.#agents.values()].sort((a, b) => b.talks - a.talks || b.offered - a.offered),
    };
  }

  #queue(name: string): Mutable<OldQueue> {
    const queue = this.#queues.get(name) ?? {
      ...{ name, offered: 0, answered: 0, abandoned: 0, overflowed: 0 },
    };
    this.#queues.set(name, queue);
    return queue;
  }

  #agent(name: string): Mutable<OldAgent> {
    const agent = this.#agents.get(name) ?? { name, offered: 0, talks: 0 };
    this.#agents.set(name, agent);
    return agent;
  }
}

export interface KnownAgent {
  readonly id: AgentId;
  readonly name: string;
  /** Agent number. */
  readonly number: string;
  /** Of the agent's own phone; '' for none. */
  readonly extension: string;
}

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** Our queue of the same name. */
export const guessQueue = (
  name: string,
  queues: readonly { readonly id: QueueId; readonly name: string }[],
): QueueId | undefined => queues.find((queue) => plain(queue.name) === plain(name))?.id;

/** Our agent with the extension, the agent number or the name; nobody where two fit equally well. */
export function guessAgent(name: string, agents: readonly KnownAgent[]): AgentId | undefined {
  const number = numberIn(name);
  const fits: readonly ((agent: KnownAgent) => boolean)[] = [
    (agent) => number !== '' && agent.extension === number,
    (agent) => number !== '' && agent.number === number,
    (agent) => plain(agent.name) === plain(name.replace(/^[A-Za-z0-9_]+\//, '')),
  ];
  for (const fit of fits) {
    const found = agents.filter(fit);
    if (found.length > 0) return found.length === 1 ? found[0]?.id : undefined;
  }
  return undefined;
}
