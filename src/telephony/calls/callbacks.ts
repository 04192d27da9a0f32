import type { Ledger } from '../../kernel/call-event.js';
import type { Clock } from '../../kernel/clock.js';
import { newId, type AgentId, type CallbackId, type CallId } from '../../kernel/ids.js';
import { normaliseNumber } from '../../kernel/numbers.js';
import type { Scope } from '../../kernel/scope.js';
import type {
  Callback,
  CallbackAnswer,
  CallbackCall,
  CallbackDesk,
  CallbackLapse,
  CallbackOutcome,
  CallbackRequest,
  CallbackStore,
} from '../callbacks.js';
import type { AriEventOf } from '../ari/events.js';
import type { CallbackRule, QueueConfig } from '../directory.js';
import type { Call } from './call.js';
import { withVariables } from './call-context.js';
import { CallbackLine, type Try } from './callback-line.js';
import type { RingParts } from './callback-ring.js';
import { callableNumber } from './callback-number.js';
import { closingOf, standingOf, type CallbackStanding } from './callback-standing.js';
import { LateWork } from './late-work.js';
import type { WaitingPerson } from './live-lines.js';
import type { NextOpening } from './route-sources.js';
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
/** How often it is looked whether queues have opened or closed, and callbacks are too old. */
const REVIEW_MS = 5_000;
const DEFAULT_RULE: CallbackRule = { offerAfterMs: 30_000, attempts: 3, retryMs: 10 * 60_000 };

interface CallbackDependencies extends RingParts {
  readonly clock: Clock;
  readonly log: CallLog;
  readonly store: CallbackStore;
  readonly country: string;
  readonly ledger: Ledger;
  readonly opening: (queue: QueueConfig, at: number) => NextOpening;
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

/**
 * People who hung up and keep their place. A callback stands in the same line as living callers; it is tried when the
 * distribution has an agent for it: the agent's phone rings first, then the customer is dialled, so that there are never
 * more tries than agents, and a customer who answers never waits.
 */
export class Callbacks implements CallbackDesk {
  readonly #open = new Map<CallbackId, Callback>();
  readonly #late: LateWork;
  readonly #line: CallbackLine;
  #isLoaded = false;
  /** Of this second: many callbacks are of few queues, and calendars change at whole minutes. */
  readonly #openings = new Map<QueueConfig, NextOpening>();
  #openingsOf = 0;

  constructor(
    private readonly scope: Scope,
    private readonly deps: CallbackDependencies,
  ) {
    this.#late = new LateWork(scope, { ...deps, retryMs: RETRY_MS });
    this.#line = new CallbackLine(scope, deps, {
      answered: (one, agent, event) => {
        this.#answered(one, agent, event);
      },
      moved: (id, queue) => {
        this.#move(id, queue);
      },
      steered: (id, change) => {
        const steered = this.#line.change(id, change);
        if (steered === undefined) return;
        this.#open.set(id, steered);
        this.#write(id, change);
      },
      rulesChanged: (one) => {
        this.#review(one);
      },
      mayRing: (id) => {
        const callback = this.#open.get(id);
        if (callback === undefined) return false;
        const mayRing = this.#standing(callback).kind === 'due';
        if (!mayRing) this.#placeAnew(id);
        return mayRing;
      },
    });
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
    this.scope.fork('callback review', async (scope) => {
      for (;;) {
        await this.deps.clock.sleep(REVIEW_MS, scope.signal);
        for (const one of this.#line.waiting) this.#review(one);
      }
    });
  }

