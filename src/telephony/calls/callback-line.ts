import { newCallId, type AgentId, type CallbackId, type CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import type { Callback, CallbackCall } from '../callbacks.js';
import { ringAgent, type RingParts } from './callback-ring.js';

/** One try: a place in line, and from the agent's answer on a call with the same id. */
export interface Try {
  readonly callback: Callback;
  readonly call: CallId;
  agent?: AgentId;
  reasons: readonly string[];
  /** Agents' phones that ring for it, and how each is stopped. */
  readonly rings: Map<AgentId, () => void>;
}

/** What the line tells. */
interface LineListener {
  /** An agent's phone was answered for the try, and the distribution gave it to that agent. */
  answered(one: Try, agent: AgentId, event: AriEventOf<'StasisStart'>): void;
  /** A supervisor sends the callback to another queue. */
  moved(id: CallbackId, queue: Callback['queueId']): void;
}

/** Callbacks in the lines of the distribution: their places, and the agents' phones that ring for them. */
export class CallbackLine {
  readonly #tries = new Map<CallId, Try>();

  constructor(
    private readonly scope: Scope,
    private readonly parts: RingParts,
    private readonly listener: LineListener,
  ) {}

  join(callback: Callback): void {
    const call = newCallId();
    const one: Try = { callback, call, reasons: [], rings: new Map() };
    this.#tries.set(call, one);
    this.parts.roster.join(
      {
        call,
        queue: callback.queueId,
        priority: callback.priority,
        enteredAt: callback.enteredAt,
        requirements: callback.requirements,
        isCallback: true,
        notBefore: callback.notBefore,
      },
      (news) => {
        if (news.kind === 'offer') this.#ring(one, news.agent, news.reasons);
        else if (news.kind === 'withdrawn') one.rings.get(news.agent)?.();
        else if (news.kind === 'steered') this.listener.moved(callback.id, news.queue);
      },
    );
  }

  /** The callback that stands in line under this id. */
  at(call: CallId): Callback | undefined {
    return this.#tries.get(call)?.callback;
  }

  /** The call that an agent's answered phone becomes; undefined for a try that is over. */
  callOf(id: CallId): CallbackCall | undefined {
    const one = this.#tries.get(id);
    if (one?.agent === undefined) return undefined;
    return { callback: one.callback, call: id, agent: one.agent, reasons: one.reasons };
  }

  /** Nobody is rung for it any more, and it has no place; undefined where it is not in line, or is being tried. */
  takeOff(id: CallbackId): Callback | undefined {
    const one = [...this.#tries.values()].find(({ callback }) => callback.id === id);
    if (one === undefined || one.agent !== undefined) return undefined;
    this.parts.roster.leave(one.call);
    for (const stop of one.rings.values()) stop();
    this.#tries.delete(one.call);
    return one.callback;
  }

  /** The try is over. */
  forget(call: CallId): void {
    this.#tries.delete(call);
  }

  #ring(one: Try, agent: AgentId, reasons: readonly string[]): void {
    one.reasons = reasons;
    this.scope.fork('callback', async (scope) => {
      one.rings.set(agent, () => {
        scope.cancel('withdrawn');
      });
      scope.defer(() => {
        one.rings.delete(agent);
      });
      const ringing = { callback: one.callback, call: one.call, agent };
      const failure = await ringAgent(scope, this.parts, ringing, (event) => {
        const isTaken = this.parts.roster.answered(one.call, agent);
        if (!isTaken) return false;
        one.agent = agent;
        one.rings.delete(agent);
        this.listener.answered(one, agent, event);
        return true;
      });
      if (failure !== undefined) this.parts.roster.failed(one.call, agent, failure);
    });
  }
}
