import type { Clock } from '../../kernel/clock.js';
import {
  newCallId,
  newChannelId,
  newId,
  type AgentId,
  type CallbackId,
  type CallId,
} from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import { Cancelled, type Scope } from '../../kernel/scope.js';
import type {
  Callback,
  CallbackAnswer,
  CallbackCall,
  CallbackDesk,
  CallbackOutcome,
  CallbackRequest,
  CallbackStore,
} from '../callbacks.js';
import { AriError, type AriPort } from '../ari/port.js';
import type { AriEventOf } from '../ari/events.js';
import type { CallbackRule, Directory } from '../directory.js';
import type { AgentRoster } from './agent-roster.js';
import type { WaitingPerson } from './live-lines.js';
import { outcomeOf, PHONE_VARIABLES } from './leg.js';
import type { CallLog } from './services.js';

/** While the database is away, what became of a callback is written later. */
const RETRY_MS = 2_000;
/** After a restart a try that was under way is taken for over when its call has not come back within this time. */
const ADOPTION_MS = 15_000;
/** An agent who hung up before the customer answered: the callback goes to somebody else soon. */
const AGENT_LEFT_RETRY_MS = 5_000;
const DEFAULT_RULE: CallbackRule = { offerAfterMs: 30_000, attempts: 3, retryMs: 10 * 60_000 };

interface CallbackDependencies {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly directory: Directory;
  readonly roster: AgentRoster;
  readonly store: CallbackStore;
  readonly country: string;
  readonly ari: AriPort;
  readonly isRegistered: (extension: string) => boolean;
  readonly isAlive: (call: CallId) => boolean;
  /** Makes the agent's answered phone a call of its own. */
  readonly take: (event: AriEventOf<'StasisStart'>) => void;
  readonly onChange: () => void;
}

/** One try: a place in line, and from the agent's answer on a call with the same id. */
interface Try {
  readonly callback: Callback;
  readonly call: CallId;
  agent?: AgentId;
  reasons: readonly string[];
  stop: (reason: string) => void;
}

/**
 * People who hung up and keep their place. A callback stands in the same line as living callers; it is tried when the
 * distribution has an agent for it: the agent's phone rings first, then the customer is dialled, so that there are never
 * more tries than agents, and a customer who answers never waits.
 */
export class Callbacks implements CallbackDesk {
  readonly #tries = new Map<CallId, Try>();
  readonly #open = new Map<CallbackId, Callback>();
  #chain: Promise<void> = Promise.resolve();

  constructor(
    private readonly scope: Scope,
    private readonly deps: CallbackDependencies,
  ) {}

