import type { Clock } from '../../kernel/clock.js';
import { newCallId, newId, type AgentId, type CallbackId, type CallId } from '../../kernel/ids.js';
import { classifyNumber, normaliseNumber } from '../../kernel/numbers.js';
import type { Scope } from '../../kernel/scope.js';
import type {
  Callback,
  CallbackAnswer,
  CallbackCall,
  CallbackDesk,
  CallbackOutcome,
  CallbackRequest,
  CallbackStore,
} from '../callbacks.js';
import type { AriEventOf } from '../ari/events.js';
import type { CallbackRule } from '../directory.js';
import type { Call } from './call.js';
import { ringAgent, type RingParts } from './callback-ring.js';
import { LateWork } from './late-work.js';
import type { WaitingPerson } from './live-lines.js';
import type { CallLog } from './services.js';

/** While the database is away, what became of a callback is written later. */
const RETRY_MS = 2_000;
/** After a restart a try that was under way is taken for over when its call has not come back within this time. */
const ADOPTION_MS = 15_000;
const LOOK_MS = 1_000;
/** Whoever asked for a change waits at most so long until it is written. */
const WRITE_LIMIT_MS = 2_000;
/** An agent who hung up before the customer answered: the callback goes to somebody else soon. */
const AGENT_LEFT_RETRY_MS = 5_000;
const DEFAULT_RULE: CallbackRule = { offerAfterMs: 30_000, attempts: 3, retryMs: 10 * 60_000 };

interface CallbackDependencies extends RingParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: CallbackStore;
  readonly country: string;
  /** What the call of a try does now; undefined for one that is over. */
  readonly callNow: (call: CallId) => 'trying' | 'talking' | undefined;
  /** Makes the agent's answered phone a call of its own. */
  readonly take: (event: AriEventOf<'StasisStart'>) => void;
  readonly onChange: () => void;
}

/** What the call of a try does now, as far as its callback is concerned. */
export function callNow(call: Call | undefined): 'trying' | 'talking' | undefined {
  switch (call?.stage.kind) {
    case 'dial-outside':
      return 'trying';
    case 'talk':
      return 'talking';
    default:
      return undefined;
  }
}

/** One try: a place in line, and from the agent's answer on a call with the same id. */
interface Try {
  readonly callback: Callback;
  readonly call: CallId;
  agent?: AgentId;
  reasons: readonly string[];
  /** Agents' phones that ring for it, and how each is stopped. */
  readonly rings: Map<AgentId, () => void>;
}

/**
 * People who hung up and keep their place. A callback stands in the same line as living callers; it is tried when the
 * distribution has an agent for it: the agent's phone rings first, then the customer is dialled, so that there are never
 * more tries than agents, and a customer who answers never waits.
 */
export class Callbacks implements CallbackDesk {
  readonly #tries = new Map<CallId, Try>();
  readonly #open = new Map<CallbackId, Callback>();
  readonly #late: LateWork;
  #isLoaded = false;

  constructor(
    private readonly scope: Scope,
    private readonly deps: CallbackDependencies,
  ) {
    this.#late = new LateWork(scope, { ...deps, retryMs: RETRY_MS });
  }

  /** Takes up what was open before a restart; tries again while the database is away. */
  open(): void {
    this.#late.add('open callbacks', async () => {
      for (const callback of await this.deps.store.open()) {
        if (this.#open.has(callback.id)) continue;
        if (callback.state === 'calling') this.#awaitAdoption(callback);
        else this.#queue(callback);
      }
      this.#isLoaded = true;
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
      // Kept in the table only: what became of it is not written yet, and nobody would be called.
      if (!(await store.add(callback)))
        return this.openFor(number) === undefined ? 'not-possible' : 'exists-already';
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

  begun(id: CallbackId, call: CallId): void {
    if (!this.#isLoaded) {
      this.#afterLoading(() => {
        this.begun(id, call);
      });
      return;
    }
    const callback = this.#open.get(id);
    if (callback === undefined || callback.lastCallId === call) return;
    if (this.#takeOffLine(id) === undefined) return;
    this.#open.set(id, { ...callback, state: 'calling', lastCallId: call });
    this.#write(id, { state: 'calling', lastCallId: call });
  }

  settled(id: CallbackId, call: CallId, outcome: CallbackOutcome): void {
    if (!this.#isLoaded) {
      this.#afterLoading(() => {
        this.settled(id, call, outcome);
      });
      return;
    }
    const callback = this.#open.get(id);
    if (callback?.state !== 'calling' || callback.lastCallId !== call) return;
    this.#tries.delete(call);
    const attempts = callback.attempts + (outcome === 'agent-left' ? 0 : 1);
    const rule = this.#rule(callback);
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

