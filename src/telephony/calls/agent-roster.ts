import {
  savedAgent,
  type AcdAgent,
  type AcdEvent,
  type OfferFailure,
  type SavedAgent,
  type SavedPointer,
} from '../../engines/acd/acd.js';
import { lacksCode, mayBeCoded } from '../../engines/acd/agent-states.js';
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
import type { Directory, DirectorySnapshot } from '../directory.js';
import type { DeskAnswer, DeskRefusal, LiveAgent, LiveDecision } from '../live.js';
import { AcdRunner, type JoiningCall, type LineNews, type SavedEstimate } from './acd-runner.js';
import { ForcedStates, type ForcedState } from './forced-states.js';
import type { CallLog } from './services.js';

/** An agent as kept outside: the engine's state and the phone of this sign-in. */
export type RosterEntry = SavedAgent & {
  readonly extensionId?: ExtensionId;
  readonly forced?: ForcedState;
};

/** Where agents' states are kept over a restart. Writing never fails and never waits. */
export interface RosterStore {
  write(entry: RosterEntry): void;
  readAll(): Promise<readonly RosterEntry[]>;
  /** Where round robin stands in each queue. */
  writePointer(pointer: SavedPointer): void;
  readPointers(): Promise<readonly SavedPointer[]>;
  /** What was learned of waits in each queue. */
  writeEstimate(estimate: SavedEstimate): void;
  readEstimates(): Promise<readonly SavedEstimate[]>;
}

interface RosterDependencies {
  readonly clock: Clock;
  readonly directory: Directory;
  readonly store: RosterStore;
  readonly stateLog: AgentStateLog;
  readonly log: CallLog;
  readonly onDecision: (decision: Omit<LiveDecision, 'from' | 'name'>) => void;
  readonly onChange: () => void;
  readonly isRegistered: (extension: string) => boolean;
}

const refuse = (code: DeskRefusal, detail = ''): DeskAnswer => ({ ok: false, code, detail });
const DONE: DeskAnswer = { ok: true };
const NO_PHONE = 0 as ExtensionId;

/** A call that an agent talked in, and the queue that it came through. */
export interface AgentTalk {
  readonly callId: CallId;
  readonly queueId: QueueId | undefined;
}

/** Agents at work: their states and phones live here, not in any browser, and who waits for them in which line. */
export class AgentRoster {
  /** The distribution of calls. */
  readonly acd: AcdRunner;
  readonly #phones = new Map<AgentId, ExtensionId>();
  readonly #lastStates = new Map<AgentId, string>();
  readonly #forced = new ForcedStates();
  /** The call that an agent talks in, or talked in last, since this process runs. */
  readonly #talks = new Map<AgentId, AgentTalk>();
  /** Calls that say they have the agent, the first of them first: a phone may have a second one. */
  readonly #engaged = new Map<AgentId, Map<CallId, QueueId | undefined>>();

  constructor(
    scope: Scope,
    private readonly deps: RosterDependencies,
  ) {
    this.acd = new AcdRunner(scope, {
      clock: deps.clock,
      log: deps.log,
      onAgent: (agent, at) => {
        this.#report(agent, at);
      },
      onPointer: (pointer) => {
        deps.store.writePointer(pointer);
      },
      onEstimate: (estimate) => {
        deps.store.writeEstimate(estimate);
      },
      onDecision: deps.onDecision,
      onChange: deps.onChange,
    });
  }

  /** Reads what agents did before a restart, then follows the configuration. */
  async open(): Promise<void> {
    this.configure(this.deps.directory.current);
    const saved = await this.deps.store.readAll();
    for (const entry of saved) {
      if (entry.extensionId !== undefined && entry.state !== 'signed-out')
        this.#phones.set(entry.id, entry.extensionId);
      if (entry.forced !== undefined) this.#forced.set(entry.id, entry.forced);
      this.#lastStates.set(entry.id, stateText(entry, entry.forced));
    }
    const { store } = this.deps;
    this.acd.restore(saved, await store.readPointers(), await store.readEstimates());
  }

