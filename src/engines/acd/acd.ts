import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import {
  MISSES_UNTIL_NOT_READY,
  REJECT_MEMORY_MS,
  type AcdAgent,
  type AcdAgentState,
  type AcdCommand,
  type AcdEvent,
  type AcdQueue,
  type AgentMembership,
  type OfferFailure,
  type SavedAgent,
} from './acd-events.js';
import { WaitingLine, type Waiting } from './waiting-line.js';

export * from './acd-events.js';

/**
 * Pure call distribution: no clock, no I/O, no randomness. Time comes in with the event, decisions go out as commands.
 *
 *   signed-out ──sign-in──▶ not-ready ──available──▶ available ──offer──▶ ringing ──answered──▶ talking
 *        ▲                      ▲                     ▲   ▲                  │                      │
 *        └──────sign-out────────┴──────not-ready──────┘   └─ missed, withdrawn ┘   wrap-up ◀── talk-ended
 *                                                         └──────────── wrap-up over ──────────┘
 *   any signed-in state ──phone-lost──▶ phone-lost ──phone-back──▶ what it was (available or not-ready)
 *
 * An illegal event leaves the state as it is, is counted in `illegalEvents`, and never throws.
 */
export class Acd {
  readonly #agents = new Map<AgentId, AcdAgent>();
  readonly #queues = new Map<QueueId, AcdQueue>();
  readonly #lines = new Map<QueueId, WaitingLine>();
  /** Offers out now, by call: a call is offered to one agent at a time. */
  readonly #offers = new Map<CallId, AgentId>();
  /** Until when an agent is passed over for a call. */
  readonly #rejected = new Map<CallId, Map<AgentId, number>>();
  #commands: AcdCommand[] = [];
  illegalEvents = 0;

  handle(event: AcdEvent): readonly AcdCommand[] {
    this.#commands = [];
    if (!this.#apply(event)) this.illegalEvents++;
    this.#distribute(event.at);
    return this.#commands;
  }

  agent(id: AgentId): Readonly<AcdAgent> | undefined {
    return this.#agents.get(id);
  }
  get agents(): Iterable<Readonly<AcdAgent>> {
    return this.#agents.values();
  }
  waiting(queue: QueueId): readonly Waiting[] {
    return this.#lines.get(queue)?.calls ?? [];
  }
  signedIn(queue: QueueId): number {
    let count = 0;
    for (const agent of this.#agents.values())
      if (agent.state !== 'signed-out' && agent.queues.has(queue)) count++;
    return count;
  }

  /** Takes agents' states back after a restart. Whoever rang or talked is available; living talks are engaged again. */
  restore(saved: readonly SavedAgent[]): void {
    for (const s of saved) {
      const agent = this.#agents.get(s.id);
      if (agent === undefined) continue;
      const interrupted = s.state === 'ringing' || s.state === 'talking';
      agent.state = interrupted ? 'available' : s.state;
      agent.since = s.since;
      agent.idleSince = s.idleSince;
      agent.reason = s.reason;
      agent.misses = s.misses;
      if (s.until !== undefined && s.state === 'wrap-up') agent.until = s.until;
      if (s.before !== undefined) agent.before = s.before;
      if (s.next !== undefined && interrupted) agent.next = s.next;
    }
  }

  #apply(event: AcdEvent): boolean {
    switch (event.kind) {
      case 'configured':
        this.#configure(event.queues, event.agents, event.at);
        return true;
      case 'time-passed':
        this.#endDueWrapUps(event.at);
        this.#askForNextWake(event.at);
        return true;
      case 'call-queued':
        return this.#queueCall(event);
      case 'caller-left':
        return this.#removeCall(event.call, event.at);
      default:
        return this.#applyToAgent(event);
    }
  }

  #applyToAgent(event: Extract<AcdEvent, { readonly agent: AgentId }>): boolean {
    const agent = this.#agents.get(event.agent);
    if (agent === undefined) return false;
    const { at } = event;
    switch (event.kind) {
      case 'agent-signed-in':
        if (agent.state !== 'signed-out') return false;
        agent.misses = 0;
        agent.idleSince = at;
        this.#enter(agent, 'not-ready', at, 'signed-in');
        return true;
      case 'agent-signed-out':
        return this.#leave(agent, 'signed-out', at, '');
      case 'agent-not-ready':
        return agent.state !== 'signed-out' && this.#leave(agent, 'not-ready', at, event.reason);
      case 'agent-available':
        return this.#becomeAvailable(agent, at);
      case 'wrap-up-finished':
        if (agent.state !== 'wrap-up') return false;
        this.#afterCall(agent, at);
        return true;
      case 'phone-lost':
        return this.#losePhone(agent, at);
      case 'phone-back':
        if (agent.state !== 'phone-lost') return false;
        this.#enter(agent, agent.before ?? 'not-ready', at, 'phone-back');
        delete agent.before;
        return true;
      case 'offer-answered':
        return this.#answerOffer(agent, event.call, at);
      case 'offer-failed':
        return this.#failOffer(agent, event.call, event.outcome, at);
      case 'agent-engaged':
        return this.#engage(agent, event.call, event.queue, at);
      case 'talk-ended':
        return this.#endTalk(agent, event.call, at);
    }
  }

