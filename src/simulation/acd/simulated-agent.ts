import type { AcdAgent, AcdAgentState } from '../../engines/acd/acd-events.js';
import type { AgentId } from '../../kernel/ids.js';
import type { PlanAgent } from './plan.js';
import type { AgentTime } from './tally.js';

/** The person at the phone: what the simulation knows beside the engine. */
export class SimulatedAgent {
  readonly id: AgentId;
  /** Counts offers: an answer or a miss that was planned for an offer that is over no longer counts. */
  offer = 0;
  /** Length of the break to be taken. */
  breakMs = 0;
  readonly time: AgentTime = { idleMs: 0, busyMs: 0, awayMs: 0, calls: 0 };
  #state: AcdAgentState = 'signed-out';
  #since = 0;
  /** When the state began, as the engine says: tells a new wrap-up from the one before. */
  #enteredAt = -1;
  #isClosed = false;

  constructor(readonly plan: PlanAgent) {
    this.id = plan.membership.id;
  }

  get state(): AcdAgentState {
    return this.#state;
  }

  /** Takes over what the engine reports; true where a new state began. */
  follow({ state, since }: AcdAgent, at: number): boolean {
    if (state === this.#state && since === this.#enteredAt) return false;
    this.settle(at);
    this.#state = state;
    this.#enteredAt = since;
    return true;
  }

  /** Books the time up to now. */
  settle(at: number): void {
    if (this.#isClosed || at < this.#since) return;
    const ms = at - this.#since;
    this.#since = at;
    switch (this.#state) {
      case 'available':
        this.time.idleMs += ms;
        break;
      case 'preview':
      case 'ringing':
      case 'talking':
      case 'wrap-up':
        this.time.busyMs += ms;
        break;
      case 'not-ready':
      case 'phone-lost':
        this.time.awayMs += ms;
        break;
      case 'signed-out':
        break;
    }
  }

  /** Forgets what was booked: the time that counts begins now. */
  reset(at: number): void {
    this.settle(at);
    Object.assign(this.time, { idleMs: 0, busyMs: 0, awayMs: 0, calls: 0 });
  }

  countCall(): void {
    if (!this.#isClosed) this.time.calls++;
  }

  /** The time that counts is over. */
  close(at: number): void {
    this.settle(at);
    this.#isClosed = true;
  }
}