  configure(directory: DirectorySnapshot): void {
    this.acd.configure(directory);
  }

  /** Puts a call into a line; `onNews` is told of offers until `leave`. */
  join(call: JoiningCall, onNews: (news: LineNews) => void): void {
    this.acd.join(call, onNews);
  }

  /** Takes a call out of its line, whether it was offered or not; a call that is not in line is no matter. */
  leave(call: CallId): void {
    this.acd.leave(call);
  }

  /** The agent's phone was lifted: no other rings any more. False where the offer was withdrawn in the same moment. */
  lifted(call: CallId, agent: AgentId): boolean {
    return this.acd.lifted(call, agent);
  }

  /** Agent and caller are connected. False where the offer was withdrawn in the same moment: nobody has the call then. */
  answered(call: CallId, agent: AgentId): boolean {
    return this.acd.answered(call, agent);
  }

  failed(call: CallId, agent: AgentId, outcome: OfferFailure): void {
    this.handle({ kind: 'offer-failed', call, agent, outcome, at: this.deps.clock.now() });
  }

  /** The agent talks without an offer. Of several calls at one phone the first counts until it is over, then the next. */
  engageAgent(agent: AgentId, call: CallId, queue?: QueueId): void {
    const engaged = this.#engaged.get(agent) ?? new Map<CallId, QueueId | undefined>();
    this.#engaged.set(agent, engaged.set(call, queue));
    if (this.acd.agent(agent)?.state !== 'talking') this.#engage(agent, call, queue);
  }

