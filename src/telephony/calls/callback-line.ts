import type { Clock } from '../../kernel/clock.js';
import { newCallId, type AgentId, type CallbackId, type CallId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { AriEventOf } from '../ari/events.js';
import type { Callback, CallbackCall } from '../callbacks.js';
import type { LineNews } from './acd-runner.js';
import { ringAgent, type RingParts } from './callback-ring.js';

/** One try: a place in line, and from the agent's answer on a call with the same id. */
export interface Try {
  callback: Callback;
  readonly call: CallId;
  agent?: AgentId;
  reasons: readonly string[];
  /** Nobody is rung before: its queue is closed. 0 where it is open. */
  readonly heldUntil: number;
  /** Agents' phones that ring for it, and how each is stopped. */
  readonly rings: Map<AgentId, () => void>;
}

/** What the line tells. */
interface LineListener {
  /** An agent's phone was answered for the try, and the distribution gave it to that agent. */
  answered(one: Try, agent: AgentId, event: AriEventOf<'StasisStart'>): void;
  /** A supervisor sends the callback to another queue. */
  moved(id: CallbackId, queue: Callback['queueId']): void;
  /** A supervisor changed what it asks for. */
  steered(id: CallbackId, change: Pick<Partial<Callback>, 'priority' | 'sticky'>): void;
  /** The rules of queues may have changed. */
  rulesChanged(one: Try): void;
  /** An agent's phone is to ring. False where it must not any more; the callback has another place by then. */
  mayRing(id: CallbackId): boolean;
}

/** Callbacks in the lines of the distribution: their places, and the agents' phones that ring for them. */
export class CallbackLine {
  readonly #tries = new Map<CallId, Try>();

  constructor(
    private readonly scope: Scope,
    private readonly parts: RingParts & { readonly clock: Clock },
    private readonly listener: LineListener,
  ) {}

  /** `heldUntil`: its queue is closed until then. */
  join(callback: Callback, heldUntil: number): void {
    const call = newCallId();
    const one: Try = { callback, call, reasons: [], rings: new Map(), heldUntil };
    const notBefore = Math.max(callback.notBefore, heldUntil);
    const dueAt = Math.max(notBefore, this.parts.clock.now());
    const { sticky } = callback;
    this.#tries.set(call, one);
    this.parts.roster.join(
      {
        call,
        queue: callback.queueId,
        priority: callback.priority,
        enteredAt: callback.enteredAt,
        requirements: callback.requirements,
        isCallback: true,
        notBefore,
        ...(sticky === undefined
          ? {}
          : { sticky: { agent: sticky.agent, until: dueAt + sticky.forMs } }),
      },
      (news) => {
        this.#heed(one, news);
      },
    );
  }

  #heed(one: Try, news: LineNews): void {
    const { id } = one.callback;
    switch (news.kind) {
      case 'offer':
        this.#ring(one, news.agent, news.reasons);
        return;
      case 'withdrawn':
        one.rings.get(news.agent)?.();
        return;
      case 'steered':
        this.listener.moved(id, news.queue);
        return;
      case 'changed': {
        const { priority, sticky } = news;
        const now = this.parts.clock.now();
        this.listener.steered(id, {
          ...(priority === undefined ? {} : { priority }),
          ...(sticky === undefined
            ? {}
            : { sticky: { agent: sticky.agent, forMs: Math.max(0, sticky.until - now) } }),
        });
        return;
      }
      case 'rules-changed':
        this.listener.rulesChanged(one);
        return;
      // Nobody is on the line who could hear or be sent anywhere.
      case 'keep-waiting':
      case 'send-on':
      case 'announce':
        return;
    }
  }

  /** Those in line that are not being tried. */
  get waiting(): readonly Try[] {
    return [...this.#tries.values()].filter(({ agent }) => agent === undefined);
  }

  /** Notes what the distribution knows already. */
  change(id: CallbackId, change: Partial<Callback>): Callback | undefined {
    const one = this.#find(id);
    if (one === undefined) return undefined;
    one.callback = { ...one.callback, ...change };
    return one.callback;
  }

  #find(id: CallbackId): Try | undefined {
    return this.waiting.find(({ callback }) => callback.id === id);
  }

  /** What stands in line under this id. */
  at(call: CallId): Try | undefined {
    return this.#tries.get(call);
  }

  /** The call that an agent's answered phone becomes; undefined for a try that is over. */
  callOf(id: CallId): CallbackCall | undefined {
    const one = this.#tries.get(id);
    if (one?.agent === undefined) return undefined;
    return { callback: one.callback, call: id, agent: one.agent, reasons: one.reasons };
  }

  /** Nobody is rung for it any more, and it has no place; undefined where it is not in line, or is being tried. */
  takeOff(id: CallbackId): Callback | undefined {
    const one = this.#find(id);
    if (one === undefined) return undefined;
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
      // The distribution is still at work: only then may something be taken from its lines.
      await scope.wait(Promise.resolve());
      if (!this.listener.mayRing(one.callback.id)) return;
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
