import type { CallId, QueueId } from '../../kernel/ids.js';
import type {
  AcdAgent,
  AcdAgentState,
  AgentEvent,
  AcdCommand,
  OfferFailure,
  WrapUpRule,
} from './acd-events.js';
import { NO_LINE, type Agent } from './agent.js';
import type { Line } from './line.js';
import type { Waiter } from './waiter.js';

/** The reason of a lost phone where no break waits for its return. */
const NOT_REGISTERED = 'not-registered';

type WithdrawReason = Extract<AcdCommand, { kind: 'withdraw-offer' }>['reason'];

/** What the states of agents need of the distribution around them. */
export interface Distribution {
  /** The agent is in a new state: tell it, and take the agent into or out of the distribution. */
  entered(agent: Agent, was: AcdAgentState): void;
  /** Something else about the agent changed: tell it. */
  report(agent: Agent): void;
  /** Stops ringing at the agent; the call goes back into line unless others ring for it. */
  withdraw(agent: Agent, reason: WithdrawReason): void;
  /** The agent takes the call: nobody else rings for it. */
  lifted(agent: Agent, waiter: Waiter, at: number): void;
  /** The agent has the call: it leaves the line, and nobody else rings for it. */
  answered(agent: Agent, waiter: Waiter, at: number): void;
  /** The agent did not take the call. */
  missed(agent: Agent, waiter: Waiter, isRemembered: boolean, at: number): void;
  lineOf(queue: QueueId): Line;
  /** The rule for wrap-up after talks of the line with this index; undefined where there is none. */
  wrapUpOf(index: number): WrapUpRule | undefined;
  /** A talk of the line with this index is over. */
  talkEnded(index: number): void;
  wakeAt(agent: Agent, at: number): void;
}

/**
 * The states of agents.
 *
 *   signed-out ──sign-in──▶ not-ready ──available──▶ available ──offer──▶ ringing ──answered──▶ talking
 *        ▲                      ▲                     ▲   ▲                  │                      │
 *        └──────sign-out────────┴──────not-ready──────┘   └─ missed, withdrawn ┘   wrap-up ◀── talk-ended
 *                                                         └──────────── wrap-up over ──────────┘
 *   available, ringing ──previews──▶ preview ──ended──▶ available; preview ──engaged──▶ talking
 *   any signed-in state ──phone-lost──▶ phone-lost ──phone-back──▶ what it was (available or not-ready)
 *
 * A lost phone keeps the reason of the break that it interrupts, or that is asked for meanwhile: that is what it comes back to.
 *
 * Each returns false where the event is illegal in the present state, which then stays as it is.
 */
export class AgentStates {
  constructor(private readonly around: Distribution) {}

  apply(agent: Agent, event: AgentEvent): boolean {
    const { at } = event;
    switch (event.kind) {
      case 'agent-signed-in':
        return this.#signIn(agent, at);
      case 'agent-signed-out':
        return this.#leave(agent, 'signed-out', at, '', event.atOnce);
      case 'agent-not-ready':
        return this.#leave(agent, 'not-ready', at, event.reason, event.atOnce);
      case 'agent-available':
        return this.#becomeAvailable(agent, at, event.atOnce);
      case 'wrap-up-finished':
        if (agent.state !== 'wrap-up' || lacksCode(agent)) return false;
        this.#afterCall(agent, at);
        return true;
      case 'wrap-up-extended':
        return this.#extendWrapUp(agent);
      case 'code-chosen':
        return this.#chooseCode(agent);
      case 'phone-lost':
        return this.#losePhone(agent, at);
      case 'phone-back':
        return this.#findPhone(agent, at);
      case 'offer-lifted':
        if (agent.offer?.call !== event.call) return false;
        this.around.lifted(agent, agent.offer, at);
        return true;
      case 'offer-answered':
        return this.#answer(agent, event.call, at);
      case 'offer-failed':
        return this.#fail(agent, event.call, event.outcome, at);
      case 'agent-previews':
        return this.#preview(agent, event, at);
      case 'preview-dials':
        return this.#dialPreview(agent, event.call);
      case 'preview-ended':
        if (agent.state !== 'preview') return false;
        agent.call = undefined;
        this.#afterCall(agent, at);
        return true;
      case 'agent-engaged':
        if (agent.state === 'talking') return this.#moveTalk(agent, event.call, event.insteadOf);
        return this.#engage(agent, event.call, event.queue, at);
      case 'talk-ended':
        return this.#endTalk(agent, event.call, at);
    }
  }

