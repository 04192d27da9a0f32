import type { FlowEnd, PlayedFlow } from './play-flow.js';

/** What became of the counted calls in the flow, in one replication. Shares of nothing are NaN. */
export interface FlowFigures {
  readonly entered: number;
  /** Shares of those who entered. */
  readonly toQueues: number;
  readonly contained: number;
  readonly elsewhere: number;
  readonly dropped: number;
  readonly stuck: number;
  /** Mean time in the flow, s. */
  readonly meanS: number;
}

/** Counts callers as they leave the flow. */
export class FlowTally {
  #entered = 0;
  #ms = 0;
  readonly #ends: Record<FlowEnd['kind'], number> = {
    ...{ queue: 0, contained: 0, elsewhere: 0, dropped: 0, stuck: 0 },
  };

  add({ ms, end }: PlayedFlow): void {
    this.#entered++;
    this.#ms += ms;
    this.#ends[end.kind]++;
  }

  get figures(): FlowFigures {
    const entered = this.#entered;
    const share = (kind: FlowEnd['kind']): number =>
      entered === 0 ? NaN : this.#ends[kind] / entered;
    return {
      entered,
      toQueues: share('queue'),
      contained: share('contained'),
      elsewhere: share('elsewhere'),
      dropped: share('dropped'),
      stuck: share('stuck'),
      meanS: entered === 0 ? NaN : this.#ms / entered / 1000,
    };
  }
}
