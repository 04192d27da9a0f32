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
  name = '';
  queues: AgentMembership['queues'] = [];
  skills: ReadonlyMap<SkillId, number> = new Map();
  state: AcdAgentState = 'signed-out';
  since: number;
  idleSince: number;
  connectedAt: number;
  calls = 0;
  reason = '';
  call: CallId | undefined;
  /** The line of the call, while ringing or talking on a queue call. */
  line: Line | undefined;
  /** Who rings here. */
  offer: Waiter | undefined;
  until: number | undefined;
  next: NextState | undefined;
  misses = 0;
  before: 'available' | 'not-ready' | undefined;
  wrapUp: { readonly rule: WrapUpRule; readonly extensionsLeft: number } | undefined;
  isCoded = false;
  /** Place in the members' order, by queue. */
  positions: ReadonlyMap<QueueId, number> = new Map();
  /** Past results from 0 to 100, by queue. */
  results: ReadonlyMap<QueueId, number> = new Map();
  lines: readonly Line[] = [];
  /** Indexes of the lines, in their order. */
  lineIndexes: readonly number[] = [];
  /** Skills and their levels in turn: an agent has few, and they are asked for at each decision. */
  #levels: readonly number[] = [];
  /** Where the agent stands as available; empty otherwise. */
  candidates: Candidate[] = [];
  /** Those who wait for this agent's return. */
  personal: SortedList<Waiter> | undefined;

  constructor(membership: AgentMembership, at: number) {
    this.id = membership.id;
    this.since = at;
    this.idleSince = at;
    // An instant first, so that the engine of JavaScript keeps a place for one.
    this.connectedAt = at;
    this.connectedAt = 0;
    this.take(membership);
  }

  get queue(): QueueId | undefined {
    return this.line?.id;
  }

  /** Takes over the configuration. */
  take(membership: AgentMembership): void {
    this.name = membership.name;
    this.queues = membership.queues;
    this.skills = membership.skills;
    this.#levels = [...membership.skills].flat();
  }

  /** 0 for a skill that the agent does not have. */
  levelOf(skill: SkillId): number {
    const levels = this.#levels;
    for (let at = 0; at < levels.length; at += 2)
      if (levels[at] === skill) return levels[at + 1] ?? 0;
    return 0;
  }

  setLines(lines: readonly Line[]): void {
    this.lines = lines;
    this.lineIndexes = lines.map(({ index }) => index);
    this.positions = new Map(this.queues.map(({ queue, position }) => [queue, position]));
    this.results = new Map(this.queues.map(({ queue, result }) => [queue, result ?? 0]));
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