  #configure(queues: readonly AcdQueue[], agents: readonly AgentMembership[], at: number): void {
    this.#queues.clear();
    for (const queue of queues) this.#queues.set(queue.id, queue);
    const known = new Set<AgentId>();
    for (const { id, name, queues: of } of agents) {
      known.add(id);
      const agent = this.#agents.get(id);
      if (agent) {
        agent.name = name;
        agent.queues = new Set(of);
      } else
        this.#agents.set(id, {
          id,
          name,
          state: 'signed-out',
          since: at,
          idleSince: at,
          reason: '',
          queues: new Set(of),
          misses: 0,
        });
      this.#commands.push({ kind: 'report-agent', agent: id });
    }
    for (const [id, agent] of this.#agents)
      if (!known.has(id)) {
        if (agent.state === 'ringing' && agent.call) this.#withdraw(agent, agent.call);
        this.#agents.delete(id);
      }
  }

  #queueCall(event: Extract<AcdEvent, { kind: 'call-queued' }>): boolean {
    for (const line of this.#lines.values()) if (line.has(event.call)) return false;
    let line = this.#lines.get(event.queue);
    if (line === undefined) this.#lines.set(event.queue, (line = new WaitingLine()));
    line.add({
      call: event.call,
      queue: event.queue,
      priority: event.priority,
      enteredAt: event.enteredAt,
    });
    this.#commands.push({ kind: 'report-queue', queue: event.queue });
    return true;
  }

  #removeCall(call: CallId, at: number): boolean {
    const agentId = this.#offers.get(call);
    const agent = agentId === undefined ? undefined : this.#agents.get(agentId);
    if (agent?.state === 'ringing' && agent.call === call) {
      this.#withdraw(agent, call);
      this.#release(agent, at);
    }
    return this.#takeOutOfLine(call);
  }

  #takeOutOfLine(call: CallId): boolean {
    this.#offers.delete(call);
    this.#rejected.delete(call);
    for (const [queue, line] of this.#lines)
      if (line.remove(call)) {
        if (line.calls.length === 0) this.#lines.delete(queue);
        this.#commands.push({ kind: 'report-queue', queue });
        return true;
      }
    return false;
  }

  #answerOffer(agent: AcdAgent, call: CallId, at: number): boolean {
    if (agent.state !== 'ringing' || agent.call !== call) return false;
    agent.misses = 0;
    this.#takeOutOfLine(call);
    this.#enter(agent, 'talking', at, '');
    return true;
  }

  #failOffer(agent: AcdAgent, call: CallId, outcome: OfferFailure, at: number): boolean {
    if (agent.state !== 'ringing' || agent.call !== call) return false;
    this.#offers.delete(call);
    if (outcome !== 'withdrawn') this.#remember(call, agent.id, at);
    delete agent.call;
    delete agent.queue;
    if (outcome === 'unreachable') {
      agent.before = 'available';
      this.#enter(agent, 'phone-lost', at, 'not-registered');
      return true;
    }
    if (outcome === 'no-answer' || outcome === 'declined') agent.misses++;
    if (agent.misses >= MISSES_UNTIL_NOT_READY) {
      agent.misses = 0;
      this.#enter(agent, 'not-ready', at, 'missed-calls');
    } else this.#afterOffer(agent, at);
    return true;
  }

  #remember(call: CallId, agent: AgentId, at: number): void {
    const until = at + REJECT_MEMORY_MS;
    const memory = this.#rejected.get(call) ?? new Map<AgentId, number>();
    this.#rejected.set(call, memory.set(agent, until));
    this.#commands.push({ kind: 'wake-at', at: until });
  }

  #engage(agent: AcdAgent, call: CallId, queue: QueueId | undefined, at: number): boolean {
    if (agent.state === 'signed-out' || agent.state === 'talking') return false;
    if (agent.state === 'ringing' && agent.call) this.#withdraw(agent, agent.call);
    if (agent.state === 'not-ready') agent.next ??= 'not-ready';
    delete agent.until;
    delete agent.queue;
    agent.call = call;
    if (queue !== undefined) agent.queue = queue;
    // The reason is kept: it is that of the not-ready state to return to.
    this.#enter(agent, 'talking', at, agent.reason);
    return true;
  }

  #endTalk(agent: AcdAgent, call: CallId, at: number): boolean {
    if (agent.state !== 'talking' || agent.call !== call) return false;
    const wrapUpMs = agent.queue === undefined ? 0 : (this.#queues.get(agent.queue)?.wrapUpMs ?? 0);
    if (agent.queue !== undefined) agent.idleSince = at;
    delete agent.queue;
    delete agent.call;
    if (wrapUpMs > 0 && agent.next !== 'signed-out') {
      agent.until = at + wrapUpMs;
      this.#enter(agent, 'wrap-up', at, '');
      this.#commands.push({ kind: 'wake-at', at: agent.until });
    } else this.#afterCall(agent, at);
    return true;
  }

  #endDueWrapUps(at: number): void {
    for (const agent of this.#agents.values())
      if (agent.state === 'wrap-up' && (agent.until ?? 0) <= at) this.#afterCall(agent, at);
  }

  /** The runner keeps only its earliest timer, so each firing asks for the one after it. */
  #askForNextWake(at: number): void {
    let next = Infinity;
    for (const agent of this.#agents.values())
      if (agent.state === 'wrap-up' && agent.until !== undefined)
        next = Math.min(next, agent.until);
    for (const memory of this.#rejected.values())
      for (const until of memory.values()) if (until > at) next = Math.min(next, until);
    if (next !== Infinity) this.#commands.push({ kind: 'wake-at', at: next });
  }

  #afterCall(agent: AcdAgent, at: number): void {
    const next = agent.next ?? 'available';
    delete agent.until;
    delete agent.next;
    this.#enter(agent, next, at, next === 'available' ? '' : agent.reason);
  }

  #becomeAvailable(agent: AcdAgent, at: number): boolean {
    switch (agent.state) {
      case 'signed-out':
      case 'available':
      case 'ringing':
        return false;
      case 'talking':
        delete agent.next;
        this.#commands.push({ kind: 'report-agent', agent: agent.id });
        return true;
      case 'phone-lost':
        agent.before = 'available';
        return true;
      default:
        agent.misses = 0;
        delete agent.until;
        delete agent.next;
        this.#enter(agent, 'available', at, '');
        return true;
    }
  }

  /** Not ready or signed out: at once, or after the call. A ringing offer goes back into the line. */
  #leave(agent: AcdAgent, to: 'not-ready' | 'signed-out', at: number, reason: string): boolean {
    if (agent.state === 'signed-out') return false;
    if (agent.state === 'talking') {
      agent.next = to;
      agent.reason = reason;
      this.#commands.push({ kind: 'report-agent', agent: agent.id });
      return true;
    }
    if (agent.state === 'phone-lost' && to === 'not-ready') {
      agent.before = 'not-ready';
      return true;
    }
    if (agent.state === 'ringing' && agent.call) this.#withdraw(agent, agent.call);
    delete agent.call;
    delete agent.queue;
    delete agent.until;
    delete agent.before;
    delete agent.next;
    this.#enter(agent, to, at, reason);
    return true;
  }

  #losePhone(agent: AcdAgent, at: number): boolean {
    if (agent.state !== 'available' && agent.state !== 'not-ready' && agent.state !== 'wrap-up')
      return false;
    agent.before = agent.state === 'not-ready' ? 'not-ready' : 'available';
    delete agent.until;
    this.#enter(agent, 'phone-lost', at, 'not-registered');
    return true;
  }

  #withdraw(agent: AcdAgent, call: CallId): void {
    this.#offers.delete(call);
    this.#commands.push({ kind: 'withdraw-offer', call, agent: agent.id });
  }

  #release(agent: AcdAgent, at: number): void {
    delete agent.call;
    delete agent.queue;
    this.#afterOffer(agent, at);
  }

  #afterOffer(agent: AcdAgent, at: number): void {
    const { next } = agent;
    delete agent.next;
    this.#enter(agent, next ?? 'available', at, agent.reason);
  }

  #enter(agent: AcdAgent, state: AcdAgentState, at: number, reason: string): void {
    agent.state = state;
    agent.since = at;
    agent.reason = reason;
    this.#commands.push({ kind: 'report-agent', agent: agent.id });
  }

  /** Offers waiting calls to available agents: each line in order, longest idle first. */
  #distribute(at: number): void {
    const heads = [...this.#lines.values()]
      .flatMap((line) => line.calls)
      .filter((w) => !this.#offers.has(w.call))
      .sort(
        (a, b) =>
          b.priority - a.priority || a.enteredAt - b.enteredAt || (a.call < b.call ? -1 : 1),
      );
    for (const waiting of heads) {
      const chosen = this.#choose(waiting, at);
      if (chosen === undefined) continue;
      const { agent, reasons } = chosen;
      agent.call = waiting.call;
      agent.queue = waiting.queue;
      this.#offers.set(waiting.call, agent.id);
      this.#enter(agent, 'ringing', at, '');
      this.#commands.push({
        kind: 'offer-call',
        call: waiting.call,
        agent: agent.id,
        queue: waiting.queue,
        reasons,
      });
    }
  }

  #choose(waiting: Waiting, at: number): { agent: AcdAgent; reasons: string[] } | undefined {
    const memory = this.#rejected.get(waiting.call);
    const skipped: string[] = [];
    let best: AcdAgent | undefined;
    let fitting = 0;
    for (const agent of this.#agents.values()) {
      if (!agent.queues.has(waiting.queue) || agent.state === 'signed-out') continue;
      if (agent.state !== 'available') skipped.push(`skipped-${agent.state}:${agent.name}`);
      else if ((memory?.get(agent.id) ?? 0) > at)
        skipped.push(`skipped-missed-this-call:${agent.name}`);
      else {
        fitting++;
        if (
          best === undefined ||
          agent.idleSince < best.idleSince ||
          (agent.idleSince === best.idleSince && agent.id < best.id)
        )
          best = agent;
      }
    }
    if (best === undefined) return undefined;
    const idleS = Math.max(0, Math.round((at - best.idleSince) / 1000));
    return {
      agent: best,
      reasons: [`longest-idle:${String(idleS)}`, `agents-fitting:${String(fitting)}`, ...skipped],
    };
  }
}
