import type { AgentId, CallId, QueueId, SkillId } from '../../kernel/ids.js';
import type {
  AcdAgent,
  AcdAgentState,
  AcdCommand,
  AgentMembership,
  NextState,
  SavedAgent,
  WrapUpRule,
} from './acd-events.js';
import { LEVEL_BITS, LEVEL_MASK, TIMES, type AgentNumbers } from './agent-numbers.js';
import type { Candidate } from './bucket.js';
import type { Line } from './line.js';
import { newRankedList, type Waiter } from './waiter.js';
import type { SortedList } from './sorted-list.js';

/** The index of no line. */
export const NO_LINE = -1;

/**
 * One agent as the engine keeps it. Only `agent-states.ts` changes the state. What every decision reads stands first, so that
 * it lies together in memory.
 */
export class Agent implements AcdAgent {
  readonly id: AgentId;
  state: AcdAgentState = 'signed-out';
  /** That the agent's state changed. */
  readonly report: AcdCommand;
  /** The agent alone, for calls that ring nowhere else. */
  readonly alone: readonly Agent[] = [this];
  calls = 0;
  reason = '';
  call: CallId | undefined;
  /** That of the call's line, while ringing or talking on a queue call; else {@link NO_LINE}. */
  lineIndex = NO_LINE;
  /** Who rings here. */
  offer: Waiter | undefined;
  until: number | undefined;
  next: NextState | undefined;
  misses = 0;
  /** Where the indexes of the lines begin among those of all agents. */
  firstLine = 0;
  lineCount = 0;
  #firstLevel = 0;
  #endLevel = 0;
  readonly #numbers: AgentNumbers;
  /** The agent's number among all. */
  readonly number: number;
  readonly #times: number;
  /** Those who wait for this agent's return. */
  personal: SortedList<Waiter> | undefined;
  before: 'available' | 'not-ready' | undefined;
  wrapUp: { readonly rule: WrapUpRule; readonly extensionsLeft: number } | undefined;
  isCoded = false;
  name = '';
  queues: AgentMembership['queues'] = [];
  skills: ReadonlyMap<SkillId, number> = new Map();
  /** Place in the members' order, by queue. */
  positions: ReadonlyMap<QueueId, number> = new Map();
  /** Past results from 0 to 100, by queue. */
  results: ReadonlyMap<QueueId, number> = new Map();
  lines: readonly Line[] = [];
  /** The lines among them that ring at all phones. */
  ringAllLines: readonly Line[] = [];
  /** The lines among them that keep available agents sorted. */
  sortedLines: readonly Line[] = [];
  /** Where the agent stands as available in those; empty otherwise. */
  candidates: Candidate[] = [];
  /** `allLines`: by their indexes, also those that come later. */
  constructor(
    membership: AgentMembership,
    numbers: AgentNumbers,
    private readonly allLines: readonly Line[],
    at: number,
  ) {
    this.id = membership.id;
    this.report = { kind: 'report-agent', agent: this.id };
    this.#numbers = numbers;
    this.number = numbers.take(at);
    this.#times = this.number * TIMES;
    this.connectedAt = 0;
    this.take(membership);
  }

  get since(): number {
    return this.#numbers.times[this.#times] ?? 0;
  }
  set since(at: number) {
    this.#numbers.times[this.#times] = at;
  }
  get idleSince(): number {
    return this.#numbers.times[this.#times + 1] ?? 0;
  }
  set idleSince(at: number) {
    this.#numbers.times[this.#times + 1] = at;
  }
  get connectedAt(): number {
    return this.#numbers.times[this.#times + 2] ?? 0;
  }
  set connectedAt(at: number) {
    this.#numbers.times[this.#times + 2] = at;
  }

  /** Whether the agent is to be found by those who look for one. */
  get isListed(): boolean {
    return this.#numbers.available[this.number] === 1;
  }
  set isListed(isListed: boolean) {
    this.#numbers.available[this.number] = isListed ? 1 : 0;
  }

  /** The agent is no more. */
  dismiss(): void {
    this.#numbers.release(this.number);
  }

  /** The queue of the call, while ringing or talking on a queue call. */
  get queue(): QueueId | undefined {
    return this.allLines[this.lineIndex]?.id;
  }

  /** Takes over the configuration. */
  take(membership: AgentMembership): void {
    this.name = membership.name;
    this.queues = membership.queues;
    this.skills = membership.skills;
    this.positions = new Map(this.queues.map(({ queue, position }) => [queue, position]));
    this.results = new Map(this.queues.map(({ queue, result }) => [queue, result ?? 0]));
  }

  /** 0 for a skill that the agent does not have. */
  levelOf(skill: SkillId): number {
    const { levels } = this.#numbers;
    for (let at = this.#firstLevel; at < this.#endLevel; at++) {
      const one = levels[at] ?? 0;
      if (one >>> LEVEL_BITS === skill) return one & LEVEL_MASK;
    }
    return 0;
  }

  /** Takes the own part of all agents' lines and levels: where each begins, and how many there are. */
  setLines(lines: readonly Line[], firstLine: number, firstLevel: number): void {
    this.lines = lines;
    this.ringAllLines = lines.filter(({ isRingAll }) => isRingAll);
    this.sortedLines = lines.filter(({ isSorted }) => isSorted);
    this.firstLine = firstLine;
    this.lineCount = lines.length;
    this.#firstLevel = firstLevel;
    this.#endLevel = firstLevel + this.skills.size;
  }

  /** At work: somebody may wait for this agent. */
  get isAtWork(): boolean {
    const { state } = this;
    return (
      state === 'available' ||
      state === 'preview' ||
      state === 'ringing' ||
      state === 'talking' ||
      state === 'wrap-up'
    );
  }

  waitFor(waiter: Waiter): void {
    this.personal ??= newRankedList();
    this.personal.add(waiter);
    waiter.waitsFor = this;
  }

  /**
   * Takes the state back after a restart. Whoever looked at a record, rang or talked is available, or in the wrap-up that the talk interrupted;
   * living talks are engaged again.
   */
  restore(saved: SavedAgent, at: number): void {
    const wasInterrupted = ['preview', 'ringing', 'talking'].includes(saved.state);
    const before = saved.wrapUp === undefined ? 'available' : 'wrap-up';
    this.state = wasInterrupted ? before : saved.state;
    this.since = wasInterrupted ? at : saved.since;
    this.idleSince = saved.idleSince;
    this.reason = saved.reason;
    this.misses = saved.misses;
    this.connectedAt = saved.connectedAt ?? 0;
    this.calls = saved.calls ?? 0;
    this.isCoded = saved.isCoded ?? false;
    this.before = saved.before;
    this.until = saved.wrapUp === undefined ? undefined : saved.until;
    this.wrapUp = saved.wrapUp;
    this.next = saved.next;
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
