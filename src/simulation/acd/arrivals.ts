import type { Random } from '../random.js';
import type { ArrivalPiece, TraceCall } from './plan.js';

/** Gives calls one after the other, in the order of time. */
export interface ArrivalSource {
  /** When the next call comes, in whole ms; Infinity: none does. Each question goes on to the next call. */
  nextAt(): number;
}

/**
 * Poisson arrivals whose rate is even within each piece: the exponential distance to the next call is used up piece by piece,
 * so that intervals of any length are exact. Pieces are in the order of time.
 */
export class PoissonArrivals implements ArrivalSource {
  #at = 0;
  #piece = 0;

  constructor(
    private readonly pieces: readonly ArrivalPiece[],
    private readonly random: Random,
  ) {}

  nextAt(): number {
    let distance = -Math.log(this.random());
    for (;;) {
      const piece = this.pieces[this.#piece];
      if (piece === undefined) return Infinity;
      this.#at = Math.max(this.#at, piece.fromMs);
      const room = (piece.toMs - this.#at) * piece.callsPerMs;
      if (distance < room) {
        this.#at += distance / piece.callsPerMs;
        return Math.round(this.#at);
      }
      distance -= Number.isNaN(room) ? 0 : room;
      this.#at = piece.toMs;
      this.#piece++;
    }
  }
}

/** The calls of a trace, each exactly as given. */
export class TraceArrivals implements ArrivalSource {
  #next = 0;

  constructor(private readonly calls: readonly TraceCall[]) {}

  nextAt(): number {
    return this.calls[this.#next++]?.atMs ?? Infinity;
  }

  /** The call whose time was told last. */
  get current(): TraceCall | undefined {
    return this.calls[this.#next - 1];
  }
}