  /** Takes up what was open before a restart; tries again while the database is away. */
  open(): void {
    this.#later('open callbacks', async () => {
      for (const callback of await this.deps.store.open()) {
        if (this.#open.has(callback.id)) continue;
        if (callback.state === 'calling') this.#awaitAdoption(callback);
        else this.#queue(callback);
      }
    });
  }

  async request(request: CallbackRequest): Promise<CallbackAnswer> {
    const { clock, country, store, log } = this.deps;
    const number = normaliseNumber(request.number, country);
    const kind = classifyNumber(number, country);
    // Typed digits must not make us call the far side of the world; whoever calls from there may be called back there.
    const isOwn = number === request.number;
    if (kind === 'invalid' || kind === 'emergency' || (kind === 'international' && !isOwn))
      return 'not-possible';
    const callback: Callback = {
      ...request,
      number,
      id: newId() as CallbackId,
      askedAt: clock.now(),
      state: 'waiting',
      attempts: 0,
      notBefore: 0,
    };
    try {
      if (!(await store.add(callback))) return 'exists-already';
    } catch (error) {
      log.warn({ callId: request.callId, err: error }, 'a callback could not be kept');
      return 'not-possible';
    }
    this.#queue(callback);
    return 'accepted';
  }

  /** The call that an agent's answered phone becomes; undefined for a try that is over. */
  callOf(id: CallId): CallbackCall | undefined {
    const one = this.#tries.get(id);
    if (one?.agent === undefined) return undefined;
    return { callback: one.callback, call: id, agent: one.agent, reasons: one.reasons };
  }

  /** How pages show a try that waits in line. */
  person(id: CallId): WaitingPerson | undefined {
    const callback = this.#tries.get(id)?.callback;
    return callback && { from: callback.number, name: callback.name, callbackId: callback.id };
  }

  settled(id: CallbackId, outcome: CallbackOutcome): void {
    const callback = this.#open.get(id);
    if (callback === undefined) return;
    for (const [call, one] of this.#tries) if (one.callback.id === id) this.#tries.delete(call);
    const rule = this.#rule(callback);
    const attempts = callback.attempts + (outcome === 'agent-left' ? 0 : 1);
    if (outcome === 'answered' || attempts >= rule.attempts) {
      this.#open.delete(id);
      const state = outcome === 'answered' ? 'done' : 'failed';
      this.#write(id, { state, attempts, lastOutcome: outcome });
      return;
    }
    const wait = outcome === 'agent-left' ? AGENT_LEFT_RETRY_MS : rule.retryMs;
    const notBefore = this.deps.clock.now() + wait;
    this.#write(id, { state: 'waiting', attempts, notBefore, lastOutcome: outcome });
    this.#queue({ ...callback, state: 'waiting', attempts, notBefore });
  }

  /** A person takes it off the line, or the customer called again. False where it is not open or is being tried. */
  close(id: CallbackId, state: 'cancelled' | 'returned'): boolean {
    const callback = this.#open.get(id);
    const one = [...this.#tries.values()].find((other) => other.callback.id === id);
    if (callback === undefined || one === undefined || one.agent !== undefined) return false;
    this.deps.roster.leave(one.call);
    this.#tries.delete(one.call);
    this.#open.delete(id);
    this.#write(id, { state });
    return true;
  }

  /** Not waiting for its next try any more: it stands in line at once. */
  hurry(id: CallbackId): boolean {
    const callback = this.#open.get(id);
    const one = [...this.#tries.values()].find((other) => other.callback.id === id);
    if (callback === undefined || one === undefined || one.agent !== undefined) return false;
    this.deps.roster.leave(one.call);
    this.#tries.delete(one.call);
    this.#write(id, { notBefore: 0 });
    this.#queue({ ...callback, notBefore: 0 });
    return true;
  }

  /** The open callback to this number, if any. */
  openFor(number: string): Callback | undefined {
    const normal = normaliseNumber(number, this.deps.country);
    return [...this.#open.values()].find((callback) => callback.number === normal);
  }

  #rule(callback: Callback): CallbackRule {
    return this.deps.directory.current.queues.get(callback.queueId)?.callback ?? DEFAULT_RULE;
  }

  #queue(callback: Callback): void {
    this.#open.set(callback.id, callback);
    const call = newCallId();
    const one: Try = { callback, call, reasons: [], stop: () => undefined };
    this.#tries.set(call, one);
    this.deps.roster.join(
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
        else if (news.kind === 'withdrawn') one.stop('withdrawn');
        else if (news.kind === 'steered') this.#move(one, news.queue);
      },
    );
    this.deps.onChange();
  }

  #move(one: Try, queue: Callback['queueId']): void {
    if (one.agent !== undefined) return;
    this.deps.roster.leave(one.call);
    this.#tries.delete(one.call);
    this.#queue({ ...one.callback, queueId: queue });
  }

  #ring(one: Try, agent: AgentId, reasons: readonly string[]): void {
    one.reasons = reasons;
    this.scope.fork('callback', async (scope) => {
      one.stop = (reason) => {
        scope.cancel(reason);
      };
      const failure = await this.#ringAgent(scope, one, agent);
      if (failure !== undefined) this.deps.roster.failed(one.call, agent, failure);
    });
  }

  /** Undefined: the agent's phone was answered and is a call of its own now, or the offer was taken back. */
  async #ringAgent(scope: Scope, one: Try, agent: AgentId) {
    const { ari, roster, directory } = this.deps;
    const extensionId = roster.phoneOf(agent);
    const extension =
      extensionId === undefined ? undefined : directory.current.extensions.get(extensionId);
    if (extension === undefined || !this.deps.isRegistered(extension.number)) return 'unreachable';
    const queue = directory.current.queues.get(one.callback.queueId);
    const channel = newChannelId('extension');
    const events = ari.events.inbox(scope, channel, ['StasisStart', 'ChannelDestroyed']);
    const phone = { isRinging: true };
    scope.defer(async () => {
      if (phone.isRinging) await quietly(() => ari.hangup(channel));
    });
    try {
      await ari.originate({
        channel,
        endpoint: `PJSIP/${extension.number}`,
        appArgs: ['callback', one.call],
        callerNumber: one.callback.number,
        callerName: `${queue?.name ?? ''} · ${one.callback.name === '' ? one.callback.number : one.callback.name}`,
        timeoutMs: queue?.ringTimeoutMs ?? 20_000,
        variables: PHONE_VARIABLES,
      });
    } catch (error) {
      if (!(error instanceof AriError)) throw error;
      phone.isRinging = false;
      return error.failure === 'refused' ? 'unreachable' : 'failed';
    }
    const event = await events.next();
    if (event.type === 'ChannelDestroyed') {
      phone.isRinging = false;
      return outcomeOf(event);
    }
    if (!roster.answered(one.call, agent)) return undefined;
    phone.isRinging = false;
    one.agent = agent;
    this.#open.set(one.callback.id, { ...one.callback, state: 'calling' });
    this.#write(one.callback.id, { state: 'calling', agentId: agent, lastCallId: one.call });
    this.deps.take(event);
    return undefined;
  }

  /** The call of a try may have outlived the former process; if it has not, the callback is due again. */
  #awaitAdoption(callback: Callback): void {
    this.#open.set(callback.id, callback);
    this.scope.fork('callback after a restart', async (scope) => {
      await this.deps.clock.sleep(ADOPTION_MS, scope.signal);
      const isAlive = callback.lastCallId !== undefined && this.deps.isAlive(callback.lastCallId);
      if (!isAlive && this.#open.get(callback.id) === callback)
        this.settled(callback.id, 'agent-left');
    });
  }

  #write(id: CallbackId, change: Parameters<CallbackStore['update']>[1]): void {
    this.#later('callback', () => this.deps.store.update(id, change));
    this.deps.onChange();
  }

  /** Does it now, or when the database is back; one after the other. */
  #later(name: string, work: () => Promise<void>): void {
    this.#chain = this.#chain.then(
      () =>
        new Promise<void>((resolve) => {
          this.scope.fork(name, async (scope) => {
            for (;;)
              try {
                await work();
                resolve();
                return;
              } catch (error) {
                if (error instanceof Cancelled) throw error;
                this.deps.log.warn({ err: error }, 'callbacks are written later');
                await this.deps.clock.sleep(RETRY_MS, scope.signal);
              }
          });
        }),
    );
  }
}

async function quietly(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    if (!(error instanceof AriError)) throw error;
  }
}
