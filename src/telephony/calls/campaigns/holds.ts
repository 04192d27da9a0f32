import type { LiveCampaign } from '../../live-campaigns.js';

/** Why a campaign dials nobody at this moment. */
export const HOLDS = [
  /** It was paused or stopped; who is on the line stays. */
  'stopping',
  'database-away',
  'pbx-away',
  /** None is set up, or none answers. */
  'no-trunk',
  /** Every trunk refuses every call; each is tried again after a while. */
  'trunks-refuse',
  /** More callers wait for its agents than the campaign lets. */
  'inbound-waits',
  'no-agents',
  'agents-busy',
  /** A line rings for each free agent. */
  'rings-for-free',
  /** The limit is passed, and agents who were free came too late: one call a minute is tried. */
  'phones-late',
  /** One more answer would find nobody. */
  'pacing',
  'lines-used',
  'trunk-lines-used',
  'calls-a-second',
  /** No lead may be called now. */
  'no-leads',
] as const;
export type Hold = (typeof HOLDS)[number];

/** A look counts for the time since the last one, but for no longer: a process that slept did not hold anything back. */
const LONGEST_LOOK_MS = 2_000;

/** Why nothing is dialled now, and how long each reason has held since the campaign runs here. */
export class HoldTimes {
  readonly #ms = new Map<Hold, number>();
  #now: Hold | undefined;
  #since = 0;
  #lookedAt: number | undefined;

  /** `hold`: what keeps it at this moment; undefined while it dials. */
  note(at: number, hold: Hold | undefined): void {
    const passed = Math.min(LONGEST_LOOK_MS, Math.max(0, at - (this.#lookedAt ?? at)));
    this.#lookedAt = at;
    if (this.#now !== undefined) this.#ms.set(this.#now, (this.#ms.get(this.#now) ?? 0) + passed);
    if (this.#now === hold) return;
    this.#now = hold;
    this.#since = at;
  }

  get live(): Pick<LiveCampaign, 'hold' | 'holds'> {
    return {
      ...(this.#now === undefined ? {} : { hold: { why: this.#now, since: this.#since } }),
      holds: [...this.#ms].map(([why, ms]) => ({ why, ms })),
    };
  }
}