  close(id: CallbackId, state: 'cancelled' | 'returned'): boolean {
    if (this.#takeOffLine(id) === undefined) return false;
    this.#open.delete(id);
    this.#write(id, { state });
    return true;
  }

  hurry(id: CallbackId): boolean {
    const callback = this.#takeOffLine(id);
    if (callback === undefined) return false;
    this.#write(id, { notBefore: 0 });
    this.#queue({ ...callback, notBefore: 0 });
    return true;
  }

  async reopen(id: CallbackId): Promise<boolean> {
    const { log, store } = this.deps;
    // The cancelling may not be written yet.
    await this.#late.done;
    try {
      const callback = await store.reopen(id);
      if (callback !== undefined) this.#queue(callback);
      return callback !== undefined;
    } catch (error) {
      log.warn({ callbackId: id, err: error }, 'a callback could not be opened again');
      return false;
    }
  }

  written(): Promise<void> {
    const { clock } = this.deps;
    return Promise.race([this.#late.done, clock.sleep(WRITE_LIMIT_MS, this.scope.signal)]);
  }

  /** Nobody is rung for it any more, and it has no place; undefined where it is not open, or is being tried. */
  #takeOffLine(id: CallbackId): Callback | undefined {
    const one = [...this.#tries.values()].find(({ callback }) => callback.id === id);
    if (one === undefined || one.agent !== undefined) return undefined;
    this.deps.roster.leave(one.call);
    for (const stop of one.rings.values()) stop();
    this.#tries.delete(one.call);
    return one.callback;
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
    const one: Try = { callback, call, reasons: [], rings: new Map() };
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
        else if (news.kind === 'withdrawn') one.rings.get(news.agent)?.();
        else if (news.kind === 'steered') this.#move(one, news.queue);
      },
    );
    this.deps.onChange();
  }

  #move(one: Try, queue: Callback['queueId']): void {
    const callback = this.#takeOffLine(one.callback.id);
    if (callback === undefined) return;
    this.#write(callback.id, { queueId: queue });
    this.#queue({ ...callback, queueId: queue });
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
      const failure = await ringAgent(
        scope,
        this.deps,
        { callback: one.callback, call: one.call, agent },
        (event) => {
          const isTaken = this.deps.roster.answered(one.call, agent);
          if (isTaken) this.#answered(one, agent, event);
          return isTaken;
        },
      );
      if (failure !== undefined) this.deps.roster.failed(one.call, agent, failure);
    });
  }

  #answered(one: Try, agent: AgentId, event: AriEventOf<'StasisStart'>): void {
    const { id } = one.callback;
    one.agent = agent;
    one.rings.delete(agent);
    this.#open.set(id, { ...one.callback, state: 'calling', lastCallId: one.call });
    this.#write(id, { state: 'calling', agentId: agent, lastCallId: one.call });
    this.deps.take(event);
    if (this.deps.callNow(one.call) !== undefined) return;
    // We stop just now, or the phone was taken out of the configuration: the agent is free again.
    this.deps.roster.talkEnded(agent, one.call);
    this.settled(id, one.call, 'agent-left');
  }

  /** The call of a try may have outlived the former process; if it has not, the callback is due again. */
  #awaitAdoption(callback: Callback): void {
    this.#open.set(callback.id, callback);
    const { clock, callNow: look } = this.deps;
    const { id, lastCallId: call } = callback;
    if (call === undefined) {
      this.#queue({ ...callback, state: 'waiting' });
      return;
    }
    const until = clock.now() + ADOPTION_MS;
    this.scope.fork('callback after a restart', async (scope) => {
      while (this.#open.get(id) === callback) {
        const now = look(call);
        // Answered in the moment of the restart: nobody told us.
        if (now === 'talking') this.settled(id, call, 'answered');
        else if (now === undefined && clock.now() >= until) this.settled(id, call, 'agent-left');
        else await clock.sleep(LOOK_MS, scope.signal);
      }
    });
  }

  #afterLoading(run: () => void): void {
    this.#late.add('callback', () => {
      run();
      return Promise.resolve();
    });
  }

  #write(id: CallbackId, change: Parameters<CallbackStore['update']>[1]): void {
    this.#late.add('callback', () => this.deps.store.update(id, change));
    this.deps.onChange();
  }
}
