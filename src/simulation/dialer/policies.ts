import { THIRTY_DAYS_MS } from '../../engines/dialer/abandonment.js';
import type { LineEnd } from '../../engines/dialer/laws.js';
import { Pacer } from '../../engines/dialer/pacer.js';
import type { Policy } from './policy.js';
import type { World } from './world.js';

const HALF_SECOND_MS = 500;
const SECOND_MS = 1_000;

/** Our engine. */
export function cordboard(
  world: Pick<World, 'ringLimitMs'>,
  limit: number,
  windowMs = THIRTY_DAYS_MS,
): Pacer & Policy {
  const pacer = new Pacer({
    limit,
    windowMs,
    minimumRingMs: 15_000,
    ringLimitMs: world.ringLimitMs,
    patienceMs: 2_000,
  });
  return Object.assign(pacer, {
    name: 'cordboard',
    everyMs: HALF_SECOND_MS,
    asksOnAnswer: true,
  });
}

/** Counts what the simple policies look at. */
abstract class Counting implements Policy {
  abstract readonly name: string;
  readonly everyMs: number = SECOND_MS;
  readonly asksOnAnswer = false;
  protected readonly idle = new Set<number>();
  protected readonly present = new Set<number>();
  protected readonly talking = new Set<number>();
  protected ringing = 0;
  protected waiting = 0;
  protected answered = 0;
  protected abandoned = 0;

  agentIdle(agent: number): void {
    this.present.add(agent);
    this.talking.delete(agent);
    this.idle.add(agent);
  }
  agentTalking(agent: number): void {
    this.idle.delete(agent);
    this.talking.add(agent);
  }
  agentWrapsUp(agent: number): void {
    this.talking.delete(agent);
  }
  agentGone(agent: number): void {
    for (const set of [this.present, this.idle, this.talking]) set.delete(agent);
  }
  lineStarted(): void {
    this.ringing++;
  }
  lineEnded(_id: string, end: LineEnd, at: number): void {
    this.ringing--;
    if (end !== 'answered') return;
    this.waiting++;
    this.answered++;
    this.onAnswered(at);
  }
  lineDetecting(): void {
    // It counts as ringing until somebody is there.
  }
  connected(): void {
    this.waiting--;
  }
  lost(_id: string, why: 'abandoned' | 'hung-up', at: number): void {
    this.waiting--;
    if (why === 'hung-up') return;
    this.abandoned++;
    this.onAbandoned(at);
  }
  protected abstract onAnswered(at: number): void;
  protected abstract onAbandoned(at: number): void;
  abstract decide(at: number, room: number): { start: number; giveUp: readonly string[] };
}

/** So many lines ring for each agent who is idle. A ratio of 1 is progressive dialing. */
export class FixedRatio extends Counting {
  readonly name: string;
  constructor(private readonly ratio: number) {
    super();
    this.name = ratio === 1 ? 'progressive' : `ratio ${String(ratio)}`;
  }
  protected override onAnswered(): void {
    // When is no matter here.
  }
  protected override onAbandoned(): void {
    // When is no matter here.
  }
  override decide(_at: number, room: number): { start: number; giveUp: readonly string[] } {
    const wanted = Math.floor(this.ratio * this.idle.size) - this.ringing;
    return { start: Math.max(0, Math.min(room, wanted)), giveUp: [] };
  }
}

export interface AdaptiveSettings {
  /** Calls that should be left over for agents: idle agents less waiting calls, on average. */
  readonly diffTarget: number;
  /** Percent by which corrections are made stronger or weaker. */
  readonly intensity: number;
  /** Only agents who are free count, not those who talk. */
  readonly isAvailableOnly: boolean;
  readonly maximumLevel: number;
}
export const ADAPTIVE_DEFAULTS: AdaptiveSettings = {
  diffTarget: 0,
  intensity: 0,
  isAvailableOnly: false,
  maximumLevel: 3,
};

