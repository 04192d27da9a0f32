import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import type { AgentId, CallId, DispositionId } from '../../kernel/ids.js';
import type { Actor } from '../../kernel/actor.js';
import type { Directory } from '../../telephony/directory.js';
import type { Desk, LiveAgent, LiveSnapshot, LiveView } from '../../telephony/live.js';
import { offeredCodes, pathOf, pathText } from '../dispositions/index.js';
import { drawDesk } from './desk-picture.js';
import { ownAgent } from './own-agent.js';
import { sayDisposition } from './say-disposition.js';
import {
  isWrapUpOpen,
  NOTE_MAX,
  type CallDisposition,
  type TalkedCall,
  type WrapUpStore,
} from './wrap-up.js';

/** Codes on top of the list: what an agent needs most is what was needed last. */
const LAST_USED = 5;

/** A code that can be chosen. */
export interface CodeOption {
  readonly id: DispositionId;
  readonly path: string;
}

/** What the agent sees of a wrap-up. */
export interface WrapUpForm {
  readonly call: TalkedCall;
  readonly lastUsed: readonly CodeOption[];
  readonly codes: readonly CodeOption[];
  readonly chosen: DispositionId | undefined;
  readonly note: string;
}

/** What the form sends; '' for no code. */
export interface WrapUpInput {
  readonly call: string;
  readonly disposition: string;
  readonly note: string;
}

interface WrapUpParts {
  readonly store: WrapUpStore;
  readonly live: LiveView;
  readonly desk: Desk;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
  /** Told what a call came to, each time that it is said. */
  readonly results: DispositionListener;
}

/** What follows from a disposition. Rejects while the database is away. */
export interface DispositionListener {
  chosen(said: {
    readonly callId: CallId;
    readonly agentId: AgentId;
    readonly dispositionId: DispositionId;
    readonly note: string;
  }): Promise<void>;
}

/** What agents say of their calls: of the one that they talk in, wrap up, or finished a moment ago. */
export class WrapUpService {
  /** The engine forgets the call when talk ends; this remembers it. After a restart the database does. */
  readonly #lastCalls = new Map<AgentId, TalkedCall>();

  constructor(private readonly parts: WrapUpParts) {
    parts.live.onChange((snapshot) => {
      this.#remember(snapshot);
    });
  }

  /** Undefined where there is no call to say anything of. */
  async form(actor: Actor): Promise<WrapUpForm | undefined> {
    const agentId = ownAgent(actor);
    const call = await this.#open(agentId);
    if (!call) return undefined;
    const { store, directory } = this.parts;
    const [said, lastUsed] = await Promise.all([
      store.find(call.callId, agentId),
      store.lastUsed(agentId, LAST_USED),
    ]);
    const { dispositions } = directory.current;
    const codes = offeredCodes(dispositions, call.queueId, actor.language).map((line) => ({
      id: line.disposition.id,
      path: pathText(line.path),
    }));
    const chosen = said?.dispositionId;
    // What was chosen stays in sight, also when it is not offered any more.
    if (chosen !== undefined && !codes.some(({ id }) => id === chosen))
      codes.unshift({ id: chosen, path: pathOf(dispositions, chosen, actor.language) });
    return {
      call,
      codes,
      chosen,
      lastUsed: lastUsed.flatMap((id) => codes.filter((code) => code.id === id)),
      note: said?.note ?? '',
    };
  }

  /**
   * Stores code and note; told to the calls where a code was chosen. Throws `conflict` for a call that is not the agent's of
   * now, and `invalid-fields` for what cannot be chosen.
   */
  async save(actor: Actor, input: WrapUpInput): Promise<void> {
    const agentId = ownAgent(actor);
    const call = await this.#open(agentId);
    if (call?.callId !== input.call)
      throw new AppError('conflict', 'this call can not be wrapped up any more');
    const { store, desk, clock, results } = this.parts;
    const before = await store.find(call.callId, agentId);
    const dispositionId = this.#chosen(call, input.disposition, before) ?? before?.dispositionId;
    const note = input.note.trimEnd().slice(0, NOTE_MAX);
    if (dispositionId === undefined && note === '' && before === undefined) return;
    const at = new Date(clock.now());
    await sayDisposition(
      { store, results, tellCalls: (said) => desk.ask({ kind: 'agent-code-chosen', ...said }) },
      { callId: call.callId, agentId, dispositionId, note, at },
      before,
    );
  }

  /** The agent that the user works as; throws `not-allowed` for everybody else. */
  agentOf(actor: Actor): AgentId {
    return ownAgent(actor);
  }

  /** The call that is offered to the agent, talked in or wrapped up; undefined where there is none. */
  async atHand(actor: Actor) {
    const agentId = ownAgent(actor);
    const snapshot = this.parts.live.current;
    const now = snapshot && drawDesk(snapshot, agentId)?.call;
    const open = await this.#open(agentId);
    if (now !== undefined)
      return {
        ...{ callId: now.call.id, queueId: now.call.queueId, number: now.party.number },
        isOpen: open?.callId === now.call.id,
      };
    return open && { callId: open.callId, queueId: open.queueId, number: '', isOpen: true };
  }

  /** A code without touching the note; as {@link save}. */
  async choose(actor: Actor, callId: string, disposition: DispositionId): Promise<void> {
    const agentId = ownAgent(actor);
    const said = await this.parts.store.find(callId as CallId, agentId);
    await this.save(actor, {
      call: callId,
      disposition: String(disposition),
      note: said?.note ?? '',
    });
  }

  #chosen(
    call: TalkedCall,
    text: string,
    before: CallDisposition | undefined,
  ): DispositionId | undefined {
    if (text === '') return undefined;
    const { dispositions } = this.parts.directory.current;
    const codes = offeredCodes(dispositions, call.queueId, 'en').map((line) => line.disposition.id);
    const known = [...codes, ...(before?.dispositionId ? [before.dispositionId] : [])];
    const found = known.find((id) => String(id) === text);
    if (found !== undefined) return found;
    const message = 'form.problem.choose';
    throw new AppError('invalid-fields', 'no such code', [{ field: 'disposition', message }]);
  }

  async #open(agentId: AgentId): Promise<TalkedCall | undefined> {
    const snapshot = this.parts.live.current;
    const agent = snapshot?.agents.find(({ id }) => id === agentId);
    if (!snapshot || !agent || !isWrapUpOpen(agent, this.parts.clock.now())) return undefined;
    const talked = talkedIn(snapshot, agent) ?? this.#lastCalls.get(agentId);
    return talked ?? this.parts.store.lastCall(agentId);
  }

  #remember(snapshot: LiveSnapshot): void {
    for (const agent of snapshot.agents) {
      const call = talkedIn(snapshot, agent);
      if (call) this.#lastCalls.set(agent.id, call);
    }
  }
}

function talkedIn({ calls }: LiveSnapshot, agent: LiveAgent): TalkedCall | undefined {
  if (agent.state !== 'talking' || agent.callId === undefined) return undefined;
  const queueId = calls.find(({ id }) => id === agent.callId)?.queueId;
  return { callId: agent.callId, queueId };
}
