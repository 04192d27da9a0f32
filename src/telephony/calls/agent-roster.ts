import {
  Acd,
  savedAgent,
  type AcdAgent,
  type AcdCommand,
  type AcdEvent,
  type OfferFailure,
  type SavedAgent,
} from '../../engines/acd/acd.js';
import type { AgentStateLog } from '../../kernel/agent-state-change.js';
import type { Clock } from '../../kernel/clock.js';
import {
  newEventId,
  type AgentId,
  type CallId,
  type ExtensionId,
  type QueueId,
} from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import { acdConfiguration } from './acd-configuration.js';
import type { Directory, DirectorySnapshot } from '../directory.js';
import type { DeskAnswer, DeskRefusal, LiveAgent, LiveQueue } from '../live.js';

/** What the line tells a waiting call. */
export type LineNews =
  | { readonly kind: 'offer'; readonly agent: AgentId; readonly reasons: readonly string[] }
  | { readonly kind: 'withdrawn'; readonly agent: AgentId };

/** An agent as kept outside: the engine's state and the phone of this sign-in. */
export type RosterEntry = SavedAgent & { readonly extensionId?: ExtensionId };

/** Where agents' states are kept over a restart. Writing never fails and never waits. */
export interface RosterStore {
  write(entry: RosterEntry): void;
  readAll(): Promise<readonly RosterEntry[]>;
}

interface RosterDependencies {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly store: RosterStore;
  readonly stateLog: AgentStateLog;
  readonly onChange: () => void;
  readonly isRegistered: (extension: string) => boolean;
}

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };

/**
 * Runs the ACD engine: one mailbox (the event loop: engine calls are synchronous), its timers, its memory, and the news for
 * waiting calls. Agents' states live here, not in any browser.
 */
export class AgentRoster {
  readonly #acd = new Acd();
  readonly #lines = new Map<CallId, (news: LineNews) => void>();
  readonly #phones = new Map<AgentId, ExtensionId>();
  readonly #lastStates = new Map<AgentId, string>();
  #wakeAt = Infinity;

  constructor(
    private readonly scope: Scope,
    private readonly deps: RosterDependencies,
  ) {}

