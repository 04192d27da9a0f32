import { Admissions, CONGESTION } from '../../engines/limits/admission.js';
import type { CallId } from '../../kernel/ids.js';
import { SHOWN_MS } from '../limits.js';
import { stageOfTarget } from '../stages/target.js';
import type { CallFacts } from './journal.js';
import type { CallServices } from './services.js';
import { ended, type Stage } from './stage.js';

/** Somebody is not served as usual: why, and what happens instead. */
export interface TurnedAway {
  readonly why: string;
  readonly first: Stage;
}

/** Lets callers from outside in, as far as there is room: those on the line must not suffer. */
export class Door {
  readonly #admissions = new Admissions();
  #turned: number[] = [];

  constructor(private readonly s: CallServices) {}

  /** A call is there, of whatever kind; its end is told by {@link leave}. */
  enter({ id, direction, from, trunkId }: CallFacts): void {
    if (direction === 'inbound') this.#admissions.enter(id, { source: from, trunk: trunkId });
    else this.#admissions.enter(id);
  }

  leave(id: CallId): void {
    this.#admissions.leave(id);
  }

  /** Undefined: come in. To be asked once for each caller from outside, before {@link enter}. */
  ask({ direction, from: source, trunkId: trunk }: CallFacts): TurnedAway | undefined {
    const { trunks, limits } = this.s.directory.current;
    const config = trunk === undefined ? undefined : trunks.get(trunk);
    if (direction !== 'inbound' || config?.pbx !== undefined) return undefined;
    const at = this.s.clock.now();
    const trunkLimit = config?.maxIncoming ?? 0;
    const verdict = this.#admissions.ask(limits.load, { source, trunk, trunkLimit, at });
    if (verdict.kind === 'admitted') return undefined;
    this.#turned.push(at);
    const { why } = verdict;
    if (verdict.kind === 'refused')
      return { why, first: ended('refused', 'system', verdict.cause, why) };
    const { busyTarget } = limits;
    if (busyTarget !== undefined) return { why, first: stageOfTarget(this.s, busyTarget) };
    const then = ended('refused', 'system', CONGESTION, why);
    return { why, first: { kind: 'announce', prompt: 'all-lines-busy', then } };
  }

  /** Callers who were turned away in the last minute. */
  get turnedAway(): number {
    const from = this.s.clock.now() - SHOWN_MS;
    this.#turned = this.#turned.filter((at) => at > from);
    return this.#turned.length;
  }
}