  async request(request: CallbackRequest): Promise<CallbackAnswer> {
    const { clock, store, log } = this.deps;
    const number = this.#callable(request);
    if (number === undefined) return 'not-possible';
    const callback: Callback = {
      ...request,
      number,
      id: newId() as CallbackId,
      askedAt: clock.now(),
      state: 'waiting',
      attempts: 0,
      notBefore: 0,
      heldUntil: 0,
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

  wouldAnswer(request: Pick<CallbackRequest, 'number' | 'queueId'>): CallbackAnswer {
    const number = this.#callable(request);
    if (number === undefined) return 'not-possible';
    return this.openFor(number) === undefined ? 'accepted' : 'exists-already';
  }

  /** The number as it is dialled; undefined where we call nobody back. */
  #callable({ number, queueId }: Pick<CallbackRequest, 'number' | 'queueId'>): string | undefined {
    const { country, directory } = this.deps;
    return directory.current.queues.has(queueId) ? callableNumber(number, country) : undefined;
  }

  callOf(id: CallId): CallbackCall | undefined {
    return this.#line.callOf(id);
  }

  /** How pages show a try that waits in line. */
  person(id: CallId): WaitingPerson | undefined {
    const one = this.#line.at(id);
    if (one === undefined) return undefined;
    const { number: from, name, id: callbackId, attributes, context } = one.callback;
    // In a long line it is much, and only who is rung for it reads it.
    const known = one.rings.size === 0 ? [] : withVariables(context, attributes);
    return { from, name, callbackId, ...(known.length === 0 ? {} : { context: known }) };
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
    if (this.#line.takeOff(id) === undefined) return;
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
    this.#line.forget(call);
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
    if (this.#line.takeOff(id) === undefined) return false;
    this.#open.delete(id);
    this.#write(id, { state });
    return true;
  }

  hurry(id: CallbackId): boolean {
    const callback = this.#line.takeOff(id);
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

  /** The open callback to this number, if any. */
  openFor(number: string): Callback | undefined {
    const normal = normaliseNumber(number, this.deps.country);
    return [...this.#open.values()].find((callback) => callback.number === normal);
  }

  #rule(callback: Callback): CallbackRule {
    return this.deps.directory.current.queues.get(callback.queueId)?.callback ?? DEFAULT_RULE;
  }

  #standing(callback: Callback): CallbackStanding {
    const { clock, directory } = this.deps;
    const now = clock.now();
    const queue = directory.current.queues.get(callback.queueId);
    const opening = queue === undefined ? { isOpen: false } : this.#opening(queue, now);
    return standingOf(callback, queue, opening, now);
  }

  #opening(queue: QueueConfig, now: number): NextOpening {
    const second = Math.floor(now / 1_000);
    if (second !== this.#openingsOf) this.#openings.clear();
    this.#openingsOf = second;
    const found = this.#openings.get(queue) ?? this.deps.opening(queue, now);
    this.#openings.set(queue, found);
    return found;
  }

  /** Gives it its place in line; what nobody will make any more is closed. */
  #queue(callback: Callback): void {
    const standing = this.#standing(callback);
    if (standing.kind === 'lapsed') {
      this.#lapse(callback, standing.why);
      return;
    }
    const isHeld = standing.kind === 'held';
    const heldUntil =
      isHeld && standing.isKnown
        ? standing.until
        : Math.min(callback.heldUntil, this.deps.clock.now());
    const placed = { ...callback, heldUntil };
    this.#open.set(callback.id, placed);
    if (heldUntil !== callback.heldUntil) this.#write(callback.id, { heldUntil });
    this.#line.join(placed, isHeld ? standing.until : 0);
    this.deps.onChange();
  }

  #placeAnew(id: CallbackId): void {
    const callback = this.#line.takeOff(id);
    if (callback !== undefined) this.#queue(callback);
  }

  /** Its queue may have opened, closed or gone, and it may be too old by now. */
  #review({ callback, heldUntil, rings }: Try): void {
    const standing = this.#standing(callback);
    const isHeld = heldUntil > this.deps.clock.now();
    switch (standing.kind) {
      case 'due':
        if (isHeld) this.#placeAnew(callback.id);
        return;
      case 'held':
        if (standing.isKnown ? heldUntil !== standing.until : !isHeld) this.#placeAnew(callback.id);
        return;
      case 'lapsed':
        // A phone that rings is not stopped because it is too old just now.
        if (standing.why === 'queue-gone' || rings.size === 0) this.#placeAnew(callback.id);
        return;
    }
  }

  /** Nobody calls back any more; the ledger says so in the call in which it was asked for. */
  #lapse(callback: Callback, why: CallbackLapse): void {
    const { clock, ledger, log } = this.deps;
    const { id, queueId } = callback;
    this.#open.delete(id);
    this.#write(id, { state: why });
    ledger.append(closingOf(callback, why, clock.now()));
    log.info({ callbackId: id, queueId, why }, 'a callback was closed');
  }

  #move(id: CallbackId, queue: Callback['queueId']): void {
    const callback = this.#line.takeOff(id);
    if (callback === undefined) return;
    this.#write(callback.id, { queueId: queue });
    this.#queue({ ...callback, queueId: queue });
  }

  #answered(one: Try, agent: AgentId, event: AriEventOf<'StasisStart'>): void {
    const { id } = one.callback;
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
