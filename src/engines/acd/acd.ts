import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import {
  type AcdAgent,
  type AcdAgentState,
  type AcdCommand,
  type AcdEvent,
  type SavedAgent,
  type SavedPointer,
  type WrapUpRule,
} from './acd-events.js';
import { Agent } from './agent.js';
import { AgentStates, type Distribution } from './agent-states.js';
import { Configuring } from './configuring.js';
import { Floor, type AcdOptions } from './floor.js';
import type { Line } from './line.js';
import type { Waiter } from './waiter.js';
import { Matching } from './matching.js';
import type { SkillNames } from './asked.js';
import { waitReasons } from './reasons.js';

export type { AcdOptions } from './floor.js';
export * from './acd-events.js';
export { savedAgent } from './agent.js';

export const ACD_DEFAULTS: AcdOptions = { pointMs: 30_000, seed: 1, lookedThrough: 256 };

/**
 * Pure call distribution: no clock, no I/O, no promises. Time comes in with the event, decisions go out as commands.
 *
 * One ordered line for each queue holds live callers and callbacks alike. The order is the time of entry, moved forward by
 * what priority (and the queue's weight) is worth: since everybody in line ages alike, it never changes by waiting, and
 * nobody waits for ever. Whenever a call comes, an agent gets free, a requirement relaxes, a memory fades or room appears
 * under a limit, exactly that change is matched in the same step: nothing is polled.
 *
 * An illegal event leaves the state as it is, is counted in `illegalEvents`, and never throws.
 */
export class Acd implements Distribution {
  readonly #floor: Floor;
  readonly #states = new AgentStates(this);
  readonly #matching: Matching;
  readonly #configuring: Configuring;
  illegalEvents = 0;

  constructor(options: Partial<AcdOptions> = {}) {
    this.#floor = new Floor({ ...ACD_DEFAULTS, ...options });
    this.#matching = new Matching(this.#floor, this.#states);
    this.#configuring = new Configuring(this.#floor, this);
  }

