import type { AgentId, CallId, QueueId } from '../../kernel/ids.js';
import type { AcdEvent, QueuedCall } from './acd-events.js';
import type { Agent } from './agent.js';
import type { Bucket } from './bucket.js';
import type { Line } from './line.js';
import type { SkillRequirement } from './requirement.js';
import { SortedList } from './sorted-list.js';

const NO_REQUIREMENTS: readonly SkillRequirement[] = [];
const NO_AGENTS: readonly Agent[] = [];

/**
 * Somebody in line, with what the engine knows of it. Whoever has left may be somebody else after the next `call-queued`:
 * see `Waiters`.
 */
export class Waiter implements QueuedCall {
  call!: CallId;
  line!: Line;
  /** Where it waits to be matched; undefined while it is offered, or held back until `notBefore`. */
  bucket: Bucket | undefined;
  /** The order key: time of entry, moved forward by the worth of priority. Smaller is served first. */
  rank = NaN;
  enteredAt = NaN;
  requirements = NO_REQUIREMENTS;
  priority = 0;
  /** That of the call, where the engine keeps it: see `CallTable`. */
  hash = 0;
  /** How many timers lead to it. */
  timers = 0;
  isInLine = false;
  /** Among those of the line who are kept apart, with neighbours there. */
  isApart = false;
  before: Waiter | undefined;
  behind: Waiter | undefined;
  /** Agents at whom it rings now. */
  offers = NO_AGENTS;
  /** One of those has lifted the phone: nobody else is rung. */
  isLifted = false;
  /** The agent whose return it waits for. */
  waitsFor: Agent | undefined;
  sticky: { readonly agent: AgentId; readonly until: number } | undefined;
  /** Until when an agent is passed over for this call. */
  rejected: Map<AgentId, number> | undefined;
  notBefore = 0;
  isCallback = false;

  /** Somebody new comes into a line. What else is kept of a waiter is as at first whenever one has left. */
  come(event: Extract<AcdEvent, { kind: 'call-queued' }>, line: Line): void {
    this.call = event.call;
    this.line = line;
    this.rank = event.enteredAt;
    this.enteredAt = event.enteredAt;
    this.requirements = event.requirements ?? NO_REQUIREMENTS;
    this.priority = event.priority;
    this.sticky = event.sticky;
    this.rejected = undefined;
    this.notBefore = event.notBefore ?? 0;
    this.isCallback = event.isCallback ?? false;
    this.offers = NO_AGENTS;
    this.isLifted = false;
    this.isInLine = true;
  }

  get queue(): QueueId {
    return this.line.id;
  }

  /** It stops ringing at one of those. */
  endOffer(agent: Agent): void {
    this.offers = this.offers.length === 1 ? NO_AGENTS : this.offers.filter((one) => one !== agent);
  }
}

export const rankOf = (waiter: Waiter): number => waiter.rank;
export const byRank = (a: Waiter, b: Waiter): number =>
  a.rank - b.rank ||
  a.enteredAt - b.enteredAt ||
  (a.call < b.call ? -1 : a.call === b.call ? 0 : 1);

export const isServedBefore = (a: Waiter, b: Waiter): boolean => byRank(a, b) < 0;
export const newRankedList = (): SortedList<Waiter> => new SortedList<Waiter>(rankOf, byRank);