const LEVEL_EVERY_MS = 15_000;
const DROPS_EVERY_MS = 60_000;
const PLACE_EVERY_MS = 2_500;
const SAMPLES = 15;
const MINUTE_MS = 60_000;
const CALLS_FOR_HALVING = 20;
const SHARE_FOR_HALVING = 0.5;
const CALLS_FOR_LIMIT = 50;

/**
 * The adaptive method that is most used in the field, with its hard limit: a level is raised and lowered by a share of idle
 * agents less waiting calls every 15 seconds, and is 1 while more of the day's calls were dropped than allowed.
 */
export class AdaptiveHardLimit extends Counting {
  readonly name: string;
  #level = 1;
  #sampledAt = 0;
  #levelAt = 0;
  #dropsAt = 0;
  #placedAt = -Infinity;
  #idleSamples: number[] = [];
  #waitingSamples: number[] = [];
  #agentSamples: number[] = [];
  #dropShare = 0;
  #dayAnswers = 0;
  #recent: { at: number; isDrop: boolean }[] = [];
  override readonly everyMs = HALF_SECOND_MS;

  constructor(
    private readonly limit: number,
    private readonly settings: AdaptiveSettings,
    kind: 'default' | 'tuned',
  ) {
    super();
    this.name = `adaptive, ${kind}`;
  }

  protected override onAnswered(at: number): void {
    this.#recent.push({ at, isDrop: false });
  }
  protected override onAbandoned(at: number): void {
    this.#recent.push({ at, isDrop: true });
  }

  override decide(at: number, room: number): { start: number; giveUp: readonly string[] } {
    if (at - this.#sampledAt >= SECOND_MS) this.#sample(at);
    if (at - this.#dropsAt >= DROPS_EVERY_MS) {
      this.#dropsAt = at;
      this.#dropShare = this.answered === 0 ? 0 : this.abandoned / this.answered;
      this.#dayAnswers = this.answered;
    }
    if (at - this.#levelAt >= LEVEL_EVERY_MS) this.#adapt(at);
    if (at - this.#placedAt < PLACE_EVERY_MS) return { start: 0, giveUp: [] };
    this.#placedAt = at;
    const { isAvailableOnly } = this.settings;
    const agents = this.idle.size + (isAvailableOnly ? 0 : this.talking.size);
    const goal =
      Math.round(this.#level * (agents + this.settings.diffTarget)) +
      (isAvailableOnly ? this.talking.size : 0);
    const there = this.ringing + this.waiting + this.talking.size;
    return { start: Math.max(0, Math.min(room, goal - there)), giveUp: [] };
  }

  #sample(at: number): void {
    this.#sampledAt = at;
    push(this.#idleSamples, this.idle.size);
    push(this.#waitingSamples, this.waiting);
    push(this.#agentSamples, this.present.size);
  }

  #adapt(at: number): void {
    this.#levelAt = at;
    const { diffTarget, intensity, maximumLevel } = this.settings;
    const difference = mean(this.#idleSamples) - mean(this.#waitingSamples);
    const share = (difference + diffTarget) / Math.max(1, mean(this.#agentSamples));
    const step = share * (share < 0 ? Math.abs(intensity / 100 - 1) : intensity / 100 + 1);
    this.#level = Math.min(
      maximumLevel,
      Math.max(1, Math.round(this.#level * (1 + step) * 1_000) / 1_000),
    );
    this.#recent = this.#recent.filter((one) => one.at > at - MINUTE_MS);
    const drops = this.#recent.filter(({ isDrop }) => isDrop).length;
    const calls = this.#recent.length - drops;
    if (calls > CALLS_FOR_HALVING && drops / calls > SHARE_FOR_HALVING) this.#level /= 2;
    if (this.#dayAnswers > CALLS_FOR_LIMIT && this.#dropShare > this.limit) this.#level = 1;
    this.#level = Math.max(1, this.#level);
  }
}

function push(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > SAMPLES) samples.shift();
}
const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