  /** Reads what agents did before a restart, then follows the configuration. */
  async open(): Promise<void> {
    this.configure(this.deps.directory.current);
    const saved = await this.deps.store.readAll();
    for (const entry of saved) {
      if (entry.extensionId !== undefined && entry.state !== 'signed-out')
        this.#phones.set(entry.id, entry.extensionId);
      this.#lastStates.set(entry.id, `${entry.state} ${entry.reason}`);
    }
    this.#acd.restore(saved);
    for (const agent of this.#acd.agents)
      if (agent.state === 'wrap-up' && agent.until !== undefined) this.#wake(agent.until);
    this.handle({ kind: 'time-passed', at: this.deps.clock.now() });
  }

  configure(directory: DirectorySnapshot): void {
    this.handle(acdConfiguration(directory, this.deps.clock.now()));
  }

  /** Puts a call into a line; `onNews` is told of offers until `leave`. */
  join(
    call: CallId,
    line: { readonly queue: QueueId; readonly priority: number; readonly enteredAt: number },
    onNews: (news: LineNews) => void,
  ): void {
    this.#lines.set(call, onNews);
    this.handle({ kind: 'call-queued', call, ...line, at: this.deps.clock.now() });
  }

  /** Takes a call out of its line, whether it was offered or not; a call that is not in line is no matter. */
  leave(call: CallId): void {
    if (!this.#lines.delete(call)) return;
    this.handle({ kind: 'caller-left', call, at: this.deps.clock.now() });
  }

  /** The agent's phone was answered. False where the offer was withdrawn in the same moment: nobody has the call then. */
  answered(call: CallId, agent: AgentId): boolean {
    this.handle({ kind: 'offer-answered', call, agent, at: this.deps.clock.now() });
    const state = this.#acd.agent(agent);
    const won = state?.state === 'talking' && state.call === call;
    if (won) this.#lines.delete(call);
    return won;
  }

  failed(call: CallId, agent: AgentId, outcome: OfferFailure): void {
    this.handle({ kind: 'offer-failed', call, agent, outcome, at: this.deps.clock.now() });
  }

  /** The agent who sits at this extension talks without an offer. Undefined where nobody is signed in there. */
  engage(extension: ExtensionId, call: CallId): AgentId | undefined {
    const agent = this.agentAt(extension);
    if (agent !== undefined) this.engageAgent(agent, call);
    return agent;
  }

  engageAgent(agent: AgentId, call: CallId, queue?: QueueId): void {
    const state = this.#acd.agent(agent);
    if (state?.state === 'talking' && state.call === call) return;
    this.handle({
      kind: 'agent-engaged',
      agent,
      call,
      at: this.deps.clock.now(),
      ...(queue === undefined ? {} : { queue }),
    });
  }

  talkEnded(agent: AgentId, call: CallId): void {
    const state = this.#acd.agent(agent);
    if (state?.state !== 'talking' || state.call !== call) return;
    this.handle({ kind: 'talk-ended', agent, call, at: this.deps.clock.now() });
  }

  agentAt(extension: ExtensionId): AgentId | undefined {
    for (const [agent, phone] of this.#phones)
      if (phone === extension && this.#acd.agent(agent)?.state !== 'signed-out') return agent;
    return undefined;
  }

  /** Events that came when the engine could not use them: a few are races, many are a bug. */
  get illegalEvents(): number {
    return this.#acd.illegalEvents;
  }
  state(agent: AgentId): AcdAgent | undefined {
    return this.#acd.agent(agent);
  }
  phoneOf(agent: AgentId): ExtensionId | undefined {
    return this.#phones.get(agent);
  }
  signedIn(queue: QueueId): number {
    return this.#acd.signedIn(queue);
  }
  /** The place that a call with this priority and time of entry takes in line; 1 is next. */
  placeOf(queue: QueueId, priority: number, enteredAt: number): number {
    const ahead = this.#acd
      .waiting(queue)
      .filter((w) => w.priority > priority || (w.priority === priority && w.enteredAt < enteredAt));
    return ahead.length + 1;
  }

  signIn(agent: AgentId, extension: ExtensionId): DeskAnswer {
    const { current } = this.deps.directory;
    const phone = current.extensions.get(extension);
    const state = this.#acd.agent(agent);
    if (state === undefined) return refuse('unknown-agent');
    if (phone === undefined) return refuse('unknown-extension');
    const holder = this.agentAt(extension);
    if (holder !== undefined && holder !== agent)
      return refuse('extension-taken', current.agents.get(holder)?.name ?? '');
    if (state.state !== 'signed-out')
      return this.#phones.get(agent) === extension ? DONE : refuse('already-signed-in');
    if (!this.deps.isRegistered(phone.number)) return refuse('phone-not-registered', phone.number);
    this.#phones.set(agent, extension);
    this.handle({ kind: 'agent-signed-in', agent, at: this.deps.clock.now() });
    return DONE;
  }

  signOut(agent: AgentId): DeskAnswer {
    return this.#change(agent, { kind: 'agent-signed-out', agent, at: this.deps.clock.now() });
  }
  available(agent: AgentId): DeskAnswer {
    return this.#change(agent, { kind: 'agent-available', agent, at: this.deps.clock.now() });
  }
  notReady(agent: AgentId, reason: string): DeskAnswer {
    const event = { kind: 'agent-not-ready', agent, reason, at: this.deps.clock.now() } as const;
    return this.#change(agent, event);
  }
  finishWrapUp(agent: AgentId): DeskAnswer {
    return this.#change(agent, { kind: 'wrap-up-finished', agent, at: this.deps.clock.now() });
  }

  /** A phone registered or was lost. */
  phoneChanged(extension: ExtensionId, registered: boolean): void {
    const agent = this.agentAt(extension);
    if (agent === undefined) return;
    const lost = this.#acd.agent(agent)?.state === 'phone-lost';
    if (registered === lost)
      this.handle({
        kind: registered ? 'phone-back' : 'phone-lost',
        agent,
        at: this.deps.clock.now(),
      });
  }

  get liveAgents(): readonly LiveAgent[] {
    const { extensions } = this.deps.directory.current;
    return [...this.#acd.agents].map((a) => {
      const phone = a.state === 'signed-out' ? undefined : this.#phones.get(a.id);
      return {
        id: a.id,
        name: a.name,
        state: a.state,
        since: a.since,
        reason: a.reason,
        extension: phone === undefined ? '' : (extensions.get(phone)?.number ?? ''),
        queues: a.queues.map(({ queue }) => queue),
        ...(a.call === undefined ? {} : { callId: a.call }),
        ...(a.until === undefined ? {} : { until: a.until }),
        ...(a.next === undefined ? {} : { next: a.next }),
      };
    });
  }

  liveQueues(caller: (call: CallId) => { from: string; name: string }): readonly LiveQueue[] {
    return [...this.deps.directory.current.queues.values()].map(({ id, name }) => ({
      id,
      name,
      waiting: this.#acd.waiting(id).map((w, index) => ({
        callId: w.call,
        ...caller(w.call),
        since: w.enteredAt,
        place: index + 1,
        priority: w.priority,
      })),
    }));
  }

