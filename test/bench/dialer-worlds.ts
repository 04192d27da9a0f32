import {
  AdaptiveHardLimit,
  ADAPTIVE_DEFAULTS,
  cordboard,
  FixedRatio,
  type AdaptiveSettings,
} from '../../src/simulation/dialer/policies.js';
import type { Policy } from '../../src/simulation/dialer/policy.js';
import {
  DialerSimulation,
  type DialerResult,
} from '../../src/simulation/dialer/dialer-simulation.js';
import { makeWorld, type World } from '../../src/simulation/dialer/world.js';
import {
  drifting,
  MIXED_LEADS,
  worldFile,
  type WorldInput,
} from '../../src/simulation/dialer/world-file.js';

export const LIMIT = 0.03;
/** Fixed ratios among which the best one in hindsight is looked for. */
const RATIOS = [1.4, 1.8, 2.2, 2.6, 3, 3.5, 4.2, 5, 6, 6.5, 7.8, 9, 11, 13];
const SEARCH_SEEDS = 2;
const SEARCH_LIMIT = 0.0295;
export const SEED_STEP = 7_919;

/** What is looked at: a world of a size, and how it is called there. */
export interface Cell {
  readonly world: WorldName;
  readonly agents: number;
  readonly answerRate: number;
  readonly policy: 'cordboard' | 'best fixed ratio' | 'adaptive, default' | 'adaptive, tuned';
}

/**
 * The published worlds (plain, mixed, scored, drift) and others that nothing was made for. Ring 5 to 25 s, talk 120 s, wrap-up
 * 15 s on average, eight hours; `large` is an hour of a team whose decisions are looked at.
 */
const WORLDS = {
  plain: () => ({}),
  mixed: () => ({ leads: [...MIXED_LEADS] }),
  scored: () => ({ leads: [...MIXED_LEADS], areScored: true }),
  drift: (_agents: number, answerRate: number) => drifting(answerRate),
  breaks: (agents: number) => ({
    agents: [
      { fromHour: 0, value: agents },
      { fromHour: 3, value: Math.ceil(agents / 2) },
      { fromHour: 4, value: agents },
      { fromHour: 7, value: Math.ceil(agents / 4) },
    ],
    breaks: { length: 'uniform:300,900' },
  }),
  'failing lines': (agents: number) => ({
    brokenShare: [
      { fromHour: 0, value: 0 },
      { fromHour: 2, value: 0.6 },
      { fromHour: 2.5, value: 0.1 },
      { fromHour: 5, value: 1 },
      { fromHour: 5.2, value: 0 },
    ],
    lines: 6 * agents,
  }),
  machines: () => ({ machineRate: 0.2, detection: {} }),
  'short list': (agents: number) => ({ contacts: 300 * agents }),
  waves: () => ({ waves: { cv: 0.5 } }),
  inbound: (agents: number) => ({ inbound: { callsPerHour: 4 * agents } }),
  large: () => ({ hours: 1 }),
} satisfies Record<string, (agents: number, answerRate: number) => Partial<WorldInput>>;
export type WorldName = keyof typeof WORLDS;
export const WORLD_NAMES = Object.keys(WORLDS) as readonly WorldName[];

const worldOf = ({ world, agents, answerRate }: Cell): World =>
  makeWorld(
    world,
    worldFile.parse({ agents, answerRate, ...WORLDS[world](agents, answerRate) }),
    () => '',
  );

/** The best of a large grid for each site, as published. */
function tuned({ agents, answerRate }: Cell): AdaptiveSettings {
  const isRare = answerRate < 0.2;
  if (agents <= 10)
    return { diffTarget: 0, intensity: -40, isAvailableOnly: true, maximumLevel: isRare ? 3 : 2 };
  if (agents <= 50)
    return {
      diffTarget: isRare ? -3 : -5,
      intensity: 0,
      isAvailableOnly: true,
      maximumLevel: isRare ? 8 : 6,
    };
  return { diffTarget: 0, intensity: 0, isAvailableOnly: false, maximumLevel: isRare ? 2 : 1.5 };
}

/** The largest ratio that stays below the limit on a few days. */
function bestRatio(world: World): number {
  let best = 1;
  for (const ratio of RATIOS) {
    const days = Array.from({ length: SEARCH_SEEDS }, (_, at) =>
      new DialerSimulation(world, new FixedRatio(ratio), SEED_STEP * (at + 1)).run(),
    );
    const sum = (of: (day: DialerResult) => number): number =>
      days.reduce((total, day) => total + of(day), 0);
    if (sum((day) => day.abandoned) > SEARCH_LIMIT * sum((day) => day.answered)) break;
    best = ratio;
  }
  return best;
}

const ratios = new Map<string, number>();

function policyOf(cell: Cell, world: World): Policy {
  switch (cell.policy) {
    case 'cordboard':
      return cordboard(world, LIMIT);
    case 'best fixed ratio': {
      const key = JSON.stringify(cell);
      const ratio = ratios.get(key) ?? bestRatio(world);
      ratios.set(key, ratio);
      return new FixedRatio(ratio);
    }
    case 'adaptive, default':
      return new AdaptiveHardLimit(LIMIT, ADAPTIVE_DEFAULTS, 'default');
    case 'adaptive, tuned':
      return new AdaptiveHardLimit(LIMIT, tuned(cell), 'tuned');
  }
}

/** All days of a cell. */
export function playDays(cell: Cell, days: number): readonly DialerResult[] {
  const world = worldOf(cell);
  return Array.from({ length: days }, (_, at) =>
    new DialerSimulation(world, policyOf(cell, world), SEED_STEP * (at + 1)).run(),
  );
}
