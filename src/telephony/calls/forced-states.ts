import type { AcdAgent } from '../../engines/acd/acd.js';
import type { AgentId } from '../../kernel/ids.js';

/** A state that a supervisor put an agent in. */
export interface ForcedState {
  readonly to: 'available' | 'not-ready' | 'signed-out';
  /** Code of the not-ready reason; '' for other states. */
  readonly reason: string;
  /** The supervisor's name, and what the supervisor gave as the reason. */
  readonly by: string;
  readonly why: string;
}

type Standing = Pick<AcdAgent, 'id' | 'state' | 'reason' | 'next' | 'before'>;

/** Who put whom in which state, and why: known until the agent is in another state. */
export class ForcedStates {
  readonly #forced = new Map<AgentId, ForcedState>();

  set(agent: AgentId, forced: ForcedState): void {
    this.#forced.set(agent, forced);
  }

  drop(agent: AgentId): void {
    this.#forced.delete(agent);
  }

  /** The force under which the agent's state stands; undefined where the state is the agent's own, or still to come. */
  of(agent: Standing): ForcedState | undefined {
    const forced = this.#forced.get(agent.id);
    return forced !== undefined && stands(agent, forced) ? forced : undefined;
  }

  /** The agent's state changed: what does not stand any more, and is not to come after the call or with the phone, is forgotten. */
  changed(agent: Standing): ForcedState | undefined {
    const forced = this.#forced.get(agent.id);
    if (forced === undefined || stands(agent, forced)) return forced;
    if (agent.next !== forced.to && agent.before !== forced.to) this.drop(agent.id);
    return undefined;
  }
}

const stands = ({ state, reason }: Standing, forced: ForcedState): boolean =>
  state === forced.to && (state !== 'not-ready' || reason === forced.reason);