  #change(agent: AgentId, event: AcdEvent): DeskAnswer {
    const state = this.#acd.agent(agent);
    if (state === undefined) return refuse('unknown-agent');
    if (state.state === 'signed-out')
      return event.kind === 'agent-signed-out' ? DONE : refuse('not-signed-in');
    this.handle(event);
    return DONE;
  }

  handle(event: AcdEvent): void {
    for (const command of this.#acd.handle(event)) this.#carryOut(command, event.at);
  }

  #carryOut(command: AcdCommand, at: number): void {
    switch (command.kind) {
      case 'offer-call':
        this.#lines.get(command.call)?.({
          kind: 'offer',
          agent: command.agent,
          reasons: command.reasons,
        });
        return;
      case 'withdraw-offer':
        this.#lines.get(command.call)?.({ kind: 'withdrawn', agent: command.agent });
        return;
      case 'keep-waiting':
        return;
      case 'report-agent':
        this.#report(command.agent, at);
        return;
      case 'report-queue':
        this.deps.onChange();
        return;
      case 'wake-at':
        this.#wake(command.at);
        return;
    }
  }

  #report(id: AgentId, at: number): void {
    const agent = this.#acd.agent(id);
    if (agent === undefined) return;
    const phone = this.#phones.get(id);
    if (agent.state === 'signed-out') this.#phones.delete(id);
    this.deps.store.write({
      ...savedAgent(agent),
      ...(phone === undefined || agent.state === 'signed-out' ? {} : { extensionId: phone }),
    });
    const state = `${agent.state} ${agent.reason}`;
    if (this.#lastStates.get(id) !== state) {
      const known = this.#lastStates.has(id);
      this.#lastStates.set(id, state);
      if (known || agent.state !== 'signed-out')
        this.deps.stateLog.appendAgentState({
          id: newEventId(),
          agentId: id,
          at,
          state: agent.state,
          reason: agent.reason,
          ...(agent.call === undefined ? {} : { callId: agent.call }),
        });
    }
    this.deps.onChange();
  }

  #wake(at: number): void {
    if (at >= this.#wakeAt) return;
    this.#wakeAt = at;
    this.scope.fork('acd timer', async (s) => {
      await this.deps.clock.sleep(Math.max(0, at - this.deps.clock.now()), s.signal);
      if (this.#wakeAt === at) this.#wakeAt = Infinity;
      this.handle({ kind: 'time-passed', at: this.deps.clock.now() });
    });
  }
}