  /** The engine offers a call. */
  ring(agent: Agent, waiter: Waiter, at: number): void {
    agent.call = waiter.call;
    agent.lineIndex = waiter.line.index;
    agent.offer = waiter;
    this.#enter(agent, 'ringing', at, '');
  }

  /** The offer is over without the agent's doing. */
  stopRinging(agent: Agent, at: number): void {
    agent.call = undefined;
    agent.lineIndex = NO_LINE;
    agent.offer = undefined;
    const { next } = agent;
    agent.next = undefined;
    this.#enter(agent, next ?? 'available', at, agent.reason);
  }

  endWrapUpAt(agent: Agent, at: number): void {
    if (agent.state !== 'wrap-up' || agent.until === undefined || agent.until > at) return;
    if (lacksCode(agent)) {
      clear(agent);
      this.#enter(agent, 'not-ready', at, 'wrap-up-unfinished');
    } else this.#afterCall(agent, at);
  }

  #signIn(agent: Agent, at: number): boolean {
    if (agent.state !== 'signed-out') return false;
    agent.misses = 0;
    agent.calls = 0;
    agent.idleSince = at;
    this.#enter(agent, 'not-ready', at, 'signed-in');
    return true;
  }

  #becomeAvailable(agent: Agent, at: number, atOnce = false): boolean {
    switch (agent.state) {
      case 'signed-out':
      case 'available':
      case 'ringing':
        return false;
      case 'talking':
      case 'preview':
        agent.next = undefined;
        this.around.report(agent);
        return true;
      case 'phone-lost':
        if (lacksCode(agent) && !atOnce) return false;
        this.#comeBackAs(agent, 'available', NOT_REGISTERED);
        return true;
      case 'not-ready':
      case 'wrap-up':
        if (lacksCode(agent) && !atOnce) return false;
        agent.misses = 0;
        clear(agent);
        this.#enter(agent, 'available', at, '');
        return true;
    }
  }

  /**
   * Not ready or signed out: at once, or after the call and the code that it must get; a supervisor need not wait for the code.
   * A ringing offer goes back into the line.
   */
  #leave(
    agent: Agent,
    to: 'not-ready' | 'signed-out',
    at: number,
    reason: string,
    atOnce = false,
  ): boolean {
    if (agent.state === 'signed-out') return false;
    const isLost = agent.state === 'phone-lost' && to === 'not-ready';
    const isCodeOpen = (agent.state === 'wrap-up' || isLost) && lacksCode(agent) && !atOnce;
    const isDialling = agent.state === 'preview' && agent.call !== undefined;
    if (agent.state === 'talking' || isDialling || isCodeOpen) {
      agent.next = to;
      agent.reason = reason;
      this.around.report(agent);
      return true;
    }
    if (isLost) {
      this.#comeBackAs(agent, to, reason);
      return true;
    }
    if (agent.state === 'ringing') this.around.withdraw(agent, 'agent-left');
    clear(agent);
    this.#enter(agent, to, at, reason);
    return true;
  }

  #losePhone(agent: Agent, at: number): boolean {
    const { state, next } = agent;
    const isIdle = state === 'available' || state === 'not-ready' || state === 'wrap-up';
    if (!isIdle && (state !== 'preview' || agent.call !== undefined)) return false;
    const reason = state === 'not-ready' || next === 'not-ready' ? agent.reason : NOT_REGISTERED;
    // A wrap-up goes on when the phone is back, and what is to follow follows it.
    if (state !== 'wrap-up') {
      agent.next = undefined;
      if (next === 'signed-out') {
        this.#enter(agent, next, at, '');
        return true;
      }
      agent.before = state === 'not-ready' ? state : (next ?? 'available');
    }
    this.#enter(agent, 'phone-lost', at, reason);
    return true;
  }

  /** What the agent is when the phone is back; a wrap-up that it interrupted is over. */
  #comeBackAs(agent: Agent, before: 'available' | 'not-ready', reason: string): void {
    clear(agent);
    agent.before = before;
    agent.reason = reason;
    this.around.report(agent);
  }

  #findPhone(agent: Agent, at: number): boolean {
    if (agent.state !== 'phone-lost') return false;
    const { before, reason } = agent;
    agent.before = undefined;
    if (agent.wrapUp !== undefined) {
      this.#backToWrapUp(agent, at);
      return true;
    }
    // States that were kept by older versions have no reason of their own.
    const isKept = before === 'not-ready' && reason !== NOT_REGISTERED;
    this.#enter(agent, before ?? 'not-ready', at, isKept ? reason : 'phone-back');
    return true;
  }

  #answer(agent: Agent, call: CallId, at: number): boolean {
    const { offer } = agent;
    if (offer?.call !== call) return false;
    agent.misses = 0;
    agent.calls++;
    agent.connectedAt = at;
    agent.isCoded = false;
    agent.offer = undefined;
    this.around.answered(agent, offer, at);
    this.#enter(agent, 'talking', at, '');
    return true;
  }

  #fail(agent: Agent, call: CallId, outcome: OfferFailure, at: number): boolean {
    const { offer } = agent;
    if (offer?.call !== call) return false;
    const limit = offer.line.config.missesUntilNotReady;
    agent.offer = undefined;
    this.around.missed(agent, offer, outcome !== 'withdrawn', at);
    // Over all queues that count them: whoever is not at the phone misses the calls of each.
    const isMiss = outcome === 'no-answer' || outcome === 'declined' || outcome === 'unreachable';
    if (isMiss && limit > 0) agent.misses++;
    const isPast = limit > 0 && agent.misses >= limit;
    if (outcome === 'unreachable' && !isPast) {
      agent.call = undefined;
      agent.lineIndex = NO_LINE;
      agent.before = 'available';
      this.#enter(agent, 'phone-lost', at, 'not-registered');
    } else if (isPast) {
      clear(agent);
      agent.misses = 0;
      this.#enter(agent, 'not-ready', at, 'missed-calls');
    } else this.stopRinging(agent, at);
    return true;
  }

  #preview(
    agent: Agent,
    { offered, call }: Extract<AgentEvent, { kind: 'agent-previews' }>,
    at: number,
  ): boolean {
    const { offer, state } = agent;
    if (offered !== undefined) {
      if (offer?.call !== offered) return false;
      agent.offer = undefined;
      this.around.answered(agent, offer, at);
      this.around.talkEnded(offer.line.index);
    } else if (state === 'ringing' && call !== undefined) this.around.withdraw(agent, 'agent-busy');
    else if (state !== 'available') return false;
    agent.misses = 0;
    agent.lineIndex = NO_LINE;
    agent.offer = undefined;
    agent.call = call;
    this.#enter(agent, 'preview', at, '');
    return true;
  }

  #dialPreview(agent: Agent, call: CallId | undefined): boolean {
    if (agent.state !== 'preview') return false;
    agent.call = call;
    this.around.report(agent);
    return true;
  }

  #engage(agent: Agent, call: CallId, queue: QueueId | undefined, at: number): boolean {
    if (agent.state === 'signed-out') return false;
    if (agent.state === 'ringing') this.around.withdraw(agent, 'agent-busy');
    if (agent.state === 'not-ready' || agent.before === 'not-ready') agent.next ??= 'not-ready';
    // A call of the agent's own interrupts the wrap-up of the one before.
    if (agent.state !== 'wrap-up' || queue !== undefined) {
      agent.until = undefined;
      agent.wrapUp = undefined;
      agent.isCoded = false;
    }
    agent.before = undefined;
    agent.call = call;
    agent.offer = undefined;
    const line = queue === undefined ? undefined : this.around.lineOf(queue);
    agent.lineIndex = line?.index ?? NO_LINE;
    if (line !== undefined) line.inService++;
    // The reason is kept: it is that of the not-ready state to return to.
    this.#enter(agent, 'talking', at, reasonToCome(agent));
    return true;
  }

  /** What the talk was, for queue and wrap-up, it stays. */
  #moveTalk(agent: Agent, call: CallId, from: CallId | undefined): boolean {
    if (from === undefined || agent.call !== from) return false;
    agent.call = call;
    this.around.report(agent);
    return true;
  }

  #endTalk(agent: Agent, call: CallId, at: number): boolean {
    if (agent.state !== 'talking' || agent.call !== call) return false;
    const { lineIndex } = agent;
    agent.call = undefined;
    agent.lineIndex = NO_LINE;
    if (lineIndex === NO_LINE) {
      if (agent.wrapUp === undefined) this.#afterCall(agent, at);
      else this.#backToWrapUp(agent, at);
      return true;
    }
    agent.idleSince = at;
    const rule = this.around.wrapUpOf(lineIndex);
    if (rule !== undefined && agent.next !== 'signed-out') {
      agent.wrapUp = { rule, extensionsLeft: rule.extensions };
      agent.until = rule.isUntilDone ? undefined : at + rule.ms;
      // The reason is kept: it is that of the not-ready state asked for during the talk.
      this.#enter(agent, 'wrap-up', at, reasonToCome(agent));
      if (agent.until !== undefined) this.around.wakeAt(agent, agent.until);
    } else this.#afterCall(agent, at);
    this.around.talkEnded(lineIndex);
    return true;
  }

  /** The wrap-up that was interrupted goes on; its time has run meanwhile. */
  #backToWrapUp(agent: Agent, at: number): void {
    this.#enter(agent, 'wrap-up', at, reasonToCome(agent));
    if (agent.until === undefined) return;
    if (agent.until > at) this.around.wakeAt(agent, agent.until);
    else this.endWrapUpAt(agent, at);
  }

  #extendWrapUp(agent: Agent): boolean {
    const { wrapUp, until } = agent;
    if (agent.state !== 'wrap-up' || wrapUp === undefined || until === undefined) return false;
    if (wrapUp.extensionsLeft <= 0) return false;
    agent.wrapUp = { ...wrapUp, extensionsLeft: wrapUp.extensionsLeft - 1 };
    agent.until = until + wrapUp.rule.extendByMs;
    this.around.wakeAt(agent, agent.until);
    this.around.report(agent);
    return true;
  }

  #chooseCode(agent: Agent): boolean {
    if (!mayBeCoded(agent)) return false;
    agent.isCoded = true;
    this.around.report(agent);
    return true;
  }

  #afterCall(agent: Agent, at: number): void {
    const next = agent.next ?? 'available';
    agent.until = undefined;
    agent.wrapUp = undefined;
    agent.next = undefined;
    this.#enter(agent, next, at, next === 'not-ready' ? agent.reason : '');
  }

  #enter(agent: Agent, state: AcdAgentState, at: number, reason: string): void {
    const was = agent.state;
    agent.state = state;
    agent.since = at;
    agent.reason = reason;
    this.around.entered(agent, was);
  }
}

/** A wrap-up code may be chosen now: during a queue call, and behind it, also while another call interrupts the wrap-up. */
export const mayBeCoded = ({
  state,
  queue,
  wrapUp,
}: Pick<AcdAgent, 'state' | 'queue' | 'wrapUp'>): boolean =>
  state === 'wrap-up' || (state === 'talking' && (queue !== undefined || wrapUp !== undefined));

/** A mandatory wrap-up code was not chosen yet. */
export const lacksCode = (agent: Pick<AcdAgent, 'wrapUp' | 'isCoded'>): boolean =>
  agent.wrapUp?.rule.isCodeNeeded === true && !agent.isCoded;

/** The reason of the break that is to follow. */
const reasonToCome = ({ next, reason }: Agent): string => (next === 'not-ready' ? reason : '');

function clear(agent: Agent): void {
  agent.call = undefined;
  agent.lineIndex = NO_LINE;
  agent.offer = undefined;
  agent.until = undefined;
  agent.before = undefined;
  agent.next = undefined;
  agent.wrapUp = undefined;
}
