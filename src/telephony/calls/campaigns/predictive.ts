import type { LineEnd } from '../../../engines/dialer/laws.js';
import { AHEAD_S, Pacer, type PacingRules } from '../../../engines/dialer/pacer.js';
import type { AgentId, AttemptId } from '../../../kernel/ids.js';
import {
  MINIMUM_RING_MS,
  PATIENCE_MS,
  restoreLedger,
  type PacedAgent,
  type Pacing,
  type PacingAnswer,
  type PacingFigures,
} from './pacing.js';

/** As many calls as the risk of one more answer allows: the engine of `engines/dialer`, told of real calls. */
export class Predictive implements Pacing {
  readonly #pacer: Pacer;
  readonly #agents = new Map<AgentId, PacedAgent['state']>();
  /** Lines that the engine counts as ringing. */
  readonly #lines = new Set<AttemptId>();

  constructor(rules: Pick<PacingRules, 'limit' | 'windowMs' | 'ringLimitMs'>) {
    this.#pacer = new Pacer({ ...rules, minimumRingMs: MINIMUM_RING_MS, patienceMs: PATIENCE_MS });
  }

  see(agents: readonly PacedAgent[], at: number): void {
    const gone = new Set(this.#agents.keys());
    for (const { id, state } of agents) {
      gone.delete(id);
      if (this.#agents.get(id) === state) continue;
      this.#agents.set(id, state);
      if (state === 'idle') this.#pacer.agentIdle(id, at);
      else if (state === 'talking') this.#pacer.agentTalking(id, at);
      else this.#pacer.agentWrapsUp(id, at);
    }
    for (const id of gone) {
      this.#agents.delete(id);
      this.#pacer.agentGone(id);
    }
  }

  started(line: AttemptId, at: number, score?: number): void {
    this.#lines.add(line);
    this.#pacer.lineStarted(line, at, score);
  }

  detecting(line: AttemptId): void {
    this.#pacer.lineDetecting(line);
  }

  ended(line: AttemptId, end: LineEnd, at: number): void {
    // Given up, and answered in the same moment: somebody did answer, and counts.
    if (!this.#lines.delete(line) && end === 'answered') this.#pacer.lineStarted(line, at);
    this.#pacer.lineEnded(line, end, at);
  }

  connected(line: AttemptId, at: number): void {
    this.#pacer.connected(line, at);
  }

  lost(line: AttemptId, why: 'abandoned' | 'hung-up', at: number): void {
    this.#pacer.lost(line, why, at);
  }

  restore(past: readonly { readonly at: number; readonly abandoned: boolean }[]): void {
    restoreLedger(this.#pacer.ledger, past);
  }

  decide(at: number, room: number): PacingAnswer {
    const { start, giveUp, mode } = this.#pacer.decide(at, room);
    const lines = giveUp as readonly AttemptId[];
    for (const line of lines) this.#lines.delete(line);
    return { start, giveUp: lines, mode };
  }

  get figures(): PacingFigures {
    const { mode, answerRate, freeAhead, answersAhead, risk, accepted, isConnectingLate } =
      this.#pacer.state;
    const arePhonesLate = mode === 'one-to-one' && isConnectingLate;
    const { answered, abandoned } = this.#pacer.ledger;
    const forecast = { aheadMs: 1_000 * AHEAD_S, free: freeAhead, answers: answersAhead };
    return {
      ...{ mode, answered, abandoned, answerRate, arePhonesLate },
      forecast: { ...forecast, risk, accepted },
    };
  }
}