  #engage(agent: AgentId, call: CallId, queue?: QueueId, insteadOf?: CallId): void {
    this.handle({
      kind: 'agent-engaged',
      agent,
      call,
      at: this.deps.clock.now(),
      ...(queue === undefined ? {} : { queue }),
      ...(insteadOf === undefined ? {} : { insteadOf }),
    });
  }

  /** The agent's talk goes on in another call. */
  moveTalk(agent: AgentId, from: CallId, to: CallId): void {
    const engaged = this.#engaged.get(agent);
    engaged?.set(to, engaged.get(from)).delete(from);
    const state = this.acd.agent(agent);
    if (state?.state === 'talking' && state.call === from) this.#engage(agent, to, undefined, from);
  }

  /** The agent is busy until the last call at the phone is over, and wraps up then. */
  talkEnded(agent: AgentId, call: CallId): void {
    const engaged = this.#engaged.get(agent);
    engaged?.delete(call);
    const state = this.acd.agent(agent);
    if (state?.state !== 'talking' || state.call !== call) return;
    const [next] = engaged ?? [];
    if (next !== undefined) {
      this.#engage(agent, ...next, call);
      return;
    }
    this.handle({ kind: 'talk-ended', agent, call, at: this.deps.clock.now() });
    this.#missPhone(agent);
  }

  /** The call is no more: whoever it still had is free of it. */
  callEnded(call: CallId): void {
    for (const [agent, engaged] of this.#engaged)
      if (engaged.has(call)) this.talkEnded(agent, call);
  }

  /** Of a phone that was lost during the talk nobody is told again. */
  #missPhone(agent: AgentId): void {
    const extension = this.#phones.get(agent);
    const phone =
      extension === undefined ? undefined : this.deps.directory.current.extensions.get(extension);
    if (phone === undefined || this.deps.isRegistered(phone.number)) return;
    const state = this.acd.agent(agent)?.state;
    if (state === 'available' || state === 'not-ready' || state === 'wrap-up')
      this.phoneChanged(phone.id, false);
  }

  agentAt(extension: ExtensionId): AgentId | undefined {
    for (const [agent, phone] of this.#phones)
      if (phone === extension && this.acd.agent(agent)?.state !== 'signed-out') return agent;
    return undefined;
  }

  /** Events that came when the engine could not use them: a few are races, many are a bug. */
  get illegalEvents(): number {
    return this.acd.engine.illegalEvents;
  }
  state(agent: AgentId): AcdAgent | undefined {
    return this.acd.agent(agent);
  }
  phoneOf(agent: AgentId): ExtensionId | undefined {
    return this.#phones.get(agent);
  }
  signedIn(queue: QueueId): number {
    return this.acd.engine.signedIn(queue);
  }
  signIn(agent: AgentId, extension: ExtensionId): DeskAnswer {
    const { current } = this.deps.directory;
    const phone = current.extensions.get(extension);
    const state = this.acd.agent(agent);
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

  signOut(agent: AgentId, atOnce = false): DeskAnswer {
    const state = this.acd.agent(agent);
    if (state?.state === 'wrap-up' && lacksCode(state) && !atOnce) return refuse('code-needed');
    const at = this.deps.clock.now();
    return this.#change(agent, { kind: 'agent-signed-out', agent, atOnce, at });
  }
  /**
   * Also for one who is: whoever presses twice, or while the phone rings, has what was asked for. `atOnce`: without the code
   * that the last call must get.
   */
  available(agent: AgentId, atOnce = false): DeskAnswer {
    const state = this.acd.agent(agent);
    const isAfterCall = state?.state === 'wrap-up' || state?.state === 'phone-lost';
    if (isAfterCall && lacksCode(state) && !atOnce) return refuse('code-needed');
    if (state?.state === 'available' || state?.state === 'ringing') return DONE;
    const phone = this.deps.directory.current.extensions.get(this.#phones.get(agent) ?? NO_PHONE);
    if (phone?.handling.doNotDisturb === true) return refuse('do-not-disturb', phone.number);
    return this.#change(agent, {
      kind: 'agent-available',
      agent,
      atOnce,
      at: this.deps.clock.now(),
    });
  }
  /** A supervisor sets the state; who and why stay with it. */
  force(agent: AgentId, forced: ForcedState): DeskAnswer {
    this.#forced.set(agent, forced);
    const answer = this.#carryOut(agent, forced);
    if (!answer.ok) this.#forced.drop(agent);
    return answer;
  }
  #carryOut(agent: AgentId, { to, reason }: ForcedState): DeskAnswer {
    switch (to) {
      case 'available':
        return this.available(agent, true);
      case 'not-ready':
        return this.notReady(agent, reason, true);
      case 'signed-out':
        return this.signOut(agent, true);
    }
  }
  /** At once, or after the call and the code that it must get. */
  notReady(agent: AgentId, reason: string, atOnce = false): DeskAnswer {
    const at = this.deps.clock.now();
    return this.#change(agent, { kind: 'agent-not-ready', agent, reason, atOnce, at });
  }
  extendWrapUp(agent: AgentId): DeskAnswer {
    const left = this.acd.agent(agent)?.wrapUp?.extensionsLeft ?? 0;
    if (left <= 0 || this.acd.agent(agent)?.until === undefined) return refuse('not-allowed-now');
    return this.#change(agent, { kind: 'wrap-up-extended', agent, at: this.deps.clock.now() });
  }
  /** Also when the call is over: a code that comes late changes nothing. */
  codeChosen(agent: AgentId): DeskAnswer {
    const state = this.acd.agent(agent);
    if (state !== undefined && state.state !== 'signed-out' && !mayBeCoded(state)) return DONE;
    return this.#change(agent, { kind: 'code-chosen', agent, at: this.deps.clock.now() });
  }
  /** Also when it is over already. */
  finishWrapUp(agent: AgentId): DeskAnswer {
    const state = this.acd.agent(agent);
    if (state?.state === 'wrap-up' && lacksCode(state)) return refuse('code-needed');
    if (state !== undefined && state.state !== 'signed-out' && state.state !== 'wrap-up')
      return DONE;
    return this.#change(agent, { kind: 'wrap-up-finished', agent, at: this.deps.clock.now() });
  }

  /** A phone registered or was lost. */
  phoneChanged(extension: ExtensionId, registered: boolean): void {
    const agent = this.agentAt(extension);
    if (agent === undefined) return;
    const lost = this.acd.agent(agent)?.state === 'phone-lost';
    if (registered === lost)
      this.handle({
        kind: registered ? 'phone-back' : 'phone-lost',
        agent,
        at: this.deps.clock.now(),
      });
  }

  /** The call that the agent talks in, or talked in last; undefined where this process saw none. */
  lastTalk(agent: AgentId): AgentTalk | undefined {
    return this.#talks.get(agent);
  }

  get liveAgents(): readonly LiveAgent[] {
    const { extensions } = this.deps.directory.current;
    return [...this.acd.engine.agents].map((a) => {
      const phone = a.state === 'signed-out' ? undefined : this.#phones.get(a.id);
      const next = a.next ?? (a.before === 'not-ready' ? a.before : undefined);
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
        ...(next === undefined ? {} : { next }),
        ...this.#forcedOf(a),
        ...this.#wrapUp(a),
      };
    });
  }

  #forcedOf(agent: AcdAgent): Pick<LiveAgent, 'forced'> {
    const forced = this.#forced.of(agent);
    return forced === undefined ? {} : { forced: { by: forced.by, why: forced.why } };
  }

  /** How the agent's wrap-up ends; while talking only whether a code is still wanted. */
  #wrapUp(agent: AcdAgent): Pick<LiveAgent, 'wrapUp'> {
    const rule =
      agent.wrapUp?.rule ??
      (agent.queue === undefined
        ? undefined
        : this.deps.directory.current.queues.get(agent.queue)?.wrapUp);
    if (rule === undefined || (agent.state !== 'wrap-up' && agent.state !== 'talking')) return {};
    return {
      wrapUp: {
        mode: rule.isUntilDone ? 'until-done' : 'fixed',
        extensionsLeft: agent.wrapUp?.extensionsLeft ?? 0,
        codeNeeded: rule.isCodeNeeded && !agent.isCoded,
      },
    };
  }

  #change(agent: AgentId, event: AcdEvent): DeskAnswer {
    const state = this.acd.agent(agent);
    if (state === undefined) return refuse('unknown-agent');
    if (state.state === 'signed-out')
      return event.kind === 'agent-signed-out' ? DONE : refuse('not-signed-in');
    this.handle(event);
    return DONE;
  }

  handle(event: AcdEvent): void {
    this.acd.handle(event);
  }

  #report(id: AgentId, at: number): void {
    const agent = this.acd.agent(id);
    if (agent === undefined) return;
    if (agent.state === 'talking' && agent.call !== undefined)
      this.#talks.set(id, { callId: agent.call, queueId: agent.queue });
    const phone = this.#phones.get(id);
    const forced = this.#forced.changed(agent);
    if (agent.state === 'signed-out') this.#phones.delete(id);
    this.deps.store.write({
      ...savedAgent(agent),
      ...(phone === undefined || agent.state === 'signed-out' ? {} : { extensionId: phone }),
      ...(forced === undefined ? {} : { forced }),
    });
    const state = stateText(agent, forced);
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
          ...(forced === undefined ? {} : { note: `${forced.by}: ${forced.why}` }),
          ...(agent.call === undefined ? {} : { callId: agent.call }),
        });
    }
  }
}

/** What makes one state another: the same break, now because a supervisor says so, is written down again. */
const stateText = (
  { state, reason }: Pick<SavedAgent, 'state' | 'reason'>,
  forced: ForcedState | undefined,
): string =>
  forced === undefined
    ? `${state} ${reason}`
    : `${state} ${reason} ${JSON.stringify([forced.by, forced.why])}`;
