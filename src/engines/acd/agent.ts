import type { AgentId, CallId, QueueId, SkillId } from '../../kernel/ids.js';
import type {
  AcdAgent,
  AcdAgentState,
  AgentMembership,
  NextState,
  SavedAgent,
  WrapUpRule,
} from './acd-events.js';
import { newRankedList, type Candidate, type Line, type Waiter } from './line.js';
import type { SortedList } from './sorted-list.js';

/** One agent as the engine keeps it. Only `agent-states.ts` changes the state. */
export class Agent implements AcdAgent {
  readonly id: AgentId;
  name: string;
  queues: AgentMembership['queues'];
  skills: ReadonlyMap<SkillId, number>;
  result: number;
  state: AcdAgentState = 'signed-out';
  since: number;
  idleSince: number;
  connectedAt = 0;
  calls = 0;
  reason = '';
  call: CallId | undefined;
  queue: QueueId | undefined;
  until: number | undefined;
  next: NextState | undefined;
  misses = 0;
  before: 'available' | 'not-ready' | undefined;
  wrapUp: { readonly rule: WrapUpRule; readonly extensionsLeft: number } | undefined;
  isCoded = false;
  /** Place in the members' order, by queue. */
  positions: ReadonlyMap<QueueId, number> = new Map();
  lines: readonly Line[] = [];
  /** Where the agent stands as available; empty otherwise. */
  candidates: Candidate[] = [];
  /** Those who wait for this agent's return. */
  personal: SortedList<Waiter> | undefined;

  constructor(membership: AgentMembership, at: number) {
    this.id = membership.id;
    this.name = membership.name;
    this.queues = membership.queues;
    this.skills = membership.skills;
    this.result = membership.result;
    this.since = at;
    this.idleSince = at;
  }

  /** At work: somebody may wait for this agent. */
  get isAtWork(): boolean {
    const { state } = this;
    return (
      state === 'available' || state === 'ringing' || state === 'talking' || state === 'wrap-up'
    );
  }

  waitFor(waiter: Waiter): void {
    this.personal ??= newRankedList();
    this.personal.add(waiter);
    waiter.waitsFor = this;
  }

  /** Takes the state back after a restart. Whoever rang or talked is available; living talks are engaged again. */
  restore(saved: SavedAgent): void {
    const wasInterrupted = saved.state === 'ringing' || saved.state === 'talking';
    this.state = wasInterrupted ? 'available' : saved.state;
    this.since = saved.since;
    this.idleSince = saved.idleSince;
    this.reason = saved.reason;
    this.misses = saved.misses;
    this.connectedAt = saved.connectedAt ?? 0;
    this.calls = saved.calls ?? 0;
    this.isCoded = saved.isCoded ?? false;
    this.before = saved.before;
    if (saved.state === 'wrap-up') {
      this.until = saved.until;
      this.wrapUp = saved.wrapUp;
    }
    if (wasInterrupted) this.next = saved.next;
  }
}

/** What is kept of an agent outside, for a restart. */
export const savedAgent = (agent: AcdAgent): SavedAgent => ({
  id: agent.id,
  state: agent.state,
  since: agent.since,
  idleSince: agent.idleSince,
  reason: agent.reason,
  misses: agent.misses,
  connectedAt: agent.connectedAt,
  calls: agent.calls,
  isCoded: agent.isCoded,
  ...(agent.wrapUp === undefined ? {} : { wrapUp: agent.wrapUp }),
  ...(agent.until === undefined ? {} : { until: agent.until }),
  ...(agent.next === undefined ? {} : { next: agent.next }),
  ...(agent.before === undefined ? {} : { before: agent.before }),
});
