/** What somebody wants to know before a campaign runs. Shares are from 0 to 1. */
export interface WhatIfQuestion {
  readonly agents: number;
  readonly answerRate: number;
  readonly talkS: number;
  readonly wrapUpS: number;
  /** Of answered calls that may be abandoned. */
  readonly limit: number;
}

/** How it went, simulated. Shares are from 0 to 1. */
export interface WhatIfFigures {
  readonly agents: number;
  readonly utilisation: number;
  readonly abandonment: number;
  readonly idlePerCallS: number;
  /** Enough for 99 % of the time. */
  readonly lines: number;
  readonly conversationsAnHour: number;
  readonly callsPerAnswer: number;
}

/** A part of the simulated time. */
export interface WhatIfSpan {
  readonly fromMs: number;
  readonly utilisation: number;
  /** From the start until the end of this part. */
  readonly abandonedSoFar: number;
}

export interface WhatIfAnswer {
  readonly hours: number;
  readonly predictive: WhatIfFigures;
  /** The same people with one line for each free agent. */
  readonly oneToOne: WhatIfFigures;
  readonly spans: readonly WhatIfSpan[];
  /** Smaller and larger teams, this one among them. */
  readonly teams: readonly WhatIfFigures[];
}