  handle(event: AcdEvent): readonly AcdCommand[] {
    const { commands } = this.#floor;
    this.#floor.isQuiet = event.kind === 'configured';
    const dueBefore = this.#floor.timers.nextAt;
    if (!this.#apply(event)) this.illegalEvents++;
    this.#matching.match(event.at);
    const { nextAt } = this.#floor.timers;
    if (nextAt < dueBefore || (event.kind === 'time-passed' && nextAt !== Infinity))
      commands.push({ kind: 'wake-at', at: nextAt });
    return commands.take();
  }

  agent(id: AgentId): AcdAgent | undefined {
    return this.#floor.agents.get(id);
  }
  /** Whether somebody may wait for this agent: at work, and neither signed out nor away. */
  isAtWork(id: AgentId): boolean {
    return this.#floor.agents.get(id)?.isAtWork === true;
  }
  get agents(): Iterable<AcdAgent> {
    return this.#floor.agents;
  }
  line(queue: QueueId): Line | undefined {
    return this.#floor.lines.get(queue);
  }
  get lines(): Iterable<Line> {
    return this.#floor.lines;
  }
  waiter(call: CallId): Waiter | undefined {
    return this.#floor.waiters.get(call);
  }
  /** Everybody in line, in order, offered calls too. */
  waiting(queue: QueueId): readonly Waiter[] {
    return this.#floor.lines.get(queue)?.everybody ?? [];
  }
  /** 1 is next; 0 for a call that is in no line. */
  placeOf(call: CallId): number {
    const waiter = this.#floor.waiters.get(call);
    return waiter === undefined ? 0 : waiter.line.countBefore(waiter) + 1;
  }
  signedIn(queue: QueueId): number {
    let count = 0;
    for (const agent of this.#floor.lines.get(queue)?.members ?? [])
      if (agent.state !== 'signed-out') count++;
    return count;
  }
  get skillNames(): SkillNames {
    return this.#floor.skillNames;
  }
  /** Why a call is offered to nobody at this moment; empty for one that is, or is in no line. */
  whyWaiting(call: CallId, at: number): readonly string[] {
    const waiter = this.#floor.waiters.get(call);
    return waiter === undefined ? [] : waitReasons(waiter, at, this.#floor.skillNames);
  }
  get pointers(): readonly SavedPointer[] {
    return [...this.#floor.lines]
      .filter((line) => line.pointer >= 0)
      .map((line) => ({ queue: line.id, position: line.pointer }));
  }

  /** Takes agents' states back after a restart, before the first event. Living talks are engaged again by events. */
  restore(saved: readonly SavedAgent[], at: number, pointers: readonly SavedPointer[] = []): void {
    for (const state of saved) {
      const agent = this.#floor.agents.get(state.id);
      if (agent === undefined) continue;
      this.#floor.unlist(agent);
      agent.restore(state, at);
      if (agent.state === 'available') this.#floor.freed.push(agent);
      if (agent.until !== undefined) this.#floor.timers.set(agent.until, agent);
    }
    for (const { queue, position } of pointers) {
      const line = this.#floor.lines.get(queue);
      if (line !== undefined) line.pointer = position;
    }
  }

  #apply(event: AcdEvent): boolean {
    switch (event.kind) {
      case 'configured':
        this.#configuring.configure(event);
        return true;
      case 'time-passed':
        this.#lookAtDue(event.at);
        return true;
      case 'call-queued':
        return this.#queueCall(event);
      case 'call-changed':
        return this.#changeCall(event);
      case 'caller-left':
        return this.#removeCall(event.call, event.at);
      default: {
        const agent = this.#floor.agents.get(event.agent);
        return agent !== undefined && this.#states.apply(agent, event);
      }
    }
  }

  // What agents' states need: see Distribution.

  entered(agent: Agent, was: AcdAgentState): void {
    if (was === 'available') this.#floor.unlist(agent);
    if (agent.state === 'available') this.#floor.freed.push(agent);
    else if (!agent.isAtWork) this.#floor.releasePersonal(agent);
    this.report(agent);
    if (was === 'signed-out' || agent.state === 'signed-out')
      for (const line of agent.lines) this.#floor.commands.push(line.report);
  }

  report(agent: Agent): void {
    const { commands } = this.#floor;
    if (commands.last !== agent.report) commands.push(agent.report);
  }

  withdraw(agent: Agent, reason: Extract<AcdCommand, { kind: 'withdraw-offer' }>['reason']): void {
    const waiter = agent.offer;
    if (waiter === undefined) return;
    agent.offer = undefined;
    waiter.endOffer(agent);
    this.#floor.commands.push({
      kind: 'withdraw-offer',
      call: waiter.call,
      agent: agent.id,
      reason,
    });
    if (waiter.offers.length === 0) this.#floor.backIntoLine(waiter);
  }

  lifted(agent: Agent, waiter: Waiter, at: number): void {
    waiter.isLifted = true;
    waiter.line.endRinging(waiter);
    for (const other of waiter.offers)
      if (other !== agent) this.#callOff(waiter, other, 'answered-elsewhere', at);
  }

  answered(agent: Agent, waiter: Waiter, at: number): void {
    this.lifted(agent, waiter, at);
    waiter.endOffer(agent);
    this.#floor.forget(waiter);
  }

  missed(agent: Agent, waiter: Waiter, isRemembered: boolean, at: number): void {
    waiter.endOffer(agent);
    const { rejectMemoryMs } = waiter.line.config;
    if (isRemembered) {
      waiter.rejected ??= new Map();
      waiter.rejected.set(agent.id, at + rejectMemoryMs);
      this.#floor.remind(waiter, at + rejectMemoryMs);
      // Whoever was waited for did not want it.
      if (waiter.sticky?.agent === agent.id) waiter.sticky = undefined;
    }
    if (waiter.offers.length === 0) this.#floor.backIntoLine(waiter);
  }

  lineOf(queue: QueueId): Line {
    return this.#floor.lineFor(queue);
  }

  wrapUpOf(index: number): WrapUpRule | undefined {
    return this.#floor.lineNumbers.wrapUps[index] === 1
      ? this.#floor.lineList[index]?.config.wrapUp
      : undefined;
  }

  talkEnded(index: number): void {
    this.#floor.leaveService(index);
  }

  wakeAt(agent: Agent, at: number): void {
    this.#floor.timers.set(at, agent);
  }

  // Calls.

  #queueCall(event: Extract<AcdEvent, { kind: 'call-queued' }>): boolean {
    if (this.#floor.waiters.get(event.call) !== undefined) return false;
    const line = this.#floor.lineFor(event.queue);
    const waiter = this.#floor.left.next();
    waiter.come(event, line);
    this.#floor.waiters.add(waiter);
    this.#floor.rankAndAdd(waiter);
    this.#floor.ready.push(waiter);
    this.#floor.commands.push(line.report);
    return true;
  }

  #changeCall(event: Extract<AcdEvent, { kind: 'call-changed' }>): boolean {
    const waiter = this.#floor.waiters.get(event.call);
    if (waiter === undefined) return false;
    this.#floor.takeFromPlace(waiter);
    waiter.line.endRinging(waiter);
    waiter.line.leave(waiter);
    if (event.priority !== undefined) waiter.priority = event.priority;
    if (event.sticky !== undefined) {
      waiter.sticky = event.sticky;
      waiter.rejected?.delete(event.sticky.agent);
    }
    this.#floor.rankAndAdd(waiter);
    this.#floor.commands.push(waiter.line.report);
    if (waiter.offers.length === 0) this.#floor.ready.push(waiter);
    return true;
  }

  #removeCall(call: CallId, at: number): boolean {
    const waiter = this.#floor.waiters.get(call);
    if (waiter === undefined) return false;
    const wasOffered = waiter.offers.length > 0;
    for (const agent of waiter.offers) this.#callOff(waiter, agent, 'caller-left', at);
    this.#floor.forget(waiter);
    if (wasOffered) this.#floor.leaveService(waiter.line.index);
    return true;
  }

  /** One agent stops ringing for it. */
  #callOff(
    waiter: Waiter,
    agent: Agent,
    reason: 'answered-elsewhere' | 'caller-left',
    at: number,
  ): void {
    waiter.endOffer(agent);
    this.#floor.commands.push({
      kind: 'withdraw-offer',
      call: waiter.call,
      agent: agent.id,
      reason,
    });
    this.#states.stopRinging(agent, at);
  }

  #lookAtDue(at: number): void {
    for (;;) {
      const due = this.#floor.timers.takeDue(at);
      if (due === undefined) break;
      if (!(due instanceof Agent)) this.#floor.timerEnded(due);
      else if (this.#floor.agents.get(due.id) === due) this.#states.endWrapUpAt(due, at);
    }
    this.#floor.orderReady();
  }
}
