import type { NobodyWhy } from '../../engines/reach/reach.js';
import type { RingStep } from '../../engines/reach/ring-plan.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/scope.js';
import type { Call } from './call.js';
import { CAUSE_ELSEWHERE, ELSEWHERE, type DialOutcome, type Leg } from './leg.js';

/** One endpoint that rings for a call. */
export interface RingPhone {
  /** Absent for outside numbers. */
  readonly extension?: ExtensionId;
  /** Rings until it answers or will not; cancelled, it stops and is told that somebody else has answered. */
  ring(scope: Scope): Promise<DialOutcome>;
}

interface RingsNow {
  readonly since: number;
  readonly stop: (reason: string) => void;
}

/** What came of ringing phones. */
export type Rang =
  | { readonly kind: 'answered'; readonly leg: Leg }
  | { readonly kind: 'nobody'; readonly why: Exclude<NobodyWhy, 'do-not-disturb'> };

/**
 * Phones that ring for one call, step by step. Whoever answers first has the call, also where two answer in one moment; so
 * has whoever takes it at a phone that does not ring.
 */
export class Ringing {
  readonly #failures: Exclude<DialOutcome['kind'], 'answered'>[] = [];
  /** Phones that ring now, since when, and how they are stopped. */
  readonly #now = new Map<RingPhone, RingsNow>();
  #over: () => void = () => undefined;
  #end: () => void = () => undefined;
  /** Resolves when nobody can take the call here any more: somebody has it, or nothing rings. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  #isTaken = false;
  #winner: Leg | undefined;

  constructor(
    private readonly call: Call,
    private readonly steps: readonly RingStep<RingPhone>[],
  ) {}

  /** Nothing rings any more when it resolves. */
  async firstAnswer(parent: Scope): Promise<Rang> {
    try {
      for (const step of this.steps) {
        await parent.run('ring step', (scope) => this.#ringStep(scope, step));
        if (this.#winner !== undefined) return { kind: 'answered', leg: this.#winner };
        if (this.#isTaken) break;
      }
      return { kind: 'nobody', why: this.#why() };
    } finally {
      this.#end();
    }
  }

  /** Extensions at whose phones it rings; none where somebody has the call already. */
  get extensions(): readonly ExtensionId[] {
    if (this.#isTaken) return [];
    return [...this.#now.keys()].flatMap(({ extension }) => extension ?? []);
  }

  /** Since when it rings at an extension's phone; undefined where it does not, or somebody has the call already. */
  ringsAt(extension: ExtensionId): number | undefined {
    if (this.#isTaken) return undefined;
    for (const [phone, { since }] of this.#now) if (phone.extension === extension) return since;
    return undefined;
  }

  /**
   * Somebody takes the call at another phone: from now on nobody else has it. `hand` brings the phone; where it gives
   * undefined the phone was gone, and nobody has answered. False where somebody was quicker.
   */
  take(hand: () => Promise<Leg | undefined>): boolean {
    if (this.#isTaken || this.#now.size === 0) return false;
    this.#take();
    this.call.scope.fork('take', async () => {
      this.#winner = await hand();
      this.#over();
    });
    return true;
  }

  async #ringStep(scope: Scope, phones: RingStep<RingPhone>): Promise<void> {
    if (phones.length === 0) return;
    let left = phones.length;
    const end = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    for (const phone of phones)
      scope.fork('ring', async (within) => {
        const stop = (reason: string): void => {
          within.cancel(reason);
        };
        this.#now.set(phone, { since: this.call.clock.now(), stop });
        this.call.changed();
        const outcome = await phone.ring(within).finally(() => {
          this.#now.delete(phone);
          this.call.changed();
        });
        left--;
        if (outcome.kind !== 'answered') this.#failures.push(outcome.kind);
        // Answered in the same moment as another one.
        else if (this.#isTaken) await outcome.leg.release(CAUSE_ELSEWHERE);
        else {
          this.#winner = outcome.leg;
          this.#take();
          this.#over();
        }
        if (left === 0 && !this.#isTaken) this.#over();
      });
    await scope.wait(end);
  }

  #take(): void {
    this.#isTaken = true;
    this.#end();
    for (const { stop } of this.#now.values()) stop(ELSEWHERE);
  }

  /** What all of them had in common: all busy, or none there; else nobody came. */
  #why(): Exclude<NobodyWhy, 'do-not-disturb'> {
    const all = (...kinds: readonly string[]): boolean =>
      this.#failures.every((kind) => kinds.includes(kind));
    if (this.#isTaken) return 'no-answer';
    if (all('unreachable', 'failed')) return 'unreachable';
    return all('busy', 'declined', 'unreachable', 'failed') ? 'busy' : 'no-answer';
  }
}
